"""What to fetch next, and when; pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from rates.agenda import Agenda, next_recheck_at
from rates.timetable import Timetable

ALMATY = ZoneInfo("Asia/Almaty")
# At 16:00 in Almaty (11:00 UTC) on working days, for the next day.
TIMETABLE = Timetable(ALMATY, frozenset({1, 2, 3, 4, 5}), time(16), 1, timedelta(hours=6))
TUESDAY = date(2026, 3, 10)
OUT = datetime(2026, 3, 10, 11, tzinfo=UTC)  # when Wednesday's bulletin is out


def days(*numbers: int) -> list[date]:
    return [date(2026, 3, number) for number in numbers]


def test_it_works() -> None:
    agenda = Agenda(TIMETABLE, TUESDAY)

    assert not agenda.is_waiting(OUT - timedelta(seconds=1))
    assert agenda.is_waiting(OUT)
    assert agenda.wanted(OUT) == days(11)
    assert agenda.next_attempt_at(OUT - timedelta(hours=1)) == OUT


def test_nothing_is_wanted_of_a_source_that_is_up_to_date() -> None:
    agenda = Agenda(TIMETABLE, date(2026, 3, 11))

    assert not agenda.is_waiting(OUT)
    assert agenda.wanted(OUT) == []
    assert agenda.next_attempt_at(OUT) == OUT + timedelta(days=1)


def test_over_the_weekend_nobody_is_asked() -> None:
    saturday = Agenda(TIMETABLE, date(2026, 3, 14))

    assert not saturday.is_waiting(datetime(2026, 3, 15, 12, tzinfo=UTC))
    assert saturday.next_attempt_at(datetime(2026, 3, 14, tzinfo=UTC)) == datetime(
        2026, 3, 16, 11, tzinfo=UTC
    )


def test_of_days_that_were_missed_the_last_week_is_wanted() -> None:
    assert Agenda(TIMETABLE, date(2026, 3, 6)).wanted(OUT) == days(7, 10, 11)
    assert Agenda(TIMETABLE, date(2025, 3, 6)).wanted(OUT) == days(4, 5, 6, 7, 10, 11)
    assert Agenda(TIMETABLE, None).wanted(OUT) == days(4, 5, 6, 7, 10, 11)


@pytest.mark.parametrize(
    ("late", "wait"),
    [
        (timedelta(0), timedelta(minutes=1)),
        (timedelta(minutes=4), timedelta(minutes=1)),
        (timedelta(minutes=40), timedelta(minutes=10)),
        (timedelta(days=3), timedelta(minutes=30)),
    ],
)
def test_the_wait_is_a_quarter_of_the_delay_within_bounds(late: timedelta, wait: timedelta) -> None:
    now = OUT + late

    assert Agenda(TIMETABLE, TUESDAY).next_attempt_at(now) == now + wait


def test_one_that_only_repeats_is_wanted_again_until_its_grace_has_passed() -> None:
    repeated = Agenda(TIMETABLE, date(2026, 3, 11), is_repeated=True)

    assert repeated.wanted(OUT) == days(11)
    assert repeated.is_waiting(OUT + timedelta(hours=5))
    assert not repeated.is_waiting(OUT + timedelta(hours=6))
    assert repeated.next_attempt_at(OUT + timedelta(hours=6)) == OUT + timedelta(days=1)


def test_one_that_repeats_ahead_of_its_hour_is_not_waited_for_yet() -> None:
    repeated = Agenda(TIMETABLE, date(2026, 3, 11), is_repeated=True)

    assert not repeated.is_waiting(OUT - timedelta(hours=1))


def test_corrections_are_looked_for_in_the_last_week() -> None:
    assert Agenda(TIMETABLE, TUESDAY).recheck(OUT) == days(4, 5, 6, 7, 10, 11)


def test_three_at_night_is_where_the_source_is() -> None:
    assert next_recheck_at(ALMATY, OUT) == datetime(2026, 3, 10, 22, tzinfo=UTC)
    at_three = datetime(2026, 3, 10, 22, tzinfo=UTC)
    assert next_recheck_at(ALMATY, at_three) == at_three + timedelta(days=1)
