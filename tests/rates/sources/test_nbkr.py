"""The daily and the weekly bulletin of the National Bank of the Kyrgyz Republic."""

from datetime import date

import pytest

from rates.sources import SOURCES
from rates.sources.bulletin import BulletinError
from tests.rates.sources.printed import DAY, figures, nbkr, nbkr_weekly, read

parse = SOURCES["nbkr"].parse
parse_weekly = SOURCES["nbkr_weekly"].parse


def test_it_works() -> None:
    bulletin = read(parse, nbkr())

    assert (bulletin.source, bulletin.effective_date) == ("nbkr", DAY)
    assert bulletin.valid_days == 1
    assert figures(bulletin) == [("USD", "87.4500", "1"), ("JPY", "5.4969", "10")]


def test_the_weekly_one_works() -> None:
    bulletin = read(parse_weekly, nbkr_weekly())

    assert (bulletin.source, bulletin.effective_date) == ("nbkr_weekly", DAY)
    assert bulletin.valid_days == 7
    assert figures(bulletin) == [("TJS", "9.4148", "1"), ("TMT", "24.9857", "1")]


def test_the_declared_windows_1251_is_obeyed() -> None:
    """The comment in it is Cyrillic: as UTF-8 these bytes would not be text at all."""
    document = nbkr()
    with pytest.raises(UnicodeDecodeError):
        document.decode()

    assert len(read(parse, document).quotes) == 2


def test_each_of_the_two_is_only_taken_for_itself() -> None:
    with pytest.raises(BulletinError, match="not the bulletin “Daily Exchange Rates” but “Weekly"):
        read(parse, nbkr_weekly())
    with pytest.raises(BulletinError, match="not the bulletin “Weekly Exchange Rates” but “Daily"):
        read(parse_weekly, nbkr())


def test_it_is_dated_the_day_from_which_it_holds() -> None:
    """Sent on a Saturday, dated the Sunday: the date inside is the effective one."""
    bulletin = read(parse, nbkr("24.05.2026"), None)

    assert bulletin.effective_date == date(2026, 5, 24)


def test_a_decimal_point_is_not_guessed() -> None:
    with pytest.raises(BulletinError, match="rate of USD is not a number with a decimal comma"):
        read(parse, nbkr(lines=[("USD", "87.4500", "1")]))


@pytest.mark.parametrize("printed", ["1 234,5678", "1.234,5678"])
def test_thousands_may_be_set_apart(printed: str) -> None:
    assert figures(read(parse, nbkr(lines=[("XAU", printed, "1")]))) == [("XAU", "1234.5678", "1")]


def test_the_shortest_validity_is_that_of_the_bulletin() -> None:
    document = nbkr_weekly().replace(b"<ValidFor>7", b"<ValidFor>5", 1)

    assert read(parse_weekly, document).valid_days == 5


@pytest.mark.parametrize("printed", ["0", "-7", "1,5", "365", "a week"])
def test_a_validity_that_is_none_is_refused(printed: str) -> None:
    with pytest.raises(BulletinError, match="valid"):
        read(parse_weekly, nbkr_weekly(valid_for=printed))
