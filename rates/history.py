"""The rates of a pair over time, put together, grouped and aggregated by PostgreSQL.

What a day shows is what ``/rates/{pair}?on=`` that day shows: the same ways to a pair in the same
order (rates/quotation.py). A way shows on the days on which it published, unless a better one was
in force then. Numbers leave the database as exact numerators and denominators.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from rates.arithmetic import Ratio
from rates.quotation import Plan, Publisher

INTERVALS = ("day", "week", "month", "year")
AGGREGATES = ("last", "average", "ohlc")


@dataclass(frozen=True, slots=True)
class Point:
    """What a period has: ``rate`` is its last one, or its average; ``points`` is of how many
    effective dates. Of ``ohlc``, ``rate`` is the close."""

    period: date
    rate: Ratio
    points: int
    open: Ratio | None = None
    high: Ratio | None = None
    low: Ratio | None = None


def history(
    base: str,
    quote: str,
    plans: Sequence[Plan],
    *,
    first: date,
    last: date,
    interval: str = "day",
    aggregate: str = "last",
    fill_until: date | None = None,
) -> list[Point]:
    """The points of a pair with effective dates from ``first`` to ``last``, both included, the
    oldest first; ``period`` is the first day of the interval (of a week, its Monday).

    With ``fill_until``, periods up to that day which have no point repeat the closing rate of the
    one before them, be it from before ``first``; their ``points`` is 0.
    """
    query = _Query(base, quote, first, last)
    for plan in plans:
        query.add(plan)
    rows = query.rows(interval, aggregate)
    before = next((_ratio(row[2:4]) for row in rows if row[0] is None), None)
    points = [_point(row, aggregate) for row in rows if row[0] is not None]
    if fill_until is None:
        return points
    closes = [_ratio(row[2:4]) for row in rows if row[0] is not None]
    periods = _periods(first, min(last, fill_until), interval)
    return list(_filled(points, closes, before, periods, aggregate))


def _ratio(pair: Sequence[Decimal]) -> Ratio:
    return Ratio(*pair)


def _point(row: Sequence[Any], aggregate: str) -> Point:
    period, points, *numbers = row
    ratios = [_ratio(numbers[n : n + 2]) for n in range(0, len(numbers), 2)]
    close = ratios[0]
    if aggregate == "average":
        return Point(period, Ratio(numbers[2], Decimal(points)), points)
    if aggregate == "ohlc":
        return Point(period, close, points, *ratios[1:])
    return Point(period, close, points)


def _filled(
    points: Sequence[Point],
    closes: Sequence[Ratio],
    before: Ratio | None,
    periods: Iterator[date],
    aggregate: str,
) -> Iterator[Point]:
    known = {point.period: (point, close) for point, close in zip(points, closes, strict=True)}
    held = before
    for period in sorted({*periods, *known}):
        if period in known:
            point, held = known[period]
            yield point
        elif held is not None:
            yield Point(period, held, 0, *([held] * 3 if aggregate == "ohlc" else []))


def _periods(first: date, last: date, interval: str) -> Iterator[date]:
    """The first days of the periods that the days from ``first`` to ``last`` are in."""
    day = {
        "day": first,
        "week": first - timedelta(days=first.weekday()),
        "month": first.replace(day=1),
        "year": first.replace(month=1, day=1),
    }[interval]
    while day <= last:
        yield day
        day = _following(day, interval)


def _following(day: date, interval: str) -> date:
    if interval in ("day", "week"):
        return day + timedelta(days=1 if interval == "day" else 7)
    if interval == "month" and day.month < 12:
        return day.replace(month=day.month + 1)
    return date(day.year + 1, 1, 1)


# The days on which these sources published, each until the next one; the first is that of the
# bulletin in force at the range's beginning. From the index rates_snapshot_one_current.
_DAYS = """
    SELECT *, coalesce(lead(day) OVER (ORDER BY day), 'infinity') AS until FROM (
        SELECT {columns} FROM rates_snapshot
        WHERE source_id IN ({sources}) AND is_current AND effective_date <= %(last)s
            AND effective_date >= coalesce((
                SELECT max(effective_date) FROM rates_snapshot
                WHERE source_id IN ({sources}) AND is_current AND effective_date <= %(first)s
            ), %(first)s)
    ) published
"""
_IN_FORCE_THAT_DAY = """
    LEFT JOIN LATERAL (
        SELECT id FROM rates_snapshot
        WHERE source_id BETWEEN {source} AND {source} AND is_current AND effective_date <= d.day
        ORDER BY source_id DESC, effective_date DESC LIMIT 1
    ) {alias}_in_force ON true
