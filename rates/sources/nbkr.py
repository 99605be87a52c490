"""National Bank of the Kyrgyz Republic: https://www.nbkr.kg/index1.jsp?item=1562&lang=ENG

Two bulletins of one shape: five currencies every day, the rest every week, valid for seven days.
XML in windows-1251, decimal comma, dated the day from which it holds, which is after the day on
which it is sent. There is no archive: the addresses always have the latest one.
"""

from datetime import date
from xml.etree.ElementTree import Element

from rates.sources.bulletin import Bulletin, BulletinError, Quote, expect_date
from rates.sources.documents import text_of, xml_root
from rates.sources.figures import number, printed_date

PARSER_VERSION = 1
BASE_URL = "https://www.nbkr.kg"
DAILY = "/XML/daily.xml"
WEEKLY = "/XML/weekly.xml"


def parse_daily(document: bytes, *, requested_date: date | None) -> Bulletin:
    """Return the daily bulletin; raise BulletinError, and OtherDateError if a day was asked for."""
    return _parse("nbkr", "Daily", document, requested_date)


def parse_weekly(document: bytes, *, requested_date: date | None) -> Bulletin:
    """Return the weekly bulletin; raise as the daily one does.

    ``valid_days`` is the shortest that is printed beside a currency.
    """
    return _parse("nbkr_weekly", "Weekly", document, requested_date)


def _parse(source: str, kind: str, document: bytes, requested_date: date | None) -> Bulletin:
    root = xml_root(document, name="CurrencyRates")
    name = (root.get("Name") or "").strip()
    if not name.startswith(kind):
        raise BulletinError(f"This is not the bulletin “{kind} Exchange Rates” but “{name[:40]}”.")
    effective = printed_date(root.get("Date"))
    expect_date(effective, requested_date)
    elements = root.findall("Currency")
    quotes = tuple(_quote(element) for element in elements)
    valid = [_valid_days(element) for element in elements]
    return Bulletin(source, effective, None, quotes, valid_days=min(valid, default=1))


def _quote(element: Element) -> Quote:
    code = (element.get("ISOCode") or "").strip()
    return Quote(
        currency=code,
        value=number(text_of(element, "Value"), of=f"rate of {code}", mark=","),
        nominal=number(text_of(element, "Nominal"), of=f"nominal of {code}", mark=","),
    )


def _valid_days(element: Element) -> int:
    printed = text_of(element, "ValidFor")
    if printed is None:
        return 1
    days = number(printed, of="period of validity", mark=",")
    if days != days.to_integral_value() or not 1 <= days <= 31:
        raise BulletinError(f"A rate is valid for {printed.strip()} days.")
    return int(days)
