"""The way in: the index, the newsroom, the OpenAPI document and its pages."""

from collections.abc import Mapping
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

ENTRY_POINTS = ("articles", "authors", "newsroom", "openapi", "regions", "suggestions", "tags")


class PlainView(ReadView):
    """An answer that needs no database and takes no parameters."""

    needs_database = False

    def answer(self, request: Request, **kwargs: str) -> Response:
        errors = ParameterErrors()
        self.read_parameters(request, errors)
        errors.raise_any()
        return Response(self.document(request))

    def document(self, request: Request) -> dict[str, Any]:
        raise NotImplementedError


class IndexSerializer(SparseSerializer):
    example: ClassVar[Mapping[str, Any]] = {
        name: f"https://api.example.org/api/v1/{name}" for name in ENTRY_POINTS
    }

    articles = serializers.URLField()
    authors = serializers.URLField()
    newsroom = serializers.URLField()
    openapi = serializers.URLField()
    regions = serializers.URLField()
    suggestions = serializers.URLField()
    tags = serializers.URLField()


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
    }

    name = serializers.CharField()
    time_zone = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())


class NewsroomView(PlainView):
    """The newsroom's name, time zone and languages."""

    serializer_class = NewsroomSerializer

    def document(self, request: Request) -> dict[str, Any]:
        return {
            "name": settings.NEWSROOM_NAME,
            "time_zone": settings.NEWSROOM_TIME_ZONE,
            "languages": settings.NEWSROOM_LANGUAGES,
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
