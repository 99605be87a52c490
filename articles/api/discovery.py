"""What leads readers on: suggestions for search boxes, and related articles."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from articles import related, suggestions
from articles.api import examples, surrogate_keys
from articles.api.serializers import ArticleCardSerializer
from articles.api.views import moved_or_gone
from articles.models import PublishedArticle
from cms.api.fields import SparseSerializer
from cms.api.parameters import (
    IntegerParameter,
    LanguageParameter,
    Parameter,
    ParameterErrors,
    TextParameter,
)
from cms.api.views import ShortListView

MAX_LENGTH = 100
MOST_RELATED, USUALLY_RELATED = 20, 6


class SuggestionSerializer(SparseSerializer):
    """A title, or a name of a region, tag or author."""

    example = examples.SUGGESTION

    type = serializers.ChoiceField(choices=["region", "tag", "author", "article"])
    slug = serializers.CharField()
    text = serializers.CharField()


class TypedParameter(TextParameter):
    is_needed = True


class SuggestionListView(ShortListView):
    """What begins like a few letters, or is spelled like them.

    Names of regions, tags and authors come before titles; what begins like it comes first.
    """

    topics = surrogate_keys.TOPICS
    reads_clock = False
    serializer_class = SuggestionSerializer
    own_parameters: ClassVar[dict[str, Parameter]] = {
        "q": TypedParameter("What has been typed.", max_length=MAX_LENGTH, example="alm"),
        "language": LanguageParameter(
            "Titles in this language (BCP 47), and names in it where there are any."
        ),
    }

    def get_rows(self, names: list[str], errors: ParameterErrors) -> list[Any]:
        errors.raise_any()
        return list(suggestions.suggest(self.values["q"], language=self.values["language"]))


class RelatedListView(ShortListView):
    """What else readers of an article may want to read, the nearest first."""

    topics = surrogate_keys.TOPICS
    reads_clock = False
    serializer_class = ArticleCardSerializer
    other_statuses = ("301", "404", "410")
    own_parameters: ClassVar[dict[str, Parameter]] = {
        "limit": IntegerParameter(
            "At most so many.", maximum=MOST_RELATED, default=USUALLY_RELATED
        ),
    }

    def answer(self, request: Request, **kwargs: str) -> Response:
        errors = ParameterErrors()
        names = self.read_request(request, errors)
        errors.raise_any()
        ids = related.related_ids(kwargs["slug"], limit=self.values["limit"])
        if ids is None:
            return moved_or_gone(kwargs["slug"], "related", request.GET.dict())
        columns = self.serializer_class.columns_of(names)
        cards = PublishedArticle.objects.showing(columns).in_bulk(ids)
        rows = [cards[each] for each in ids]
        return Response({"results": self.serialize(rows, names, many=True)})
