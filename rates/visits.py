"""A visit to a source's server: fetched, ingested, and noted in the source's health."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from rates import standing
from rates.agenda import LONGEST_WAIT, Agenda, next_recheck_at
from rates.ingest import Outcome, ingest
from rates.models import Snapshot, Source
from rates.sources import SOURCES
from rates.sources.bulletin import BulletinError, EmptyBulletinError, OtherDateError
from rates.sources.fetching import FetchError, NotPublishedError

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""For how long a visit that was planned keeps others from being planned."""

# There is no bulletin of that day: on a holiday there never will be.
NOT_THERE = (NotPublishedError, EmptyBulletinError, OtherDateError)


def visit(source: Source, *, day: date | None, now: datetime) -> Outcome | None:
    """Fetch the bulletin of ``day`` (None: the latest one, of a source without an archive),
    ingest it, and return what came of it; None when it has not changed since the last visit.

    The source's health tells of every visit. Raises FetchError and BulletinError.
    """
    _note(source, last_attempt_at=now)
    validators = {} if day else {"etag": source.etag, "last_modified": source.last_modified}
    try:
        fetched = SOURCES[source.slug].fetch(day, **validators)
        if fetched is None:
            _note(source, last_success_at=now, last_error="")
            return None
        outcome = ingest(
            source, fetched.document, now=now, requested_date=day, is_latest=day is None
        )
    except (FetchError, BulletinError) as error:
        _note(source, last_error=str(error))
        raise
    if outcome.snapshot.status == Snapshot.Status.QUARANTINED:
        _note(source, last_error=_in_quarantine(outcome.snapshot))
        return outcome
    _note(source, last_success_at=now, last_error="")
    if day is None:
        # Only now: had the server been told of them earlier, a bulletin could have been lost.
        _note(source, etag=fetched.etag or "", last_modified=fetched.last_modified or "")
    return outcome


def visit_when_due(slug: str, *, goes_on: Callable[[], bool] = lambda: True) -> None:
    """Fetch what the source's timetable says is out and is missing, and plan the next visit.

    ``goes_on`` is asked before each request, so that a worker can stop in between. What fails is
    noted and logged, and planned again; it never raises for the source's faults.
    """
    source = Source.objects.enabled().filter(slug=slug).first()
    if source is None:
        return
    agenda, now = agenda_of(source), timezone.now()
    if agenda.is_waiting(now):
        _visit_all(source, agenda.wanted(now), goes_on)
    _note(source, next_attempt_at=agenda_of(source).next_attempt_at(timezone.now()))


def visit_again(slug: str, *, goes_on: Callable[[], bool] = lambda: True) -> None:
    """Fetch the bulletins of the last days again, for what the source has corrected."""
    source = Source.objects.enabled().filter(slug=slug).first()
    if source is None:
        return
    is_done = _visit_all(source, agenda_of(source).recheck(timezone.now()), goes_on)
    now = timezone.now()
    again = next_recheck_at(source.zone, now) if is_done else now + LONGEST_WAIT
    _note(source, next_recheck_at=again)


def claim_due(now: datetime) -> list[tuple[str, bool]]:
    """The sources to visit now, and whether it is for corrections; in the caller's transaction.

    Each is planned again for later at once, so that whoever asks next, or at the same moment, does
    not get it too; and if this visit is never made, another will be.
    """
    due = Q(next_attempt_at=None) | Q(next_attempt_at__lte=now)
    recheck = Q(next_recheck_at=None) | Q(next_recheck_at__lte=now)
    claimed = []
    sources = Source.objects.enabled().filter(due | recheck, slug__in=SOURCES)
    for source in sources.select_for_update(no_key=True, skip_locked=True):
        if source.next_attempt_at is None or source.next_attempt_at <= now:
            claimed.append((source.slug, False))
            source.next_attempt_at = now + LEASE
        if source.next_recheck_at is None:
            # The first visit of all looks back as far.
            source.next_recheck_at = next_recheck_at(source.zone, now)
        elif source.next_recheck_at <= now:
            claimed.append((source.slug, True))
            source.next_recheck_at = now + LEASE
        source.save(update_fields=["next_attempt_at", "next_recheck_at"])
    return claimed


def reckon_all(now: datetime) -> None:
    """Bring every source in line with its timetable, which an editor may have changed."""
    for source in Source.objects.all():
        with transaction.atomic():
            standing.reckon(standing.lock(source), now=now)


def agenda_of(source: Source) -> Agenda:
    """What there is of a source, as far as what to fetch depends on it."""
    newest = source.snapshots.current().order_by("-effective_date").first()
    if newest is None:
        return Agenda(source.timetable, None)
    return Agenda(source.timetable, newest.effective_date, newest.is_carried_forward)


def _visit_all(source: Source, days: list[date], goes_on: Callable[[], bool]) -> bool:
    """Visit for each of the days, and return whether the server answered for all of them."""
    asked: list[date | None] = [*days] if SOURCES[source.slug].has_archive else [None]
    for day in asked:
        if not goes_on():
            return False
        try:
            visit(source, day=day, now=timezone.now())
        except NOT_THERE as error:
            logger.info("%s %s: %s", source.slug, day or "", error)
        except FetchError as error:
            logger.warning("%s: %s", source.slug, error)
            return False  # the server is in trouble: the other days would only add to it
        except BulletinError as error:
            logger.warning("%s %s: %s", source.slug, day or "", error)
    return True


def _in_quarantine(snapshot: Snapshot) -> str:
    details = " ".join(reason["detail"] for reason in snapshot.reasons)
    return f"The bulletin of {snapshot.effective_date} is in quarantine: {details}"


def _note(source: Source, **values: object) -> None:
    Source.objects.filter(pk=source.pk).update(**values)
    for name, value in values.items():
        setattr(source, name, value)
