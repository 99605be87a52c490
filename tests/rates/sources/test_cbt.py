"""The Central Bank of Turkmenistan's bulletins."""

from datetime import date

import pytest

from rates.sources import SOURCES
from rates.sources.bulletin import BulletinError, OtherDateError
from tests.rates.sources.printed import DAY, cbt, figures, read

parse = SOURCES["cbt"].parse


def test_it_works() -> None:
    bulletin = read(parse, cbt())

    assert (bulletin.source, bulletin.effective_date) == ("cbt", DAY)
    assert figures(bulletin) == [("USD", "3.5", "1"), ("KZT", "0.7424", "100")]


def test_the_older_form_of_its_date_is_read_too() -> None:
    """DD.MM.YYYY since 2024, YYYY-MM-DD before."""
    assert read(parse, cbt("2021-03-02"), None).effective_date == date(2021, 3, 2)


@pytest.mark.parametrize(
    "printed", ["04/01/2026", "1 April 2026", "31.02.2026", "2026.04.01", "٠١.٠٤.٢٠٢٦"]
)
def test_a_date_that_could_be_another_is_refused(printed: str) -> None:
    with pytest.raises(BulletinError, match="The bulletin's date cannot be read"):
        read(parse, cbt(printed))


def test_the_rate_in_dollars_is_not_read() -> None:
    """Its direction depends on the currency: per dollar for the tenge, in dollars for the euro."""
    document = cbt(lines=[("EUR", "4.0649", "1")]).replace(b"471.44", b"1.1614")

    assert figures(read(parse, document)) == [("EUR", "4.0649", "1")]


def test_another_day_than_asked_for_is_refused() -> None:
    with pytest.raises(OtherDateError):
        read(parse, cbt(), date(2026, 4, 2))


def test_special_drawing_rights_are_a_currency() -> None:
    assert figures(read(parse, cbt(lines=[("XDR", "4.7843", "1")]))) == [("XDR", "4.7843", "1")]
