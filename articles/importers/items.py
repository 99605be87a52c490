"""What an importer makes of its file: articles, checked, in the order in which they stand."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from articles.models.former_name import Former


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
class Correction:
    at: datetime
    note: str

    def as_stored(self) -> dict[str, str]:
        return {"at": self.at.astimezone(UTC).isoformat().replace("+00:00", "Z"), "note": self.note}


@dataclass(frozen=True, slots=True)
class TaxonomyItem:
    """A region, tag or author of a file, by its ``kind`` of these names, known by its slug.

    What is None is left unsaid: an entry that is there keeps it. ``parent`` is a slug; ``names``
    are (language, name); ``former`` were merged into it. One that ``keeps`` is only made where it
    is missing.
    """

    line: int
    kind: str
    slug: str
    name: str
    names: tuple[tuple[str, str], ...] | None = None
    code: str | None = None
    parent: str | None = None
    order: int | None = None
    description: str | None = None
    is_listed: bool | None = None
    role: str | None = None
    bio: str | None = None
    picture: LeadImage | None = None
    former: tuple[Former, ...] | None = None
    keeps: bool = False

    def said(self) -> dict[str, Any]:
        """What it says of the entry, by field."""
        ours = {"line", "kind", "keeps"}
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            key: value for key, value in values.items() if value is not None and key not in ours
        }

    def digest(self) -> str:
        """What it says, as a hash: the same again changes nothing."""
        return _hash(self.said())


@dataclass(frozen=True, slots=True)
class RedirectItem:
    """A redirect of a file, known by its ``path``; both as ``site_path`` writes them."""

    line: int
    path: str
    target: str

    def digest(self) -> str:
        return _hash({"path": self.path, "target": self.target})


@dataclass(frozen=True, slots=True)
class SlotItem:
    """A place in a collection: an article by its external id, a region and a tag by slug; what is
    empty is not there."""

    article: str = ""
    pinned_until: datetime | None = None
    rule: str = ""
    region: str = ""
    tag: str = ""
    kind: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True)
class CollectionItem:
    """A collection of a file, known by its slug, with all that stands in it."""

    line: int
    slug: str
    title: str
    description: str
    language: str
    is_public: bool
    slots: tuple[SlotItem, ...]

    def digest(self) -> str:
        return _hash({key: value for key, value in asdict(self).items() if key != "line"})


@dataclass(frozen=True, slots=True)
class Item:
    """One article of a file. ``line`` is where it stands, from 1; times are aware, in UTC.

    ``regions``, ``tags`` and ``authors`` are names or slugs. ``slug`` is empty where one is to be
    made from the title. ``is_empty`` says that there is no body, on purpose. With ``publish_at``
    it is scheduled. ``former_slugs`` redirect to it, ``former_urls`` are kept for redirects; with
    a ``gone_reason`` its slugs are answered by that. ``related_first`` and ``related_never`` are
    external ids; None leaves what the desk says of related articles. ``warnings`` are what the
    importer mended.
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
    is_empty: bool = False
    publish_at: datetime | None = None
    expires_at: datetime | None = None
    breaking_until: datetime | None = None
    corrections: tuple[Correction, ...] = ()
    former_slugs: tuple[str, ...] = ()
    former_urls: tuple[str, ...] = ()
    gone_reason: str | None = None
    related_first: tuple[str, ...] | None = None
    related_never: tuple[str, ...] | None = None
    warnings: tuple[str, ...] = ()

    def related(self) -> list[tuple[str, str]]:
        """The external ids of its related articles, each with the key under which it stands."""
        return [
            (key, name)
            for key in ("related_first", "related_never")
            for name in getattr(self, key) or ()
        ]

    def digest(self) -> str:
        """What the item says, as a hash: the same again changes nothing.

        What it leaves unsaid is not in it, so that a new key changes no old digest.
        """
        said = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name not in ("line", "warnings") and getattr(self, field.name) != field.default
        }
        return _hash(said)


def _hash(said: dict[str, Any]) -> str:
    # Not orjson: a body may hold half a surrogate pair until it is cleaned.
    return hashlib.sha256(json.dumps(said, default=_jsonable).encode()).hexdigest()


def _jsonable(value: object) -> object:
    return asdict(value) if isinstance(value, LeadImage | Correction) else str(value)


@dataclass(slots=True)
class Report:
    """What an import did, or would do. ``errors`` are (line, reason), in the order of the lines:
    why nothing was imported or, where bad lines are skipped, why these were. ``warnings`` are
    (line, what was mended) of the lines that were imported. ``found`` counts what a file
    held, and ``left_out`` what of it an importer does not take, where it is one of many kinds."""

    lines: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list)
    warnings: list[tuple[int, str]] = field(default_factory=list)
    found: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)

    def refuse(self, line: int, reason: str) -> None:
        self.errors.append((line, reason))

    def count(self, stored: tuple[int, int]) -> None:
        """Count lines of which so many were made, and so many changed."""
        self.created += stored[0]
        self.updated += stored[1]

    @property
    def skipped(self) -> int:
        """How many lines have an error."""
        return len({line for line, _ in self.errors})
