"""When a bulletin is expected, and when its absence is staleness; pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.timetable import Timetable

# On Friday, 16:00 in Almaty (UTC+5), for Saturday; nothing on Saturday and Sunday.
ALMATY = Timetable(
    ZoneInfo("Asia/Almaty"), frozenset({1, 2, 3, 4, 5}), time(16), 1, timedelta(hours=6)
)
WEEKLY = Timetable(ZoneInfo("Asia/Bishkek"), frozenset({5}), time(16, 30), 1, timedelta(hours=30))
TUESDAY, FRIDAY, SATURDAY = date(2026, 3, 10), date(2026, 3, 13), date(2026, 3, 14)


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def test_it_works() -> None:
    assert ALMATY.next_expected_at(TUESDAY) == utc(10, 11)
    assert ALMATY.stale_from(TUESDAY) == utc(10, 17)


def test_nothing_is_expected_on_a_weekend() -> None:
    assert ALMATY.next_expected_at(FRIDAY) == utc(13, 11)
    assert ALMATY.after(SATURDAY) == date(2026, 3, 17)
    assert ALMATY.next_expected_at(SATURDAY) == utc(16, 11)
    assert ALMATY.stale_from(SATURDAY) == utc(16, 17)


def test_a_weekly_bulletin_is_expected_weekly() -> None:
    assert WEEKLY.next_expected_at(SATURDAY) == utc(20, 10, 30)
    assert WEEKLY.stale_from(SATURDAY) == utc(21, 16, 30)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (utc(10, 10, 59), TUESDAY),
        (utc(10, 11), date(2026, 3, 11)),
        (utc(14, 12), SATURDAY),
        (utc(15, 23), SATURDAY),
        (utc(16, 11), date(2026, 3, 17)),
    ],
)
def test_the_newest_bulletin_is_known_by_the_hour(now: datetime, expected: date) -> None:
    assert ALMATY.published_by(now) == expected


def test_missed_bulletins_are_counted_after_their_grace() -> None:
    assert ALMATY.missed(TUESDAY, utc(10, 16, 59)) == []
    assert ALMATY.missed(TUESDAY, utc(10, 17)) == [date(2026, 3, 11)]
    assert ALMATY.missed(FRIDAY, utc(17, 17)) == [SATURDAY, date(2026, 3, 17), date(2026, 3, 18)]


def test_the_dates_with_a_bulletin_leave_out_what_carries_on() -> None:
    between = ALMATY.between(FRIDAY, date(2026, 3, 17))

    assert between == [FRIDAY, SATURDAY, date(2026, 3, 17)]
    assert ALMATY.between(SATURDAY, FRIDAY) == []


def test_a_day_begins_in_the_time_zone_of_the_source() -> None:
    """Monday noon in Pacific/Auckland is Sunday in UTC."""
    auckland = Timetable(
        ZoneInfo("Pacific/Auckland"), frozenset({1}), time(12), 0, timedelta(hours=1)
    )

    assert auckland.published_by(utc(8, 23)) == date(2026, 3, 9)
    assert auckland.published_by(utc(8, 22)) == date(2026, 3, 2)


@given(
    weekdays=st.frozensets(st.integers(1, 7), min_size=1),
    hour=st.integers(0, 23),
    ahead=st.integers(0, 7),
    day=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    zone=st.sampled_from(["Asia/Almaty", "UTC", "America/New_York", "Pacific/Kiritimati"]),
)
def test_what_was_published_is_satisfied_and_the_next_is_not(
    weekdays: frozenset[int], hour: int, ahead: int, day: date, zone: str
) -> None:
    timetable = Timetable(ZoneInfo(zone), weekdays, time(hour), ahead, timedelta(hours=1))
    now = datetime.combine(day, time(12), UTC)
    newest = timetable.published_by(now)

    assert timetable.publication(newest) <= now < timetable.next_expected_at(newest)
    assert timetable.before(timetable.after(newest)) == newest
    assert timetable.missed(newest, now) == []
