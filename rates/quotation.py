"""Which source gives the rate of a pair, and by which way: published, inverse, cross or peg.

Pure: what is in force comes as values. The order of ``plans_for`` is the rule of the whole house;
a rate on a date and a history follow the same one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby, permutations

from rates.arithmetic import Change, Ratio, change, cross, per_unit


@dataclass(frozen=True, slots=True)
class Peg:
    """That a currency is held at ``rate`` of it for one unit of ``per``, since a day."""

    per: str
    rate: Decimal
    since: date


@dataclass(frozen=True, slots=True)
class Publisher:
    """A source, as far as its quotes are read by it. ``is_indirect`` is one that prints how much
    of a currency a unit of its home currency is worth."""

    id: int
    slug: str
    home: str
    is_indirect: bool = False
    is_market: bool = False
    pegs: Mapping[str, Peg] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Quote:
    """A line of a bulletin, as it was printed."""

    value: Decimal
    nominal: Decimal


@dataclass(frozen=True, slots=True)
class Bulletin:
    """An accepted snapshot: its provenance, and those of its quotes that somebody asked for.
    ``is_carried_forward`` is one that only repeats the figures of the bulletin before."""

    id: int
    publisher: Publisher
    effective_date: date
    revision: int
    published_at: datetime | None
    fetched_at: datetime
    is_carried_forward: bool
    quotes: Mapping[str, Quote]


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to the rate of a pair: a currency's quote in one source, or that of each of the two.

    ``base`` and ``quote`` are the sources in which those currencies are looked up; None for the
    one which is the other source's home currency.
    """

    base: Publisher | None
    quote: Publisher | None

    @property
    def publishers(self) -> list[Publisher]:
        return [each for each in (self.base, self.quote) if each is not None]

    @property
    def is_cross(self) -> bool:
        return self.base is not None and self.quote is not None

    @property
    def is_of_one_bulletin(self) -> bool:
        return not self.is_cross or self.base == self.quote


@dataclass(frozen=True, slots=True)
class Leg:
    """A quote that a rate is made of."""

    currency: str
    bulletin: Bulletin

    @property
    def quote(self) -> Quote:
        return self.bulletin.quotes[self.currency]

    def in_home(self) -> Ratio:
        """What one unit of the currency is worth in the source's home currency."""
        printed = per_unit(self.quote.value, self.quote.nominal)
        return printed.inverse() if self.bulletin.publisher.is_indirect else printed


@dataclass(frozen=True, slots=True)
class Derived:
    """The rate of a pair: how much of ``quote`` one unit of ``base`` is worth, exactly, and the
    quotes that it follows from."""

    base: str
    quote: str
    plan: Plan
    legs: tuple[Leg, ...]

    @property
    def rate(self) -> Ratio:
        ratios = [leg.in_home() for leg in self.legs]
        if self.plan.is_cross:
            return cross(*ratios)
        return ratios[0] if self.plan.base is not None else ratios[0].inverse()

    @property
    def effective_date(self) -> date:
        """Since when this rate holds: the latest of its legs' dates."""
        return max(leg.bulletin.effective_date for leg in self.legs)

    @property
    def method(self) -> str:
        """``cross``, ``peg`` where the source prints exactly what its peg says, ``published`` for
        the direction that it prints, ``inverse`` for the other one."""
        if self.plan.is_cross:
            return "cross"
        if self._is_at_its_peg():
            return "peg"
        printed_home = self.quote if self.plan.base is not None else self.base
        is_indirect = self.legs[0].bulletin.publisher.is_indirect
        is_as_printed = (printed_home == self.quote) != is_indirect
        return "published" if is_as_printed else "inverse"

    def _is_at_its_peg(self) -> bool:
        [leg] = self.legs
        for pegged, anchor in permutations((self.base, self.quote)):
            peg = leg.bulletin.publisher.pegs.get(pegged)
            if peg and peg.per == anchor and peg.since <= self.effective_date:
                held = Ratio(peg.rate)
                return self.rate.equals(held if self.base == anchor else held.inverse())
        return False


def plans_for(
    base: str, quote: str, publishers: Iterable[Publisher], *, preferred: str | None = None
) -> list[Plan]:
    """Every way to a pair, the best first: by the ``preferred`` source; by the pair's own central
    banks, of which the one whose currency is first in the alphabet goes first; by a cross within
    one bulletin of another bank; by two bulletins of one bank (the Kyrgyz one quotes some
    currencies daily and the others weekly); by a market feed. Both directions have the same ways.
    """
    known = sorted(publishers, key=lambda each: (each.is_market, each.home, each.slug))
    banks = [each for each in known if not each.is_market]
    plans = [
        *_own(base, quote, known),
        *_crosses(base, quote, banks),
        *_of_two_bulletins(base, quote, banks),
        *_crosses(base, quote, known),
    ]
    plans.sort(key=lambda plan: all(each.is_market for each in plan.publishers))
    plans.sort(key=lambda plan: preferred not in [each.slug for each in plan.publishers])
    return list(dict.fromkeys(plans))


def _own(base: str, quote: str, publishers: Sequence[Publisher]) -> Iterator[Plan]:
    for each in publishers:
        if each.home == quote:
            yield Plan(base=each, quote=None)
        elif each.home == base:
            yield Plan(base=None, quote=each)


def _crosses(base: str, quote: str, publishers: Sequence[Publisher]) -> Iterator[Plan]:
    for each in publishers:
        if each.home not in (base, quote):
            yield Plan(base=each, quote=each)


def _of_two_bulletins(base: str, quote: str, banks: Sequence[Publisher]) -> Iterator[Plan]:
    for home, sources in groupby(banks, key=lambda each: each.home):
        if home not in (base, quote):
            yield from (Plan(base=one, quote=other) for one, other in permutations(sources, 2))


def derive(
    base: str, quote: str, plans: Iterable[Plan], bulletins: Mapping[str, Bulletin]
) -> Derived | None:
    """The rate by the first of these plans whose quotes are all in ``bulletins``, which has one
    bulletin for a source's slug; None where there is no way."""
    for plan in plans:
        wanted = [(each, code) for each, code in ((plan.base, base), (plan.quote, quote)) if each]
        legs = [
            Leg(code, bulletins[publisher.slug])
            for publisher, code in wanted
            if publisher.slug in bulletins and code in bulletins[publisher.slug].quotes
        ]
        if len(legs) == len(wanted):
            return Derived(base, quote, plan, tuple(legs))
    return None


def missing(base: str, quote: str, bulletins: Iterable[Bulletin]) -> str:
    """A sentence that says which leg of a pair is missing from these bulletins."""
    knowing: dict[str, list[str]] = {base: [], quote: []}
    for bulletin in bulletins:
        for code, slugs in knowing.items():
            if code in bulletin.quotes or code == bulletin.publisher.home:
                slugs.append(bulletin.publisher.slug)
    unknown = [code for code, slugs in knowing.items() if not slugs]
    if unknown:
        return f"no bulletin in force quotes {' or '.join(unknown)}."
    parts = [f"{code} is quoted by {', '.join(sorted(slugs))}" for code, slugs in knowing.items()]
    return f"no source has both legs: {'; '.join(parts)}."


def changed(now: Derived, before: Derived | None) -> Change | None:
    """The change of a rate since an earlier one; None where none is known."""
    return None if before is None else change(now=now.rate, before=before.rate)
