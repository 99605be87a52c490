"""Counts of lists, each made once for a version of the log and shared by its pages."""

from collections.abc import Callable, Hashable

from cms.api.caching.memory import Memory
from cms.changes.snapshot import current_head

_BYTES = 2_000  # of a count with its key, which holds a statement
counts: Memory[Hashable, int] = Memory(megabytes=2)


def remembered(name: Hashable, count: Callable[[], int]) -> int:
    """``count()``, or what it gave before while the versions of articles and taxonomy were the
    same. ``name`` tells what is counted. Outside a read's snapshot it is counted each time."""
    try:
        head = current_head()
    except LookupError:
        return count()
    key = (head.epoch, head.articles, head.taxonomy, name)
    number = counts.get(key)
    if number is None:
        number = count()
        counts.put(key, number, _BYTES)
    return number
