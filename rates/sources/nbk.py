"""National Bank of Kazakhstan: https://nationalbank.kz/en/exchangerates/ezhednevnye-oficialnye-rynochnye-kursy-valyut

XML in UTF-8, decimal point, `quant` units of 1 to 10000, which the bank changes over the years. Its
own `change` and `index` are not read: on Mondays they compare with the day itself.
"""

from datetime import date

from rates.sources.bulletin import Bulletin, Quote, expect_date
from rates.sources.documents import text_of, xml_root
from rates.sources.figures import number, printed_date

PARSER_VERSION = 1
BASE_URL = "https://nationalbank.kz"


def address(day: date) -> str:
    """Return the path of the bulletin in force on a day."""
    return f"/rss/get_rates.cfm?fdate={day:%d.%m.%Y}"


def parse(document: bytes, *, requested_date: date | None) -> Bulletin:
    """Return the bulletin; raise BulletinError, and OtherDateError if a day was asked for."""
    root = xml_root(document, name="rates")
    effective = printed_date(text_of(root, "date"))
    expect_date(effective, requested_date)
    quotes = []
    for item in root.findall("item"):
        code = (text_of(item, "title") or "").strip()
        quotes.append(
            Quote(
                currency=code,
                value=number(text_of(item, "description"), of=f"rate of {code}"),
                nominal=number(text_of(item, "quant"), of=f"nominal of {code}"),
            )
        )
    return Bulletin("nbk", effective, None, tuple(quotes))
