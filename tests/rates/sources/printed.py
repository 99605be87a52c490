"""Small bulletins in the shape of each source, of our own making.

Each takes the day and lines as they are to be printed, ``(code, value, nominal)``, all texts.
"""

import json
from collections.abc import Callable, Iterable
from datetime import date

from rates.sources.bulletin import Bulletin
from rates.sources.publisher import Parse

Line = tuple[str, str, str]

DAY = date(2026, 4, 1)
LINES: list[Line] = [("USD", "478.77", "1"), ("UZS", "3.93", "100")]


def nbk(day: str = "01.04.2026", lines: Iterable[Line] = LINES) -> bytes:
    items = "".join(
        f"<item><fullname>ИМЯ</fullname><title>{code}</title><description>{value}</description>"
        f"<quant>{nominal}</quant><index>UP</index><change>0.00</change></item>\n"
        for code, value, nominal in lines
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rates>\n<generator>a program</generator>\n'
        f"<date>{day}</date>\n{items}</rates>\n"
    ).encode()


def nbkr(
    day: str = "01.04.2026",
    lines: Iterable[Line] = (("USD", "87,4500", "1"), ("JPY", "5,4969", "10")),
    *,
    name: str = "Daily Exchange Rates",
    valid_for: str | None = None,
    encoding: str = "windows-1251",
) -> bytes:
    validity = f"<ValidFor>{valid_for}</ValidFor>\n" if valid_for is not None else ""
    currencies = "".join(
        f'<Currency ISOCode="{code}">\n<Nominal>{nominal}</Nominal>\n{validity}'
        f"<Value>{value}</Value>\n</Currency>\n"
        for code, value, nominal in lines
    )
    return (
        f'<?xml version="1.0" encoding="windows-1251" ?>\n<!-- Курсы -->\n'
        f'<CurrencyRates Name="{name}" Date="{day}">\n{currencies}</CurrencyRates>\n'
    ).encode(encoding)


def nbkr_weekly(
    day: str = "01.04.2026",
    lines: Iterable[Line] = (("TJS", "9,4148", "1"), ("TMT", "24,9857", "1")),
    *,
    valid_for: str | None = "7",
) -> bytes:
    return nbkr(day, lines, name="Weekly Exchange Rates", valid_for=valid_for)


def cbu(
    day: str = "01.04.2026",
    lines: Iterable[Line] = (("USD", "12142.10", "1"), ("IDR", "7.15", "10")),
) -> bytes:
    return json.dumps(
        [
            {
                "id": number,
                "Code": "999",
                "Ccy": code,
                "CcyNm_UZC": "сўм",
                "Nominal": nominal,
                "Rate": value,
                "Diff": "0",
                "Date": day,
            }
            for number, (code, value, nominal) in enumerate(lines)
        ]
    ).encode()


def nbt(
    day: str = "2026-04-01",
    lines: Iterable[Line] = (("USD", "9.3450", "1"), ("RUB", "0.1277", "1")),
) -> bytes:
    valutes = "".join(
        f'<Valute ID="810">\n   <CharCode>{code}</CharCode>\n   <Nominal>{nominal}</Nominal>\n'
        f"   <Name>Name</Name>\n   <Value>{value}</Value>\n</Valute>\n"
        for code, value, nominal in lines
    )
    return (
        '<?xml version="1.0" encoding="utf-8" ?>\n'
        f'<ValCurs Date="{day}" name="Foreign Currency Market">\n{valutes}</ValCurs>'
    ).encode()


def cbt(
    day: str = "01.04.2026",
    lines: Iterable[Line] = (("USD", "3.5", "1"), ("KZT", "0.7424", "100")),
) -> bytes:
    rates = "".join(
        f'<rate code="{code}"><name>ABŞ-NYŇ</name><rate_usd>471.44</rate_usd>'
        f"<multiplier>{nominal}</multiplier><rate_tmt>{value}</rate_tmt>"
        f"<checksum>0</checksum></rate>\n"
        for code, value, nominal in lines
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<cbt_currency_rate name="CBT Currency XML">\n<date>{day}</date>\n{rates}'
        "</cbt_currency_rate>"
    ).encode()


def open_exchange_rates(
    moment: str = "1775001600",  # 2026-04-01T00:00:00Z
    lines: Iterable[Line] = (("USD", "1", "1"), ("KZT", "478.770", "1")),
    *,
    base: str = "USD",
) -> bytes:
    rates = ", ".join(f'"{code}": {value}' for code, value, _ in lines)
    return f'{{"timestamp": {moment}, "base": "{base}", "rates": {{{rates}}}}}'.encode()


PRINTERS: dict[str, Callable[..., bytes]] = {
    "nbk": nbk,
    "nbkr": nbkr,
    "nbkr_weekly": nbkr_weekly,
    "cbu": cbu,
    "nbt": nbt,
    "cbt": cbt,
    "open_exchange_rates": open_exchange_rates,
}
DECIMAL_COMMA = {"nbkr", "nbkr_weekly"}
XML = {"nbk", "nbkr", "nbkr_weekly", "nbt", "cbt"}


def figures(bulletin: Bulletin) -> list[Line]:
    """What a bulletin says, as texts, so that zeros at the end count."""
    return [(each.currency, str(each.value), str(each.nominal)) for each in bulletin.quotes]


def read(parse: Parse, document: bytes, requested_date: date | None = DAY) -> Bulletin:
    return parse(document, requested_date=requested_date)
