"""Swagger UI over the document, from this server's own files."""

import re

from django.test import Client

URL = "/api/docs"


def test_it_works(client: Client) -> None:
    response = client.get(URL)

    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert 'data-url="/api/v1/openapi.json"' in response.content.decode()


def test_it_loads_only_files_of_this_server(client: Client) -> None:
    text = client.get(URL).content.decode()

    loaded = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert len(loaded) == 4
    for url in loaded:
        assert url.startswith("/static/")
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert b"".join(answer), url


def test_what_it_loads_asks_no_other_server(client: Client) -> None:
    script = b"".join(client.get("/static/cms/docs.js")).decode()
    style = b"".join(
        client.get("/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui.css")
    ).decode()

    assert not re.search(r"https?:|//", script)
    assert "validatorUrl: null" in script  # or it would send the document to swagger.io
    assert not re.search(r"@import|url\(\s*(?![\"']?data:)", style)
