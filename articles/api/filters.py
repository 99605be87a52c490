"""The filter sets: which parameters a list takes, and what each of them means."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from articles import taxonomy_snapshot
from articles.models import Kind, Listing, PublishedArticle, SearchEntry
from cms.api.parameters import (
    BooleanParameter,
    ChoicesParameter,
    IdsParameter,
    LanguageParameter,
    MomentParameter,
    ParameterFilter,
    ParameterFilterSet,
    SlugParameter,
    SlugsParameter,
    TextParameter,
)


class ArticleFilterSet(ParameterFilterSet):
    region = ParameterFilter(SlugsParameter("In any of these regions, or below them."))
    tag = ParameterFilter(SlugsParameter("With any of these tags."))
    author = ParameterFilter(SlugsParameter("By any of these authors."))
    tag_all = ParameterFilter(SlugsParameter("With all of these tags."))
    language = ParameterFilter(LanguageParameter("In this language (BCP 47)."))
    fallback = ParameterFilter(
        LanguageParameter(
            "With `language`: in this language where an article has no translation into that one."
        )
    )
    kind = ParameterFilter(ChoicesParameter("Of any of these kinds.", Kind.values), "kind", "in")
    published_after = ParameterFilter(
        MomentParameter("Published at this time or later."), "listed_at", "gte"
    )
    published_before = ParameterFilter(
        MomentParameter("Published before this time."), "listed_at", "lt"
    )
    updated_after = ParameterFilter(
        MomentParameter("Updated at this time or later."), "updated_at", "gte"
    )
    is_breaking = ParameterFilter(BooleanParameter("Breaking news, or all other."), "is_breaking")
    ids = ParameterFilter(IdsParameter("Only these."), "id", "in")
    exclude_ids = ParameterFilter(IdsParameter("All but these."))

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.narrowed(queryset)

    def narrowed(self, queryset: QuerySet[Any], *, leaving_out: str = "") -> QuerySet[Any]:
        """The articles, or the search entries, that the filters let through: all filters, or all
        but one. First where the list is read from, then what narrows it."""
        values = {name: value for name, value in self.values.items() if name != leaving_out}
        taxonomy = taxonomy_snapshot.current()
        named: dict[str, list[int]] = {
            kind: taxonomy.find(kind, values.pop(kind))
            for kind in ("author", "tag", "region")
            if kind in values
        }
        tag_all = values.pop("tag_all", [])
        all_tags = taxonomy.find("tag", tag_all)
        if not all(named.values()) or len(all_tags) < len(tag_all):
            return queryset.none()
        is_search = queryset.model is SearchEntry
        fallback = values.pop("fallback", None)
        if fallback is not None and "language" in values:
            language = values.pop("language")
            queryset = _in_language_or(queryset, language, fallback, is_search=is_search)
        # Listing knows the order of publication only; in another one PostgreSQL would look at
        # every article until it had found enough of a rare tag (75 ms instead of 1 at 100,000).
        if not is_search and self.data.get("ordering") != "-updated_at":
            queryset = _read_from_shortest(queryset, named, values)
        if "region" in named:
            named["region"] = taxonomy.with_descendants(named["region"])
        for kind, ids in named.items():
            queryset = queryset.filter(**{f"{kind}_ids__overlap": ids})
        if all_tags:
            queryset = queryset.filter(tag_ids__contains=all_tags)
        return self._narrowed(queryset, values, is_search=is_search)

    def _narrowed(
        self, queryset: QuerySet[Any], values: dict[str, Any], *, is_search: bool
    ) -> QuerySet[Any]:
        left_out = values.pop("exclude_ids", None)
        for name, value in values.items():
            each = self.base_filters[name]
            column = f"{each.field_name}__{each.lookup_expr}"
            if is_search and name == "is_breaking":
                column = f"article__{column}"  # alters with the clock, so it stays there
            queryset = queryset.filter(**{column: value})
        if left_out is None:
            return queryset
        if is_search:
            return queryset.exclude(id__in=left_out)
        listed: Any = queryset
        return listed.leaving_out(left_out)  # type: ignore[no-any-return]  # our queryset, which filter sets don't know


class FeedFilterSet(ArticleFilterSet):
    """What a feed can be narrowed to."""

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        names = ("region", "tag", "author", "language")
        return {name: each for name, each in super().get_filters().items() if name in names}


def _in_language_or(
    articles: Any, language: str, fallback: str, *, is_search: bool
) -> QuerySet[Any]:
    """Those in ``language``, and those in ``fallback`` of which the public has no translation into
    it: of articles that are translations of each other, one."""
    group = "article__translation_group" if is_search else "translation_group"
    # Not Exists, which PostgreSQL may answer by reading all of the language into memory first.
    translation = PublishedArticle.objects.filter(
        translation_group=OuterRef(group), language=language
    ).values("pk")[:1]
    found: QuerySet[Any] = articles.alias(translation=Subquery(translation)).filter(
        Q(language=language) | Q(language=fallback, translation=None)
    )
    return found


def _read_from_shortest(
    articles: Any, named: dict[str, list[int]], values: dict[str, Any]
) -> QuerySet[Any]:
    """Of the lists that the request names (a single region, tag or author; a language), the
    shortest is walked, in its index, and what else is asked narrows it: a page is found soonest
    there. What is walked is taken out of ``named`` or ``values``."""
    lists: dict[str, QuerySet[Any]] = {
        kind: articles.listed_under(Listing.Kind[kind.upper()], ids[0])
        for kind, ids in named.items()
        if len(ids) == 1
    }
    if "language" in values:
        lists["language"] = articles.in_language(values["language"])
    if not lists:
        return articles  # type: ignore[no-any-return]  # our queryset, which filter sets don't know
    shortest = next(iter(lists))
    if len(lists) > 1:
        shortest = min(lists, key=lambda kind: lists[kind].count())
    (values if shortest == "language" else named).pop(shortest)
    return lists[shortest]


class NamedFilterSet(ParameterFilterSet):
    """Of tags and authors; ``q`` looks at the name that is shown."""

    q = ParameterFilter(
        TextParameter("The name begins like this.", max_length=100), "shown_name", "istartswith"
    )


class RegionFilterSet(NamedFilterSet):
    parent = ParameterFilter(SlugParameter("Directly below this region."), "parent_slug")
