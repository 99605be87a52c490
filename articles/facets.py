"""How many of the articles that a list shows stand in each region, under each tag, by each author
or in each language: what shops call facets."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import BigIntegerField, Count, F, Func, QuerySet
from django.utils.translation import get_language_info

from articles import taxonomy_snapshot
from articles.models import SearchEntry

NAMES = ("region", "tag", "author", "language")
MOST = 100
"""Values of one facet in an answer: the most frequent ones."""


class Unnested(Func):
    """The items of an array, a row each."""

    function = "unnest"
    output_field = BigIntegerField()
    set_returning = True


def facet(name: str, entries: QuerySet[SearchEntry]) -> list[dict[str, Any]]:
    """``{"slug", "name", "count"}`` of the values that the entries have, the most frequent first;
    a region's count includes those below it, as its list does. One statement."""
    if name == "language":
        return [
            {"slug": tag, "name": _name_of(tag), "count": count}
            for tag, count in _sorted(_numbers(entries, F("language")))
        ]
    counts = _of_regions(entries) if name == "region" else _of_things(name, entries)
    shown = taxonomy_snapshot.current().shown[name]
    found = [(shown[key], count) for key, count in counts.items() if key in shown]
    found.sort(key=lambda pair: (-pair[1], pair[0]["slug"]))
    return [{**named, "count": count} for named, count in found[:MOST]]


def _of_things(name: str, entries: QuerySet[SearchEntry]) -> dict[int, int]:
    return dict(_numbers(entries, Unnested(F(f"{name}_ids"))))


def _of_regions(entries: QuerySet[SearchEntry]) -> dict[int, int]:
    """Each article once in each region that it is listed under."""
    taxonomy, counts = taxonomy_snapshot.current(), Counter[int]()
    for ids, number in _numbers(entries, F("region_ids")):
        for key in taxonomy.with_ancestors(ids):
            counts[key] += number
    return counts


def _numbers(entries: QuerySet[SearchEntry], value: Any) -> list[tuple[Any, int]]:
    rows = entries.order_by().values(value=value).annotate(number=Count("*"))
    return list(rows.values_list("value", "number"))


def _sorted(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:MOST]


def _name_of(language: str) -> str:
    """A language's name in itself, or its tag where Django knows none."""
    try:
        return str(get_language_info(language)["name_local"]).capitalize()
    except KeyError:
        return language
