"""Lines about collections: what is wrong with them, and writing them."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping

from articles.importers.items import CollectionItem, SlotItem
from articles.models import Article, Collection, Region, Slot, Tag

Refuse = Callable[[int, str], None]


class CollectionLines:
    """The collections of a file. One whose line says what it said at the last import stays as it
    is, whatever the desk did to it since; another takes the place of what is there, slots too."""

    def __init__(self) -> None:
        self.items: dict[str, CollectionItem] = {}

    def add(self, item: CollectionItem) -> str | None:
        """Take a line; or tell why it cannot be taken."""
        first = self.items.setdefault(item.slug, item)
        if first is item:
            return None
        return f"collection.slug: “{item.slug}” stands on line {first.line} already. Keep one."

    def settle(
        self,
        refuse: Refuse,
        *,
        coming: Mapping[str, object],
        regions_and_tags: Mapping[tuple[str, str], object],
    ) -> int:
        """Compare with what the newsroom has; return how many lines say nothing new.

        Those remain in ``items`` that will be written; ``refuse`` is told of bad ones.
        ``coming`` are the external ids of the file's own articles, ``regions_and_tags`` the
        (kind, slug) of its other lines.
        """
        if not self.items:
            return 0
        digests = _digests(self.items)
        changed = {
            slug: item for slug, item in self.items.items() if digests.get(slug) != item.digest()
        }
        unchanged = len(self.items) - len(changed)
        self.items = changed
        there = {
            "article": {*coming, *_articles(self.items.values())},
            "region": {*_slugs("region", regions_and_tags), *self._keys(Region, "region")},
            "tag": {*_slugs("tag", regions_and_tags), *self._keys(Tag, "tag")},
        }
        self._refuse_unknown(refuse, there)
        return unchanged

    def _refuse_unknown(self, refuse: Refuse, there: Mapping[str, Container[str]]) -> None:
        for item in list(self.items.values()):
            reasons = [
                f"collection.slots[{place}].{kind}: There is no {kind} “{name}”, on a good line of"
                " this file or in the newsroom. Put it into this file, or correct it."
                for place, slot in enumerate(item.slots)
                for kind in there
                if (name := getattr(slot, kind)) and name not in there[kind]
            ]
            if reasons:
                del self.items[item.slug]
                refuse(item.line, " ".join(reasons))

    def store(self, refuse: Refuse) -> tuple[int, int]:
        """Write them, after all that they name; return how many were made and how many changed.
        ``refuse`` is told of those that name what could not be stored."""
        if not self.items:
            return 0, 0
        articles = _articles(self.items.values())
        regions, tags = self._keys(Region, "region"), self._keys(Tag, "tag")
        self._refuse_unknown(refuse, {"article": articles, "region": regions, "tag": tags})
        rows = Collection.objects.filter(slug__in=self.items).order_by("pk")
        stored = {row.slug: row for row in rows.select_for_update(no_key=True)}
        for item in self.items.values():
            row = stored.get(item.slug) or Collection(slug=item.slug)
            _write(row, item)
            Slot.objects.bulk_create(
                Slot(
                    collection=row,
                    position=position,
                    article_id=articles.get(slot.article),
                    pinned_until=slot.pinned_until,
                    rule=slot.rule,
                    region_id=regions.get(slot.region),
                    tag_id=tags.get(slot.tag),
                    kind=slot.kind,
                    number=slot.number,
                )
                for position, slot in enumerate(item.slots)
            )
        return len(self.items) - len(stored), len(stored)

    def _keys(self, model: type[Region | Tag], kind: str) -> dict[str, int]:
        """The primary keys of what is stored and named by the slots, by slug."""
        named = {getattr(slot, kind) for item in self.items.values() for slot in item.slots}
        rows = model._default_manager.filter(slug__in=named - {""})
        return dict(rows.values_list("slug", "pk"))


def _write(row: Collection, item: CollectionItem) -> None:
    """The row itself, without what stood in it."""
    row.title = item.title
    row.description = item.description
    row.language = item.language
    row.is_public = item.is_public
    row.import_digest = item.digest()
    row.save()
    row.slots.all().delete()


def _digests(slugs: Iterable[str]) -> dict[str, str]:
    rows = Collection.objects.filter(slug__in=list(slugs))
    return dict(rows.values_list("slug", "import_digest"))


def _articles(items: Iterable[CollectionItem]) -> dict[str, int]:
    """The primary keys of the stored articles that the slots name, by external id."""
    slots: list[SlotItem] = [slot for item in items for slot in item.slots]
    named = Article.objects.filter(external_id__in={slot.article for slot in slots if slot.article})
    return {str(name): key for name, key in named.values_list("external_id", "pk")}


def _slugs(kind: str, entries: Iterable[tuple[str, str]]) -> set[str]:
    return {slug for each, slug in entries if each == kind}
