"""Lines about regions, tags and authors: what is wrong with them, and writing them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from articles.importers.images import images_for
from articles.importers.items import TaxonomyItem
from articles.models import Author, FormerName, Region, Tag

MODELS: dict[str, type[Region | Tag | Author]] = {"region": Region, "tag": Tag, "author": Author}
Key = tuple[str, str]  # kind and slug


class TaxonomyLines:
    """The regions, tags and authors of a file. An entry whose line says what it said at the last
    import stays as it is, whatever the desk did to it since."""

    def __init__(self) -> None:
        self.items: dict[Key, TaxonomyItem] = {}
        self.rows: dict[Key, Any] = {}

    def add(self, item: TaxonomyItem) -> str | None:
        """Take a line; or tell why it cannot be taken."""
        first = self.items.setdefault((item.kind, item.slug), item)
        if first is item:
            return None
        return f"{item.kind}: “{item.slug}” stands on line {first.line} already. Keep one."

    def settle(self, refuse: Callable[[int, str], None]) -> int:
        """Compare with what the newsroom has; return how many lines say nothing new.

        Those remain in ``items`` that will be written; ``refuse`` is told of bad ones.
        """
        for kind, model in MODELS.items():
            slugs = [slug for each, slug in self.items if each == kind]
            rows = model._default_manager.filter(slug__in=slugs).order_by("pk")
            for row in rows.select_for_update(no_key=True):
                self.rows[kind, row.slug] = row
        changed = {key: item for key, item in self.items.items() if not self._is_known(key, item)}
        unchanged = len(self.items) - len(changed)
        self.items = changed
        self._refuse_bad_parents(refuse)
        return unchanged

    def _is_known(self, key: Key, item: TaxonomyItem) -> bool:
        row = self.rows.get(key)
        return row is not None and (item.keeps or row.import_digest == item.digest())

    def _refuse_bad_parents(self, refuse: Callable[[int, str], None]) -> None:
        parents: dict[str, str | None] = dict(Region.objects.values_list("slug", "parent__slug"))
        regions = [item for item in self.items.values() if item.kind == "region"]
        there = {*parents, *(item.slug for item in regions)}
        # Regions may change places: where they stood does not count.
        parents.update((item.slug, None) for item in regions if item.parent is not None)
        for item in sorted(regions, key=lambda item: item.line):
            if item.parent is None:
                continue
            if _is_within(item.slug, item.parent, parents):
                self._drop(item, refuse, "A region cannot stand below itself. Correct one of them.")
                there = {*parents, *(each for kind, each in self.items if kind == "region")}
            else:
                parents[item.slug] = item.parent
        while orphans := [
            item
            for (kind, _), item in self.items.items()
            if kind == "region" and item.parent is not None and item.parent not in there
        ]:
            for item in orphans:
                reason = (
                    f"There is no region “{item.parent}”. Put it into this file, or correct it."
                )
                self._drop(item, refuse, reason)
                if (item.kind, item.slug) not in self.rows:
                    there.discard(item.slug)

    def _drop(self, item: TaxonomyItem, refuse: Callable[[int, str], None], reason: str) -> None:
        del self.items[item.kind, item.slug]
        refuse(item.line, f"region.parent: {reason}")

    def store(self, *, now: datetime) -> tuple[int, int]:
        """Write them, parents before children; return how many were made and how many changed."""
        pictures = images_for(item.picture for item in self.items.values())
        made = changed = 0
        for level in _levels(self.items.values()):
            new: dict[str, list[Any]] = {}
            for item in level:
                row = self.rows.get((item.kind, item.slug))
                is_new = row is None
                if row is None:
                    row = self.rows[item.kind, item.slug] = MODELS[item.kind](slug=item.slug)
                self._fill(row, item, pictures)
                if is_new:
                    new.setdefault(item.kind, []).append(row)
                else:
                    row.save()
                    changed += 1
            for kind, rows in new.items():
                MODELS[kind]._default_manager.bulk_create(rows, batch_size=1000)
                made += len(rows)
        self._keep_former(now)
        return made, changed

    def _keep_former(self, now: datetime) -> None:
        for kind, model in MODELS.items():
            items = [item for item in self.items.values() if item.kind == kind and item.former]
            if items:
                former = [
                    (self.rows[kind, item.slug].pk, each)
                    for item in items
                    for each in item.former or ()
                ]
                FormerName.objects.keep(model, former, at=now)

    def _fill(self, row: Any, item: TaxonomyItem, pictures: Any) -> None:
        said = item.said()
        said.pop("former", None)
        if "names" in said:
            said["names"] = dict(said["names"])
        if "picture" in said:
            said["picture"] = pictures[item.picture]
        if "code" in said:
            said["code"] = said["code"].upper()
        if "parent" in said:
            said["parent"] = self._region(said["parent"])
        for name, value in said.items():
            setattr(row, name, value)
        row.import_digest = item.digest()

    def _region(self, slug: str) -> Region:
        if ("region", slug) not in self.rows:
            self.rows["region", slug] = Region.objects.get(slug=slug)
        row: Region = self.rows["region", slug]
        return row


def _is_within(slug: str, parent: str, parents: Mapping[str, str | None]) -> bool:
    """Whether ``parent`` is the region of this slug, or stands below it."""
    ancestor: str | None = parent
    while ancestor is not None and ancestor != slug:
        ancestor = parents.get(ancestor)
    return ancestor is not None


def _levels(items: Collection[TaxonomyItem]) -> list[list[TaxonomyItem]]:
    """The items, so that parents come in an earlier list than what stands below them."""
    by_slug = {item.slug: item for item in items if item.kind == "region"}

    def depth(item: TaxonomyItem) -> int:
        level = 0
        while item.kind == "region" and item.parent is not None and item.parent in by_slug:
            item = by_slug[item.parent]
            level += 1
        return level

    levels: dict[int, list[TaxonomyItem]] = {}
    for item in items:
        levels.setdefault(depth(item), []).append(item)
    return [levels[level] for level in sorted(levels)]
