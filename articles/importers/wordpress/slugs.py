"""Slugs of articles, regions, tags and authors, from those that WordPress gave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import unquote

from django.core.exceptions import ValidationError

from articles.slugs import numbered, slugify, validate_slug


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
    posts: Iterable[tuple[str, str]], *, is_free: Callable[[str, str], bool]
) -> dict[str, str]:
    """The slug of each post, by its id; those without one have none to be found.

    Of several posts with one slug the oldest, by its id, keeps it, and the others are numbered, so
    that a later export gives the same. ``is_free`` tells whether the post of this id may have this
    slug in the newsroom.
    """
    wanted = {post_id: slug for post_id, written in posts if (slug := wanted_slug(written))}
    asked_for = set(wanted.values())
    given: dict[str, str] = {}
    holders: set[str] = set()
    for post_id in sorted(wanted, key=lambda each: (len(each), each)):
        slug, number = wanted[post_id], 1
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
