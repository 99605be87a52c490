"""The filter sets: which parameters a list takes, and what each of them means."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from articles import taxonomy_snapshot
from articles.models import Kind, Listing
from cms.api.parameters import (
    BooleanParameter,
    ChoicesParameter,
    IdsParameter,
    LanguageParameter,
    MomentParameter,
    ParameterFilter,
    SlugParameter,
    SlugsParameter,
    TextParameter,
)


class ArticleFilterSet(django_filters.FilterSet):
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
        """First where the list is read from, then what narrows it."""
        values = {k: v for k, v in self.form.cleaned_data.items() if v is not None}
        # Listing knows the order of publication only; in another one PostgreSQL would look at
        # every article until it had found enough of a rare tag (75 ms instead of 1 at 100,000).
        in_listing_order = self.data.get("ordering") != "-updated_at"
        narrowed = _by_taxonomy(queryset, values, in_listing_order=in_listing_order)
        fallback = values.pop("fallback", None)
        if fallback is not None and "language" in values:
            narrowed = narrowed.in_language_or(values.pop("language"), fallback)  # type: ignore[attr-defined]  # our queryset's
        for name, value in values.items():
            if name == "exclude_ids":
                narrowed = narrowed.exclude(id__in=value)
            elif name not in ("region", "tag", "author", "tag_all"):
                each = self.filters[name]
                narrowed = narrowed.filter(**{f"{each.field_name}__{each.lookup_expr}": value})
        return narrowed


class FeedFilterSet(ArticleFilterSet):
    """What a feed can be narrowed to."""

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        names = ("region", "tag", "author", "language")
        return {name: each for name, each in super().get_filters().items() if name in names}


def _by_taxonomy(
    articles: QuerySet[Any], values: dict[str, Any], *, in_listing_order: bool
) -> QuerySet[Any]:
    """One list is read from Listing where a single author, tag or region names one, the first of
    them since it is usually the shortest; whatever else is asked narrows by the arrays."""
    taxonomy = taxonomy_snapshot.current()
    found = {
        kind: taxonomy.find(kind, values[kind])
        for kind in ("author", "tag", "region")
        if kind in values
    }
    all_tags = taxonomy.find("tag", values.get("tag_all", []))
    if not all(found.values()) or len(all_tags) < len(values.get("tag_all", [])):
        return articles.none()
    driver = next((kind for kind, ids in found.items() if len(ids) == 1), None)
    if driver is not None and in_listing_order:
        [key] = found.pop(driver)
        articles = articles.listed_under(Listing.Kind[driver.upper()], key)  # type: ignore[attr-defined]  # our queryset's
    if "region" in found:
        found["region"] = taxonomy.with_descendants(found["region"])
    for kind, ids in found.items():
        articles = articles.filter(**{f"{kind}_ids__overlap": ids})
    return articles.filter(tag_ids__contains=all_tags) if all_tags else articles


class NamedFilterSet(django_filters.FilterSet):
    """Of tags and authors; ``q`` looks at the name that is shown."""

    q = ParameterFilter(
        TextParameter("The name begins like this.", max_length=100), "shown_name", "istartswith"
    )


class RegionFilterSet(NamedFilterSet):
    parent = ParameterFilter(SlugParameter("Directly below this region."), "parent_slug")
