"""Where each source is asked, and what of its answer counts."""

from datetime import date

import pytest
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from cms.settings import RATES_SOURCES
from rates.sources import SOURCES
from rates.sources.fetching import FetchError, NotPublishedError
from tests.rates.sources.printed import DAY, PRINTERS, read

ARCHIVES = ["cbt", "cbu", "nbk", "nbt"]
KEY = "k&y/1"


@pytest.fixture
def banks(settings: Settings, httpserver: HTTPServer) -> HTTPServer:
    """A server that is every bank and the market feed."""
    url = httpserver.url_for("").rstrip("/")
    settings.RATES_SOURCE_URLS = {slug: f"{url}/{slug}" for slug in SOURCES}
    settings.OPEN_EXCHANGE_RATES_URL = url + "/feed?app_id={key}"
    settings.OPEN_EXCHANGE_RATES_KEY = KEY
    return httpserver


def expect(server: HTTPServer, path: str, query: str, document: bytes) -> None:
    server.expect_request(path, query_string=query).respond_with_data(document)


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("nbk", "https://nationalbank.kz/rss/get_rates.cfm?fdate=01.04.2026"),
        ("nbkr", "https://www.nbkr.kg/XML/daily.xml"),
        ("nbkr_weekly", "https://www.nbkr.kg/XML/weekly.xml"),
        ("cbu", "https://cbu.uz/en/arkhiv-kursov-valyut/json/all/2026-04-01/"),
        ("nbt", "https://nbt.tj/en/kurs/export_xml.php?date=2026-04-01&export=xmlout"),
        ("cbt", "https://cbt.tm/kurs/2026/01042026.xml"),
        (
            "open_exchange_rates",
            "https://openexchangerates.org/api/latest.json?app_id=k%26y%2F1",
        ),
    ],
)
def test_it_works(settings: Settings, source: str, url: str) -> None:
    settings.OPEN_EXCHANGE_RATES_KEY = KEY

    assert SOURCES[source].address(DAY) == url


@pytest.mark.parametrize(
    ("source", "path", "query"),
    [
        ("nbk", "/nbk/rss/get_rates.cfm", "fdate=01.04.2026"),
        ("nbkr", "/nbkr/XML/daily.xml", ""),
        ("nbkr_weekly", "/nbkr_weekly/XML/weekly.xml", ""),
        ("cbu", "/cbu/en/arkhiv-kursov-valyut/json/all/2026-04-01/", ""),
        ("nbt", "/nbt/en/kurs/export_xml.php", "date=2026-04-01&export=xmlout"),
        ("cbt", "/cbt/kurs/2026/01042026.xml", ""),
        ("open_exchange_rates", "/feed", "app_id=k%26y%2F1"),
    ],
)
def test_what_is_fetched_can_be_parsed(
    banks: HTTPServer, source: str, path: str, query: str
) -> None:
    expect(banks, path, query, PRINTERS[source]())

    fetched = SOURCES[source].fetch(DAY)

    assert fetched is not None
    assert read(SOURCES[source].parse, fetched.document).effective_date == DAY


def test_validators_are_handed_on(banks: HTTPServer) -> None:
    banks.expect_request("/nbkr/XML/daily.xml", headers={"If-None-Match": '"7"'}).respond_with_data(
        status=304
    )

    assert SOURCES["nbkr"].fetch(None, etag='"7"') is None


def test_it_introduces_itself(banks: HTTPServer, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://api.example.org"
    expect(banks, "/nbkr/XML/daily.xml", "", PRINTERS["nbkr"]())

    SOURCES["nbkr"].fetch(None)

    [(request, _)] = banks.log
    assert request.headers["User-Agent"] == (
        "Mozilla/5.0 (compatible; Dastan/1.0; +https://api.example.org)"
    )


@pytest.mark.parametrize("source", ARCHIVES)
def test_an_archive_has_no_bulletin_for_every_day(banks: HTTPServer, source: str) -> None:
    banks.expect_request("/").respond_with_data("")
    banks.no_handler_status_code = 404

    with pytest.raises(NotPublishedError):
        SOURCES[source].fetch(date(2026, 4, 5))


@pytest.mark.parametrize("source", sorted(set(SOURCES) - set(ARCHIVES)))
def test_a_latest_bulletin_that_is_not_found_is_a_failure(banks: HTTPServer, source: str) -> None:
    banks.no_handler_status_code = 404

    with pytest.raises(FetchError) as caught:
        SOURCES[source].fetch(DAY)

    assert not isinstance(caught.value, NotPublishedError)


def test_an_archive_is_asked_for_a_day() -> None:
    assert sorted(slug for slug, each in SOURCES.items() if each.has_archive) == ARCHIVES
    for slug in ARCHIVES:
        with pytest.raises(ValueError, match=f"{slug} has an archive"):
            SOURCES[slug].fetch(None)


def test_a_feed_without_its_key_is_not_asked(banks: HTTPServer, settings: Settings) -> None:
    settings.OPEN_EXCHANGE_RATES_KEY = ""

    with pytest.raises(FetchError, match="set OPEN_EXCHANGE_RATES_KEY"):
        SOURCES["open_exchange_rates"].fetch(None)
    assert banks.log == []


def test_a_feed_may_need_no_key(banks: HTTPServer, settings: Settings) -> None:
    settings.OPEN_EXCHANGE_RATES_KEY = ""
    settings.OPEN_EXCHANGE_RATES_URL = banks.url_for("/v6/latest/USD")
    expect(banks, "/v6/latest/USD", "", PRINTERS["open_exchange_rates"]())

    assert SOURCES["open_exchange_rates"].fetch(None) is not None


def test_every_bank_can_be_given_another_address() -> None:
    """The names in cms/settings.py, which does not import this app."""
    assert {*RATES_SOURCES, "open_exchange_rates"} == set(SOURCES)
