"""The list of articles: filtered, searched, counted by facets."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from django.db.models import QuerySet
from rest_framework.request import Request

from articles import facets, search
from articles.api import surrogate_keys
from articles.api.filters import ArticleFilterSet
from articles.api.serializers import ArticleCardSerializer
from articles.models import PublishedArticle, SearchEntry
from cms.api.caching.counts import remembered
from cms.api.caching.fragments import fragments_of
from cms.api.pagination import Ordering, Page, Paginator, SortKey, Source
from cms.api.parameters import (
    ChoicesParameter,
    Parameter,
    ParameterErrors,
    WordsParameter,
    read_filters,
)
from cms.api.views import ListView
from cms.changes.snapshot import current_head

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

    topics = surrogate_keys.TOPICS
    reads_clock = False
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

    def read_parameters(self, request: Request, errors: ParameterErrors) -> dict[str, Any]:
        query = request._request.GET
        if "fallback" in query and "language" not in query:
            errors.add("fallback", "It needs language, and stands in where that is missing.")
        return super().read_parameters(request, errors)

    def _language(self) -> str | None:
        """The one language that all found articles are in, if there is one."""
        query = self.request.GET
        return None if "fallback" in query else query.get("language")

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

    def for_list(self, queryset: QuerySet[Any], names: list[str]) -> QuerySet[Any, Any]:
        return queryset.for_list()  # type: ignore[attr-defined,no-any-return]  # our queryset's

    def address(self) -> Hashable:
        """What the parameters say, and the ids of the slugs among them. Searches are not kept:
        each asks differently of how its words are found."""
        if self.values["q"] is not None:
            return None
        head = current_head()
        return head.epoch, head.taxonomy, self.request.META.get("QUERY_STRING", "")

    def surrogate_keys(self) -> list[str]:
        return surrogate_keys.of_list(self.request.GET)

    def count(self, queryset: Source) -> int:
        return remembered(("articles", self._filters()), lambda: queryset().count())

    def _filters(self) -> Hashable:
        """The parameters that say which articles are in the list."""
        filters = self.filterset_class.base_filters
        return tuple(each for each in self.request.GET.items() if each[0] in filters)

    def page(
        self, paginator: Paginator, queryset: Source, names: list[str]
    ) -> tuple[Page, dict[str, Any]]:
        more: dict[str, Any] = {}
        searched = None
        if self.values["q"] is None:
            page, _ = super().page(paginator, queryset, names)
        else:
            searched, found = self._find(queryset())
            if searched.is_respelled:
                more["did_you_mean"] = searched.text
            counted = ("search", searched.text, self._filters())

            def count() -> int:
                return remembered(counted, found.count)

            ordered = self._ordered(found, searched, paginator, count)
            page = paginator.page(lambda: ordered, count=count)
            page.rows[:] = self._cards(page.rows, searched, names)
        if self.values["facets"] is not None:
            more["facets"] = self._facets(searched)
        return page, more

    def serialize(self, rows: Any, names: list[str], *, many: bool) -> Any:
        """The cards, each from the fragment cache by all that it is made of: the article, the
        names and pictures that it carries, the fields that are shown."""
        if "highlights" in names and self.values["q"] is not None:  # marked for this search
            return super().serialize(rows, names, many=many)
        head, shown = current_head(), tuple(names)
        serializer = card_serializer(shown)

        def render(missing: list[Any]) -> Iterator[tuple[Any, Any]]:
            articles = PublishedArticle.objects.showing(serializer.columns_of(names))
            for article in articles.filter(pk__in=[row.id for row in missing]):
                yield article, serializer.to_representation(article)

        return fragments_of(
            rows,
            key=lambda row: ("article", head.epoch, head.taxonomy, shown, row.id, row.version),
            render=render,
        )

    def _find(self, entries: QuerySet[Any]) -> tuple[search.Search, QuerySet[Any]]:
        """What was searched, and what it found: respelled, if nothing else is found."""
        language = self._language()
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
        self,
        found: QuerySet[Any],
        searched: search.Search,
        paginator: Paginator,
        count: Callable[[], int],
    ) -> QuerySet[Any]:
        rows = found.only("article_id", "published_at", "updated_at")
        if paginator.ordering is not self.orderings[RELEVANCE]:
            return rows
        return search.by_relevance(rows, searched, since=_since(found, paginator, count))

    def _cards(
        self, entries: list[SearchEntry], searched: search.Search, names: list[str]
    ) -> list[Any]:
        """The articles of the entries, in their order: what names their cards; the whole ones
        where what was found is marked in them. Read in a statement of their own, so that a search
        of thousands looks at no more wide rows than it shows."""
        ids = [entry.id for entry in entries]
        if "highlights" not in names:
            listed = {row.id: row for row in PublishedArticle.objects.filter(pk__in=ids).for_list()}
            return [listed[each] for each in ids]
        columns = self.serializer_class.columns_of(names)
        cards: dict[int, Any] = PublishedArticle.objects.showing(columns).in_bulk(ids)
        marked = search.highlights(searched, ids)
        for card in cards.values():
            card.highlights = marked.get(card.pk)
        return [cards[each] for each in ids]

    def _facets(self, searched: search.Search | None) -> dict[str, Any]:
        every = SearchEntry.objects.all_listed()
        # The values are right: the list has been filtered by them.
        query = self.request._request.GET
        filters = ArticleFilterSet(query, read_filters(ArticleFilterSet, query, ParameterErrors()))
        counted = {}
        for name in self.values["facets"]:
            entries = filters.narrowed(every, leaving_out=name)
            if searched is not None:
                language = None if name == "language" else self._language()
                entries = search.matching(entries, searched, language=language)
            counted[name] = facets.facet(name, entries)
        return counted


@lru_cache(maxsize=64)
def card_serializer(names: tuple[str, ...]) -> ArticleCardSerializer:
    """A serializer of these fields, made once: its fields are copied whenever one is made."""
    return ArticleCardSerializer(names=names)


def _since(found: QuerySet[Any], paginator: Paginator, count: Callable[[], int]) -> datetime:
    """Since when articles are judged by their text: in a walk, as at its start."""
    position = paginator.position()
    if position is not None:
        since: datetime = position.values[0]
        return since
    # The list is counted anyway, and once.
    if paginator.paging.count and count() <= search.JUDGED:
        return search.EVER
    return search.judged_since(found)
