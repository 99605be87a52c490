"""What can be copied: an app registers a ``SyncType`` for each of its public models."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cms.api.fields import SparseSerializer
from cms.changes.models import Change


@dataclass(frozen=True)
class Window:
    """A stretch of the log: ``changes`` are those after ``since`` up to ``until``, in order. What
    is read is the database as of ``head``, the last change there is."""

    since: int
    until: int
    head: int
    changes: Sequence[Change]


def nothing_else(window: Window) -> Mapping[str, set[int]]:
    return {}


@dataclass(frozen=True)
class SyncType:
    """A kind of thing that is copied. ``name`` is the type that the log has it under.

    ``public()`` are the rows that an anonymous reader may know of, with columns ``id``,
    ``version`` and, but for pictures, ``slug``; the serializer's ``columns`` are read by
    ``only()``. A row of a type with ``is_public_itself`` is public by being there; any other comes
    and goes with what carries it.
    """

    name: str
    public: Callable[[], QuerySet[Any]]
    serializer_class: type[SparseSerializer]
    is_public_itself: bool = False

    def rows(self, names: Sequence[str]) -> QuerySet[Any]:
        """The public rows with what these fields need, by id."""
        model = self.public().model
        kept = [each for each in ("slug", "version") if _has_column(model, each)]
        columns = self.serializer_class.columns_of(names)
        return self.public().only("id", *kept, *columns).order_by("pk")

    def names(self, include: Sequence[str]) -> list[str]:
        """The serializer's fields that are shown, with those heavy ones."""
        serializer = self.serializer_class
        return [n for n in serializer.field_names() if n not in serializer.heavy or n in include]


def _has_column(model: Any, name: str) -> bool:
    return any(field.name == name for field in model._meta.concrete_fields)


Entailed = Callable[[Window], Mapping[str, set[int]]]
"""What a stretch of the log may have made public, or taken from the public, without being a change
of it: ids by the name of their type. Only what was public at some time from ``since`` on is named,
since whatever is not public now is told as deleted."""

_types: dict[str, SyncType] = {}
_entailed: dict[str, Entailed] = {}


def register(types: Sequence[SyncType], *, entailed: Entailed | None = None) -> None:
    """Make types known, in the order in which they are told: first what others refer to. Called
    in ``AppConfig.ready()``."""
    for each in types:
        _types[each.name] = each
    if entailed is not None:
        _entailed[types[0].name] = entailed


def registered() -> list[SyncType]:
    return list(_types.values())


def heavy_names() -> list[str]:
    """The heavy fields of all types."""
    return list(dict.fromkeys(n for each in registered() for n in each.serializer_class.heavy))


def entailed_by(window: Window) -> dict[str, set[int]]:
    """All that is entailed by a stretch of the log."""
    found: dict[str, set[int]] = {}
    for each in _entailed.values():
        for name, ids in each(window).items():
            found.setdefault(name, set()).update(ids)
    return found
