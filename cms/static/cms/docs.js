const target = document.getElementById("swagger-ui");
SwaggerUIBundle({ domNode: target, url: target.dataset.url, deepLinking: true, validatorUrl: null });
