"""National Bank of Tajikistan: https://nbt.tj/en/kurs/kurs.php

XML in UTF-8, decimal point. Asked for a date that it does not have, the server sends today's
bulletin, so the date inside is compared. `ID` is not what its name promises (810 for the rouble, a
code withdrawn in 2004): `CharCode` counts. The bank asks for a reference to www.nbt.tj.
"""

from datetime import date

from rates.sources.bulletin import Bulletin, Quote, expect_date
from rates.sources.documents import text_of, xml_root
from rates.sources.figures import number, printed_date

PARSER_VERSION = 1
BASE_URL = "https://nbt.tj"


def address(day: date) -> str:
    """Return the path of the bulletin in force on a day."""
    return f"/en/kurs/export_xml.php?date={day:%Y-%m-%d}&export=xmlout"


def parse(document: bytes, *, requested_date: date | None) -> Bulletin:
    """Return the bulletin; raise BulletinError, and OtherDateError if a day was asked for."""
    root = xml_root(document, name="ValCurs")
    effective = printed_date(root.get("Date"))
    expect_date(effective, requested_date)
    quotes = []
    for valute in root.findall("Valute"):
        code = (text_of(valute, "CharCode") or "").strip()
        quotes.append(
            Quote(
                currency=code,
                value=number(text_of(valute, "Value"), of=f"rate of {code}"),
                nominal=number(text_of(valute, "Nominal"), of=f"nominal of {code}"),
            )
        )
    return Bulletin("nbt", effective, None, tuple(quotes))
