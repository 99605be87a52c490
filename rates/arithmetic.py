"""What exchange rates are made of: quotes per unit, inverses, crosses, changes, and how they show.

Pure, and in ``Decimal``. A rate is kept as an exact fraction until it is shown, and rounded once:
so the two directions of a pair are exact inverses, and a cross is exactly the product of its legs.
Neither the thread's default context nor a binary float has a say in any of it.
"""

from dataclasses import dataclass
from decimal import (
    MAX_EMAX,
    MAX_PREC,
    MIN_EMIN,
    ROUND_05UP,
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
)

SIGNIFICANT_DIGITS = 10
DISPLAYED_DECIMALS = 5
PERCENT_DECIMALS = 2

_FAULTS = [InvalidOperation, DivisionByZero, Overflow]
# Products and differences only, which always end.
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[*_FAULTS, Inexact])
# 0 and 5 as the last digit are kept for quotients that end there; every other one is rounded off
# them. So rounding the 28 digits once more is the same as rounding the endless quotient.
_QUOTIENT = Context(prec=28, rounding=ROUND_05UP, traps=_FAULTS)
_SIGNIFICANT = Context(prec=SIGNIFICANT_DIGITS, rounding=ROUND_HALF_EVEN, traps=_FAULTS)
_PLACES = Context(prec=100, rounding=ROUND_HALF_EVEN, traps=_FAULTS)


@dataclass(frozen=True, slots=True)
class Ratio:
    """An exact number, ``numerator`` / ``denominator``; the denominator is positive."""

    numerator: Decimal
    denominator: Decimal = Decimal(1)

    def inverse(self) -> "Ratio":
        """1 / this, of a positive one."""
        return Ratio(self.denominator, self.numerator)

    def times(self, other: "Ratio") -> "Ratio":
        return Ratio(
            _EXACT.multiply(self.numerator, other.numerator),
            _EXACT.multiply(self.denominator, other.denominator),
        )

    def minus(self, other: "Ratio") -> "Ratio":
        return Ratio(
            _EXACT.subtract(
                _EXACT.multiply(self.numerator, other.denominator),
                _EXACT.multiply(other.numerator, self.denominator),
            ),
            _EXACT.multiply(self.denominator, other.denominator),
        )

    def equals(self, other: "Ratio") -> bool:
        return self.minus(other).sign() == 0

    def sign(self) -> int:
        """-1, 0 or 1."""
        return int(self.numerator > 0) - int(self.numerator < 0)

    def unrounded(self) -> Decimal:
        """To 28 digits, fit to be rounded once more (see ``_QUOTIENT``)."""
        return _QUOTIENT.divide(self.numerator, self.denominator)

    def rounded(self) -> Decimal:
        """To ten significant digits, half to even."""
        return _SIGNIFICANT.plus(self.unrounded())

    def to_places(self, places: int) -> Decimal:
        """To so many decimals, half to even, with the zeros at its end. Exact as long as the whole
        has no more than 27 digits, which is a thousand times what a conversion may come to."""
        return self.unrounded().quantize(Decimal(1).scaleb(-places, _PLACES), context=_PLACES)

    def text(self) -> str:
        """``rounded()`` as the API writes it."""
        return plain(self.rounded())


@dataclass(frozen=True, slots=True)
class Change:
    """From an earlier rate to a later one: exact, and of the direction that is shown."""

    absolute: Ratio
    percent: Ratio

    @property
    def direction(self) -> str:
        """``up``, ``down`` or ``flat``, by the unrounded rates."""
        return {1: "up", -1: "down", 0: "flat"}[self.absolute.sign()]


def per_unit(value: Decimal, nominal: Decimal) -> Ratio:
    """What one unit is worth, where a bank prints ``value`` for ``nominal`` units.

    ValueError unless both are positive and finite.
    """
    for name, number in (("value", value), ("nominal", nominal)):
        if not number.is_finite() or number <= 0:
            raise ValueError(f"The {name} of a quote is a positive number; this is {number}.")
    return Ratio(value, nominal)


def cross(base_in_pivot: Ratio, quote_in_pivot: Ratio) -> Ratio:
    """What a unit of the base is worth in the quote, where both are known in a third currency."""
    return base_in_pivot.times(quote_in_pivot.inverse())


def change(*, now: Ratio, before: Ratio) -> Change:
    """The change from ``before`` to ``now``: the difference, and it in percent of ``before``."""
    absolute = now.minus(before)
    return Change(absolute, absolute.times(before.inverse()).times(Ratio(Decimal(100))))


def convert(amount: Decimal, rate: Ratio, *, minor_units: int) -> Decimal:
    """``amount`` of the base in the quote: to ten significant digits, half to even, but never
    coarser than the quote's smallest coin (``minor_units`` decimals)."""
    result = rate.times(Ratio(amount))
    digits_after_first = SIGNIFICANT_DIGITS - 1
    places = digits_after_first - result.unrounded().adjusted()
    return result.to_places(max(places, minor_units))


def in_coins(amount: Decimal, rate: Ratio, *, minor_units: int) -> Decimal:
    """``amount`` of the base in the quote's smallest coins, half to even."""
    return rate.times(Ratio(amount)).to_places(minor_units)


def plain(number: Decimal) -> str:
    """In digits without an exponent, without zeros at the end of a fraction, never ``-0``."""
    if number.is_zero():
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def displayed_rate(rate: Ratio) -> str:
    """With the site's five decimals: ``0.00200``."""
    return format(rate.to_places(DISPLAYED_DECIMALS), "f")


def displayed_percent(percent: Ratio) -> str:
    """With two decimals at the most, without zeros at its end and without a plus: ``-0.19%``,
    ``0.1%``, ``0%``."""
    return f"{plain(percent.to_places(PERCENT_DECIMALS))}%"


def displayed_text(base: str, quote: str, rate: Ratio, changed: Change | None) -> str:
    """A line of the ticker, ``TJS/USD = 0.10593 -0.19%``; it ends after the rate where no earlier
    one is known."""
    text = f"{base}/{quote} = {displayed_rate(rate)}"
    return text if changed is None else f"{text} {displayed_percent(changed.percent)}"
