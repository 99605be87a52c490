"""What stands in a collection: pinned articles, and what its rules find, each article once."""

from __future__ import annotations

from collections.abc import Collection as Those
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import IntegerField, QuerySet, Value

from articles.models import Collection, Kind, Listing, PublishedArticle, Slot


class Rule(NamedTuple):
    """What fills a slot: the newest of a region and below it, of a tag, of a kind, in a language;
    breaking news before all others, or not. Without a kind, all but pages."""

    region: int | None
    tag: int | None
    kind: str
    language: str
    breaking_first: bool


class Holder(NamedTuple):
    """A slot as readers get it: the public id of the pinned article, if it is public."""

    pinned: int | None
    rule: Rule | None
    number: int


def arrange(holders: Sequence[Holder], found: Mapping[Rule, Sequence[int]]) -> list[list[int]]:
    """The public ids of each holder's articles. An article stands where it is pinned, for the
    first time, and else in the first slot whose rule finds it; never twice."""
    taken = {each.pinned for each in holders if each.pinned is not None}
    placed: set[int] = set()
    arranged = []
    for holder in holders:
        ids = []
        if holder.pinned is not None and holder.pinned not in placed:
            ids.append(holder.pinned)
        if holder.rule is not None:
            free = (each for each in found[holder.rule] if each not in taken | placed)
            ids += [each for each, _ in zip(free, range(holder.number - len(ids)), strict=False)]
        placed.update(ids)
        arranged.append(ids)
    return arranged


def articles_of(collection: Collection) -> list[list[int]]:
    """The public ids of the articles that readers get, slot by slot; three statements at most."""
    slots = list(Slot.objects.filter(collection=collection).order_by("position", "pk"))
    pinned = _public_ids(slot.article_id for slot in slots)
    holders = [
        Holder(
            pinned=pinned.get(slot.article_id) if slot.article_id else None,
            rule=_rule(slot, collection.language) if slot.rule else None,
            number=slot.number,
        )
        for slot in slots
    ]
    # No rule needs more: what stands elsewhere on the page cannot be more than the page holds.
    most = sum(holder.number for holder in holders)
    return arrange(holders, _found({each.rule for each in holders if each.rule}, most))


def _rule(slot: Slot, language: str) -> Rule:
    return Rule(
        slot.region_id, slot.tag_id, slot.kind, language, slot.rule == Slot.Rule.BREAKING_FIRST
    )


def _public_ids(articles: Iterable[int | None]) -> dict[int, int]:
    """By the desk's key, of those articles that are public."""
    keys = [key for key in articles if key is not None]
    if not keys:
        return {}
    rows = PublishedArticle.objects.filter(article__in=keys)
    return dict(rows.values_list("article_id", "id"))


def _found(rules: Those[Rule], most: int) -> dict[Rule, list[int]]:
    """What each rule finds, the first ``most`` of it, all of them in one statement."""
    found: dict[Rule, list[int]] = {rule: [] for rule in rules}
    if not rules:
        return found
    order = list(rules)
    lists: list[Any] = []  # querysets, with what they add to their rows
    for number, rule in enumerate(order):
        if rule.breaking_first:
            lists.append(_newest(rule, part=2 * number).filter(is_breaking=True))
        lists.append(_newest(rule, part=2 * number + 1))
    parts = [each.order_by("-listed_at", "-listed_id")[:most] for each in lists]
    first, *others = [each.values_list("part", "published_at", "id") for each in parts]
    rows: Any = first.union(*others, all=True) if others else first
    for part, _, article in sorted(rows, key=lambda row: (-row[0], row[1], row[2]), reverse=True):
        ids = found[order[part // 2]]
        if article not in ids:
            ids.append(article)
    return found


def _newest(rule: Rule, *, part: int) -> QuerySet[PublishedArticle]:
    articles: Any = PublishedArticle.objects
    if rule.region is not None:
        articles = articles.listed_under(Listing.Kind.REGION, rule.region)
        if rule.tag is not None:
            articles = articles.filter(tag_ids__contains=[rule.tag])
    elif rule.tag is not None:
        articles = articles.listed_under(Listing.Kind.TAG, rule.tag)
    else:
        articles = articles.all_listed()
    articles = articles.filter(kind=rule.kind) if rule.kind else articles.exclude(kind=Kind.PAGE)
    if rule.language:
        articles = articles.filter(language=rule.language)
    found: QuerySet[PublishedArticle] = articles.annotate(part=Value(part, IntegerField()))
    return found
