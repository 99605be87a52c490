"""Names or slugs of regions, tags and authors, as files give them, to rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from articles.models import Author, Region, Tag
from articles.slugs import numbered, slugify


class TaxonomyResolver:
    """Finds the regions, tags or authors that a file names, and makes those that are missing.

    An entry is found by its name, in any language and either case, or by its slug. A name that
    only comes to the same slug is the same when transliteration lost nothing of it, so that
    “Казахстан” is ``kazakhstan`` but “C++” is not “C”.
    """

    def __init__(self, model: type[Region | Tag | Author]) -> None:
        self.model = model
        self.by_name: dict[str, int] = {}
        self.by_slug: dict[str, int] = {}
        for row in model._default_manager.order_by("pk"):
            self._remember(row)

    def make_missing(self, entries: Iterable[str]) -> None:
        """Create a row for each entry that is not found; one statement for all."""
        new: list[Any] = []
        for entry in dict.fromkeys(entries):
            if self._find(entry) is None:
                slug = self._free_slug(entry)
                name = _name_of_slug(entry) if entry == slugify(entry, fallback="") else entry
                new.append(self.model(slug=slug, name=name))
                # Found by the entries that follow; the key comes with the insert.
                self.by_slug[slug] = self.by_name[name.casefold()] = 0
        manager: Any = self.model._default_manager
        for row in manager.bulk_create(new):
            self._remember(row)

    def ids(self, entries: Iterable[str]) -> list[int]:
        """The rows' keys in the order of the entries, once each; all of them exist by now."""
        found = (self._find(entry) for entry in entries)
        return list(dict.fromkeys(key for key in found if key is not None))

    def _find(self, entry: str) -> int | None:
        found = self.by_name.get(entry.casefold(), self.by_slug.get(entry))
        if found is None and all(letter.isalnum() or letter in " -–'’." for letter in entry):
            found = self.by_slug.get(slugify(entry, fallback=""))
        return found

    def _free_slug(self, entry: str) -> str:
        stem = slugify(entry, fallback=self.model._meta.model_name or "")
        number = 1
        while numbered(stem, number) in self.by_slug:
            number += 1
        return numbered(stem, number)

    def _remember(self, row: Region | Tag | Author) -> None:
        self.by_slug[row.slug] = row.pk
        for name in (row.name, *row.names.values()):
            self.by_name.setdefault(name.casefold(), row.pk)
            if self.by_name[name.casefold()] == 0:
                self.by_name[name.casefold()] = row.pk


def _name_of_slug(slug: str) -> str:
    return slug.replace("-", " ").title()
