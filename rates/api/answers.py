"""Rates as readers get them: what a derived rate says of itself, as plain values."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from rates import reading
from rates.arithmetic import (
    Change,
    convert,
    displayed_percent,
    displayed_rate,
    displayed_text,
    in_coins,
    plain,
)
from rates.history import Point
from rates.quotation import Derived, Leg, changed
from rates.reference import Health, Reference


def rate_answers(
    rates: Sequence[Derived],
    reference: Reference,
    names: Collection[str],
    *,
    on: date | None,
    now: datetime,
) -> list[dict[str, Any]]:
    """The answer for each rate, with what these fields need. ``on`` is the day asked for."""
    needs_change = "change" in names or "display" in names
    before = reading.earlier(rates) if needs_change else [None] * len(rates)
    points = reading.sparklines(rates) if "sparkline" in names else [[] for _ in rates]
    return [
        {
            **_rate(each),
            **_freshness(each, reference, on=on, now=now),
            "change": _change(changed(each, earlier), earlier),
            "display": _display(each, changed(each, earlier)),
            "sparkline": [_point(point) for point in sparkline],
        }
        for each, earlier, sparkline in zip(rates, before, points, strict=True)
    ]


def _rate(rate: Derived) -> dict[str, Any]:
    newest = max((leg.bulletin for leg in rate.legs), key=lambda each: each.effective_date)
    return {
        "base": rate.base,
        "quote": rate.quote,
        "rate": rate.rate.text(),
        "effective_date": newest.effective_date,
        "published_at": newest.published_at,
        "fetched_at": newest.fetched_at,
        "source": newest.publisher.slug,
        "method": rate.method,
        "legs": [_leg(leg) for leg in rate.legs],
    }


def _leg(leg: Leg) -> dict[str, Any]:
    """As printed: ``nominal`` units of ``base`` for ``value`` of ``quote``."""
    publisher = leg.bulletin.publisher
    pair = (leg.currency, publisher.home)
    base, quote = reversed(pair) if publisher.is_indirect else pair
    return {
        "base": base,
        "quote": quote,
        "value": format(leg.quote.value, "f"),
        "nominal": format(leg.quote.nominal, "f"),
        "source": publisher.slug,
        "snapshot": leg.bulletin.id,
        "revision": leg.bulletin.revision,
        "effective_date": leg.bulletin.effective_date,
    }


def _freshness(
    rate: Derived, reference: Reference, *, on: date | None, now: datetime
) -> dict[str, Any]:
    """Whether one of its sources is stale, and when the next bulletin is expected. Of a day that
    is past, nothing is expected any more; it is stale from the day on which its source was."""
    health = [reference.health[leg.bulletin.publisher.slug] for leg in rate.legs]
    is_past = on is not None and on < timezone.localdate(now)
    expected = [each.next_expected_at for each in health if each.next_expected_at and not is_past]
    return {
        "stale": any(_was_stale(each, on) for each in health),
        "next_expected_at": min(expected, default=None),
    }


def _was_stale(health: Health, on: date | None) -> bool:
    since = health.stale_from
    return health.is_stale and (on is None or since is None or on >= timezone.localdate(since))


def _change(change: Change | None, before: Derived | None) -> dict[str, Any]:
    if change is None or before is None:
        return {"absolute": None, "percent": None, "direction": None, "since": None}
    return {
        "absolute": change.absolute.text(),
        "percent": change.percent.text(),
        "direction": change.direction,
        "since": before.effective_date,
    }


def _display(rate: Derived, change: Change | None) -> dict[str, Any]:
    return {
        "rate": displayed_rate(rate.rate),
        "percent": None if change is None else displayed_percent(change.percent),
        "text": displayed_text(rate.base, rate.quote, rate.rate, change),
    }


def _point(rate: Derived) -> dict[str, Any]:
    return {"period": rate.effective_date, "rate": rate.rate.text()}


def conversion_answer(
    rate: Derived,
    reference: Reference,
    names: Collection[str],
    *,
    amount: Decimal,
    on: date | None,
    now: datetime,
) -> dict[str, Any]:
    """What an amount of the base comes to in the quote, beside the rate's own answer.
    ``result_rounded`` is in the quote's smallest coins; those of metals and the like have none."""
    [answer] = rate_answers([rate], reference, names, on=on, now=now)
    minor_units = reference.currencies[rate.quote].minor_units
    result = convert(amount, rate.rate, minor_units=minor_units or 0)
    rounded = None
    if minor_units is not None:
        rounded = format(in_coins(amount, rate.rate, minor_units=minor_units), "f")
    return {
        **answer,
        "amount": plain(amount),
        "result": plain(result),
        "result_rounded": rounded,
    }


def point_answer(point: Point, aggregate: str) -> dict[str, str | int]:
    """A point of a history; of ``ohlc``, with all four rates and their number."""
    period = point.period.isoformat()
    if aggregate != "ohlc" or not (point.open and point.high and point.low):
        return {"period": period, "rate": point.rate.text()}
    return {
        "period": period,
        "open": point.open.text(),
        "high": point.high.text(),
        "low": point.low.text(),
        "close": point.rate.text(),
        "points": point.points,
    }
