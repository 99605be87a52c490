"""Slugs of articles, regions, tags and authors, from those that WordPress gave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple
from urllib.parse import unquote

from django.core.exceptions import ValidationError

from articles.slugs import numbered, slugify, validate_slug


class WrittenSlug(NamedTuple):
    """A post's slug, as WordPress writes it, and whether readers know it."""

    post_id: str
    text: str
    is_public: bool


def wanted_slug(written: str) -> str:
    """The slug that one of WordPress's becomes: itself, or where it holds other letters (there
    percent-encoded), transliterated; "" where nothing is left."""
    text = unquote(written)
    try:
        validate_slug(text)
    except ValidationError:
        return slugify(text, fallback="")
    return text


def slugs_of_posts(
    posts: Iterable[WrittenSlug], *, is_free: Callable[[str, str], bool]
) -> dict[str, str]:
    """The slug of each post, by its id; those without one have none to be found.

    Of several posts with one slug the oldest of the published ones, by its id, keeps it, and the
    others are numbered, so that a later export gives the same. ``is_free`` tells whether a slug is
    free in the newsroom for the post of an id.
    """
    ordered = sorted(posts, key=lambda each: (not each.is_public, len(each.post_id), each.post_id))
    wanted = {each.post_id: slug for each in ordered if (slug := wanted_slug(each.text))}
    asked_for = set(wanted.values())
    given: dict[str, str] = {}
    holders: set[str] = set()
    for post_id, slug in wanted.items():
        number = 1
        while (candidate := numbered(slug, number)) in holders or not _may_have(
            candidate, post_id, number, asked_for, is_free
        ):
            number += 1
        given[post_id] = candidate
        holders.add(candidate)
    return given


def _may_have(
    candidate: str,
    post_id: str,
    number: int,
    asked_for: set[str],
    is_free: Callable[[str, str], bool],
) -> bool:
    """Whether a post may have a slug: a numbered one only where no other asks for it."""
    return (number == 1 or candidate not in asked_for) and is_free(candidate, post_id)


class SlugsOfTerms:
    """A slug for each of a kind of entries, by what WordPress calls them."""

    def __init__(self, fallback: str) -> None:
        self.fallback = fallback
        self.by_key: dict[str, str] = {}
        self._taken: set[str] = set()

    def add(self, key: str, text: str) -> str:
        """The slug for ``key``, made from ``text`` the first time, with a number if it is taken."""
        if key not in self.by_key:
            stem, number = wanted_slug(text) or self.fallback, 1
            while numbered(stem, number) in self._taken:
                number += 1
            self.by_key[key] = numbered(stem, number)
            self._taken.add(self.by_key[key])
        return self.by_key[key]
