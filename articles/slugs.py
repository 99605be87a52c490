"""Slugs: what a title becomes in an address."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from slugify import slugify as transliterate

MAX_LENGTH = 200
PATTERN = r"[a-zA-Z0-9_-]{1,200}"

# Letters that transliteration drops or spells oddly.
_REPLACEMENTS = [("Ə", "A"), ("ə", "a")]


def slugify(text: str, *, fallback: str = "article") -> str:
    """A slug of ASCII letters, digits and hyphens, at most 100 characters, cut between words.

    Cyrillic and other scripts are transliterated; ``fallback`` where nothing is left.
    """
    slug = transliterate(text, max_length=100, word_boundary=True, replacements=_REPLACEMENTS)
    return slug or fallback


def validate_slug(value: str) -> None:
    """Raise ValidationError unless ``value`` can stand in a path of the API."""
    if not re.fullmatch(PATTERN, value):
        raise ValidationError(
            gettext(
                "“{text}” is not a slug: use 1 to {most} ASCII letters, digits, hyphens and"
                " underscores."
            ).format(text=value[:50], most=MAX_LENGTH),
            code="invalid-slug",
        )


def numbered(slug: str, number: int) -> str:
    """``slug`` for its ``number``-th bearer: itself for the first, then ``slug-2``, …"""
    if number == 1:
        return slug
    suffix = f"-{number}"
    return slug[: MAX_LENGTH - len(suffix)] + suffix
