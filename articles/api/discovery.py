"""What leads readers on: suggestions for search boxes, and related articles."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.response import Response

from articles import related, suggestions
from articles.api import examples
from articles.api.serializers import ArticleCardSerializer
from articles.api.views import moved_or_gone
from articles.models import PublishedArticle
from cms.api.fields import SparseSerializer
from cms.api.parameters import IntegerParameter, LanguageParameter, Parameter, TextParameter
from cms.api.views import ShortListView

MAX_LENGTH = 100
MOST_RELATED, USUALLY_RELATED = 20, 6


class SuggestionSerializer(SparseSerializer):
    """A title, or a name of a region, tag or author."""

    example = examples.SUGGESTION

    type = serializers.ChoiceField(choices=["region", "tag", "author", "article"])
    slug = serializers.CharField()
    text = serializers.CharField()


class SuggestionListView(ShortListView):
    """What begins like a few letters, or is spelled like them.

    Names of regions, tags and authors come before titles; what begins like it comes first.
    """

    serializer_class = SuggestionSerializer
    own_parameters: ClassVar[dict[str, Parameter]] = {
        "q": TextParameter(
            "What has been typed.", max_length=MAX_LENGTH, example="alm", is_required=True
        ),
        "language": LanguageParameter(
            "Titles in this language (BCP 47), and names in it where there are any."
        ),
    }

    def get_rows(self, names: list[str], **kwargs: str) -> list[Any]:
        return list(suggestions.suggest(self.values["q"], language=self.values["language"]))


class RelatedListView(ShortListView):
    """What else readers of an article may want to read, the nearest first."""

    serializer_class = ArticleCardSerializer
    other_statuses = ("301", "404", "410")
    own_parameters: ClassVar[dict[str, Parameter]] = {
        "limit": IntegerParameter(
            "At most so many.", maximum=MOST_RELATED, default=USUALLY_RELATED
        ),
    }

    def get_rows(self, names: list[str], **kwargs: str) -> list[Any] | None:
        ids = related.related_ids(kwargs["slug"], limit=self.values["limit"])
        if ids is None:
            return None
        columns = self.serializer_class.columns_of(names)
        cards = PublishedArticle.objects.showing(columns).in_bulk(ids)
        return [cards[each] for each in ids]

    def missing(self, **kwargs: str) -> Response:
        return moved_or_gone(kwargs["slug"], "related", self.request.GET.dict())
