"""Central Bank of Turkmenistan: https://cbt.tm/kurs/kurs_today_en.html

XML in UTF-8, decimal point, dated DD.MM.YYYY since 2024 and YYYY-MM-DD before. `rate_usd` is per
dollar for some currencies and in dollars for others; `rate_tmt` always says what `multiplier` units
are worth in manat. On Sundays there is none (404).
"""

from datetime import date

from rates.sources.bulletin import Bulletin, Quote, expect_date
from rates.sources.documents import text_of, xml_root
from rates.sources.figures import number, printed_date

PARSER_VERSION = 1
BASE_URL = "https://cbt.tm"


def address(day: date) -> str:
    """Return the path of the bulletin in force on a day."""
    return f"/kurs/{day:%Y}/{day:%d%m%Y}.xml"


def parse(document: bytes, *, requested_date: date | None) -> Bulletin:
    """Return the bulletin; raise BulletinError, and OtherDateError if a day was asked for."""
    root = xml_root(document, name="cbt_currency_rate")
    effective = printed_date(text_of(root, "date"))
    expect_date(effective, requested_date)
    quotes = []
    for rate in root.findall("rate"):
        code = (rate.get("code") or "").strip()
        quotes.append(
            Quote(
                currency=code,
                value=number(text_of(rate, "rate_tmt"), of=f"rate of {code}"),
                nominal=number(text_of(rate, "multiplier"), of=f"nominal of {code}"),
            )
        )
    return Bulletin("cbt", effective, None, tuple(quotes))
