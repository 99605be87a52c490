"""Entries, channels and sitemaps from the public tables: one statement each, whatever is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.db.models import Exists, F, IntegerField, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.encoding import iri_to_uri

from articles import taxonomy_snapshot
from articles.addresses import page_address
from articles.models import Author, Kind, PublishedArticle, Region, Slug, Tag
from articles.outlets.entries import Entry, Newsroom, clean, entry_of, uri_of
from articles.outlets.ninjs import canceled
from articles.outlets.sitemaps import MAX_NEWS, MAX_URLS, NEWS_AGE
from cms.changes.models import Change

MAX_WITHDRAWN = 100

COLUMNS = (
    *("slug", "title", "kicker", "summary", "body_html", "body_text", "word_count", "kind"),
    *("language", "revision", "is_breaking", "region_ids", "tag_ids", "author_ids", "lead_image"),
    "corrections",
)
NAMED: Mapping[str, Any] = {"region": Region, "tag": Tag, "author": Author}
# What Google takes for no news: https://support.google.com/news/publisher-center/answer/9607025
NO_NEWS = (Kind.PAGE, Kind.SPONSORED)


def server_base(request: HttpRequest) -> str:
    """Where this server is reached, without a slash at the end."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


def newsroom(request: HttpRequest) -> Newsroom:
    """Who publishes; its site is where ARTICLE_URL_TEMPLATE has a host, else this server."""
    site = urlsplit(settings.ARTICLE_URL_TEMPLATE.partition("{")[0])
    base = f"{site.scheme}://{site.netloc}" if site.netloc else server_base(request)
    return Newsroom(clean(settings.NEWSROOM_NAME), settings.NEWSROOM_LANGUAGES[0], base)


def showing_entries(articles: Any) -> QuerySet[PublishedArticle]:
    """The articles with all that an entry is made of."""
    found: QuerySet[PublishedArticle] = articles.showing(COLUMNS).with_alternates()
    return found


def entries(articles: Iterable[PublishedArticle], room: Newsroom) -> list[Entry]:
    """An entry for each article that ``showing_entries`` has read."""
    return [_entry(article, room) for article in articles]


def _entry(article: Any, room: Newsroom) -> Entry:
    taxonomy = taxonomy_snapshot.current()
    names = {
        kind: [each["name"] for each in taxonomy.names(kind, getattr(article, f"{kind}_ids"))]
        for kind in NAMED
    }
    address = page_address(
        slug=article.slug, language=article.language, published_at=article.published_at
    )
    alternates = _alternates(article.alternates)
    return entry_of(article, newsroom=room, address=address, names=names, alternates=alternates)


def _alternates(translations: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {
        each["language"]: page_address(
            slug=each["slug"],
            language=each["language"],
            published_at=datetime.fromisoformat(each["published_at"]),
        )
        for each in translations
    }


def title_of(name: str, values: Mapping[str, Any]) -> str:
    """The newsroom's name and what a feed is narrowed to: names of what is public, in the feed's
    language; slugs, as they were asked for, of all else."""
    language = values.get("language")
    parts = []
    for kind, model in NAMED.items():
        slugs = values.get(kind) or []
        if slugs:
            found = model.objects.public().with_shown_name(language).filter(slug__in=slugs)
            names = dict(found.values_list("slug", "shown_name"))
            parts += [names.get(slug, slug) for slug in slugs]
    parts += [language] if language else []
    return clean(f"{name}: {', '.join(parts)}" if parts else name)


def withdrawn(room: Newsroom) -> list[dict[str, Any]]:
    """The articles that were public and were withdrawn for good since the log began, as ninjs
    tells it, the last one first, at most ``MAX_WITHDRAWN``. Who withdrew it, and what else the desk
    knows, stays there: the log tells what was taken away and when, its slug the public reason."""
    slugs = Slug.objects.filter(text=OuterRef("slug"), public_since__isnull=False)
    rows: Any = (
        Change.objects.filter(type="article", action="delete", number__isnull=False)
        .annotate(reason=Subquery(slugs.values("gone_reason")))
        .filter(~Exists(PublishedArticle.objects.filter(pk=OuterRef("object_id"))))
        .filter(reason__isnull=False)
        .order_by("-number")
        .values_list("object_id", "at", "reason")[:MAX_WITHDRAWN]
    )
    last: dict[int, dict[str, Any]] = {}
    for public_id, at, reason in rows:
        uri = uri_of(public_id, room.base)
        last.setdefault(public_id, canceled(uri, at=at, reason=clean(reason)))
    return list(last.values())


def sitemap_parts() -> list[tuple[int, datetime]]:
    """(number of a part that has articles, when it changed: the newest of them was updated, or one
    withdrawn, as far as the log reaches back). A part is a range of public ids, so that articles
    never move from one to another."""
    public = PublishedArticle.objects.order_by().values(part=_part_of("id"))
    withdrawals = Change.objects.filter(type="article", action="delete", number__isnull=False)
    gone = withdrawals.order_by().values(part=_part_of("object_id"))
    rows = public.annotate(at=Max("updated_at"), left=Value(True)).union(
        gone.annotate(at=Max("at"), left=Value(False)), all=True
    )
    changed: dict[int, list[datetime]] = {}
    left = set()
    for row in rows:
        changed.setdefault(row["part"], []).append(row["at"])
        if row["left"]:
            left.add(row["part"])
    return [(part, max(changed[part])) for part in sorted(left)]


def _part_of(column: str) -> Cast:
    return Cast((F(column) - 1) / MAX_URLS + 1, IntegerField())


def sitemap_urls(
    part: int, room: Newsroom
) -> Iterator[tuple[str, datetime, list[tuple[str, str]]]]:
    """(address, when it was updated, addresses by language) of a part's articles, by id, read
    bit by bit within the transaction."""
    first = (part - 1) * MAX_URLS
    articles: Any = PublishedArticle.objects.filter(id__gt=first, id__lte=first + MAX_URLS)
    rows = (
        articles.with_alternates()
        .order_by("id")
        .values_list("slug", "language", "published_at", "updated_at", "alternates")
    )
    for slug, language, published_at, updated_at, translations in rows.iterator(chunk_size=2000):
        own = page_address(slug=slug, language=language, published_at=published_at)
        addresses = _alternates(translations)
        if addresses:
            addresses[language] = own
        alternates = [(each, on_site(room, url)) for each, url in sorted(addresses.items())]
        yield on_site(room, own), updated_at, alternates


def latest_news(now: datetime, room: Newsroom) -> list[tuple[str, str, str, datetime]]:
    """(address, title, language, published at) of what is at most two days old, newest first."""
    rows = (
        PublishedArticle.objects.filter(published_at__gt=now - NEWS_AGE, published_at__lte=now)
        .exclude(kind__in=NO_NEWS)
        .order_by("-published_at", "-id")
        .values_list("slug", "title", "language", "published_at")[:MAX_NEWS]
    )
    return [
        (
            on_site(room, page_address(slug=slug, language=language, published_at=published_at)),
            title,
            language,
            published_at,
        )
        for slug, title, language, published_at in rows
    ]


def on_site(room: Newsroom, address: str) -> str:
    """The address, absolute and in ASCII."""
    return str(iri_to_uri(urljoin(f"{room.base}/", address)))
