"""The project's addresses, an empty view beside them, and lists as one first writes them."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tests.bench.naive import NaiveArticles


def empty(request: HttpRequest) -> HttpResponse:
    """The least that Django can answer behind the same middleware."""
    return HttpResponse()


urlpatterns = [
    path("empty", empty),
    path("naive/articles", NaiveArticles.as_view({"get": "list"})),
    path("naive/articles/<slug:slug>", NaiveArticles.as_view({"get": "retrieve"})),
    path("", include("cms.urls")),
]
