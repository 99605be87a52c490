"""A market feed in the shape of Open Exchange Rates (https://docs.openexchangerates.org/reference/
latest-json) or of ExchangeRate-API (https://www.exchangerate-api.com/docs/free).

JSON; `rates` says how much of each currency one dollar is worth, the moment is in seconds since
1970, and the effective date is its UTC date. An error answer is refused with its own message.
Terms of both may forbid redistribution.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from rates.sources.bulletin import Bulletin, BulletinError, Quote, expect_date
from rates.sources.documents import json_value

PARSER_VERSION = 1
BASE = "USD"
_ONE = Decimal(1)


def parse(document: bytes, *, requested_date: date | None) -> Bulletin:
    """Return the bulletin; raise BulletinError, and OtherDateError if a day was asked for."""
    feed = json_value(document)
    if not isinstance(feed, dict):
        raise BulletinError("The document is not a feed of rates but another piece of JSON.")
    _refuse_error(feed)
    base = feed.get("base", feed.get("base_code"))
    if base != BASE:
        raise BulletinError(f"The feed's base is not {BASE} but {str(base)[:20]}.")
    published = _moment(feed.get("timestamp", feed.get("time_last_update_unix")))
    expect_date(published.date(), requested_date)
    rates = feed.get("rates")
    if not isinstance(rates, dict):
        raise BulletinError("The feed has no “rates”.")
    quotes = tuple(_quote(code, value) for code, value in rates.items())
    if any(quote.currency == BASE and quote.value != _ONE for quote in quotes):
        raise BulletinError(f"The feed says that one {BASE} is {rates[BASE]} {BASE}.")
    return Bulletin("open_exchange_rates", published.date(), published, quotes)


def _refuse_error(feed: dict[str, Any]) -> None:
    if not (feed.get("error") or feed.get("result", "success") != "success"):
        return
    told = [feed.get(name) for name in ("message", "error-type", "description")]
    message = " – ".join(each for each in told if isinstance(each, str)) or "no reason given"
    raise BulletinError(f"The service answered with an error: {message[:300]}")


def _moment(seconds: Any) -> datetime:
    if not isinstance(seconds, Decimal):
        raise BulletinError("The feed does not say when its rates are from.")
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        raise BulletinError(f"The feed's moment is not one: {seconds:g}.") from None


def _quote(code: str, value: Any) -> Quote:
    if not isinstance(value, Decimal):
        raise BulletinError(f"The rate of {code[:20]} is not a number.")
    return Quote(currency=code, value=value, nominal=_ONE)
