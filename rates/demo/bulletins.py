"""Made-up bulletins around a published one. Pure, and in whole numbers and decimals only.

A bank's figures depend on nothing but the day: whoever loads them later gets the same past.
"""

import hashlib
from datetime import date
from decimal import Decimal
from functools import cache

from rates.arithmetic import Ratio
from rates.demo.levels import LIVELINESS, USUAL_LIVELINESS, Bank, Level
from rates.sources.bulletin import Bulletin, Quote

# Waves of noise: how many days from one turn to the next, and how high, in millionths. The longest
# make a year's trend, the shortest a day's unrest; all together move by 0.7 % a day at the most.
_WAVES = ((256, 60_000), (64, 24_000), (16, 8_000), (4, 3_000), (1, 1_000))
_LONGEST = 256
_HEIGHT = 1_000  # of a turn, up or down
_ONE = Decimal(1)


def bulletin(bank: Bank, effective_date: date) -> Bulletin:
    """Return what the bank might have published for a day; on its published day, what it did."""
    quotes = tuple(_quote(bank, level, effective_date) for level in bank.levels)
    return Bulletin(bank.slug, effective_date, None, quotes)


def _quote(bank: Bank, level: Level, day: date) -> Quote:
    """The published value, times what the home currency has lost against the dollar since, over
    what the other one has. So the banks agree with each other on every day."""
    home = Ratio(_course(bank.home, day)).times(Ratio(_course(bank.home, bank.day)).inverse())
    other = Ratio(_course(level.currency, day)).times(
        Ratio(_course(level.currency, bank.day)).inverse()
    )
    value = Ratio(level.value).times(home).times(other.inverse()).to_places(bank.decimals)
    if not bank.keeps_zeros:
        value = value.normalize() if value != value.to_integral_value() else value.quantize(_ONE)
    return Quote(level.currency, value, level.nominal)


@cache  # each bank asks for the same currencies
def _course(currency: str, day: date) -> Decimal:
    """How many units a dollar costs on a day, in millionths of a usual day."""
    liveliness = LIVELINESS.get(currency, USUAL_LIVELINESS)
    noise = sum(height * _wave(currency, period, day) for period, height in _WAVES)
    return Decimal(1_000_000 + noise * liveliness // (100 * _HEIGHT * _LONGEST))


def _wave(currency: str, period: int, day: date) -> int:
    """A line from turn to turn, in units of which ``_HEIGHT * _LONGEST`` are the height."""
    number, days = divmod(day.toordinal(), period)
    start, end = _turn(currency, period, number), _turn(currency, period, number + 1)
    return (start * (period - days) + end * days) * (_LONGEST // period)


@cache
def _turn(currency: str, period: int, number: int) -> int:
    """A number from -_HEIGHT to _HEIGHT that looks like chance, and is always the same."""
    digest = hashlib.sha256(f"{currency} {period} {number}".encode()).digest()
    return int.from_bytes(digest[:4]) % (2 * _HEIGHT + 1) - _HEIGHT
