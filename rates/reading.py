"""What readers are told of a pair: the bulletins in force, and those that they are compared with.

Each function that reads is one statement, however many pairs are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max

from rates.models import Snapshot
from rates.quotation import Bulletin, Derived, Publisher, Quote, derive
from rates.reference import Reference

SPARKLINE_POINTS = 30

# From the index rates_snapshot_one_current one bulletin a source, and from
# rates_rate_once_a_snapshot those of its rates that are wanted. BETWEEN and the whole order leave
# PostgreSQL no other index: by rates_snapshot_newest it would look through the bulletins of all
# sources for one of a source that has none.
_IN_FORCE = """
SELECT s.slug, sn.*, r.currency_id, r.value, r.nominal
FROM rates_source s
CROSS JOIN LATERAL (
    SELECT id, effective_date, revision, published_at, fetched_at, is_carried_forward
    FROM rates_snapshot
    WHERE source_id BETWEEN s.id AND s.id AND is_current
        AND effective_date <= %(day)s AND in_force_at <= %(moment)s
    ORDER BY source_id DESC, effective_date DESC LIMIT 1
) sn
LEFT JOIN rates_rate r ON r.snapshot_id = sn.id AND r.currency_id = ANY(%(codes)s)
"""

# The same two indexes, going back from a day. Rows are compared, for the order of both columns:
# BETWEEN would let PostgreSQL expect so few bulletins that it reads and sorts all of them. LIMIT
# lets it look for each rate by itself, and not through all that a bulletin has.
# ``one`` and ``other`` are currencies of one source.
_GOING_BACK = """
SELECT w.number, sn.*
FROM unnest(%(number)s::int[], %(source)s::bigint[], %(before)s::date[], %(one)s::text[],
    %(other)s::text[], %(skipped)s::int[])
    AS w(number, source_id, before, one, other, skipped)
CROSS JOIN LATERAL (
    SELECT sn.id, sn.effective_date, sn.revision, sn.published_at, sn.fetched_at,
        sn.is_carried_forward, a.value, a.nominal, b.value, b.nominal
    FROM rates_snapshot sn
    CROSS JOIN LATERAL (
        SELECT value, nominal FROM rates_rate
        WHERE currency_id = w.one AND snapshot_id = sn.id LIMIT 1
    ) a
    LEFT JOIN LATERAL (
        SELECT value, nominal FROM rates_rate
        WHERE currency_id = w.other AND snapshot_id = sn.id LIMIT 1
    ) b ON true
    WHERE (sn.source_id, sn.effective_date) < (w.source_id, w.before)
        AND sn.source_id >= w.source_id AND sn.is_current
        AND (%(carried)s OR NOT sn.is_carried_forward)
        AND (w.other IS NULL OR b.value IS NOT NULL)
    ORDER BY sn.source_id DESC, sn.effective_date DESC OFFSET w.skipped LIMIT %(limit)s
) sn
ORDER BY w.number, sn.effective_date
"""


def bulletins_in_force(
    reference: Reference, codes: Iterable[str], *, now: datetime, on: date | None = None
) -> dict[str, Bulletin]:
    """By source, the bulletin in force at ``now``, or on the day ``on``, with its quotes of these
    currencies. A day may be one that has not come yet, where its bulletin is already there."""
    # Nowhere is the day more than one ahead of UTC's; the index goes by days.
    day = on or now.astimezone(UTC).date() + timedelta(days=1)
    moment = "infinity" if on else now
    found: dict[str, Bulletin] = {}
    quotes: dict[str, dict[str, Quote]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, {"day": day, "moment": moment, "codes": list(codes)})
        for slug, *columns, code, value, nominal in cursor:
            if slug not in found:
                quotes[slug] = {}
                found[slug] = _bulletin(reference.publishers[slug], columns, quotes[slug])
            if code is not None:
                quotes[slug][code] = Quote(value, nominal)
    return found


def latest_effective_date() -> date | None:
    """The effective date up to which anything has been published."""
    found: date | None = Snapshot.objects.current().aggregate(latest=Max("effective_date"))[
        "latest"
    ]
    return found


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Bulletins of one source before a day, with one or two of its quotes, for the pair of that
    number; the first ``skipped`` are left out."""

    number: int
    publisher: Publisher
    before: date
    codes: Sequence[str]
    skipped: int = 0


