"""The National Bank of Tajikistan's bulletins."""

from datetime import date

import pytest

from rates.sources import SOURCES
from rates.sources.bulletin import BulletinError, OtherDateError
from tests.rates.sources.printed import DAY, figures, nbt, read

parse = SOURCES["nbt"].parse


def test_it_works() -> None:
    bulletin = read(parse, nbt())

    assert (bulletin.source, bulletin.effective_date) == ("nbt", DAY)
    assert figures(bulletin) == [("USD", "9.3450", "1"), ("RUB", "0.1277", "1")]


def test_todays_bulletin_is_not_taken_for_that_of_a_day_out_of_range() -> None:
    """The server answers a date that it does not have with today's figures, status 200."""
    with pytest.raises(OtherDateError) as caught:
        read(parse, nbt("2026-04-01"), date(1999, 4, 1))

    assert caught.value.effective_date == date(2026, 4, 1)
    assert caught.value.requested_date == date(1999, 4, 1)


def test_the_code_counts_and_not_the_number() -> None:
    """Every line of it has the number of a rouble that was withdrawn in 2004."""
    assert nbt().count(b'ID="810"') == 2
    assert [quote.currency for quote in read(parse, nbt()).quotes] == ["USD", "RUB"]


def test_a_line_without_a_code_is_refused() -> None:
    document = nbt().replace(b"<CharCode>RUB</CharCode>", b"")

    with pytest.raises(BulletinError, match="“” is not a currency's code"):
        read(parse, document)


def test_a_bulletin_without_a_date_is_refused() -> None:
    with pytest.raises(BulletinError, match="The bulletin has no date"):
        read(parse, nbt(""))
