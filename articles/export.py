"""The newsroom as the JSON lines that ``import_articles`` takes (docs/importing.md).

Read it within one ``read_snapshot()``, so that all of it is of one moment.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db.models import F, QuerySet

from articles import body
from articles.models import (
    Article,
    ArticleContent,
    Author,
    Collection,
    FormerName,
    FormerUrl,
    Image,
    PublishedArticle,
    Redirect,
    Region,
    SearchEntry,
    Slot,
    Slug,
    Tag,
)
from articles.models.article import State
from articles.redirects import live_among
from articles.revisions import Relations, relations_of

CHUNK = 200
FormerNames = dict[tuple[int, int], list[dict[str, Any]]]
IMAGE_FIELDS = ("url", "alt", "caption", "credit", "width", "height")


def articles_to_export(*, public_only: bool) -> QuerySet[Article]:
    """The articles in the order in which they got their public ids, then the drafts."""
    articles = (
        Article.objects.filter(public__isnull=False) if public_only else Article.objects.all()
    )
    return articles.order_by(F("public_id").asc(nulls_last=True), "pk")


def taxonomy_lines(*, public_only: bool) -> Iterator[dict[str, Any]]:
    """A line for each region, parents first, each tag and each author."""
    former = _former_names(public_only=public_only)
    regions = {region.pk: region for region in _shown(Region, public_only).order_by("pk")}
    for region in _parents_first(regions):
        yield {"region": _said(_region(region, regions.get(region.parent_id or 0), former))}
    for tag in _shown(Tag, public_only).order_by("pk").iterator():
        yield {"tag": _said(_named(tag, former))}
    authors = _shown(Author, public_only).select_related("picture").order_by("pk")
    for author in authors.iterator():
        yield {
            "author": _said(
                {
                    **_named(author, former),
                    "role": author.role,
                    "bio": author.bio,
                    "picture": _image(author.picture),
                }
            )
        }


def _former_names(*, public_only: bool) -> FormerNames:
    """What was merged into each region, tag and author, by its kind and key, in that order."""
    found: FormerNames = {}
    for row in FormerName.objects.order_by("pk").iterator():
        if row.was_public or not public_only:
            line = {"slug": row.slug, "name": row.name, "was_public": row.was_public}
            found.setdefault((row.kind, row.key), []).append(_said(line))
    return found


def collection_lines(*, public_only: bool) -> Iterator[dict[str, Any]]:
    """A line for each collection; of what readers have, without what no reader can get."""
    slots: dict[int, list[Slot]] = {}
    for slot in Slot.objects.order_by("position", "pk").iterator():
        slots.setdefault(slot.collection_id, []).append(slot)
    named = [slot.article_id for several in slots.values() for slot in several if slot.article_id]
    articles = external_ids(named, public_only=public_only)
    regions, tags = (
        dict(_shown(model, public_only).values_list("pk", "slug")) for model in (Region, Tag)
    )
    for page in _shown(Collection, public_only).order_by("pk"):
        seen: set[int | None] = {None}
        lines = []
        for slot in slots.get(page.pk, []):
            pinned = articles.get(slot.article_id or 0) if slot.article_id not in seen else None
            seen.add(slot.article_id)
            line = _slot(slot, pinned, regions, tags)
            if line:
                lines.append(line)
        yield {
            "collection": _said(
                {
                    **{name: getattr(page, name) for name in ("slug", "title", "description")},
                    "language": page.language,
                    "is_public": page.is_public,
                    "slots": lines,
                }
            )
        }


def _slot(
    slot: Slot, pinned: str | None, regions: Mapping[int, str], tags: Mapping[int, str]
) -> dict[str, Any]:
    """Empty where nothing can stand in it."""
    line: dict[str, Any] = {}
    if pinned is not None:
        line |= {"article": pinned, "pinned_until": _time(slot.pinned_until)}
    finds_nothing = (slot.region_id and slot.region_id not in regions) or (
        slot.tag_id and slot.tag_id not in tags
    )
    if slot.rule and not finds_nothing:
        line |= {
            "rule": slot.rule,
            "region": regions.get(slot.region_id or 0),
            "tag": tags.get(slot.tag_id or 0),
            "kind": slot.kind,
            "number": slot.number,
        }
    return _said(line)


def redirect_lines(*, public_only: bool) -> Iterator[dict[str, Any]]:
    """A line for each redirect that an editor made; of what readers have, but for those at whose
    path a public page stands."""
    redirects = Redirect.objects.order_by("pk").iterator(chunk_size=CHUNK)
    while chunk := list(islice(redirects, CHUNK)):
        hidden = live_among([each.path for each in chunk]) if public_only else set()
        for each in chunk:
            if each.path not in hidden:
                yield {"redirect": {"from": each.path, "to": each.target}}


def external_ids(articles: Iterable[int], *, public_only: bool) -> dict[int, str]:
    """What lines call these articles, by primary key; with ``public_only`` the public ones."""
    rows = Article.objects.filter(pk__in=set(articles))
    if public_only:
        rows = rows.filter(public__isnull=False)
    return {key: name or _made_id(key) for key, name in rows.values_list("pk", "external_id")}


def _made_id(key: int) -> str:
    return f"dastan:{key}"


def _shown(model: Any, public_only: bool) -> Any:
    return model.objects.public() if public_only else model.objects.all()


def _parents_first(regions: Mapping[int, Region]) -> Iterator[Region]:
    waiting = dict(regions)
    while waiting:
        ready = [each for each in waiting.values() if each.parent_id not in waiting]
        yield from ready
        for region in ready:
            del waiting[region.pk]


def _named(entry: Region | Tag | Author, former: FormerNames) -> dict[str, Any]:
    return {
        "slug": entry.slug,
        "name": entry.name,
        "names": _said(entry.names),
        "former": former.get((entry.listing_kind, entry.pk)),
    }


def _region(region: Region, parent: Region | None, former: FormerNames) -> dict[str, Any]:
    return {
        **_named(region, former),
        "code": region.code,
        "parent": parent.slug if parent else None,
        "order": region.order,
        "description": region.description,
        "is_listed": region.is_listed,
    }


@dataclass(slots=True)
class ArticleLines:
    """Makes the lines of articles, with what they share: names, and which are translations."""

    public_only: bool
    slugs: dict[str, dict[int, str]] = field(default_factory=dict)
    originals: dict[uuid.UUID, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for name, model in (("region", Region), ("tag", Tag), ("author", Author)):
            self.slugs[name] = dict(model._default_manager.values_list("pk", "slug"))
        articles = articles_to_export(public_only=self.public_only).iterator(chunk_size=CHUNK)
        while chunk := list(islice(articles, CHUNK)):
            yield from self._lines(chunk)

    def _lines(self, articles: list[Article]) -> Iterator[dict[str, Any]]:
        keys = [article.pk for article in articles]
        public = {
            row.article_id: row
            for row in PublishedArticle.objects.filter(article__in=keys).select_related(
                "lead_image"
            )
        }
        images = Image.objects.in_bulk(
            {article.lead_image_id for article in articles if article.lead_image_id}
        )
        relations = relations_of(articles)
        slugs, reasons = _former_slugs(keys)
        urls = _former_urls(keys)
        choices = _choices(keys, relations)
        named = external_ids(
            (each for several in choices.values() for ids in several for each in ids),
            public_only=self.public_only,
        )
        for article in articles:
            shown = public.get(article.pk)
            content = shown or article
            if shown is None:
                article.lead_image = images.get(article.lead_image_id or 0)
            line = {
                **self._content(article, content),
                **_status(article, shown),
                **self._names(shown or relations[article.pk]),
                "former_slugs": [
                    each for each in slugs.get(article.pk, []) if each != content.slug
                ],
                "former_urls": urls.get(article.pk, []),
                "gone_reason": reasons.get(article.pk) if shown is None else None,
                **_related(choices[article.pk], named, article.pk),
            }
            yield _said(line)

    def _content(self, article: Article, content: Article | PublishedArticle) -> dict[str, Any]:
        parsed = body.parse(content.body_html)
        external_id = article.external_id or _made_id(article.pk)
        return {
            "external_id": external_id,
            "title": content.title.strip() or "Untitled",
            "slug": content.slug,
            "kicker": content.kicker,
            # What was made of the body is made of it again.
            "summary": content.summary if content.summary != parsed.summary else "",
            "body_html": parsed.html,
            "empty_body": not parsed.html,
            "kind": content.kind,
            "language": content.language,
            "published_at": _time(content.published_at),
            "updated_at": _time(content.updated_at),
            "expires_at": _time(content.expires_at),
            "lead_image": _image(content.lead_image),
            "canonical_url": content.canonical_url,
            "is_breaking": content.is_breaking,
            "breaking_until": _time(content.breaking_until),
            "seo": _said({"title": content.seo_title, "description": content.seo_description}),
            "corrections": content.corrections,
            "translation_of": self._original(content, external_id),
        }

    def _original(self, content: ArticleContent, external_id: str) -> str | None:
        if content.translation_group is None:
            return None
        original = self.originals.setdefault(content.translation_group, external_id)
        return original if original != external_id else None

    def _names(self, ids: PublishedArticle | Relations) -> dict[str, list[str]]:
        return {
            f"{name}s": [slugs[each] for each in getattr(ids, f"{name}_ids") if each in slugs]
            for name, slugs in self.slugs.items()
        }


def _choices(
    keys: list[int], relations: Mapping[int, Relations]
) -> dict[int, tuple[list[int], list[int]]]:
    """By article, the keys of the related ones that come first, and of those that never come."""
    desk = {
        key: (relations[key].pinned_ids or [], relations[key].excluded_ids or []) for key in keys
    }
    public = SearchEntry.objects.filter(article__article__in=keys).values_list(
        "article__article", "related_pins", "related_exclusions"
    )
    return desk | {key: (pins, exclusions) for key, pins, exclusions in public}


def _related(
    choices: tuple[list[int], list[int]], named: Mapping[int, str], article: int
) -> dict[str, list[str]]:
    first, never = (
        [named[each] for each in ids if each in named and each != article] for ids in choices
    )
    return {"related_first": first, "related_never": never}


def _status(article: Article, public: PublishedArticle | None) -> dict[str, Any]:
    if public is not None:
        return {"status": "published"}
    if article.state == State.SCHEDULED and article.publish_at is not None:
        return {"status": "scheduled", "publish_at": _time(article.publish_at)}
    return {"status": "draft"}


def _former_slugs(keys: list[int]) -> tuple[dict[int, list[str]], dict[int, str]]:
    """Slugs that were public, and what readers are told of articles that are gone."""
    slugs: dict[int, list[str]] = {}
    reasons: dict[int, str] = {}
    rows = Slug.objects.filter(article__in=keys, public_since__isnull=False)
    for slug in rows.order_by("public_since", "text"):
        slugs.setdefault(slug.article_id, []).append(slug.text)
        if slug.gone_reason is not None:
            reasons[slug.article_id] = slug.gone_reason
    return slugs, reasons


def _former_urls(keys: list[int]) -> dict[int, list[str]]:
    urls: dict[int, list[str]] = {}
    for row in FormerUrl.objects.filter(article__in=keys).order_by("path"):
        urls.setdefault(row.article_id, []).append(row.path)
    return urls


def _image(image: Image | None) -> dict[str, Any] | None:
    return _said({name: getattr(image, name) for name in IMAGE_FIELDS}) if image else None


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what a line may leave out; zero is said, an empty text is not."""
    return {
        key: value
        for key, value in values.items()
        if value not in (None, "", [], {}) and value is not False
    }
