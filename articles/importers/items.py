"""What an importer makes of its file: articles, checked, in the order in which they stand."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime


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
        """What the item says, as a hash: the same again changes nothing.

        What it leaves unsaid is not in it, so that a new key changes no old digest.
        """
        said = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name != "line" and getattr(self, field.name) != field.default
        }
        # Not orjson: a body may hold half a surrogate pair until it is cleaned.
        return hashlib.sha256(json.dumps(said, default=_jsonable).encode()).hexdigest()


def _jsonable(value: object) -> object:
    return asdict(value) if isinstance(value, LeadImage) else str(value)


@dataclass(slots=True)
class Report:
    """What an import did, or would do. ``errors`` are (line, reason), in the order of the lines:
    why nothing was imported or, where bad lines are skipped, why these were."""

    lines: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.errors.append((line, reason))

    @property
    def skipped(self) -> int:
        """How many lines have an error."""
        return len({line for line, _ in self.errors})
