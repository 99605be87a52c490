"""What every outlet tells of an article, made of its public row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.utils.encoding import iri_to_uri

from articles.models import Image, PublishedArticle

# What no XML 1.0 document can hold, not even escaped (https://www.w3.org/TR/xml/#charsets).
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Newsroom:
    """Who publishes: ``base`` is the address of the site, without a slash at the end."""

    name: str
    language: str
    base: str


@dataclass(frozen=True, slots=True)
class Picture:
    url: str
    alt: str
    caption: str
    credit: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as outlets tell it. Addresses are absolute, times aware (UTC), texts without what
    XML forbids. ``alternates`` are (language, address) of its translations, by language."""

    id: int
    uri: str
    url: str
    title: str
    kicker: str
    summary: str
    html: str
    text: str
    word_count: int
    kind: str
    language: str
    published_at: datetime
    updated_at: datetime
    revision: int
    is_breaking: bool
    regions: tuple[str, ...]
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    picture: Picture | None
    alternates: tuple[tuple[str, str], ...]
    corrections: tuple[tuple[str, str], ...]


def clean(text: str) -> str:
    """The text without the characters that XML 1.0 forbids."""
    return _FORBIDDEN.sub("", text)


def uri_of(article_id: int, base: str) -> str:
    """The article's name for good, whatever its address is now: a tag URI (RFC 4151)."""
    return f"tag:{urlsplit(base).hostname or 'localhost'},2026:article:{article_id}"


def entry_of(
    article: PublishedArticle,
    *,
    newsroom: Newsroom,
    address: str,
    names: Mapping[str, list[str]],
    alternates: Mapping[str, str],
) -> Entry:
    """``address`` is that of the public page, ``names`` those of its regions, tags and authors by
    kind, ``alternates`` the addresses of its translations by language; any may be relative."""
    return Entry(
        id=article.id,
        uri=uri_of(article.id, newsroom.base),
        url=_absolute(newsroom, address),
        title=clean(article.title),
        kicker=clean(article.kicker),
        summary=clean(article.summary),
        html=clean(article.body_html),
        text=clean(article.body_text),
        word_count=article.word_count,
        kind=article.kind,
        language=article.language,
        published_at=article.published_at,
        updated_at=article.updated_at,
        revision=article.revision,
        is_breaking=article.is_breaking,
        regions=_cleaned(names["region"]),
        tags=_cleaned(names["tag"]),
        authors=_cleaned(names["author"]),
        picture=_picture(article.lead_image, newsroom),
        alternates=tuple(
            (language, _absolute(newsroom, url)) for language, url in sorted(alternates.items())
        ),
        corrections=tuple(
            (str(each["at"]), clean(str(each["note"]))) for each in _corrections(article)
        ),
    )


def _absolute(newsroom: Newsroom, address: str) -> str:
    return str(iri_to_uri(urljoin(f"{newsroom.base}/", address)))


def _corrections(article: PublishedArticle) -> list[dict[str, Any]]:
    corrections: list[dict[str, Any]] = article.corrections
    return corrections


def _cleaned(names: list[str]) -> tuple[str, ...]:
    return tuple(clean(name) for name in names)


def _picture(image: Image | None, newsroom: Newsroom) -> Picture | None:
    if image is None:
        return None
    return Picture(
        _absolute(newsroom, image.url),
        clean(image.alt),
        clean(image.caption),
        clean(image.credit),
        image.width,
        image.height,
    )
