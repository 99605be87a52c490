"""How the translations of an article stand, for the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import pgettext_lazy


class Standing(StrEnum):
    """Of a translation, as an editor reads it."""

    MISSING = "missing"
    NOT_PUBLIC = "not public"
    OLDER = "older than its original"
    CURRENT = "up to date"

    @property
    def words(self) -> str:
        """In the language of the page."""
        return str(_WORDS[self])


_WORDS = {
    Standing.MISSING: pgettext_lazy("a translation", "missing"),
    Standing.NOT_PUBLIC: pgettext_lazy("a translation", "not public"),
    Standing.OLDER: pgettext_lazy("a translation", "older than its original"),
    Standing.CURRENT: pgettext_lazy("a translation", "up to date"),
}


class Version(NamedTuple):
    """An article of a group of translations. ``begun_at`` is when it was first published, or made
    where it never was; ``changed_at`` when readers last got a new version, or when it was last
    saved where they have none. Times are aware."""

    key: int
    language: str
    begun_at: datetime
    changed_at: datetime
    is_public: bool


class Translation(NamedTuple):
    """``key`` is the article's primary key, None where there is none in this language."""

    language: str
    key: int | None
    standing: Standing


def original_of(group: Iterable[Version]) -> Version:
    """The one that was published first, or made first; of a group that is not empty."""
    return min(group, key=lambda each: (each.begun_at, each.key))


def translations_of(
    article: Version, others: Sequence[Version], *, languages: Iterable[str]
) -> list[Translation]:
    """The article's translations by language: those that there are, and what is missing of the
    newsroom's ``languages``. Older is what readers last got before they last got the original."""
    original = original_of([article, *others])
    found = {
        each.language: Translation(each.language, each.key, _standing(each, original))
        for each in others
    }
    for language in languages:
        if language != article.language:
            found.setdefault(language, Translation(language, None, Standing.MISSING))
    return sorted(found.values())


def is_older(version: Version, original: Version) -> bool:
    """Whether the original has changed since this translation of it did."""
    return version.key != original.key and version.changed_at < original.changed_at


def _standing(version: Version, original: Version) -> Standing:
    if is_older(version, original):
        return Standing.OLDER
    return Standing.CURRENT if version.is_public else Standing.NOT_PUBLIC
