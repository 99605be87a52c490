"""The same data as one first writes it: a ModelViewSet, a ModelSerializer, PageNumberPagination."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.viewsets import ModelViewSet

from articles.models import Article, Author, Image, Region, Tag


class RegionSerializer(serializers.ModelSerializer[Region]):
    class Meta:
        model = Region
        fields = ("slug", "name")


class TagSerializer(serializers.ModelSerializer[Tag]):
    class Meta:
        model = Tag
        fields = ("slug", "name")


class AuthorSerializer(serializers.ModelSerializer[Author]):
    class Meta:
        model = Author
        fields = ("slug", "name")


class ImageSerializer(serializers.ModelSerializer[Image]):
    class Meta:
        model = Image
        fields = ("url", "alt", "caption", "credit", "width", "height")


class ArticleSerializer(serializers.ModelSerializer[Article]):
    regions = RegionSerializer(many=True)
    tags = TagSerializer(many=True)
    authors = AuthorSerializer(many=True)
    lead_image = ImageSerializer()

    class Meta:
        model = Article
        fields = (
            "public_id", "slug", "title", "kicker", "summary", "kind", "language", "published_at",
            "updated_at", "is_breaking", "regions", "tags", "authors", "lead_image",
        )  # fmt: skip


class Pages(PageNumberPagination):
    page_size = 20


class NaiveArticles(ModelViewSet[Article]):
    """Lists and shows what is published of the desk's copies."""

    serializer_class = ArticleSerializer
    pagination_class = Pages
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Article]:
        articles = Article.objects.filter(public_id__isnull=False).order_by("-published_at")
        parameters: Any = self.request.GET
        if "region" in parameters:
            articles = articles.filter(regions__slug=parameters["region"])
        if "tag" in parameters:
            articles = articles.filter(tags__slug=parameters["tag"])
        return articles.select_related("lead_image").prefetch_related("regions", "tags", "authors")
