"""Central Bank of Uzbekistan: https://cbu.uz/en/arkhiv-kursov-valyut/

JSON, numbers as strings with a decimal point, `Nominal` 1 or 10. Every row has the date. `Diff` is
not read. The bank does err: its bulletin of 2026-04-01 had a rate of the manat that was 16 % off.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from rates.sources.bulletin import (
    Bulletin,
    BulletinError,
    EmptyBulletinError,
    Quote,
    expect_date,
)
from rates.sources.documents import json_value
from rates.sources.figures import number, printed_date

PARSER_VERSION = 1
BASE_URL = "https://cbu.uz"


def address(day: date) -> str:
    """Return the path of the bulletin in force on a day."""
    return f"/en/arkhiv-kursov-valyut/json/all/{day:%Y-%m-%d}/"


def parse(document: bytes, *, requested_date: date | None) -> Bulletin:
    """Return the bulletin; raise BulletinError, and OtherDateError if a day was asked for."""
    rows = json_value(document)
    if not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
        raise BulletinError(f"The document is not a bulletin: {_excerpt(document)}")
    if not rows:
        raise EmptyBulletinError("The bulletin has no rates.")
    printed = {_text(row, "Date") for row in rows}
    if len(printed) > 1:
        dates = ", ".join(sorted(str(each) for each in printed)[:3])
        raise BulletinError(f"The bulletin has more than one date: {dates}.")
    effective = printed_date(printed.pop())
    expect_date(effective, requested_date)
    return Bulletin("cbu", effective, None, tuple(_quote(row) for row in rows))


def _quote(row: dict[str, Any]) -> Quote:
    code = (_text(row, "Ccy") or "").strip()
    return Quote(
        currency=code,
        value=number(_text(row, "Rate"), of=f"rate of {code}"),
        nominal=number(_text(row, "Nominal"), of=f"nominal of {code}"),
    )


def _text(row: dict[str, Any], name: str) -> str | None:
    """Return a member as it is printed, quoted or not."""
    value = row.get(name)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value if isinstance(value, str) else None


def _excerpt(document: bytes) -> str:
    """Return the beginning of what the service answered, for the desk."""
    return " ".join(document[:200].decode(errors="replace").split())
