"""Names of regions, tags and authors in memory, by the version of their topic.

One statement loads all three; it is asked again only after one of them changed. What is here may
be unpublished: an answer shows only what a published article carries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from cms.changes.snapshot import current_head

REGION, TAG, AUTHOR = "region", "tag", "author"

_LOAD = """
SELECT 'region', id, slug, name, parent_id FROM articles_region
UNION ALL SELECT 'tag', id, slug, name, NULL FROM articles_tag
UNION ALL SELECT 'author', id, slug, name, NULL FROM articles_author
UNION ALL SELECT (ARRAY['former region', 'former tag', 'former author'])[kind], key, slug, name, id
FROM articles_formername WHERE was_public
"""
_FORMER = "former "


@dataclass(frozen=True, slots=True)
class TaxonomySnapshot:
    """``shown``: ``{"slug", "name"}`` by kind and id. ``ids``: the id by kind and slug, also by the
    former slugs of what was merged."""

    shown: dict[str, dict[int, dict[str, str]]]
    ids: dict[str, dict[str, int]]
    children: dict[int, list[int]] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)

    def names(self, kind: str, ids: Iterable[int]) -> list[dict[str, str]]:
        """``{"slug", "name"}`` of each id, in that order; one that is gone is left out."""
        shown = self.shown[kind]
        return [shown[each] for each in ids if each in shown]

    def find(self, kind: str, slugs: Iterable[str]) -> list[int]:
        """The ids of the slugs that exist."""
        ids = self.ids[kind]
        return [ids[slug] for slug in slugs if slug in ids]

    def present_slug(self, kind: str, slug: str) -> str:
        """The slug that a former one leads to; any other as it is."""
        identity = self.ids[kind].get(slug)
        return slug if identity is None else self.shown[kind][identity]["slug"]

    def with_ancestors(self, region_ids: Iterable[int]) -> list[int]:
        """These regions and all above them, once each."""
        found: dict[int, None] = {}
        for each in region_ids:
            above: int | None = each
            while above is not None and above not in found:
                found[above] = None
                above = self.parents.get(above)
        return list(found)

    def with_descendants(self, region_ids: Iterable[int]) -> list[int]:
        """These regions and all below them, once each."""
        found = dict.fromkeys(region_ids)
        queue = list(found)
        while queue:
            for child in self.children.get(queue.pop(), []):
                if child not in found:
                    found[child] = None
                    queue.append(child)
        return list(found)


_latest: tuple[tuple[str, int], TaxonomySnapshot] | None = None


def current() -> TaxonomySnapshot:
    """The names as of the snapshot that is being read (``read_snapshot``)."""
    global _latest
    head = current_head()
    key = (head.epoch, head.taxonomy)
    held = _latest
    if held is not None and held[0] == key:
        return held[1]
    snapshot = _load()
    _latest = (key, snapshot)
    return snapshot


def _load() -> TaxonomySnapshot:
    snapshot = TaxonomySnapshot(
        shown={REGION: {}, TAG: {}, AUTHOR: {}}, ids={REGION: {}, TAG: {}, AUTHOR: {}}
    )
    former: list[tuple[int, str, str, int]] = []
    with connection.cursor() as cursor:
        cursor.execute(_LOAD)
        for kind, identity, slug, name, number in cursor.fetchall():
            if kind.startswith(_FORMER):
                former.append((number, kind.removeprefix(_FORMER), slug, identity))
                continue
            snapshot.shown[kind][identity] = {"slug": slug, "name": name}
            snapshot.ids[kind][slug] = identity
            if number is not None:  # the region above
                snapshot.children.setdefault(number, []).append(identity)
                snapshot.parents[identity] = number
    # Of several that had one slug, the one that was merged last; who has it now, before all.
    for _, kind, slug, identity in sorted(former, reverse=True):
        snapshot.ids[kind].setdefault(slug, identity)
    return snapshot
