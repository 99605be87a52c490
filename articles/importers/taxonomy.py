"""Names or slugs of regions, tags and authors, as files give them, to rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from articles.models import Author, FormerName, Region, Tag
from articles.slugs import numbered, slugify

_NO_KEY_YET = 0


class TaxonomyResolver:
    """Finds the regions, tags or authors that a file names, and makes those that are missing.

    An entry is found by its slug, then by its name, then by its name in either case, each name in
    any language. A name that only comes to a row's slug is that row when nothing was lost on the
    way, of its own name either: “Казахстан” is ``kazakhstan``, but “C” is not “C++”, though that
    has the slug ``c``.
    """

    def __init__(self, model: type[Region | Tag | Author]) -> None:
        self.model = model
        self.by_name: dict[str, int] = {}
        self.by_folded_name: dict[str, int] = {}
        self.by_spelling: dict[str, int] = {}
        self.by_slug: dict[str, int] = {}
        for row in model._default_manager.order_by("pk"):
            self._remember(row, key=row.pk)
        self._remember_former(set(self.by_slug.values()))

    def _remember_former(self, there: set[int]) -> None:
        """What was merged is found by its old slug and name, unless another has them now."""
        former = FormerName.objects.filter(kind=self.model.listing_kind, key__in=there)
        for row in former.order_by("-merged_at", "-pk"):
            self.by_slug.setdefault(row.slug, row.key)
            for index, text in (
                (self.by_name, row.name),
                (self.by_folded_name, row.name.casefold()),
                (self.by_spelling, _spelling(row.name)),
            ):
                if text:
                    index.setdefault(text, row.key)

    def make_missing(self, entries: Iterable[str]) -> None:
        """Create a row for each entry that is not found; one statement for all."""
        new: list[Any] = []
        for entry in dict.fromkeys(entries):
            if self._find(entry) is None:
                slug = self._free_slug(entry)
                name = _name_of_slug(entry) if entry == slugify(entry, fallback="") else entry
                row = self.model(slug=slug, name=name)
                new.append(row)
                # Found by the entries that follow; the key comes with the insert.
                self._remember(row, key=_NO_KEY_YET)
        manager: Any = self.model._default_manager
        for row in manager.bulk_create(new):
            self._remember(row, key=row.pk)

    def ids(self, entries: Iterable[str]) -> list[int]:
        """The rows' keys in the order of the entries, once each; all of them exist by now."""
        found = (self._find(entry) for entry in entries)
        return list(dict.fromkeys(key for key in found if key is not None))

    def _find(self, entry: str) -> int | None:
        for found in (
            self.by_slug.get(entry),
            self.by_name.get(entry),
            self.by_folded_name.get(entry.casefold()),
            self.by_spelling.get(_spelling(entry)),
        ):
            if found is not None:
                return found
        return None

    def _free_slug(self, entry: str) -> str:
        stem = slugify(entry, fallback=self.model._meta.model_name or "")
        number = 1
        while numbered(stem, number) in self.by_slug:
            number += 1
        return numbered(stem, number)

    def _remember(self, row: Region | Tag | Author, *, key: int) -> None:
        self.by_slug[row.slug] = key
        if _spelling(row.name) or slugify(row.name, fallback="") != row.slug:
            self.by_spelling[row.slug] = key
        for name in (row.name, *row.names.values()):
            for index, text in (
                (self.by_name, name),
                (self.by_folded_name, name.casefold()),
                (self.by_spelling, _spelling(name)),
            ):
                if text and index.get(text, _NO_KEY_YET) == _NO_KEY_YET:
                    index[text] = key


def _spelling(name: str) -> str:
    """The name in Latin letters, as in a slug; "" where that would lose something of it."""
    # A long slug is cut.
    if len(name) > 50 or not all(each.isalnum() or each in " -–'’." for each in name):
        return ""
    return slugify(name, fallback="")


def _name_of_slug(slug: str) -> str:
    return slug.replace("-", " ").title()
