"""JSON lines: an article, region, tag, author, collection or redirect a line, as docs/importing.md
describes them. Reading and checking only: nothing here touches the database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError

from articles.importers.items import (
    CollectionItem,
    Correction,
    Item,
    ItemError,
    LeadImage,
    RedirectItem,
    TaxonomyItem,
)
from articles.importers.outlet_lines import read_collection, read_redirect
from articles.importers.values import (
    Reader,
    check_country,
    check_external_id,
    check_http_url,
    check_language,
    check_old_address,
    shown,
)
from articles.models import Kind
from articles.models.former_name import Former
from articles.slugs import validate_slug
from cms import languages

MAX_LINE_BYTES = 16 * 1024 * 1024

KEYS = {
    "external_id",
    "title",
    "slug",
    "kicker",
    "summary",
    "body_html",
    "empty_body",
    "kind",
    "language",
    "status",
    "published_at",
    "updated_at",
    "publish_at",
    "expires_at",
    "regions",
    "tags",
    "authors",
    "lead_image",
    "canonical_url",
    "is_breaking",
    "breaking_until",
    "seo",
    "corrections",
    "translation_of",
    "former_slugs",
    "former_urls",
    "gone_reason",
    "related_first",
    "related_never",
}
ORDERS = range(-2_147_483_648, 2_147_483_648)
IMAGE_KEYS = {"url", "alt", "caption", "credit", "width", "height"}
NAMED_KEYS = {"slug", "name", "names", "former"}
FORMER_KEYS = {"slug", "name", "was_public"}
TAXONOMY_KEYS = {
    "region": {*NAMED_KEYS, "code", "parent", "order", "description", "is_listed"},
    "tag": NAMED_KEYS,
    "author": {*NAMED_KEYS, "role", "bio", "picture"},
}


def read_lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """The lines that are not blank, with their numbers from 1; None for one that is too long."""
    number = 0
    while chunk := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(chunk) > MAX_LINE_BYTES:
            while chunk and not chunk.endswith(b"\n"):
                chunk = file.readline(MAX_LINE_BYTES)
            yield number, None
        elif line := (chunk.removeprefix(b"\xef\xbb\xbf") if number == 1 else chunk).strip():
            yield number, line


def parse_line(
    number: int, line: bytes | None, *, language: str, now: datetime
) -> Item | TaxonomyItem | CollectionItem | RedirectItem:
    """What a line holds: an article where it says nothing else. ItemError says all that is wrong.

    ``language`` is the default; no time but a draft's ``published_at``, and those of what is to
    happen, may lie after ``now``.
    """
    values = _load(line)
    kind = next((kind for kind in _ENTRIES if kind in values), None)
    if kind is not None:
        return _entry(kind, Reader(values), number)
    return _article(Reader(values), number, language=language, now=now)


def _load(line: bytes | None) -> dict[str, Any]:
    if line is None:
        raise ItemError(f"The line is longer than {MAX_LINE_BYTES} bytes. Split it or shorten it.")
    try:
        values = json.loads(line.decode(), object_pairs_hook=_once, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise ItemError(f"It is not valid UTF-8 (byte {error.start}). Save it as UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ItemError(f"It is not JSON: {error.msg} (column {error.colno}).") from None
    except RecursionError:
        raise ItemError("It is not JSON that can be read: it is nested too deeply.") from None
    except ValueError as error:
        raise ItemError(f"It is not JSON that can be read: {error}.") from None
    if not isinstance(values, dict):
        raise ItemError('A line must be a JSON object, such as {"external_id": "1", …}.')
    return values


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise ItemError(f"The key “{shown(repeated)}” stands twice. Keep one.")
    return values


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _article(reader: Reader, number: int, *, language: str, now: datetime) -> Item:
    reader.refuse_unknown(KEYS)
    status = reader.choice("status", ["draft", "scheduled", "published"], required=True)
    seo = reader.mapping("seo", _seo) or ("", "")
    is_empty = reader.flag("empty_body")
    item = Item(
        line=number,
        external_id=reader.text("external_id", required=True, longest=255),
        title=reader.text("title", required=True, longest=1000),
        body_html=reader.body("body_html", is_empty=is_empty),
        is_empty=is_empty,
        is_published=status == "published",
        slug=reader.checked("slug", validate_slug),
        kicker=reader.text("kicker"),
        summary=reader.text("summary"),
        kind=reader.choice("kind", Kind.values) or Kind.NEWS.value,
        language=languages.canonical(reader.checked("language", check_language) or language),
        published_at=reader.moment("published_at", latest=None if status == "draft" else now),
        updated_at=reader.moment("updated_at", latest=now),
        publish_at=_publish_at(reader, status),
        expires_at=reader.moment("expires_at", latest=None),
        regions=reader.names("regions"),
        tags=reader.names("tags"),
        authors=reader.names("authors"),
        lead_image=reader.mapping("lead_image", _image),
        canonical_url=reader.checked("canonical_url", check_http_url),
        is_breaking=reader.flag("is_breaking"),
        breaking_until=reader.moment("breaking_until", latest=None),
        seo_title=seo[0],
        seo_description=seo[1],
        corrections=reader.mappings("corrections", lambda inner: _correction(inner, now=now)),
        translation_of=reader.checked("translation_of", check_external_id),
        former_slugs=reader.texts("former_slugs", validate_slug),
        former_urls=reader.texts("former_urls", check_old_address),
        gone_reason=_gone_reason(reader, status),
        related_first=_related(reader, "related_first"),
        related_never=_related(reader, "related_never"),
    )
    _refuse_odd_choices(reader, item)
    reader.raise_any()
    return item


def _publish_at(reader: Reader, status: str) -> datetime | None:
    if status != "scheduled" and reader.values.get("publish_at") is not None:
        reader.refuse(
            "publish_at", "Only what is “scheduled” has it. Correct “status”, or drop it."
        )
        return None
    return reader.moment("publish_at", latest=None, required=status == "scheduled")


def _gone_reason(reader: Reader, status: str) -> str | None:
    if reader.values.get("gone_reason") is None:
        return None
    if status != "draft":
        reader.refuse("gone_reason", "Only a “draft” can be gone. Correct “status”, or drop it.")
    return reader.text("gone_reason")


def _related(reader: Reader, key: str) -> tuple[str, ...] | None:
    """An empty list is said: there are none."""
    return None if reader.values.get(key) is None else reader.texts(key, check_external_id)


def _refuse_odd_choices(reader: Reader, item: Item) -> None:
    first, never = item.related_first or (), item.related_never or ()
    for key, names in (("related_first", first), ("related_never", never)):
        if item.external_id in names:
            reader.refuse(key, "An article is not related to itself. Leave it out.")
    if both := [name for name in never if name in first]:
        reader.refuse("related_never", f"“{shown(both[0])}” is to come first too. Drop one.")


def _correction(reader: Reader, *, now: datetime) -> Correction | None:
    reader.refuse_unknown({"at", "note"})
    at = reader.moment("at", latest=now, required=True)
    note = reader.text("note", required=True)
    return Correction(at, note) if at is not None else None


def _image(reader: Reader) -> LeadImage:
    reader.refuse_unknown(IMAGE_KEYS)
    pixels = range(1, 100_001)
    return LeadImage(
        url=reader.checked("url", check_http_url, required=True),
        alt=reader.text("alt"),
        caption=reader.text("caption"),
        credit=reader.text("credit"),
        width=reader.whole_number("width", pixels),
        height=reader.whole_number("height", pixels),
    )


def _seo(reader: Reader) -> tuple[str, str]:
    reader.refuse_unknown({"title", "description"})
    return reader.text("title"), reader.text("description")


def _entry(kind: str, reader: Reader, number: int) -> TaxonomyItem | CollectionItem | RedirectItem:
    """What is not an article stands under its kind, alone."""
    reader.refuse_unknown({kind})
    if reader.values[kind] is None:
        reader.refuse(kind, "It must be an object.")
    item: TaxonomyItem | CollectionItem | RedirectItem | None = reader.mapping(
        kind, lambda inner: _ENTRIES[kind](inner, number)
    )
    reader.raise_any()
    if item is None:
        raise ItemError(f"{kind}: It must be an object.")
    return item


def _taxonomy(reader: Reader, line: int, *, kind: str) -> TaxonomyItem:
    """What is left unsaid is None; an empty text is said."""
    reader.refuse_unknown(TAXONOMY_KEYS[kind])

    def said(read: Callable[[str], Any], key: str) -> Any:
        return read(key) if reader.values.get(key) is not None else None

    return TaxonomyItem(
        line=line,
        kind=kind,
        slug=reader.checked("slug", validate_slug, required=True),
        name=reader.text("name", required=True, longest=200),
        names=said(_names_of(reader), "names"),
        code=said(lambda key: reader.checked(key, check_country), "code"),
        parent=said(lambda key: reader.checked(key, validate_slug), "parent"),
        order=said(lambda key: reader.whole_number(key, ORDERS), "order"),
        description=said(reader.lines, "description"),
        is_listed=said(reader.flag, "is_listed"),
        role=said(reader.text, "role"),
        bio=said(reader.lines, "bio"),
        picture=reader.mapping("picture", _image),
        former=said(lambda key: reader.mappings(key, _former), "former"),
    )


def _former(reader: Reader) -> Former:
    reader.refuse_unknown(FORMER_KEYS)
    return Former(
        slug=reader.checked("slug", validate_slug, required=True),
        name=reader.text("name", required=True, longest=200),
        was_public=reader.flag("was_public"),
    )


def _names_of(reader: Reader) -> Callable[[str], tuple[tuple[str, str], ...] | None]:
    def read(key: str) -> tuple[tuple[str, str], ...] | None:
        def names(inner: Reader) -> tuple[tuple[str, str], ...]:
            for tag in inner.values:
                try:
                    check_language(tag)
                except ValidationError as error:
                    inner.refuse(shown(tag), " ".join(error.messages))
            return tuple(
                (languages.canonical(tag), inner.text(tag, required=True, longest=200))
                for tag in sorted(inner.values)
            )

        found: tuple[tuple[str, str], ...] | None = reader.mapping(key, names)
        return found

    return read


_ENTRIES: Mapping[str, Callable[[Reader, int], Any]] = {
    **{kind: partial(_taxonomy, kind=kind) for kind in TAXONOMY_KEYS},
    "collection": read_collection,
    "redirect": read_redirect,
}
