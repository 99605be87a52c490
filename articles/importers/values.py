"""Values of one JSON object: taken out, checked, and what is wrong with them said in sentences."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from articles import body
from articles.importers.items import ItemError
from articles.models.former_url import MAX_LENGTH, path_of
from cms import languages
from cms.moments import parse_moment

MAX_NAMES = 100
YEARS = range(1600, 3000)  # what every time zone, feed and front end can show
EMPTY_BODY = "Nothing is left of it after cleaning. Give it text that readers can see."

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_check_url = URLValidator(schemes=["http", "https"])

# A paragraph with text, and nothing that could hide it: so there is no need to clean the body
# only to know that something is left of it.
_PLAIN_TEXT = re.compile(r"<p>\s*\w")
_HIDING = re.compile(r"<(?:!|script|style|template|svg|math|textarea|title|iframe)", re.IGNORECASE)


class Reader:
    """Takes values out of one JSON object, and collects what is wrong with them in ``errors``,
    each under its key with ``prefix`` before it."""

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
                self.refuse(shown(key), f"There is no such key. These exist: {keys}.")

    def lines(self, key: str) -> str:
        """Text with its line breaks, as LF; "" where there is none, or none that can be taken."""
        value = self.values.get(key)
        if isinstance(value, str) and not self.text(key) and self._refused(key):
            return ""
        return re.sub(r"\r\n?", "\n", value).strip() if isinstance(value, str) else self.text(key)

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
        elif required and not is_visible(value):
            self.refuse(key, "It must not be empty.")
        elif len(value) > longest:
            self.refuse(key, f"It must have at most {longest} characters.")
        else:
            return value
        return ""

    def body(self, key: str, *, is_empty: bool) -> str:
        """HTML of which something is left after cleaning; "" where ``is_empty`` says so."""
        value = self.values.get(key)
        if is_empty and value in (None, ""):
            return ""
        if is_empty:
            self.refuse(key, "It has text, but empty_body says that it is empty. Drop one.")
        elif not isinstance(value, str):
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

    def moment(
        self, key: str, *, latest: datetime | None, required: bool = False
    ) -> datetime | None:
        """An instant not after ``latest``; None where there is none, or none that can be taken."""
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

        self.checked(key, check, required=required)
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
        elif not all(is_visible(name) for name in names):
            self.refuse(key, "A name must not be empty.")
        return names

    def texts(self, key: str, check: Callable[[str], None]) -> tuple[str, ...]:
        """Different texts that each pass ``check``."""
        value = self.values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            self.refuse(key, "It must be a list of strings.")
            return ()
        if len(value) > MAX_NAMES:
            self.refuse(key, f"It must have at most {MAX_NAMES} entries.")
            return ()
        try:
            for text in value:
                check(text)
                if _CONTROL.search(text):
                    raise ValidationError(
                        "It has a control character or half a surrogate pair. Remove it."
                    )
        except ValidationError as error:
            self.refuse(key, " ".join(error.messages))
        return tuple(dict.fromkeys(value))

    def whole_number(self, key: str, numbers: range) -> int | None:
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value not in numbers:
            self.refuse(key, f"It must be a whole number from {numbers[0]} to {numbers[-1]}.")
            return None
        return value

    def mappings(self, key: str, read: Callable[[Reader], Any]) -> tuple[Any, ...]:
        """What ``read`` makes of each object of a list."""
        value = self.values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.refuse(key, "It must be a list of objects.")
            return ()
        if len(value) > MAX_NAMES:
            self.refuse(key, f"It must have at most {MAX_NAMES} entries.")
            return ()
        results = []
        for number, values in enumerate(value):
            inner = Reader(values, prefix=f"{self.prefix}{key}[{number}].")
            results.append(read(inner))
            self.errors.extend(inner.errors)
        return tuple(results)

    def mapping(self, key: str, read: Callable[[Reader], Any]) -> Any:
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.refuse(key, "It must be an object.")
            return None
        inner = Reader(value, prefix=f"{self.prefix}{key}.")
        result = read(inner)
        self.errors.extend(inner.errors)
        return result


def check_http_url(value: str) -> None:
    if len(value) > 2000:
        raise ValidationError("A URL has at most 2,000 characters.")
    try:
        _check_url(value)
    except ValidationError:
        raise ValidationError("It must be an http or https URL.") from None


def check_language(value: str) -> None:
    if not re.fullmatch(languages.PATTERN, value):
        raise ValidationError("It must be a language tag (BCP 47) such as en or ru.")


def check_country(value: str) -> None:
    if not re.fullmatch("[A-Za-z]{2}", value):
        raise ValidationError("Use two letters of ISO 3166-1, such as KZ.")


def check_external_id(value: str) -> None:
    if len(value) > 255:
        raise ValidationError("It must have at most 255 characters.")


def check_old_address(value: str) -> None:
    """A path from the root of a site, or a whole URL."""
    if _CONTROL.search(value):
        raise ValidationError("An address has no control characters.")
    if not value.startswith("/") or value.startswith("//"):
        check_http_url(value)
    if len(path_of(value)) > MAX_LENGTH:
        raise ValidationError(f"A path has at most {MAX_LENGTH} characters, as a URL spells it.")


def _has_content(html: str) -> bool:
    if _PLAIN_TEXT.search(html) and not _HIDING.search(html):
        return True
    return bool(body.clean(html))


def is_visible(text: str) -> bool:
    return any(letter.isprintable() and letter != " " for letter in text)


def shown(key: str) -> str:
    """A key as it can be printed, whatever stands in it."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in key[:50]
    )
