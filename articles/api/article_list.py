"""The list of articles: filtered, searched, counted by facets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet

from articles import facets, search
from articles.api.filters import ArticleFilterSet
from articles.api.serializers import ArticleCardSerializer
from articles.models import PublishedArticle, SearchEntry
from cms.api.pagination import Ordering, Page, Paginator, SortKey
from cms.api.parameters import ChoicesParameter, Parameter, ParameterErrors, WordsParameter
from cms.api.views import ListView

RELEVANCE = "relevance"
MAX_LENGTH, MAX_WORDS = 200, 32

_FACET = {
    "type": "array",
    "maxItems": facets.MOST,
    "items": {
        "type": "object",
        "properties": {
            "slug": {"type": "string"},
            "name": {"type": "string"},
            "count": {"type": "integer", "minimum": 1},
        },
        "required": ["slug", "name", "count"],
        "additionalProperties": False,
    },
}


class ArticleListView(ListView):
    """The newest published articles, or those that a search finds."""

    serializer_class = ArticleCardSerializer
    filterset_class = ArticleFilterSet
    own_parameters: ClassVar[dict[str, Parameter]] = {
        "q": WordsParameter(
            'Words that must all be there, "phrases", -without, or. Combines with every filter.',
            max_length=MAX_LENGTH,
            max_words=MAX_WORDS,
            example="wind farm",
        ),
        "facets": ChoicesParameter(
            "Count the articles of the current filters by these, each without its own filter.",
            facets.NAMES,
        ),
    }
    orderings: ClassVar[dict[str, Ordering]] = {
        "-published_at": (
            SortKey("listed_at", True, "published_at"),
            SortKey("listed_id", True, "id"),
        ),
        "published_at": (
            SortKey("listed_at", False, "published_at"),
            SortKey("listed_id", False, "id"),
        ),
        "-updated_at": (SortKey("updated_at", True), SortKey("id", True)),
        RELEVANCE: (
            SortKey("judged_since", True),
            SortKey(RELEVANCE, True),
            SortKey("listed_id", True, "id"),
        ),
    }
    more_in_envelope: ClassVar[dict[str, Any]] = {
        "did_you_mean": {
            "type": "string",
            "description": "What was searched instead, where nothing was found as it was spelled.",
        },
        "facets": {
            "type": "object",
            "description": f"For each facet asked for, its {facets.MOST} most frequent values.",
            "properties": dict.fromkeys(facets.NAMES, _FACET),
            "additionalProperties": False,
        },
    }

    def get_queryset(self) -> QuerySet[Any]:
        if self.values["q"] is None:
            return PublishedArticle.objects.all_listed()
        return SearchEntry.objects.all_listed()

    def read_ordering(self, query: Mapping[str, str], errors: ParameterErrors) -> str:
        """As of any list; but relevance needs a search, and is its usual order."""
        if "q" in query and "ordering" not in query:
            return RELEVANCE
        ordering = super().read_ordering(query, errors)
        if ordering == RELEVANCE and "q" not in query:
            errors.add("ordering", "Only a search has relevance: give “q” too, or another order.")
        return ordering

    def for_list(self, queryset: QuerySet[Any], names: list[str]) -> QuerySet[Any]:
        return queryset.showing(self.serializer_class.columns_of(names))  # type: ignore[attr-defined,no-any-return]  # our queryset's

    def page(
        self, paginator: Paginator, queryset: QuerySet[Any], names: list[str]
    ) -> tuple[Page, dict[str, Any]]:
        more: dict[str, Any] = {}
        searched = None
        if self.values["q"] is None:
            page, _ = super().page(paginator, queryset, names)
        else:
            searched, found = self._find(queryset)
            if searched.is_respelled:
                more["did_you_mean"] = searched.text
            ordered = self._ordered(found, searched, paginator)
            page = paginator.page(ordered, counted=found)
            page.rows[:] = self._cards(page.rows, searched, names)
        if self.values["facets"] is not None:
            more["facets"] = self._facets(searched)
        return page, more

    def _find(self, entries: QuerySet[Any]) -> tuple[search.Search, QuerySet[Any]]:
        """What was searched, and what it found: respelled, if nothing else is found."""
        language = self.request.GET.get("language")
        searched = search.read(self.values["q"])
        found = search.matching(entries, searched, language=language)
        if searched.unknown and not found.exists():
            better = search.respelled(searched)
            if better is not None:
                instead = search.matching(entries, better, language=language)
                if instead.exists():
                    return better, instead
        return searched, found

    def _ordered(
        self, found: QuerySet[Any], searched: search.Search, paginator: Paginator
    ) -> QuerySet[Any]:
        rows = found.only("article_id", "published_at", "updated_at")
        if paginator.ordering is not self.orderings[RELEVANCE]:
            return rows
        return search.by_relevance(rows, searched, since=_since(found, paginator))

    def _cards(
        self, entries: list[SearchEntry], searched: search.Search, names: list[str]
    ) -> list[PublishedArticle]:
        """The articles of the entries, in their order; read in a statement of their own, so that
        a search of thousands looks at no more wide rows than it shows."""
        ids = [entry.id for entry in entries]
        cards = self.for_list(PublishedArticle.objects.all(), names).in_bulk(ids)
        marked = search.highlights(searched, ids) if "highlights" in names else {}
        for card in cards.values():
            card.highlights = marked.get(card.pk)
        return [cards[each] for each in ids]

    def _facets(self, searched: search.Search | None) -> dict[str, Any]:
        every = SearchEntry.objects.all_listed()
        filters = ArticleFilterSet(self.request._request.GET, queryset=every)
        filters.is_valid()  # reads the values, which are right: the list has been filtered by them
        counted = {}
        for name in self.values["facets"]:
            entries = filters.narrowed(every, leaving_out=name)
            if searched is not None:
                language = None if name == "language" else self.request.GET.get("language")
                entries = search.matching(entries, searched, language=language)
            counted[name] = facets.facet(name, entries)
        return counted


def _since(found: QuerySet[Any], paginator: Paginator) -> datetime:
    """Since when articles are judged by their text: in a walk, as at its start."""
    position = paginator.position()
    if position is not None:
        since: datetime = position.values[0]
        return since
    # The list is counted anyway; what is counted is what the paginator counts, so once.
    if paginator.paging.count and found.count() <= search.JUDGED:
        return search.EVER
    return search.judged_since(found)
