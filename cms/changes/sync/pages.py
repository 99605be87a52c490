"""The pages of a copy: first a walk over everything public, then what has changed since.

The walk reads each page as it is when it is asked for; what changes meanwhile comes after it, since
the token that ends it stands where the log stood at the first page. A page of changes shows the
objects as they are now, each by its latest change; so a copy that has every page is what is public.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from django.db.models import Exists, OuterRef, Q, QuerySet

from cms.changes.heads import Head
from cms.changes.models import Change
from cms.changes.sync import tokens
from cms.changes.sync.tokens import Token
from cms.changes.sync.types import SyncType, Window, entailed_by, registered

PAGE_SIZE = 100  # objects; of changes, what they entail comes on top
SHORT = 1000  # changes; that few are told, however little there is to start again with


class Item(TypedDict):
    """One object as it is now, or that it is gone. ``slug`` is null of pictures, and of what is
    gone but articles; ``data`` of what is gone. ``version`` grows with each change of the object.
    """

    action: str
    type: str
    id: int
    slug: str | None
    version: int
    data: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Page:
    items: list[Item]
    has_more: bool
    next_token: Token


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one snapshot of the database, whose head is given, with these heavy fields."""

    head: Head
    include: Sequence[str] = ()
    types: list[SyncType] = field(default_factory=registered)

    def page(self, token: Token | None) -> Page:
        """The page that a copy at ``token`` needs next; the first one without. ProblemError 410
        when it has to start again."""
        if token is None:
            return self._walk(tokens.at(self.head, self.head.number, (self.types[0].name, 0)))
        tokens.check(token, self.head)
        if token.number > self.head.number:
            # A replica that has not got there yet: the same again, a little later.
            return Page([], token.place is not None, token)
        if token.place is not None:
            self._refuse_reset(token.number)
            return self._walk(token)
        return self._changes(token)

    def _walk(self, token: Token) -> Page:
        name, after = token.place or (self.types[0].name, 0)
        items: list[Item] = []
        position = [each.name for each in self.types].index(name)
        for each in self.types[position:]:
            room = PAGE_SIZE - len(items)
            rows = list(each.rows(each.names(self.include)).filter(pk__gt=after)[: room + 1])
            items += self._told(each, rows[:room])
            if len(rows) > room:
                last = rows[room - 1].pk if room else after
                place = (each.name, last)
                return Page(items, True, Token(token.epoch, token.number, token.moment, place))
            after = 0
        end = Token(token.epoch, token.number, token.moment)
        return Page(items, self._latest() > token.number, end)

    def _told(self, each: SyncType, rows: Sequence[Any]) -> list[Item]:
        names = each.names(self.include)
        data = each.serializer_class(rows, many=True, names=names).data
        return [
            {
                "action": "upsert",
                "type": each.name,
                "id": row.pk,
                "slug": getattr(row, "slug", None),
                "version": row.version,
                "data": told,
            }
            for row, told in zip(rows, data, strict=True)
        ]

    def _latest(self) -> int:
        """The number of the last change of what is copied, or one of its topics'."""
        return max(self.head.articles, self.head.taxonomy)

    def _since(self, number: int) -> QuerySet[Change]:
        return Change.objects.filter(number__gt=number, type__in=[t.name for t in self.types])

    def _refuse_reset(self, number: int) -> None:
        if self._since(number).filter(action="reset").exists():
            tokens.refuse("So much was loaded at once since that it was not recorded one by one.")

    def _changes(self, token: Token) -> Page:
        since = token.number
        if self._latest() <= since:
            return Page([], False, token)
        self._refuse_reset(since)
        self._refuse_long_way(since)
        later = Change.objects.filter(
            type=OuterRef("type"), object_id=OuterRef("object_id"), number__gt=OuterRef("number")
        )
        latest = list(
            self._since(since)
            .filter(~Exists(later))
            .order_by("number")
            .only("number", "type", "object_id", "slug", "version")[: PAGE_SIZE + 1]
        )
        has_more = len(latest) > PAGE_SIZE
        latest = latest[:PAGE_SIZE]
        until = latest[-1].number or since if has_more else self._latest()
        changes = self._since(since).filter(number__lte=until).order_by("number")
        window = Window(since, until, self.head.number, list(changes))
        items = list(self._items(window, latest))
        return Page(items, has_more, tokens.at(self.head, until))

    def _refuse_long_way(self, since: int) -> None:
        """Whoever is behind more changes than there are things to copy starts again."""
        if self._latest() - since <= SHORT:
            return
        most = max(SHORT, sum(each.public().count() for each in self.types))
        if self._since(since).order_by()[: most + 1].count() > most:
            tokens.refuse("More has changed since than a new start sends.")

    def _items(self, window: Window, latest: Sequence[Change]) -> Iterator[Item]:
        """First what came or is different, in the order of the types; then what is gone, the other
        way round: nothing refers to what is not there."""
        entailed = entailed_by(window)
        gone: list[Item] = []
        for each in self.types:
            changed = {change.object_id: change for change in latest if change.type == each.name}
            also = entailed.get(each.name, set())
            rows = list(
                each.rows(each.names(self.include)).filter(pk__in=[*{*changed, *also} - {None}])
            )
            yield from self._told(each, rows)
            away = {*(changed if each.is_public_itself else ()), *also} - {row.pk for row in rows}
            gone[:0] = _gone(each, sorted(away))
        yield from gone


def _gone(each: SyncType, ids: Sequence[int]) -> list[Item]:
    """That these are gone. Only what is public by being there has a slug that was public: another's
    may be new since, and a secret of drafts."""
    if not ids:
        return []
    logged = (
        Change.objects.filter(Q(number__isnull=False), type=each.name, object_id__in=ids)
        .order_by("object_id", "-number")
        .distinct("object_id")
    )
    known: dict[int, Any] = {change.object_id or 0: change for change in logged}
    missing = [pk for pk in ids if pk not in known]
    if missing:  # not in what is kept of the log: still on the desk, then
        known |= each.public().model._default_manager.in_bulk(missing)
    return [
        {
            "action": "delete",
            "type": each.name,
            "id": pk,
            "slug": (getattr(known.get(pk), "slug", None) or None)
            if each.is_public_itself
            else None,
            "version": getattr(known.get(pk), "version", 0),
            "data": None,
        }
        for pk in ids
    ]
