"""Surrogate keys: the names of what an answer is made of.

An answer carries a few of them in ``Surrogate-Key``, so that a change takes back those answers
that show it, and no others. An app says which keys its changes touch by ``register``; the changes
of a type that nobody registered touch the key of their topic.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from cms.changes.models import Change

EVERYTHING = "all"
"""The key that every answer carries."""

Touched = Callable[[Sequence[Change]], Iterable[str]]

_touched: dict[str, Touched] = {}


def register(type_name: str, touched: Touched) -> None:
    """Make known which keys changes of this type touch; called in ``AppConfig.ready()``."""
    _touched[type_name] = touched


def touched_by(changes: Iterable[Change]) -> set[str]:
    """The keys of all answers that these changes may have altered, each once."""
    by_type: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        if change.action == "reset":
            return {EVERYTHING}
        by_type[change.type].append(change)
    keys: set[str] = set()
    for name, those in by_type.items():
        keys |= set(_touched[name](those)) if name in _touched else {each.topic for each in those}
    return keys
