"""The National Bank of Kazakhstan's bulletins."""

from datetime import date

import pytest

from rates.sources import SOURCES
from rates.sources.bulletin import BulletinError, OtherDateError
from tests.rates.sources.printed import DAY, figures, nbk, read

parse = SOURCES["nbk"].parse


def test_it_works() -> None:
    bulletin = read(parse, nbk())

    assert (bulletin.source, bulletin.effective_date) == ("nbk", DAY)
    assert (bulletin.published_at, bulletin.valid_days) == (None, 1)
    assert figures(bulletin) == [("USD", "478.77", "1"), ("UZS", "3.93", "100")]


def test_figures_are_kept_as_printed() -> None:
    lines = [("GEL", "179.50", "1"), ("JPY", "3", "1"), ("IRR", "0.4", "10000")]

    assert figures(read(parse, nbk(lines=lines))) == lines


def test_the_printed_change_is_not_read() -> None:
    """On Mondays it is 0.00 whatever happened."""
    document = nbk().replace(b"<change>0.00</change>", b"<change>nonsense</change>")

    assert len(read(parse, document).quotes) == 2


def test_another_day_than_asked_for_is_refused() -> None:
    with pytest.raises(OtherDateError, match="Asked for 2026-04-02, the source sent") as caught:
        read(parse, nbk(), date(2026, 4, 2))

    assert caught.value.effective_date == DAY


def test_without_a_day_the_date_inside_counts() -> None:
    assert read(parse, nbk(), None).effective_date == DAY


def test_a_decimal_comma_is_not_guessed() -> None:
    with pytest.raises(BulletinError, match="rate of USD is not a number with a decimal point"):
        read(parse, nbk(lines=[("USD", "478,77", "1")]))


@pytest.mark.parametrize("printed", ["1 560.02", "1,560.02", "1\N{NO-BREAK SPACE}560.02"])
def test_thousands_may_be_set_apart(printed: str) -> None:
    assert figures(read(parse, nbk(lines=[("KWD", printed, "1")]))) == [("KWD", "1560.02", "1")]


def test_a_line_without_a_rate_is_refused() -> None:
    document = nbk().replace(b"<description>3.93</description>", b"")

    with pytest.raises(BulletinError, match="The rate of UZS is missing"):
        read(parse, document)


def test_a_line_with_two_rates_is_refused() -> None:
    document = nbk().replace(b"<quant>100</quant>", b"<quant>100</quant><quant>1</quant>")

    with pytest.raises(BulletinError, match="<item> has more than one <quant>"):
        read(parse, document)
