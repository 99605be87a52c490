"""The way in: the index, the newsroom, the OpenAPI document and its pages."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cms.api.fields import SparseSerializer
from cms.api.parameters import ParameterErrors
from cms.api.problems import read_only
from cms.api.views import ReadView
from cms.changes.models import Topic

ENTRY_POINTS = (
    "articles",
    "authors",
    "currencies",
    "newsroom",
    "openapi",
    "regions",
    "snapshots",
    "sources",
    "sync",
    "tags",
    "ticker",
)


class PlainView(ReadView):
    """An answer that takes no parameters, and usually needs no database."""

    needs_database = False

    def answer(self, request: Request, **kwargs: str) -> Response:
        errors = ParameterErrors()
        self.read_parameters(request, errors)
        errors.raise_any()
        return Response(self.document(request))

    def document(self, request: Request) -> dict[str, Any]:
        raise NotImplementedError


_EXAMPLE_PATHS = {
    "openapi": "openapi.json",
    **{name: f"rates/{name}" for name in ("currencies", "snapshots", "sources", "ticker")},
}


class IndexSerializer(SparseSerializer):
    example: ClassVar[Mapping[str, Any]] = {
        name: f"https://api.example.org/api/v1/{_EXAMPLE_PATHS.get(name, name)}"
        for name in ENTRY_POINTS
    }

    articles = serializers.URLField()
    authors = serializers.URLField()
    currencies = serializers.URLField()
    newsroom = serializers.URLField()
    openapi = serializers.URLField()
    regions = serializers.URLField()
    snapshots = serializers.URLField()
    sources = serializers.URLField()
    sync = serializers.URLField()
    tags = serializers.URLField()
    ticker = serializers.URLField()


class IndexView(PlainView):
    """The entry points."""

    serializer_class = IndexSerializer

    def document(self, request: Request) -> dict[str, Any]:
        base = settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"
        return {name: base + reverse(name) for name in ENTRY_POINTS}


class NewsroomSerializer(SparseSerializer):
    example: ClassVar[Mapping[str, Any]] = {
        "name": "Dastan",
        "time_zone": "Asia/Almaty",
        "languages": ["en", "ru"],
        "ticker": ["KGS-USD", "KZT-USD"],
    }

    name = serializers.CharField()
    time_zone = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    ticker = serializers.ListField(child=serializers.CharField())


_ticker_pairs: list[Callable[[], list[str]]] = []


def register_ticker(pairs: Callable[[], list[str]]) -> None:
    """Make known what reads the ticker's pairs within ``read_snapshot``; called in
    ``AppConfig.ready()``."""
    _ticker_pairs[:] = [pairs]


class NewsroomView(PlainView):
    """The newsroom's name, time zone and languages, and the ticker's pairs of currencies."""

    topics = (Topic.RATES.value,)  # and no change tells of settings, so no CDN keeps it for long
    serializer_class = NewsroomSerializer
    needs_database = True

    def document(self, request: Request) -> dict[str, Any]:
        return {
            "name": settings.NEWSROOM_NAME,
            "time_zone": settings.NEWSROOM_TIME_ZONE,
            "languages": settings.NEWSROOM_LANGUAGES,
            "ticker": [pair for pairs in _ticker_pairs for pair in pairs()],
        }


class OpenAPISerializer(SparseSerializer):
    example: ClassVar[Mapping[str, Any]] = {
        "openapi": "3.1.1",
        "info": {},
        "paths": {},
        "components": {},
    }

    openapi = serializers.CharField()
    info = serializers.DictField()
    paths = serializers.DictField()
    components = serializers.DictField()


class OpenAPIView(PlainView):
    """This document."""

    serializer_class = OpenAPISerializer

    def document(self, request: Request) -> dict[str, Any]:
        return openapi_document()


@lru_cache(maxsize=1)
def openapi_document() -> dict[str, Any]:
    """The OpenAPI 3.1 document of this server; the same for every caller."""
    generator: Any = SchemaGenerator
    document: dict[str, Any] = generator().get_schema(request=None, public=True)
    return document


@read_only
def docs(request: HttpRequest) -> HttpResponse:
    """Swagger UI over the document, from this server's own files."""
    return render(request, "cms/docs.html")
