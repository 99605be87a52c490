"""Time is a change too: what is due is done once, by whoever notices first.

An app registers a ``Clock`` for each table that has a schedule. ``advance()`` is called by the
worker's loop, and by the first read that finds something due, so that a scheduled article is out
even when no worker lives.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone, translation

logger = logging.getLogger(__name__)

PATIENCE = 0.2  # seconds


Item = TypeVar("Item", bound=models.Model)


@dataclass(frozen=True)
class Clock(Generic[Item]):
    """What is scheduled in one table.

    ``model`` has a column ``due_at``: UTC, null when nothing is scheduled, indexed where not null.
    ``claim(now, skip)`` runs in a transaction: it locks and returns one item that is due, SKIP
    LOCKED and in the order of ``due_at``, or None; ``skip`` are primary keys not to return.
    ``perform(item, now)`` does what was due, in the same transaction, and takes the item out of
    the due set. ``flag(item, error)`` does only the latter and shows the error to the desk.
    ``refusals`` are exceptions whose message is a sentence for people.
    """

    name: str
    model: type[models.Model]
    claim: Callable[[datetime, set[int]], Item | None]
    perform: Callable[[Item, datetime], None]
    flag: Callable[[Item, str], None]
    refusals: tuple[type[Exception], ...] = (ValidationError,)


_clocks: dict[str, Clock[Any]] = {}


def register(clock: Clock[Any]) -> None:
    """Make a clock known; called in ``AppConfig.ready()``."""
    _clocks[clock.name] = clock


def next_due_sql() -> str:
    """An SQL expression for when something is next due, over all clocks; NULL when nothing is."""
    minima = [  # table names of our own models
        f"(SELECT min(due_at) FROM {clock.model._meta.db_table} WHERE due_at IS NOT NULL)"  # noqa: S608
        for clock in _clocks.values()
    ]
    return f"LEAST({', '.join(minima)})" if minima else "NULL::timestamptz"


def next_due() -> datetime | None:
    """When something is next due (UTC), or None."""
    dues = [
        clock.model._default_manager.filter(due_at__isnull=False).aggregate(
            due=models.Min("due_at")
        )["due"]
        for clock in _clocks.values()
    ]
    return min((due for due in dues if due is not None), default=None)


def advance(*, limit: int = 50) -> int:
    """Do what is due, one transaction an item, and return how many items were done or flagged.

    Stops after ``limit`` items or ``PATIENCE``: a reader waits no longer than that, and the next
    one goes on. An item that fails, at its commit too, is flagged and never raises here; in
    English, whoever's thread this is.
    """
    deadline = time.monotonic() + PATIENCE
    done = 0
    with translation.override(None):
        for clock in _clocks.values():
            skip: set[int] = set()
            while done < limit and time.monotonic() < deadline and _advance_one(clock, skip):
                done += 1
    return done


def _advance_one(clock: Clock[Any], skip: set[int]) -> bool:
    now = timezone.now()
    item = None
    try:
        with transaction.atomic():
            item = clock.claim(now, skip)
            if item is None:
                return False
            clock.perform(item, now)
    except Exception as error:
        if item is None:
            raise
        skip.add(item.pk)
        logger.exception("clock %s: %s failed", clock.name, item)
        _flag(clock, item, _sentence(clock, error))
    return True


def _sentence(clock: Clock[Any], error: Exception) -> str:
    """What a refusal says; of what should not have happened, its kind too."""
    if isinstance(error, clock.refusals):
        return " ".join(getattr(error, "messages", [str(error)]))
    return f"{type(error).__name__}: {error}"


def _flag(clock: Clock[Any], item: models.Model, error: str) -> None:
    try:
        with transaction.atomic():
            clock.flag(item, error)
    except Exception:
        # Left in the due set: the next reader or the worker tries it again.
        logger.exception("clock %s: %s could not be flagged", clock.name, item)
