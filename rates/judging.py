"""Is a bulletin to be believed? What speaks against it sends it to quarantine.

Pure: the bulletin, what was accepted before it and what others say come as values. The rules are
those of docs/bulletins.md. All comparisons are of exact fractions; nothing is rounded but for the
sentences.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from rates.arithmetic import Ratio, change, cross, displayed_percent, plain

LONGEST_AHEAD = timedelta(days=2)
COMPARED_WITHIN = timedelta(days=10)
WITNESS_WITHIN = timedelta(days=3)

Printed = tuple[Decimal, Decimal]
"""A value and its nominal."""


@dataclass(frozen=True)
class Peg:
    """``rate`` units of ``currency`` have been worth one of ``per`` since a date."""

    currency: str
    per: str
    rate: Decimal
    since: date


@dataclass(frozen=True)
class Bands:
    """How far figures may stray, in percent: from the bulletin before, and from the pegs."""

    percent: Decimal
    pegs: Sequence[Peg] = ()
    peg_percent: Decimal = Decimal("0.5")

    @property
    def agreement_percent(self) -> Decimal:
        """How close another source has to be to agree: a fifth of the band. As far as the band
        itself, a rate 10.5% off would agree with one that had hardly moved."""
        return self.percent * Decimal("0.2")


@dataclass(frozen=True)
class Figures:
    """The quotes of one bulletin, as printed, by currency.

    ``is_indirect`` when it prints units of the currency for the home currency, as market feeds do.
    """

    effective_date: date
    home: str
    quotes: Mapping[str, Printed]
    is_indirect: bool = False

    def worth(self, currency: str) -> Ratio | None:
        """One unit of the currency in the home currency; None where it is not quoted."""
        if currency == self.home:
            return Ratio(Decimal(1))
        if currency not in self.quotes:
            return None
        printed = Ratio(*self.quotes[currency])
        return printed.inverse() if self.is_indirect else printed


@dataclass(frozen=True)
class Reason:
    """What speaks against a bulletin: ``code`` for programs, ``detail`` for people, and ``values``
    as the admin shows them beside each other (texts)."""

    code: str
    detail: str
    currency: str = ""
    values: Mapping[str, str] | None = None

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"code": self.code, "detail": self.detail}
        if self.currency:
            told["currency"] = self.currency
        return {**told, **(self.values or {})}


def judge(
    figures: Figures,
    *,
    today: date,
    bands: Bands,
    before: Figures | None = None,
    witnesses: Sequence[Figures] = (),
) -> list[Reason]:
    """The reasons to keep ``figures`` in quarantine; none when they are to be believed.

    ``today`` is a date in the source's time zone. ``before`` is the source's nearest accepted
    bulletin of an earlier effective date; ``witnesses`` are bulletins of other publishers, of
    whatever date: those of about the same day count.
    """
    near = [
        each
        for each in witnesses
        if abs(each.effective_date - figures.effective_date) <= WITNESS_WITHIN
    ]
    return [
        *_dated_too_far_ahead(figures, today),
        *_misprints_its_home_currency(figures),
        *_strays_from_pegs(figures, bands),
        *(_moves_too_far(figures, before, bands, near) if before else ()),
        *(_is_truncated(figures, before) if before else ()),
    ]


def _dated_too_far_ahead(figures: Figures, today: date) -> Iterable[Reason]:
    if figures.effective_date > today + LONGEST_AHEAD:
        yield Reason(
            "too-far-ahead",
            f"The bulletin is dated {figures.effective_date}, more than {LONGEST_AHEAD.days} days"
            f" after today, {today}.",
        )


def _misprints_its_home_currency(figures: Figures) -> Iterable[Reason]:
    value, nominal = figures.quotes.get(figures.home, (Decimal(1), Decimal(1)))
    if value != nominal:
        yield Reason(
            "home",
            f"The bulletin says that {nominal} {figures.home} are {value} {figures.home}.",
            figures.home,
            _values(figures, figures.home),
        )


def _strays_from_pegs(figures: Figures, bands: Bands) -> Iterable[Reason]:
    for peg in bands.pegs:
        anchor, pegged = figures.worth(peg.per), figures.worth(peg.currency)
        if anchor is None or pegged is None or figures.effective_date < peg.since:
            continue
        found, held = cross(anchor, pegged), Ratio(peg.rate)
        if not _within(found, held, bands.peg_percent):
            # The currency whose printed figure is asked about: not the home currency itself.
            printed = peg.currency if peg.currency in figures.quotes else peg.per
            yield Reason(
                "peg",
                f"By this bulletin one {peg.per} is {_shortly(found)} {peg.currency}; the peg is"
                f" {plain(peg.rate)}, and the band {plain(bands.peg_percent)}%.",
                peg.currency,
                _values(figures, printed) | {"expected": plain(peg.rate), "found": found.text()},
            )


def _moves_too_far(
    figures: Figures, before: Figures, bands: Bands, witnesses: Sequence[Figures]
) -> Iterable[Reason]:
    if figures.effective_date - before.effective_date > COMPARED_WITHIN:
        return
    for currency in sorted(figures.quotes.keys() & before.quotes.keys()):
        now, then = Ratio(*figures.quotes[currency]), Ratio(*before.quotes[currency])
        if _within(now, then, bands.percent) or any(
            _agrees(figures, currency, witness, bands) for witness in witnesses
        ):
            continue
        moved = displayed_percent(change(now=now, before=then).percent)
        yield Reason(
            "band",
            f"{currency} moved by {moved}, from {_printed(before, currency)}"
            f" on {before.effective_date} to {_printed(figures, currency)}; the band is"
            f" {plain(bands.percent)}%.",
            currency,
            _values(figures, currency) | _values(before, currency, "previous_"),
        )


def _is_truncated(figures: Figures, before: Figures) -> Iterable[Reason]:
    missing = sorted(before.quotes.keys() - figures.quotes.keys())
    if 4 * len(missing) >= len(before.quotes):
        yield Reason(
            "truncated",
            f"{len(missing)} of the {len(before.quotes)} currencies of {before.effective_date} are"
            f" missing: {', '.join(missing)}.",
        )


def _agrees(figures: Figures, currency: str, witness: Figures, bands: Bands) -> bool:
    """Whether the other source has about the same rate between this currency and our home."""
    theirs, their_home = witness.worth(currency), witness.worth(figures.home)
    ours = figures.worth(currency)
    if theirs is None or their_home is None or ours is None:
        return False
    return _within(ours, cross(theirs, their_home), bands.agreement_percent)


def _within(found: Ratio, expected: Ratio, percent: Decimal) -> bool:
    """Whether ``found`` is at most ``percent`` away from ``expected``."""
    away = change(now=found, before=expected).percent
    size = Ratio(abs(away.numerator), away.denominator)
    return size.minus(Ratio(percent)).sign() <= 0


def _printed(figures: Figures, currency: str) -> str:
    value, nominal = figures.quotes[currency]
    return f"{value}" if nominal == 1 else f"{value} for {nominal}"


def _shortly(ratio: Ratio) -> str:
    return plain(ratio.to_places(4))


def _values(figures: Figures, currency: str, prefix: str = "") -> dict[str, str]:
    value, nominal = figures.quotes[currency]
    told = {f"{prefix}value": f"{value:f}", f"{prefix}nominal": f"{nominal:f}"}
    if prefix:
        told[f"{prefix}effective_date"] = figures.effective_date.isoformat()
    return told
