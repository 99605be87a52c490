"""What the rates' endpoints take: currencies, pairs, amounts, ranges of days."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from cms.api.parameters import DateParameter, ListParameter, ParameterErrors, Pattern
from rates.reading import latest_effective_date
from rates.reference import Reference

CODE = "[A-Z]{3}"
MAX_CURRENCIES = 20
MAX_YEARS = 50
USUAL_DAYS = 365


class CurrencyParameter(Pattern):
    """A currency's code; whether there is such a currency, ``check_currencies`` tells."""

    def __init__(self, description: str, example: str, *, is_needed: bool = False) -> None:
        expected = "a currency's ISO 4217 code in capitals, such as KGS"
        super().__init__(description, CODE, expected, example)
        self.is_needed = is_needed


class CurrenciesParameter(ListParameter):
    def __init__(self, description: str) -> None:
        super().__init__(
            description,
            item=CODE,
            limit=MAX_CURRENCIES,
            expected="ISO 4217 codes in capitals, such as KGS",
            example=["KGS", "KZT"],
        )


class AmountParameter(Pattern):
    """A sum of money: not negative, in plain digits, of which there may be 15 before the point
    and 10 after it. The value is a Decimal."""

    def __init__(self, description: str) -> None:
        expected = (
            "a number in plain digits, such as 1500 or 12.50: at most 15 before the point and 10"
            " after it"
        )
        super().__init__(description, r"[0-9]{1,15}(?:\.[0-9]{1,10})?", expected, "1500")
        self.schema["default"] = "1"

    def to_python(self, value: Any) -> Decimal:
        return Decimal(self.parse(value)) if value is not None else Decimal(1)


class PairParameter(Pattern):
    def __init__(self) -> None:
        expected = "two ISO 4217 codes in capitals, such as KGS-USD"
        super().__init__("The pair, base first.", f"{CODE}-{CODE}", expected, "KGS-USD")


PAIR = {"pair": PairParameter()}
ON = {
    "on": DateParameter(
        "The rate in force on this day: up to today, or later where it is already published."
    )
}
RANGE = {
    "from": DateParameter("The first effective date; a year before `to`, if left out."),
    "to": DateParameter("The last effective date; today, if left out."),
}


def check_currencies(
    codes: Mapping[str, str | None], reference: Reference, errors: ParameterErrors
) -> None:
    """Adds to ``errors`` which of these codes, by parameter, are those of no currency."""
    for name, code in codes.items():
        if code is not None and code not in reference.currencies:
            detail = f"There is no currency {code} here; /rates/currencies lists those there are."
            errors.add(name, detail)


def read_pair(pair: str, reference: Reference, errors: ParameterErrors) -> tuple[str, str]:
    """Base and quote of a path; what is wrong with them is added to ``errors``."""
    text = errors.read("pair", PAIR["pair"], {"pair": pair}) or "-"
    base, _, quote = text.partition("-")
    if base and base == quote:
        errors.add("pair", f"A pair is of two currencies; this is {base} twice.")
    for code in dict.fromkeys([base, quote]):
        check_currencies({"pair": code or None}, reference, errors)
    return base, quote


def check_day(on: date | None, today: date, errors: ParameterErrors) -> None:
    """Adds to ``errors`` that a day is later than today and than all that has been published."""
    if on is None or on <= today:
        return
    latest = latest_effective_date()
    if latest is None or on > latest:
        last = max(latest or today, today)
        errors.add("on", f"Nothing is known of {on} yet: the last day there is is {last}.")


def read_range(
    values: Mapping[str, Any], today: date, errors: ParameterErrors
) -> tuple[date, date]:
    """The first and the last day asked for; what is wrong with them is added to ``errors``."""
    last: date = values["to"] or today
    usual = date.fromordinal(max(last.toordinal() - USUAL_DAYS, 1))
    first: date = values["from"] or usual
    if first > last:
        errors.add("from", f"It is later than the range's end, {last}.")
    elif (first.year + MAX_YEARS, first.month, first.day) < (last.year, last.month, last.day):
        errors.add("from", f"The range is longer than {MAX_YEARS} years; ask for less at once.")
    return first, last
