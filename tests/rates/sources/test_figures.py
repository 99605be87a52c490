"""Numbers as banks print them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.sources.bulletin import BulletinError
from rates.sources.figures import number


def test_it_works() -> None:
    assert str(number(" 478.770 ", of="rate")) == "478.770"
    assert str(number("87,4500", of="rate", mark=",")) == "87.4500"


@pytest.mark.parametrize(
    ("printed", "mark", "digits"),
    [
        ("12142.10", ".", "12142.10"),
        ("12,142.10", ".", "12142.10"),
        ("1,012,142.10", ".", "1012142.10"),
        ("12 142.10", ".", "12142.10"),
        ("12\N{NARROW NO-BREAK SPACE}142", ".", "12142"),
        ("12'142.10", ".", "12142.10"),
        ("12.142,10", ",", "12142.10"),
        ("12 142,10", ",", "12142.10"),
        ("-5.5", ".", "-5.5"),
        ("+5.5", ".", "5.5"),
        ("007.50", ".", "7.50"),
    ],
)
def test_a_number_is_read_in_the_banks_way(printed: str, mark: str, digits: str) -> None:
    assert str(number(printed, of="rate", mark=mark)) == digits


@pytest.mark.parametrize(
    ("printed", "mark"),
    [
        ("12,142", "."),  # twelve thousand, or twelve and a bit
        ("12.142", ","),
        ("12,14", "."),
        ("1,2,3", "."),
        ("1,23.4", "."),
        ("12 14.5", "."),
        ("1.2.3", "."),
        ("1e5", "."),
        ("0x10", "."),
        ("٤٧٨", "."),
        ("1_000", "."),
        ("NaN", "."),
        ("Infinity", "."),
        (".5", "."),
        ("5.", "."),
        ("--5", "."),
        ("5 %", "."),
        ("9" * 61, "."),
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(printed: str, mark: str) -> None:
    with pytest.raises(BulletinError, match="The rate of KZT is not a number with a decimal"):
        number(printed, of="rate of KZT", mark=mark)


@pytest.mark.parametrize("printed", [None, "", "  "])
def test_no_number_is_refused(printed: str | None) -> None:
    with pytest.raises(BulletinError, match="The rate of KZT is missing"):
        number(printed, of="rate of KZT")


@given(st.decimals(min_value=0, max_value=10**12, places=6))
def test_every_number_is_read_digit_for_digit(value: Decimal) -> None:
    for text, mark in ((f"{value:f}", "."), (f"{value:,.6f}", ".")):
        assert str(number(text, of="rate", mark=mark)) == f"{value:f}"
    swapped = f"{value:f}".replace(".", ",")
    assert str(number(swapped, of="rate", mark=",")) == f"{value:f}"


@given(st.text(max_size=70))
def test_no_text_does_harm(text: str) -> None:
    with suppress(BulletinError):
        assert number(text, of="rate").is_finite()
