"""The publishers of exchange rates that Dastan can read, by their slugs.

To add one: a module with a pure ``parse``, its line in ``SOURCES``, a ``Source`` by a migration,
and tests of its own for everything in which it differs from the others.
"""

from collections.abc import Callable
from datetime import date
from urllib.parse import quote

from django.conf import settings

from rates.sources import cbt, cbu, nbk, nbkr, nbt, open_exchange_rates
from rates.sources.fetching import FetchError
from rates.sources.publisher import Parse, Publisher


def _archive(
    slug: str, base_url: str, address: Callable[[date], str], parse: Parse, version: int
) -> Publisher:
    """A bank that has a bulletin for each day under an address of its own."""

    def url(day: date | None) -> str:
        if day is None:
            raise ValueError(f"{slug} needs a day.")
        return _base(slug, base_url) + address(day)

    return Publisher(slug, parse, version, url, has_archive=True)


def _latest(slug: str, base_url: str, path: str, parse: Parse, version: int) -> Publisher:
    """A bank that has its latest bulletin only."""

    def url(day: date | None) -> str:
        return _base(slug, base_url) + path

    return Publisher(slug, parse, version, url, has_archive=False)


def _base(slug: str, default: str) -> str:
    return str(settings.RATES_SOURCE_URLS.get(slug, default)).rstrip("/")


def _feed_url(day: date | None) -> str:
    """The market feed's address, with the key in it where the address has a place for one."""
    url: str = settings.OPEN_EXCHANGE_RATES_URL
    key: str = settings.OPEN_EXCHANGE_RATES_KEY
    if "{key}" in url and not key:
        raise FetchError("The market feed needs a key: set OPEN_EXCHANGE_RATES_KEY.")
    return url.replace("{key}", quote(key, safe=""))


SOURCES: dict[str, Publisher] = {
    publisher.slug: publisher
    for publisher in (
        _archive("nbk", nbk.BASE_URL, nbk.address, nbk.parse, nbk.PARSER_VERSION),
        _latest("nbkr", nbkr.BASE_URL, nbkr.DAILY, nbkr.parse_daily, nbkr.PARSER_VERSION),
        _latest("nbkr_weekly", nbkr.BASE_URL, nbkr.WEEKLY, nbkr.parse_weekly, nbkr.PARSER_VERSION),
        _archive("cbu", cbu.BASE_URL, cbu.address, cbu.parse, cbu.PARSER_VERSION),
        _archive("nbt", nbt.BASE_URL, nbt.address, nbt.parse, nbt.PARSER_VERSION),
        _archive("cbt", cbt.BASE_URL, cbt.address, cbt.parse, cbt.PARSER_VERSION),
        Publisher(
            "open_exchange_rates",
            open_exchange_rates.parse,
            open_exchange_rates.PARSER_VERSION,
            _feed_url,
            has_archive=False,
        ),
    )
}
