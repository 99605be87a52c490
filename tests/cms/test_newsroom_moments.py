"""Times as editors type them, where clocks are changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cms.moments import parse_newsroom_moment

BERLIN = ZoneInfo("Europe/Berlin")
ALMATY = ZoneInfo("Asia/Almaty")


def test_it_works() -> None:
    assert parse_newsroom_moment("2026-11-24 18:30", ALMATY) == datetime(
        2026, 11, 24, 13, 30, tzinfo=UTC
    )
    assert parse_newsroom_moment(" 2026-11-24T18:30:15 ", ALMATY).second == 15


def test_it_is_the_newsrooms_clock_if_nothing_else_is_said() -> None:
    assert parse_newsroom_moment("2026-11-24 18:30") == datetime(2026, 11, 24, 13, 30, tzinfo=UTC)


def test_a_time_that_does_not_exist_is_told() -> None:
    with pytest.raises(ValueError, match="2026-03-29 02:30 does not exist: the clocks are put fo"):
        parse_newsroom_moment("2026-03-29 02:30", BERLIN)


def test_a_time_that_exists_twice_is_told_with_both() -> None:
    sentence = (
        r"2026-10-25 02:30 exists twice: the clocks are put back then. Say which one by its offset:"
        r" 2026-10-25T02:30\+02:00 or 2026-10-25T02:30\+01:00."
    )
    with pytest.raises(ValueError, match=sentence):
        parse_newsroom_moment("2026-10-25 02:30", BERLIN)
    # Kazakhstan went back for good, at midnight.
    with pytest.raises(ValueError, match="exists twice"):
        parse_newsroom_moment("2024-02-29 23:30", ALMATY)


def test_an_offset_says_which_one() -> None:
    first = parse_newsroom_moment("2026-10-25T02:30+02:00", BERLIN)
    second = parse_newsroom_moment("2026-10-25 02:30+01:00", BERLIN)

    assert (first.hour, second.hour) == (0, 1)
    assert parse_newsroom_moment("2026-10-25T00:30:00Z", BERLIN) == first


@pytest.mark.parametrize("text", ["", "tomorrow", "18:30", "24.11.2026 18:30", "2026-11-24 18:30x"])
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="Write a time such as 2026-11-24 18:30"):
        parse_newsroom_moment(text)


@pytest.mark.parametrize("text", ["2026-02-30 18:30", "2026-11-24 25:00"])
def test_there_is_no_such_time(text: str) -> None:
    with pytest.raises(ValueError, match=f"There is no such time as {text}"):
        parse_newsroom_moment(text)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00", "9999-12-31T23:59Z", "9999-12-31 23:59-05:00"]
)
def test_a_time_at_the_edge_of_the_calendar_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="There is no such time"):
        parse_newsroom_moment(text, ZoneInfo("Asia/Almaty"))
