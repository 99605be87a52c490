"""A market feed in the shapes of Open Exchange Rates and of ExchangeRate-API."""

from datetime import UTC, date, datetime

import pytest

from rates.sources import SOURCES
from rates.sources.bulletin import BulletinError, EmptyBulletinError, OtherDateError
from tests.rates.sources.printed import DAY, figures, open_exchange_rates, read

parse = SOURCES["open_exchange_rates"].parse


def test_it_works() -> None:
    bulletin = read(parse, open_exchange_rates())

    assert (bulletin.source, bulletin.effective_date) == ("open_exchange_rates", DAY)
    assert bulletin.published_at == datetime(2026, 4, 1, tzinfo=UTC)
    assert figures(bulletin) == [("USD", "1", "1"), ("KZT", "478.770", "1")]


def test_the_other_service_of_that_shape_works() -> None:
    document = (
        b'{"result": "success", "time_last_update_unix": 1775087999, "base_code": "USD",'
        b' "rates": {"TJS": 9.440197}}'
    )
    bulletin = read(parse, document)

    assert bulletin.published_at == datetime(2026, 4, 1, 23, 59, 59, tzinfo=UTC)
    assert bulletin.effective_date == DAY
    assert figures(bulletin) == [("TJS", "9.440197", "1")]


def test_no_digit_is_lost_on_the_way_of_a_float() -> None:
    """0.1 + 0.2 and its like: a binary float would print other digits."""
    lines = [("TJS", "9.42226100000000000000001", "1"), ("XAU", "0.00080504", "1")]

    assert figures(read(parse, open_exchange_rates(lines=lines))) == lines


def test_a_number_with_an_exponent_is_read() -> None:
    bulletin = read(parse, open_exchange_rates(lines=[("BTC", "8.05e-6", "1")]))

    assert f"{bulletin.quotes[0].value:f}" == "0.00000805"


def test_the_effective_date_is_the_utc_date() -> None:
    with pytest.raises(OtherDateError):
        read(parse, open_exchange_rates("1775088000"))  # one second into the next day

    assert read(parse, open_exchange_rates("1775088000"), None).effective_date == date(2026, 4, 2)


def test_the_services_error_is_refused_with_its_message() -> None:
    document = (
        b'{"error": true, "status": 429, "message": "too_many", "description": "Wait until noon."}'
    )
    with pytest.raises(BulletinError, match="answered with an error: too_many – Wait until noon"):
        read(parse, document)


def test_the_other_services_error_is_refused_with_its_message() -> None:
    with pytest.raises(BulletinError, match="answered with an error: invalid-key"):
        read(parse, b'{"result": "error", "error-type": "invalid-key"}')


def test_an_error_without_a_message_is_refused() -> None:
    with pytest.raises(BulletinError, match="an error: no reason given"):
        read(parse, b'{"error": true}')


def test_another_base_is_refused() -> None:
    with pytest.raises(BulletinError, match="The feed's base is not USD but EUR"):
        read(parse, open_exchange_rates(base="EUR"))


def test_a_dollar_that_is_not_a_dollar_is_refused() -> None:
    with pytest.raises(BulletinError, match=r"one USD is 0\.9 USD"):
        read(parse, open_exchange_rates(lines=[("USD", "0.9", "1")]))


def test_a_currency_that_is_there_twice_is_refused() -> None:
    with pytest.raises(BulletinError, match="“KZT” is there twice"):
        read(parse, open_exchange_rates(lines=[("KZT", "478", "1"), ("KZT", "47.8", "1")]))


@pytest.mark.parametrize("value", ["true", "null", '"9.44"', "[]", "{}"])
def test_a_rate_that_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(BulletinError, match="The rate of TJS is not a number"):
        read(parse, open_exchange_rates(lines=[("TJS", value, "1")]))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_json_does_not_know_is_refused(value: str) -> None:
    with pytest.raises(BulletinError, match=f"{value} is not a number"):
        read(parse, open_exchange_rates(lines=[("TJS", value, "1")]))


@pytest.mark.parametrize("value", ["1e400", "1e-400", "9" * 50, "1" + "0" * 20])
def test_a_size_that_no_rate_has_is_refused(value: str) -> None:
    with pytest.raises(BulletinError, match="The rate of TJS is no possible one"):
        read(parse, open_exchange_rates(lines=[("TJS", value, "1")]))


def test_a_number_of_five_thousand_digits_is_refused() -> None:
    with pytest.raises(BulletinError, match="A number is 5000 characters long"):
        read(parse, open_exchange_rates(lines=[("TJS", "9" * 5000, "1")]))


@pytest.mark.parametrize("moment", ["1e30", "-1e30", "99999999999999"])
def test_a_moment_outside_the_calendar_is_refused(moment: str) -> None:
    with pytest.raises(BulletinError, match="The feed's moment is not one"):
        read(parse, open_exchange_rates(moment))


@pytest.mark.parametrize("moment", ["null", '"1775001600"', "true"])
def test_a_feed_that_does_not_say_when_is_refused(moment: str) -> None:
    with pytest.raises(BulletinError, match="does not say when"):
        read(parse, open_exchange_rates(moment))


def test_a_feed_without_rates_is_refused() -> None:
    with pytest.raises(EmptyBulletinError):
        read(parse, open_exchange_rates(lines=[]))
    with pytest.raises(BulletinError, match="The feed has no “rates”"):
        read(parse, open_exchange_rates().replace(b'"rates"', b'"prices"'))


@pytest.mark.parametrize("document", [b"[]", b"null", b"5", b'"x"'])
def test_other_json_is_refused(document: bytes) -> None:
    with pytest.raises(BulletinError, match="not a feed of rates"):
        read(parse, document)