def earlier(rates: Sequence[Derived]) -> list[Derived | None]:
    """For each of these rates, that of the same sources at an earlier effective date which was not
    merely carried forward; None where there is none. A bulletin that is carried forward itself
    stands for the one it repeats: on Sunday, the change is still Saturday's."""
    wanted = [
        each
        for number, rate in enumerate(rates)
        for each in _before(number, rate, rate.effective_date, skips_origin=True)
    ]
    found: list[dict[str, Bulletin]] = [{} for _ in rates]
    for each, bulletin in _going_back(wanted, limit=1, carried=False):
        found[each.number][each.publisher.slug] = bulletin
    return [
        derive(rate.base, rate.quote, [rate.plan], bulletins)
        for rate, bulletins in zip(rates, found, strict=True)
    ]


def sparklines(rates: Sequence[Derived]) -> list[list[Derived]]:
    """For each of these rates, the last points of its history in the same sources, the oldest
    first, at most ``SPARKLINE_POINTS``; the last one is the rate itself."""
    wanted = [
        each
        for number, rate in enumerate(rates)
        for each in _before(number, rate, rate.effective_date + timedelta(days=1))
    ]
    found: list[dict[str, list[Bulletin]]] = [{} for _ in rates]
    for each, bulletin in _going_back(wanted, limit=SPARKLINE_POINTS, carried=True):
        found[each.number].setdefault(each.publisher.slug, []).append(bulletin)
    return [
        _points(rate, bulletins)[-SPARKLINE_POINTS:]
        for rate, bulletins in zip(rates, found, strict=True)
    ]


def _before(
    number: int, rate: Derived, before: date, *, skips_origin: bool = False
) -> Iterator[_Wanted]:
    if rate.plan.is_of_one_bulletin:
        bulletin = rate.legs[0].bulletin
        skipped = int(skips_origin and bulletin.is_carried_forward)
        codes = [leg.currency for leg in rate.legs]
        yield _Wanted(number, bulletin.publisher, before, codes, skipped)
        return
    for leg in rate.legs:
        is_newest = leg.bulletin.effective_date == rate.effective_date
        skipped = int(skips_origin and is_newest and leg.bulletin.is_carried_forward)
        yield _Wanted(number, leg.bulletin.publisher, before, [leg.currency], skipped)


def _going_back(
    wanted: Sequence[_Wanted], *, limit: int, carried: bool
) -> Iterator[tuple[_Wanted, Bulletin]]:
    """The bulletins that are wanted, each one's oldest first; at most ``limit`` for each."""
    if not wanted:
        return
    parameters: dict[str, Any] = {
        "number": list(range(len(wanted))),
        "source": [each.publisher.id for each in wanted],
        "before": [each.before for each in wanted],
        "one": [each.codes[0] for each in wanted],
        "other": [each.codes[1] if len(each.codes) > 1 else None for each in wanted],
        "skipped": [each.skipped for each in wanted],
        "carried": carried,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GOING_BACK, parameters)
        for number, *columns, value, nominal, other_value, other_nominal in cursor:
            each = wanted[number]
            printed = [Quote(value, nominal), Quote(other_value, other_nominal)]
            quotes = dict(zip(each.codes, printed, strict=False))
            yield each, _bulletin(each.publisher, columns, quotes)


def _points(rate: Derived, bulletins: Mapping[str, Sequence[Bulletin]]) -> list[Derived]:
    """The rate on each day on which one of its sources published, with what was in force then."""
    days = sorted({each.effective_date for several in bulletins.values() for each in several})
    found = []
    for day in days:
        in_force = {
            slug: past[-1]
            for slug, several in bulletins.items()
            if (past := [each for each in several if each.effective_date <= day])
        }
        point = derive(rate.base, rate.quote, [rate.plan], in_force)
        if point is not None:
            found.append(point)
    return found


def _bulletin(
    publisher: Publisher, columns: Sequence[Any], quotes: Mapping[str, Quote]
) -> Bulletin:
    identity, effective_date, revision, published_at, fetched_at, is_carried_forward = columns
    return Bulletin(
        id=identity,
        publisher=publisher,
        effective_date=effective_date,
        revision=revision,
        published_at=published_at,
        fetched_at=fetched_at,
        is_carried_forward=is_carried_forward,
        quotes=quotes,
    )
