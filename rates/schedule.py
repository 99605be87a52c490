"""The rates' clocks: bulletins come into force, sources turn stale."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cms.changes.clock import Clock
from rates import standing
from rates.models import Snapshot, Source


def _claim_snapshot(now: datetime, skip: set[int]) -> Snapshot | None:
    due = Snapshot.objects.filter(due_at__lte=now).exclude(pk__in=skip).order_by("due_at", "pk")
    # Whoever stores or decides locks the source first: so does the clock.
    for snapshot in due.select_related("source")[:10]:
        sources = Source.objects.filter(pk=snapshot.source_id)
        if sources.select_for_update(no_key=True, skip_locked=True) and due.filter(pk=snapshot.pk):
            return snapshot
    return None


def _come_into_force(snapshot: Snapshot, now: datetime) -> None:
    # Readers see it by its date; that the row changes tells caches that something did.
    Snapshot.objects.filter(pk=snapshot.pk).update(due_at=None)


def _flag_snapshot(snapshot: Snapshot, error: str) -> None:
    Snapshot.objects.filter(pk=snapshot.pk).update(due_at=None)
    Source.objects.filter(pk=snapshot.source_id).update(last_error=error)


def _claim_source(now: datetime, skip: set[int]) -> Source | None:
    return (
        Source.objects.filter(due_at__lte=now)
        .exclude(pk__in=skip)
        .order_by("due_at", "pk")
        .select_for_update(no_key=True, skip_locked=True)
        .first()
    )


def _turn_stale(source: Source, now: datetime) -> None:
    standing.reckon(source, now=now)


def _flag_source(source: Source, error: str) -> None:
    Source.objects.filter(pk=source.pk).update(due_at=None, is_stale=True, last_error=error)


CLOCKS: list[Clock[Any]] = [
    Clock("rates in force", Snapshot, _claim_snapshot, _come_into_force, _flag_snapshot),
    Clock("stale sources", Source, _claim_source, _turn_stale, _flag_source),
]
