"""/collections/{slug}: what editors arranged."""

from typing import ClassVar

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api import examples, surrogate_keys
from articles.api.serializers import ArticleCardSerializer, TextOrNullField
from articles.arranging import articles_of
from articles.models import Collection, PublishedArticle
from cms.api.fields import SparseSerializer
from cms.api.parameters import ParameterErrors
from cms.api.views import ShortListView


class CollectionSerializer(SparseSerializer):
    """What a collection is; its articles stand below."""

    example = examples.COLLECTION

    slug = serializers.CharField()
    title = serializers.CharField()
    description = TextOrNullField()
    language = TextOrNullField()


class CollectionView(ShortListView):
    """A page that editors arranged: its articles, in their order.

    `fields` and `include` shape the articles. What is not public any more leaves at once, and no
    article comes twice.
    """

    topics = surrogate_keys.TOPICS
    reads_clock = False
    serializer_class = ArticleCardSerializer
    head_class: ClassVar[type[SparseSerializer] | None] = CollectionSerializer
    other_statuses = ("404",)

    def answer(self, request: Request, **kwargs: str) -> Response:
        errors = ParameterErrors()
        names = self.read_request(request, errors)
        errors.raise_any()
        collection = Collection.objects.public().filter(slug=kwargs["slug"]).first()
        if collection is None:
            raise Http404
        articles = self.get_articles(collection, names)
        results = self.serialize(articles, names, many=True)
        return Response({**CollectionSerializer(collection).data, "results": results})

    def get_articles(self, collection: Collection, names: list[str]) -> list[PublishedArticle]:
        """The articles in their order, with what these fields need."""
        ids = [article for held in articles_of(collection) for article in held]
        shown = PublishedArticle.objects.showing(self.serializer_class.columns_of(names))
        articles = {article.pk: article for article in shown.filter(pk__in=ids)}
        return [articles[each] for each in ids]
