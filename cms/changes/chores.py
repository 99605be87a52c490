"""What the worker does after a change, because it would keep whoever makes the change waiting.

An app registers a ``Chore``; the worker performs it when it starts, and whenever the topic of the
change log has a new number.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cms.changes.heads import read_head
from cms.changes.models import Topic


@dataclass(frozen=True)
class Chore:
    """``perform(stopped, since)`` brings in line what follows from changes of ``topic``, in
    transactions of its own, ends early when ``stopped()``, and returns how much it did. ``since``
    is the number up to which the log has been seen to; None at a worker's start, or when the log
    has a new epoch. It may be performed more often than needed, by several workers at once."""

    name: str
    topic: Topic
    perform: Callable[[Callable[[], bool], int | None], int]


_chores: dict[str, Chore] = {}


def register(chore: Chore) -> None:
    """Make a chore known; called in ``AppConfig.ready()``."""
    _chores[chore.name] = chore


class Chores:
    """The chores of one worker, with what it has seen of the log."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, int]] = {}

    def perform(self, stopped: Callable[[], bool]) -> int:
        """Perform those whose topic has changed since the last time; return how much they did."""
        head, total = read_head(), 0
        for chore in _chores.values():
            number = (head.epoch, getattr(head, chore.topic.value))
            seen = self._seen.get(chore.name)
            if seen != number:
                since = seen[1] if seen and seen[0] == head.epoch else None
                total += chore.perform(stopped, since)
                self._seen[chore.name] = number
        return total
