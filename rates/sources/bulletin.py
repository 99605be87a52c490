"""What a source has published for one day, as it printed it; values without a database."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

MAX_BYTES = 2_000_000
"""A bulletin is some 30 kB long; what is longer than this is something else."""

CODE = re.compile(r"[A-Z]{3}")
_MOST_DIGITS = 28
_MOST_PLACES = 15  # before the decimal point or after it


class BulletinError(Exception):
    """A document is no bulletin that could be believed; the message is a sentence for the desk.

    Where it has ``values`` for the places in ``sentence``, the desk can say it in another language.
    """

    def __init__(self, sentence: str, **values: str) -> None:
        self.sentence = sentence
        self.values = values
        super().__init__(sentence.format(**values) if values else sentence)


class OtherDateError(BulletinError):
    """The document is a bulletin of another day than the one asked for.

    On a day without a bulletin of its own some banks repeat the last one; others answer a date that
    they don't know with today's figures. Stored under the date asked for, either would be wrong.
    """

    def __init__(self, *, effective: date, requested: date) -> None:
        self.effective_date = effective
        self.requested_date = requested
        super().__init__(f"Asked for {requested}, the source sent its bulletin of {effective}.")


class EmptyBulletinError(BulletinError):
    """The document is well-formed and quotes nothing: there is no bulletin for that day (yet)."""


@dataclass(frozen=True)
class Quote:
    """One printed line.

    A bank's: ``nominal`` units of ``currency`` are worth ``value`` units of its home currency. A
    market feed's, whose base is its home currency: ``nominal`` units of the base are worth
    ``value`` units of ``currency``. Digits are kept as printed, zeros at the end included.
    """

    currency: str
    value: Decimal
    nominal: Decimal


@dataclass(frozen=True)
class Bulletin:
    """What ``source`` (a slug of ``rates.sources.SOURCES``) has published for a day.

    ``effective_date`` is a day in the source's own time zone, ``published_at`` an instant (UTC) if
    the document tells one, ``valid_days`` how long the source means it to hold. Every code has the
    form of ISO 4217 (whether it is known there, who stores it asks), each occurs once, values and
    nominals are positive and of a size that a rate can have: otherwise BulletinError.
    """

    source: str
    effective_date: date
    published_at: datetime | None
    quotes: tuple[Quote, ...]
    valid_days: int = 1

    def __post_init__(self) -> None:
        if not self.quotes:
            raise EmptyBulletinError("The bulletin has no rates.")
        if self.valid_days < 1:
            raise BulletinError(f"The bulletin is valid for {self.valid_days} days.")
        seen: set[str] = set()
        for quote in self.quotes:
            _check(quote)
            if quote.currency in seen:
                raise BulletinError("{code} is quoted twice.", code=quote.currency)
            seen.add(quote.currency)


def _check(quote: Quote) -> None:
    if not CODE.fullmatch(quote.currency):
        raise BulletinError(f"“{quote.currency[:20]}” is not a currency's code of three letters.")
    for name, number in (("rate", quote.value), ("nominal", quote.nominal)):
        if not (number.is_finite() and number > 0):
            said = f"The {name} of {{code}} is not positive: {{number}}."
            raise BulletinError(said, code=quote.currency, number=f"{number:f}")
        if len(number.as_tuple().digits) > _MOST_DIGITS or abs(number.adjusted()) > _MOST_PLACES:
            said = f"The {name} of {{code}} is no possible one."
            raise BulletinError(said, code=quote.currency)


def expect_date(effective: date, requested: date | None) -> None:
    """Raise OtherDateError if a day was asked for and the bulletin is of another one."""
    if requested is not None and effective != requested:
        raise OtherDateError(effective=effective, requested=requested)
