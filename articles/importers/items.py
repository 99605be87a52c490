"""What an importer makes of its file: articles, checked, in the order in which they stand."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime

import orjson


class ItemError(Exception):
    """An item cannot be imported; the message says what to do."""


@dataclass(frozen=True, slots=True)
class LeadImage:
    url: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One article of a file. ``line`` is where it stands, from 1; times are aware, in UTC.

    ``regions``, ``tags`` and ``authors`` are names or slugs. ``slug`` is empty where one is to be
    made from the title.
    """

    line: int
    external_id: str
    title: str
    body_html: str
    is_published: bool
    slug: str = ""
    kicker: str = ""
    summary: str = ""
    kind: str = "news"
    language: str = "en"
    published_at: datetime | None = None
    updated_at: datetime | None = None
    regions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    lead_image: LeadImage | None = None
    canonical_url: str = ""
    is_breaking: bool = False
    seo_title: str = ""
    seo_description: str = ""
    translation_of: str = ""

    def digest(self) -> str:
        """What the item says, as a hash: the same again changes nothing."""
        content = asdict(self)
        del content["line"]
        return hashlib.sha256(orjson.dumps(content)).hexdigest()


@dataclass(slots=True)
class Report:
    """What an import did, or would do. ``errors`` and ``skipped`` are (line, reason)."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.errors.append((line, reason))
