"""Small bulletins in the form of each publisher, for tests: of figures made up."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

Quotes = Mapping[str, str]
"""By currency: "476.90", or "12.72/10" for a nominal of 10."""


def bulletin(source: str, day: date, quotes: Quotes) -> bytes:
    """The document that the source would send for that effective date."""
    return _WRITERS[source](day, [(code, *_parts(text)) for code, text in quotes.items()])


def _parts(text: str) -> tuple[str, str]:
    value, _, nominal = text.partition("/")
    return value, nominal or "1"


Rows = list[tuple[str, str, str]]


def _nbk(day: date, rows: Rows) -> bytes:
    items = "".join(
        f"<item><fullname>–</fullname><title>{code}</title><description>{value}</description>"
        f"<quant>{nominal}</quant><index></index><change>0.00</change></item>"
        for code, value, nominal in rows
    )
    return f"<rates><date>{day:%d.%m.%Y}</date>{items}</rates>".encode()


def _nbkr(kind: str, valid: str, day: date, rows: Rows) -> bytes:
    items = "".join(
        f'<Currency ISOCode="{code}"><Nominal>{nominal}</Nominal>{valid}'
        f"<Value>{value.replace('.', ',')}</Value></Currency>"
        for code, value, nominal in rows
    )
    head = '<?xml version="1.0" encoding="windows-1251" ?>'
    return (
        f'{head}<CurrencyRates Name="{kind} Exchange Rates" Date="{day:%d.%m.%Y}">{items}'
        "</CurrencyRates>"
    ).encode("cp1251")


def _cbu(day: date, rows: Rows) -> bytes:
    return json.dumps(
        [
            {"Ccy": code, "Nominal": nominal, "Rate": value, "Diff": "0", "Date": f"{day:%d.%m.%Y}"}
            for code, value, nominal in rows
        ]
    ).encode()


def _nbt(day: date, rows: Rows) -> bytes:
    items = "".join(
        f'<Valute ID="0"><CharCode>{code}</CharCode><Nominal>{nominal}</Nominal>'
        f"<Name>–</Name><Value>{value}</Value></Valute>"
        for code, value, nominal in rows
    )
    return f'<ValCurs Date="{day:%Y-%m-%d}" name="–">{items}</ValCurs>'.encode()


def _cbt(day: date, rows: Rows) -> bytes:
    items = "".join(
        f'<rate code="{code}"><name>–</name><rate_usd>1</rate_usd>'
        f"<multiplier>{nominal}</multiplier><rate_tmt>{value}</rate_tmt></rate>"
        for code, value, nominal in rows
    )
    return (
        f'<cbt_currency_rate name="–"><date>{day:%d.%m.%Y}</date>{items}</cbt_currency_rate>'
    ).encode()


def _market(day: date, rows: Rows) -> bytes:
    moment = int(datetime.combine(day, time(0, 2, 31), UTC).timestamp())
    rates = ",".join(f'"{code}":{value}' for code, value, _ in rows)
    return f'{{"timestamp":{moment},"base":"USD","rates":{{{rates}}}}}'.encode()


_WRITERS = {
    "nbk": _nbk,
    "nbkr": lambda day, rows: _nbkr("Daily", "", day, rows),
    "nbkr_weekly": lambda day, rows: _nbkr("Weekly", "<ValidFor>7</ValidFor>", day, rows),
    "cbu": _cbu,
    "nbt": _nbt,
    "cbt": _cbt,
    "open_exchange_rates": _market,
}