"""
# What a way gives, day by day; null where a quote is missing. Days are left out on which a better
# way was in force throughout, so that rates are looked up only where they may show.
_GIVEN = """given_{number} AS MATERIALIZED (
    SELECT d.day, d.until, {numerator} AS numerator, {denominator} AS denominator
    FROM ({days}) d {joins}
    WHERE NOT EXISTS (
        SELECT FROM ({better}) b WHERE b.first <= d.day AND b.until >= d.until
    )
)"""
# The stretches in which a way was in force without a gap; one, usually.
_STRETCHES = """stretches_{number} AS MATERIALIZED (
    SELECT min(day) AS first, max(until) AS until FROM (
        SELECT *, count(*) FILTER (WHERE numerator IS NULL) OVER (ORDER BY day) AS gap
        FROM given_{number}
    ) each
    WHERE numerator IS NOT NULL GROUP BY gap
)"""
_SHOWN = """
    SELECT day, numerator, denominator FROM given_{number} g
    WHERE numerator IS NOT NULL AND NOT EXISTS (
        SELECT FROM ({better}) b WHERE b.first <= g.day AND b.until > g.day
    )
"""
_STRETCH = "SELECT * FROM stretches_{number}"
_NOTHING = "SELECT NULL::date AS first, NULL::date AS until WHERE false"

_GROUPED = """
WITH {tables}
SELECT CASE WHEN day >= %(first)s THEN {period} END AS period, count(*), {aggregated}
FROM ({shown}) shown GROUP BY 1 ORDER BY 1
"""

# 40 decimals are 15 digits and more of any rate that there could be.
_QUOTIENT = "round(numerator, 40) / denominator"
_PERIOD = {
    "day": "day",
    **{each: f"date_trunc('{each}', day::timestamp)::date" for each in ("week", "month", "year")},
}


def _first_by(order: str) -> str:
    """Numerator and denominator of the row that comes first in this order."""
    return ", ".join(
        f"(array_agg({each} ORDER BY {order}))[1]" for each in ("numerator", "denominator")
    )


_CLOSE = _first_by("day DESC")
_AGGREGATED = {
    "last": _CLOSE,
    "average": f"{_CLOSE}, sum({_QUOTIENT})",
    "ohlc": ", ".join(
        [
            _CLOSE,
            _first_by("day"),
            _first_by(f"{_QUOTIENT} DESC, day"),
            _first_by(f"{_QUOTIENT}, day"),
        ]
    ),
}


class _Query:
    """One statement for all ways to a pair. Its parts are our own words and the sources' ids."""

    def __init__(self, base: str, quote: str, first: date, last: date) -> None:
        self.parameters: dict[str, Any] = {
            "base": base,
            "quote": quote,
            "first": first,
            "last": last,
        }
        self.tables: list[str] = []
        self.shown: list[str] = []

    def add(self, plan: Plan) -> None:
        number = len(self.shown)
        better = " UNION ALL ".join(_STRETCH.format(number=n) for n in range(number)) or _NOTHING
        numerator, denominator = _fraction(plan)
        self.tables += [
            _GIVEN.format(
                number=number,
                numerator=numerator,
                denominator=denominator,
                days=_days(plan),
                joins=_joins(plan),
                better=better,
            ),
            _STRETCHES.format(number=number),
        ]
        self.shown.append(_SHOWN.format(number=number, better=better))

    def rows(self, interval: str, aggregate: str) -> list[Sequence[Any]]:
        """Period, number of points, and numbers as numerator and denominator: the close first.
        The row whose period is null is of before the range."""
        sql = _GROUPED.format(
            tables=", ".join(self.tables),
            period=_PERIOD[interval],
            aggregated=_AGGREGATED[aggregate],
            shown=" UNION ALL ".join(self.shown),
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, self.parameters)
            return list(cursor.fetchall())


def _days(plan: Plan) -> str:
    ids = ", ".join(sorted({str(each.id) for each in plan.publishers}))
    if plan.is_of_one_bulletin:
        return _DAYS.format(columns="id, effective_date AS day", sources=ids)
    return _DAYS.format(columns="DISTINCT effective_date AS day", sources=ids)


def _joins(plan: Plan) -> str:
    """The rates of the bulletin of a day, or of the two that were in force that day."""
    joins = []
    for alias, publisher in (("base", plan.base), ("quote", plan.quote)):
        if publisher is None:
            continue
        snapshot = "d.id"
        if not plan.is_of_one_bulletin:
            joins.append(_IN_FORCE_THAT_DAY.format(source=publisher.id, alias=alias))
            snapshot = f"{alias}_in_force.id"
        joins.append(
            f"LEFT JOIN rates_rate {alias} ON {alias}.snapshot_id = {snapshot}"
            f" AND {alias}.currency_id = %({alias})s"
        )
    return " ".join(joins)


def _fraction(plan: Plan) -> tuple[str, str]:
    """What one unit of the base is worth in the quote, as numerator and denominator."""
    base, quote = _leg("base", plan.base), _leg("quote", plan.quote)
    if base and quote:
        return f"{base[0]} * {quote[1]}", f"{base[1]} * {quote[0]}"
    return base or (quote and (quote[1], quote[0])) or ("NULL", "NULL")


def _leg(alias: str, publisher: Publisher | None) -> tuple[str, str] | None:
    if publisher is None:
        return None
    printed = (f"{alias}.value", f"{alias}.nominal")
    return (printed[1], printed[0]) if publisher.is_indirect else printed
