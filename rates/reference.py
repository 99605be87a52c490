"""Currencies and sources in memory, by the version of the topic ``rates``.

One statement loads both; it is asked again only after something about rates changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cms.changes.snapshot import current_head
from rates.models import Currency
from rates.models.source import Quotation
from rates.quotation import Peg, Plan, Publisher, plans_for

TICKER_QUOTE = "USD"


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a source is stale, since when or from when on (UTC; None before its first bulletin),
    and when its next bulletin is expected (UTC)."""

    is_stale: bool
    stale_from: datetime | None
    next_expected_at: datetime | None


@dataclass(frozen=True, slots=True)
class KnownCurrency:
    """``prefers`` is the slug of the source that the ticker's list prefers for it, if any."""

    code: str
    minor_units: int | None
    is_on_ticker: bool
    order: int
    prefers: str | None


@dataclass(frozen=True, slots=True)
class Reference:
    """The currencies by code, the sources and their health by slug."""

    currencies: dict[str, KnownCurrency]
    publishers: dict[str, Publisher]
    health: dict[str, Health]

    def ticker(self) -> list[str]:
        """The codes of the ticker's currencies, in the editors' order."""
        shown = [each for each in self.currencies.values() if each.is_on_ticker]
        return [each.code for each in sorted(shown, key=lambda each: (each.order, each.code))]

    def ticker_pairs(self) -> list[str]:
        """The ticker's pairs, such as KGS-USD, in the editors' order."""
        return [f"{code}-{TICKER_QUOTE}" for code in self.ticker() if code != TICKER_QUOTE]

    def plans(self, base: str, quote: str) -> list[Plan]:
        """The ways to a pair, the best first (rates/quotation.py)."""
        preferred = None
        if TICKER_QUOTE in (base, quote):
            other = base if quote == TICKER_QUOTE else quote
            preferred = self.currencies[other].prefers
        return plans_for(base, quote, self.publishers.values(), preferred=preferred)


_latest: tuple[tuple[str, int], Reference] | None = None


def current() -> Reference:
    """What there is as of the snapshot that is being read (``read_snapshot``)."""
    global _latest
    head = current_head()
    key = (head.epoch, head.rates)
    held = _latest
    if held is not None and held[0] == key:
        return held[1]
    reference = _load()
    _latest = (key, reference)
    return reference


_CURRENCY = ("code", "minor_units", "is_on_ticker", "order", "ticker_source__slug")
_SOURCE = (
    "id", "slug", "quotation", "is_market", "pegs", "is_stale", "stale_from", "next_expected_at",
)  # fmt: skip


def _load() -> Reference:
    reference = Reference({}, {}, {})
    # Every source has a home currency, so this join has all of both.
    columns = [*_CURRENCY, *(f"home_sources__{name}" for name in _SOURCE)]
    for row in Currency.objects.order_by("code").values_list(*columns):
        currency = KnownCurrency(*row[: len(_CURRENCY)])
        reference.currencies[currency.code] = currency
        source = dict(zip(_SOURCE, row[len(_CURRENCY) :], strict=True))
        if source["slug"] is not None:
            _add_source(reference, currency.code, source)
    return reference


def _add_source(reference: Reference, home: str, source: dict[str, Any]) -> None:
    slug = source["slug"]
    reference.publishers[slug] = Publisher(
        id=source["id"],
        slug=slug,
        home=home,
        is_indirect=source["quotation"] == Quotation.INDIRECT,
        is_market=source["is_market"],
        pegs={code: _peg(each) for code, each in source["pegs"].items()},
    )
    reference.health[slug] = Health(
        source["is_stale"], source["stale_from"], source["next_expected_at"]
    )


def _peg(values: dict[str, str]) -> Peg:
    return Peg(values["per"], Decimal(values["rate"]), date.fromisoformat(values["since"]))
