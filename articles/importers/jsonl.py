"""JSON lines: one article a line, as docs/importing.md describes them. Reading and checking only:
nothing here touches the database."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from articles import body
from articles.importers.items import Item, ItemError, LeadImage
from articles.models import Kind
from articles.slugs import validate_slug
from cms import languages
from cms.moments import parse_moment

MAX_LINE_BYTES = 16 * 1024 * 1024
MAX_NAMES = 100
YEARS = range(1600, 3000)  # what every time zone, feed and front end can show
EMPTY_BODY = "Nothing is left of it after cleaning. Give it text that readers can see."

KEYS = {
    "external_id",
    "title",
    "slug",
    "kicker",
    "summary",
    "body_html",
    "kind",
    "language",
    "status",
    "published_at",
    "updated_at",
    "regions",
    "tags",
    "authors",
    "lead_image",
    "canonical_url",
    "is_breaking",
    "seo",
    "translation_of",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_check_url = URLValidator(schemes=["http", "https"])

# A paragraph with text, and nothing that could hide it: so there is no need to clean the body
# only to know that something is left of it.
_PLAIN_TEXT = re.compile(r"<p>\s*\w")
_HIDING = re.compile(r"<(?:!|script|style|template|svg|math|textarea|title|iframe)", re.IGNORECASE)


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


def parse_line(number: int, line: bytes | None, *, language: str, now: datetime) -> Item:
    """The article that a line holds. ItemError says all that is wrong with it.

    ``language`` is the default; no time but a draft's ``published_at`` may lie after ``now``.
    """
    reader = _Reader(_load(line))
    reader.refuse_unknown(KEYS)
    status = reader.choice("status", ["draft", "published"], required=True)
    seo = reader.mapping("seo", _seo) or ("", "")
    item = Item(
        line=number,
        external_id=reader.text("external_id", required=True, longest=255),
        title=reader.text("title", required=True, longest=1000),
        body_html=reader.body("body_html"),
        is_published=status == "published",
        slug=reader.checked("slug", validate_slug),
        kicker=reader.text("kicker"),
        summary=reader.text("summary"),
        kind=reader.choice("kind", Kind.values) or Kind.NEWS.value,
        language=languages.canonical(reader.checked("language", _check_language) or language),
        published_at=reader.moment("published_at", latest=None if status == "draft" else now),
        updated_at=reader.moment("updated_at", latest=now),
        regions=reader.names("regions"),
        tags=reader.names("tags"),
        authors=reader.names("authors"),
        lead_image=reader.mapping("lead_image", _lead_image),
        canonical_url=reader.checked("canonical_url", _check_http_url),
        is_breaking=reader.flag("is_breaking"),
        seo_title=seo[0],
        seo_description=seo[1],
        translation_of=reader.checked("translation_of", _check_external_id),
    )
    reader.raise_any()
    return item


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
        raise ItemError(f"The key “{_shown(repeated)}” stands twice. Keep one.")
    return values


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


class _Reader:
    """Takes values out of one JSON object, and collects what is wrong with them."""

    def __init__(self, values: dict[str, Any], prefix: str = "") -> None:
        self.values = values
        self.prefix = prefix
        self.errors: list[str] = []

    def refuse(self, key: str, reason: str) -> None:
        self.errors.append(f"{self.prefix}{key}: {reason}")

    def _refused(self, key: str) -> bool:
        return any(error.startswith(f"{self.prefix}{key}: ") for error in self.errors)

    def raise_any(self) -> None:
        if self.errors:
            raise ItemError(" ".join(self.errors))

    def refuse_unknown(self, known: set[str]) -> None:
        for key in self.values:
            if key not in known:
                keys = ", ".join(sorted(known))
                self.refuse(_shown(key), f"There is no such key. These exist: {keys}.")

    def text(self, key: str, *, required: bool = False, longest: int = 10_000) -> str:
        """One line of text; "" where there is none, or none that can be taken."""
        value = self.values.get(key)
        if key not in self.values or (value is None and not required):
            if required:
                self.refuse(key, "It is missing.")
            return ""
        if not isinstance(value, str):
            self.refuse(key, "It must be a string.")
            return ""
        value = re.sub(r"[\r\n]+", " ", value).strip(" \t")
        if _CONTROL.search(value):
            self.refuse(key, "It has a control character or half a surrogate pair. Remove it.")
        elif required and not _is_visible(value):
            self.refuse(key, "It must not be empty.")
        elif len(value) > longest:
            self.refuse(key, f"It must have at most {longest} characters.")
        else:
            return value
        return ""

    def body(self, key: str) -> str:
        value = self.values.get(key)
        if not isinstance(value, str):
            reason = "It must be a string of HTML." if key in self.values else "It is missing."
            self.refuse(key, reason)
        elif len(value) > body.MAX_LENGTH:
            self.refuse(key, f"It must have at most {body.MAX_LENGTH} characters.")
        elif not _has_content(value):
            self.refuse(key, EMPTY_BODY)
        else:
            return value
        return ""

    def flag(self, key: str) -> bool:
        value = self.values.get(key)
        if value is not None and not isinstance(value, bool):
            self.refuse(key, "It must be true or false.")
        return value is True

    def choice(self, key: str, choices: list[str], *, required: bool = False) -> str:
        value = self.values.get(key)
        if value is None and not required:
            return ""
        if value not in choices:
            self.refuse(key, f"It must be one of: {', '.join(choices)}.")
            return ""
        return str(value)

    def checked(self, key: str, check: Callable[[str], None], *, required: bool = False) -> str:
        """A text that passes ``check``. Where it is optional, "" is a mistake all the same."""
        value = self.text(key, required=required)
        if value:
            try:
                check(value)
            except ValidationError as error:
                self.refuse(key, " ".join(error.messages))
        elif not required and self.values.get(key) is not None and not self._refused(key):
            self.refuse(key, "It is empty. Give it a value or leave it out.")
        return value

    def moment(self, key: str, *, latest: datetime | None) -> datetime | None:
        moment = None

        def check(text: str) -> None:
            nonlocal moment
            try:
                moment = parse_moment(text)
            except ValueError as error:
                raise ValidationError(str(error)) from None
            if moment.year not in YEARS:
                raise ValidationError(f"It must lie in the years {YEARS[0]} to {YEARS[-1]}.")
            if latest is not None and moment > latest:
                advice = ", or import the article as a draft" * (key == "published_at")
                raise ValidationError(f"It lies in the future. Give a past time{advice}.")

        self.checked(key, check)
        return moment

    def names(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            self.refuse(key, "It must be a list of names or slugs.")
            return ()
        names = tuple(" ".join(name.split()) for name in value)
        if len(names) > MAX_NAMES:
            self.refuse(key, f"It must have at most {MAX_NAMES} entries.")
        elif any(len(name) > 200 or _CONTROL.search(name) for name in names):
            self.refuse(key, "A name has at most 200 characters, and no control characters.")
        elif not all(_is_visible(name) for name in names):
            self.refuse(key, "A name must not be empty.")
        return names

    def mapping(self, key: str, read: Callable[[_Reader], Any]) -> Any:
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.refuse(key, "It must be an object.")
            return None
        inner = _Reader(value, prefix=f"{key}.")
        result = read(inner)
        self.errors.extend(inner.errors)
        return result

    def size(self, key: str) -> int | None:
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= 100_000:
            self.refuse(key, "It must be a whole number of pixels from 1 to 100000.")
            return None
        return value


def _lead_image(reader: _Reader) -> LeadImage:
    reader.refuse_unknown({"url", "alt", "caption", "credit", "width", "height"})
    return LeadImage(
        url=reader.checked("url", _check_http_url, required=True),
        alt=reader.text("alt"),
        caption=reader.text("caption"),
        credit=reader.text("credit"),
        width=reader.size("width"),
        height=reader.size("height"),
    )


def _seo(reader: _Reader) -> tuple[str, str]:
    reader.refuse_unknown({"title", "description"})
    return reader.text("title"), reader.text("description")


def _check_http_url(value: str) -> None:
    if len(value) > 2000:
        raise ValidationError("A URL has at most 2,000 characters.")
    try:
        _check_url(value)
    except ValidationError:
        raise ValidationError("It must be an http or https URL.") from None


def _check_language(value: str) -> None:
    if not re.fullmatch(languages.PATTERN, value):
        raise ValidationError("It must be a language tag (BCP 47) such as en or ru.")


def _check_external_id(value: str) -> None:
    if len(value) > 255:
        raise ValidationError("It must have at most 255 characters.")


def _has_content(html: str) -> bool:
    if _PLAIN_TEXT.search(html) and not _HIDING.search(html):
        return True
    return bool(body.clean(html))


def _is_visible(text: str) -> bool:
    return any(letter.isprintable() and letter != " " for letter in text)


def _shown(key: str) -> str:
    """A key as it can be printed, whatever stands in it."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in key[:50]
    )
