from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from cms import health
from cms.api import entry, problems

urlpatterns = [
    path("livez", health.live, name="livez"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.measured, name="metrics"),
    path("", RedirectView.as_view(url="/api/docs")),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    path("api/docs", entry.docs, name="docs"),
    path("api/v1", entry.IndexView.as_view(), name="index"),
    path("api/v1/", include("cms.api.urls")),
    path("", include("articles.outlets.urls")),
    path("problems/<slug:code>", problems.problem_page, name="problem"),
    re_path(r"", problems.not_found),
]
