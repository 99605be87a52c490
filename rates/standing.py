"""Which revision of a bulletin counts, and what follows from that for its source."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import models

from rates.arithmetic import Ratio
from rates.judging import COMPARED_WITHIN, Printed
from rates.models import Snapshot, Source

RECKONED = ("next_expected_at", "stale_from", "is_stale", "due_at")


def lock(source: Source) -> Source:
    """The source's row, locked until the transaction ends: whoever stores, releases or withdraws
    its snapshots waits here for the others."""
    return Source.objects.select_for_update(no_key=True).get(pk=source.pk)


def settle(source: Source, effective_date: date, *, now: datetime) -> Snapshot | None:
    """Let the latest accepted revision of that date count, or none; return it.

    It comes into force with its effective date, which is a due change where that is still to come.
    What merely repeats the bulletin before is marked, and the source's timetable reckoned anew.
    """
    revisions = source.snapshots.filter(effective_date=effective_date)
    current = revisions.filter(status=Snapshot.Status.ACCEPTED).order_by("-revision").first()
    others = revisions.filter(is_current=True)
    if current is not None:
        others = others.exclude(pk=current.pk)
    others.update(is_current=False, is_carried_forward=False, due_at=None)
    if current is not None:
        current.is_current = True
        current.due_at = current.in_force_at if current.in_force_at > now else None
        current.save(update_fields=["is_current", "due_at"])
        _mark_carried_forward(current)
    following = source.snapshots.current().filter(effective_date__gt=effective_date)
    if next_one := following.order_by("effective_date").first():
        _mark_carried_forward(next_one)
    reckon(source, now=now)
    return current


def before(source: Source, effective_date: date) -> Snapshot | None:
    """The snapshot that counts of the nearest earlier effective date."""
    return source.snapshots.current().earlier_than(effective_date).first()


def reckon(source: Source, *, now: datetime) -> None:
    """Bring in line what follows from the source's timetable; writes only what changes."""
    latest = source.snapshots.current().aggregate(date=models.Max("effective_date"))["date"]
    was = [getattr(source, name) for name in RECKONED]
    source.reckon(latest, now=now)
    if [getattr(source, name) for name in RECKONED] != was:
        source.save(update_fields=[*RECKONED])


def are_same_quotes(one: Mapping[str, Printed], other: Mapping[str, Printed]) -> bool:
    """Whether two bulletins say the same of the same currencies, in whatever nominal."""
    return one.keys() == other.keys() and all(
        Ratio(*one[code]).equals(Ratio(*other[code])) for code in one
    )


def _mark_carried_forward(snapshot: Snapshot) -> None:
    earlier = before(snapshot.source, snapshot.effective_date)
    repeats = (
        earlier is not None
        and snapshot.effective_date - earlier.effective_date <= COMPARED_WITHIN
        and are_same_quotes(snapshot.figures().quotes, earlier.figures().quotes)
    )
    if repeats != snapshot.is_carried_forward:
        snapshot.is_carried_forward = repeats
        snapshot.save(update_fields=["is_carried_forward"])
