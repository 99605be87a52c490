"""Demonstration rates into the database, and out of it again. What a bank published stays."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection, transaction

from cms.changes.models import Change, Topic
from rates import standing
from rates.demo.bulletins import bulletin
from rates.demo.levels import BANKS, Bank
from rates.models import Rate, Snapshot, Source
from rates.sources.bulletin import Bulletin

MARK = "Demonstration data, made up: no bank published these figures."
"""The note of a demonstration snapshot, by which it is known."""
IN_NAME = " (demonstration data)"
"""What the name of a source with such snapshots ends with, wherever readers see it."""

TWO_YEARS = timedelta(days=731)  # of which one may be a leap year
NO_PARSER = 0
_BATCH = 2_000


@dataclass(frozen=True)
class Loaded:
    """What came of a source: ``refused`` is a sentence where it was left alone."""

    slug: str
    created: int = 0
    there: int = 0
    refused: str = ""


def load(
    *,
    now: datetime,
    period: timedelta = TWO_YEARS,
    progress: Callable[[int], object] = lambda number: None,
) -> list[Loaded]:
    """Make the demonstration snapshots of the last two years that are missing, up to the newest
    that each bank's timetable has by ``now``; return what came of each source.

    A source with a snapshot that is no demonstration is left alone. One that gets demonstration
    data says so in its name, and its server is not asked any more: true figures among made-up ones
    would be worse than none. ``progress`` is told how many snapshots were dealt with.
    """
    with transaction.atomic():
        return [_load(bank, now=now, period=period, progress=progress) for bank in BANKS]


def number_of_bulletins(*, now: datetime) -> int:
    """How many snapshots ``load`` deals with, for a progress bar."""
    slugs = [bank.slug for bank in BANKS]
    sources = Source.objects.filter(slug__in=slugs)
    return sum(len(_dates(each, now=now, period=TWO_YEARS)) for each in sources)


def remove(*, now: datetime) -> int:
    """Delete all demonstration snapshots and return how many; their sources have their names back
    and are fetched again."""
    with transaction.atomic():
        return sum(_remove(bank, now=now) for bank in BANKS)


def _load(
    bank: Bank, *, now: datetime, period: timedelta, progress: Callable[[int], object]
) -> Loaded:
    source = standing.lock(Source.objects.get(slug=bank.slug))
    dates = _dates(source, now=now, period=period)
    real = source.snapshots.exclude(note=MARK).order_by("effective_date").first()
    if real is not None:
        progress(len(dates))
        return Loaded(
            bank.slug,
            refused=f"{bank.slug} was left alone: its bulletin of {real.effective_date} is no"
            " demonstration.",
        )
    there = set(source.snapshots.values_list("effective_date", flat=True))
    missing = [day for day in dates if day not in there]
    if missing:
        _store(source, bank, missing, now=now, progress=progress)
        if not source.name.endswith(IN_NAME):
            source.name += IN_NAME
        source.is_enabled = False
        source.save(update_fields=["name", "is_enabled"])
        standing.reckon(source, now=now)
    progress(len(dates) - len(missing))
    return Loaded(bank.slug, created=len(missing), there=len(dates) - len(missing))


def _dates(source: Source, *, now: datetime, period: timedelta) -> list[date]:
    """The effective dates of a period's bulletins, by the source's timetable."""
    newest = source.timetable.published_by(now)
    return source.timetable.between(source.today(now) - period, newest)


def _store(
    source: Source,
    bank: Bank,
    dates: Iterable[date],
    *,
    now: datetime,
    progress: Callable[[int], object],
) -> None:
    made = [bulletin(bank, day) for day in dates]
    with _in_bulk():
        snapshots = Snapshot.objects.bulk_create(
            [_snapshot(source, bank, each, now) for each in made], batch_size=_BATCH
        )
        for start in range(0, len(made), 100):
            some = zip(snapshots[start : start + 100], made[start : start + 100], strict=True)
            rates = [
                Rate(snapshot=snapshot, currency_id=q.currency, value=q.value, nominal=q.nominal)
                for snapshot, each in some
                for q in each.quotes
            ]
            Rate.objects.bulk_create(rates, batch_size=_BATCH)
            progress(len(made[start : start + 100]))


def _snapshot(source: Source, bank: Bank, made: Bulletin, now: datetime) -> Snapshot:
    day = made.effective_date
    lines = [f"{quote.nominal} {quote.currency} {quote.value}\n" for quote in made.quotes]
    document = f"{MARK}\n{source.slug} {day}\n{''.join(lines)}".encode()
    midnight = datetime.combine(day, time(), source.zone).astimezone(UTC)
    return Snapshot(
        source=source,
        effective_date=day,
        fetched_at=min(source.timetable.publication(day), now),
        revision=1,
        status=Snapshot.Status.ACCEPTED,
        is_current=True,
        is_carried_forward=made.quotes == bulletin(bank, source.timetable.before(day)).quotes,
        in_force_at=midnight,
        due_at=midnight if midnight > now else None,
        sha256=hashlib.sha256(document).hexdigest(),
        document=document,
        parser_version=NO_PARSER,
        note=MARK,
    )


def _remove(bank: Bank, *, now: datetime) -> int:
    source = standing.lock(Source.objects.get(slug=bank.slug))
    demonstration = source.snapshots.filter(note=MARK)
    dates = set(demonstration.values_list("effective_date", flat=True))
    if not dates:
        return 0
    with _in_bulk(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL dastan.discard = 'on'")
        _, deleted = demonstration.delete()
        cursor.execute("SET LOCAL dastan.discard = 'off'")
    source.name = source.name.removesuffix(IN_NAME)
    source.is_enabled = True
    source.save(update_fields=["name", "is_enabled"])
    for day in source.snapshots.filter(effective_date__in=dates).values_list(
        "effective_date", flat=True
    ):
        standing.settle(source, day, now=now)  # a bank's own bulletin of that date counts again
    standing.reckon(source, now=now)
    return deleted["rates.Snapshot"]


@contextmanager
def _in_bulk() -> Iterator[None]:
    """Log one reset of the rates instead of each row; within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL dastan.bulk = 'on'")
        yield
        cursor.execute("SET LOCAL dastan.bulk = 'off'")
    now = datetime.now(UTC)
    Change.objects.create(topic=Topic.RATES, action="reset", type="snapshot", at=now)
