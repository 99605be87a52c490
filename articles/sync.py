"""What of the articles' world can be copied, and what a change of one thing does to another.

A region, tag, author or picture is public only while a published article carries it. So a change
of an article may show one or take it away, and there is no change of that one in the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, Exists, Func, OuterRef, QuerySet

from articles.models import Author, Collection, Image, Listing, PublishedArticle, Region, Tag
from cms.changes.models import Change
from cms.changes.sync.types import Window

ARTICLE, REGION, TAG, AUTHOR, IMAGE = "article", "region", "tag", "author", "image"
COLLECTION = "collection"
_COLUMNS = {REGION: "region_ids", TAG: "tag_ids", AUTHOR: "author_ids", IMAGE: "image_ids"}
_NAMED: dict[str, Any] = {REGION: Region, TAG: Tag, AUTHOR: Author}


def public_images() -> QuerySet[Image]:
    """The pictures of published articles, and of authors that are public."""
    array = ArrayField(BigIntegerField())
    this = Func(OuterRef("pk"), template="ARRAY[%(expressions)s]::bigint[]", output_field=array)
    articles = PublishedArticle.objects.filter(image_ids__contains=this)
    authors = Author.objects.all().public().filter(picture=OuterRef("pk"))
    return Image.objects.filter(Exists(articles) | Exists(authors))


def entailed(window: Window) -> Mapping[str, set[int]]:
    """The regions, tags, authors, pictures and collections that these changes may have shown or
    taken away, or that show another one which they have; all of them were public at some time
    since then."""
    if not window.changes:
        return {}
    return _Consequences(window).all()


@dataclass(frozen=True)
class _Consequences:
    window: Window

    def all(self) -> dict[str, set[int]]:
        found = {
            kind: self._not_shown_throughout(kind, self._moved_between_articles(kind))
            for kind in (TAG, AUTHOR)
        }
        found[REGION] = self._regions()
        found[IMAGE] = self._moved_between_articles(IMAGE) | self._pictures(found[AUTHOR])
        for kind in _NAMED:
            found[kind] |= self._deleted(kind)
        found[COLLECTION] = self._collections()
        return found

    def _collections(self) -> set[int]:
        """Those that were public and are not; and all others, when articles or the regions of
        their rules changed: what a rule finds is not worth finding out, since they are few."""
        found = {
            change.object_id or 0
            for change in self._of(COLLECTION)
            if _value(change.before, "is_public")
        }
        if any(change.type in (ARTICLE, REGION) for change in self.window.changes):
            found |= set(Collection.objects.all().public().values_list("pk", flat=True))
        return found

    def _of(self, kind: str) -> Iterable[Change]:
        return (change for change in self.window.changes if change.type == kind)

    def _moved_between_articles(self, kind: str) -> set[int]:
        """What an article began or ceased to carry."""
        moved: set[int] = set()
        for change in self._of(ARTICLE):
            was, is_now = (set(_ids(each, kind)) for each in (change.before, change.after))
            moved |= was ^ is_now
        return moved

    def _carried(self, kind: str) -> set[int]:
        """What any article carried that has changed since, before or after a change."""
        column = _COLUMNS[kind]
        with connection.cursor() as cursor:
            cursor.execute(_CARRIED_SINCE, [column, column, self.window.since])
            return {row[0] for row in cursor.fetchall()}

    def _not_shown_throughout(self, kind: str, ids: set[int]) -> set[int]:
        """Those that no article carries which has not changed since: the others were public all
        the time, and every copy has them."""
        if not ids:
            return ids
        changed = Change.objects.filter(
            type=ARTICLE, object_id=OuterRef("article_id"), number__gt=self.window.since
        )
        model = _NAMED[kind]
        unchanged = Listing.objects.filter(
            ~Exists(changed), kind=int(model.listing_kind), key=OuterRef("pk")
        )
        throughout = model.objects.filter(Exists(unchanged), pk__in=ids)
        return ids - set(throughout.values_list("pk", flat=True))

    def _deleted(self, kind: str) -> set[int]:
        """Those whose own row went while articles carried them."""
        gone = {change.object_id or 0 for change in self._of(kind) if change.action == "delete"}
        if not gone:
            return gone
        listed = Listing.objects.filter(kind=int(_NAMED[kind].listing_kind), key__in=gone)
        return gone & (self._carried(kind) | set(listed.values_list("key", flat=True)))

    def _pictures(self, authors: set[int]) -> set[int]:
        """Of authors who came or went, and of those who have another one now."""
        changed = {
            change.object_id or 0
            for change in self._of(AUTHOR)
            if _value(change.before, "picture_id") != _value(change.after, "picture_id")
        }
        if changed:
            listed = Listing.objects.filter(kind=Listing.Kind.AUTHOR, key__in=changed)
            known = self._carried(AUTHOR) | set(listed.values_list("key", flat=True))
            authors = authors | (changed & known)
        if not authors:
            return set()
        found = set(Author.objects.filter(pk__in=authors).values_list("picture_id", flat=True))
        for change in self._since(AUTHOR).filter(object_id__in=authors):
            found |= {_value(each, "picture_id") for each in (change.before, change.after)}
        return found - {None}

    def _regions(self) -> set[int]:
        """An article's region shows all above it too."""
        by_hand = {
            change.object_id or 0
            for change in self._of(REGION)
            if _value(change.before, "is_listed")
        }
        if self._moves:
            found = self._all_public_at_some_time() | by_hand
        else:
            moved = set()
            for change in self._of(ARTICLE):
                was = self._with_ancestors(_ids(change.before, REGION))
                moved |= was ^ self._with_ancestors(_ids(change.after, REGION))
            found = self._not_shown_throughout(REGION, moved) | by_hand
            # It may have been listed by hand and shown all the time: told once more, no harm done.
        if not found:
            return found
        # What is listed by hand tells the region above it only while that is public.
        below = Region.objects.filter(parent__in=found, is_listed=True)
        return found | set(below.values_list("pk", flat=True))

    def _since(self, kind: str) -> QuerySet[Change]:
        return Change.objects.filter(type=kind, number__gt=self.window.since)

    @cached_property
    def _moves(self) -> list[tuple[int, int | None, int | None]]:
        """Regions that were moved in the tree since, later than this stretch too: from, to."""
        return [
            (change.object_id or 0, change.before["parent_id"], change.after["parent_id"])
            for change in self._since(REGION)
            if change.before
            and change.after
            and change.before.get("parent_id") != change.after.get("parent_id")
        ]

    @cached_property
    def _parents(self) -> dict[int, set[int]]:
        """What stands above each region, or did before a change since."""
        parents: dict[int, set[int]] = {}
        for pk, parent in Region.objects.values_list("pk", "parent_id"):
            parents[pk] = {parent} - {None}
        for change in self._since(REGION):
            for each in (change.before, change.after):
                parent = _value(each, "parent_id")
                if parent is not None:
                    parents.setdefault(change.object_id or 0, set()).add(parent)
        return parents

    def _with_ancestors(self, ids: Iterable[int]) -> set[int]:
        found: set[int] = set()
        queue = list(ids)
        while queue:
            each = queue.pop()
            if each not in found:
                found.add(each)
                queue += self._parents.get(each, ())
        return found

    def _all_public_at_some_time(self) -> set[int]:
        """While the tree changes, what shows what is not worth finding out: regions are few."""
        public = set(Region.objects.all().public().values_list("pk", flat=True))
        return self._with_ancestors(public | self._carried(REGION))


_CARRIED_SINCE = """
SELECT DISTINCT carried.id::bigint FROM changes_change c,
LATERAL jsonb_array_elements_text(
    coalesce(c.before -> %s, '[]') || coalesce(c.after -> %s, '[]')
) AS carried(id)
WHERE c.type = 'article' AND c.number > %s
"""


def _ids(state: Mapping[str, Any] | None, kind: str) -> list[int]:
    return (state or {}).get(_COLUMNS[kind]) or []


def _value(state: Mapping[str, Any] | None, name: str) -> Any:
    return (state or {}).get(name)
