"""Those who react to changes: each reads the log on from where it stands.

An app registers a ``Consumer``; the worker calls ``step``. Publishing enqueues nothing: what is
told to others follows from the log, so nothing is told that was rolled back, and nothing committed
is left out. A killed worker's changes are handled again by the next one: at least once, in order.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from django.db import transaction
from django.utils import timezone

from cms.changes.models import Change, LogHead
from cms.changes.models import Consumer as Position

logger = logging.getLogger(__name__)

BATCH = 500
LONGEST_PAUSE = 300  # seconds between two tries of what fails again and again


@dataclass(frozen=True)
class Consumer:
    """Somebody who reacts to changes.

    ``handle(changes)`` gets the next ones in their order, within the transaction that then moves
    the position: what it writes there is written exactly once, what it tells others at least once.
    It raises to be called again with the same ones, later and later. ``restart()`` is called in
    its place when what was read before says nothing any more: the log has a new epoch, or was cut
    further than the position. ``delay`` (seconds) keeps it that long behind a change's time.
    """

    name: str
    handle: Callable[[Sequence[Change]], object]
    restart: Callable[[], object] = lambda: None
    batch: int = BATCH
    delay: float = 0


_consumers: dict[str, Consumer] = {}


def register(consumer: Consumer) -> None:
    """Make a consumer known; called in ``AppConfig.ready()``."""
    _consumers[consumer.name] = consumer


def registered() -> list[Consumer]:
    return list(_consumers.values())


def step(consumer: Consumer) -> bool:
    """Handle the next changes, and return whether there were any. Of several workers one at a
    time does this; the others get False. What ``handle`` raises is noted and never raised here.
    """
    try:
        with transaction.atomic():
            position = (
                Position.objects.select_for_update(no_key=True, skip_locked=True)
                .filter(name=consumer.name)
                .first()
            )
            if position is None:
                _begin_at_the_end(consumer)
                return False
            if _is_pausing(position, timezone.now()):
                return False
            moved = _advance(consumer, position)
            if moved:
                position.failures, position.retry_at, position.error = 0, None, ""
                position.save()
            return moved
    except Exception as error:
        logger.exception("consumer %s failed", consumer.name)
        _note_failure(consumer, error)
        return False


def _begin_at_the_end(consumer: Consumer) -> None:
    """A new consumer begins with what comes next."""
    if not Position.objects.filter(name=consumer.name).exists():
        head = LogHead.objects.get()
        Position.objects.get_or_create(
            name=consumer.name, defaults={"epoch": head.epoch, "number": head.number}
        )


def _is_pausing(position: Position, now: datetime) -> bool:
    return position.retry_at is not None and position.retry_at > now


def _advance(consumer: Consumer, position: Position) -> bool:
    head = LogHead.objects.get()
    following = Change.objects.filter(number__gt=position.number).order_by("number")
    changes = list(following[: consumer.batch])
    is_cut = head.number > position.number and (
        not changes or changes[0].number != position.number + 1
    )
    if head.epoch != position.epoch or is_cut:
        consumer.restart()
        position.epoch, position.number = head.epoch, head.number
        return True
    if consumer.delay:
        until = timezone.now() - timedelta(seconds=consumer.delay)
        changes = list(takewhile(lambda change: change.at <= until, changes))
    if not changes:
        return False
    consumer.handle(changes)
    position.number = changes[-1].number or 0
    return True


def _note_failure(consumer: Consumer, error: Exception) -> None:
    with transaction.atomic():
        position = (
            Position.objects.select_for_update(no_key=True).filter(name=consumer.name).first()
        )
        if position is None:  # it could not even begin
            return
        position.failures += 1
        pause = min(LONGEST_PAUSE, 2 ** min(position.failures - 1, 10))
        position.retry_at = timezone.now() + timedelta(seconds=pause)
        position.error = f"{type(error).__name__}: {error}"[:2000]
        position.save()


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a consumer is behind: changes, and seconds since the first of them."""

    changes: int
    seconds: float
    error: str


def lags(*, now: datetime) -> dict[str, Lag]:
    """The lag of every registered consumer that has begun, by its name."""
    head = LogHead.objects.get()
    found = {}
    for position in Position.objects.filter(name__in=_consumers):
        behind = max(0, head.number - position.number) if position.epoch == head.epoch else 0
        first = Change.objects.filter(number=position.number + 1).first() if behind else None
        seconds = max(0.0, (now - first.at).total_seconds()) if first else 0.0
        found[position.name] = Lag(behind, seconds, position.error)
    return found
