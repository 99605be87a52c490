"""The Central Bank of Uzbekistan's bulletins."""

import json
from datetime import date
from typing import Any

import pytest

from rates.sources import SOURCES
from rates.sources.bulletin import BulletinError, EmptyBulletinError, OtherDateError
from tests.rates.sources.printed import DAY, cbu, figures, read

parse = SOURCES["cbu"].parse


def altered(**values: Any) -> bytes:
    """A bulletin whose last row has these members."""
    rows = json.loads(cbu())
    rows[-1].update(values)
    return json.dumps(rows).encode()


def test_it_works() -> None:
    bulletin = read(parse, cbu())

    assert (bulletin.source, bulletin.effective_date) == ("cbu", DAY)
    assert figures(bulletin) == [("USD", "12142.10", "1"), ("IDR", "7.15", "10")]


def test_a_number_without_quotation_marks_is_read_digit_for_digit() -> None:
    document = cbu().replace(b'"7.15"', b"7.150").replace(b'"10"', b"10")

    assert figures(read(parse, document))[1] == ("IDR", "7.150", "10")


def test_another_day_than_asked_for_is_refused() -> None:
    """On a weekend the archive repeats the last bulletin."""
    with pytest.raises(OtherDateError, match="its bulletin of 2026-04-01"):
        read(parse, cbu(), date(2026, 4, 5))


def test_a_bulletin_of_two_days_is_refused() -> None:
    with pytest.raises(BulletinError, match=r"more than one date: 01\.04\.2026, 02\.04\.2026"):
        read(parse, altered(Date="02.04.2026"))


def test_no_rows_are_no_bulletin_yet() -> None:
    with pytest.raises(EmptyBulletinError):
        read(parse, b"[]")


def test_an_error_answer_is_refused_with_what_it_says() -> None:
    with pytest.raises(BulletinError, match=r"not a bulletin: \{\"error\": \"No such date\"\}"):
        read(parse, b'{"error": "No such date"}')


@pytest.mark.parametrize("document", [b"null", b"5", b'"text"', b"[1, 2]", b"[[]]"])
def test_other_json_is_refused(document: bytes) -> None:
    with pytest.raises(BulletinError, match="not a bulletin"):
        read(parse, document)


@pytest.mark.parametrize("value", [None, True, [], {}, ""])
def test_a_rate_that_is_none_is_refused(value: Any) -> None:
    with pytest.raises(BulletinError, match="The rate of IDR is missing"):
        read(parse, altered(Rate=value))


def test_a_row_that_names_a_member_twice_is_refused() -> None:
    document = cbu().replace(b'"Rate": "7.15"', b'"Rate": "7.15", "Rate": "71.5"')

    with pytest.raises(BulletinError, match="“Rate” is there twice"):
        read(parse, document)
