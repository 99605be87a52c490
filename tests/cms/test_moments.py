"""RFC 3339 times with their offset, and dates of the newsroom."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.test import override_settings
from django.utils import timezone as django_timezone
from hypothesis import example, given
from hypothesis import strategies as st

from cms.moments import parse_moment

EARLIEST = datetime.fromisoformat("0002-01-01")  # their zones follow
LATEST = datetime.fromisoformat("9998-12-31")
OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda n: timezone(timedelta(minutes=n)))


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-02-21T09:30:00Z", "2026-02-21T09:30:00"),
        ("2026-02-21t09:30:00z", "2026-02-21T09:30:00"),
        ("2026-02-21T14:30:00+05:00", "2026-02-21T09:30:00"),
        ("2026-02-21T09:30:00-00:00", "2026-02-21T09:30:00"),
        ("2026-02-21T09:30:00-23:59", "2026-02-22T09:29:00"),
        ("2026-02-21T09:30:00.5Z", "2026-02-21T09:30:00.500000"),
        ("2026-02-21T09:30:00.123456Z", "2026-02-21T09:30:00.123456"),
        ("2026-02-21T09:30:00.123456789Z", "2026-02-21T09:30:00.123456"),
        ("2026-02-21T09:30:00.000000999Z", "2026-02-21T09:30:00"),
        ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999"),
    ],
)
def test_it_works(text: str, iso: str) -> None:
    moment = parse_moment(text)

    assert moment == datetime.fromisoformat(iso).replace(tzinfo=UTC)
    assert moment.tzinfo is UTC


def test_a_date_is_midnight_in_the_newsroom() -> None:
    assert parse_moment("2026-02-21") == datetime(2026, 2, 20, 19, tzinfo=UTC)  # Almaty
    with override_settings(TIME_ZONE="America/New_York"):
        assert parse_moment("2026-02-21") == datetime(2026, 2, 21, 5, tzinfo=UTC)


def test_a_date_is_midnight_in_the_newsroom_whoever_is_signed_in() -> None:
    with django_timezone.override("America/New_York"):
        assert parse_moment("2026-02-21") == datetime(2026, 2, 20, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "now", "2026", "2026-02", "2026-2-1", "20260221", "2026-W08-6", "2026-052",
        "2026-02-21T", "2026-02-21T09", "2026-02-21T09:30", "2026-02-21T09:30Z",
        "2026-02-21T09:30:00", "2026-02-21 09:30:00Z", "2026-02-21_09:30:00Z",
        "2026-02-21T09:30:00 Z", "2026-02-21T09:30:00+05", "2026-02-21T09:30:00+0500",
        "2026-02-21T09:30:00 05:00", "2026-02-21T09:30:00+05:00:00", "2026-02-21T09:30:00.Z",
        "2026-02-21T09:30:00,5Z", "2026-02-21T09:30:00.1234567890Z", "2026-02-21T093000Z",
        "2026-02-21T9:30:00Z", " 2026-02-21", "2026-02-21 ", "2026-02-21\n",
        "2026-02-21T09:30:00Z\n", "+2026-02-21", "-2026-02-21", "12026-02-21", "٢٠٢٦-٠٢-٢١",
        "2026-02-21Z", "2026-02-21+05:00", "1771666200", "2026-02-21\0", "2026-02-21T09:30:00ZZ",
    ],
)  # fmt: skip
def test_anything_else_is_told_what_is_expected(text: str) -> None:
    with pytest.raises(ValueError, match=r"^It takes a date such as 2026-02-21"):
        parse_moment(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01",
        "2026-02-21T24:00:00Z", "2026-02-21T09:60:00Z", "2026-02-21T23:59:61Z",
        "2026-02-21T09:30:00+24:00", "2026-02-21T09:30:00+99:59",
        "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "0001-01-01",
    ],
)  # fmt: skip
def test_what_is_not_in_the_calendar_is_told_so(text: str) -> None:
    with pytest.raises(ValueError, match=r"^There is no such time as"):
        parse_moment(text)


@given(st.datetimes(EARLIEST, LATEST, timezones=OFFSETS | st.just(UTC)))
@example(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-1, minutes=-30))))
def test_it_reads_what_python_writes(moment: datetime) -> None:
    assert parse_moment(moment.isoformat()) == moment
    assert parse_moment(moment.isoformat(timespec="microseconds").lower()) == moment


@given(st.dates(date(2, 1, 1)))
def test_a_date_begins_that_day_in_the_newsroom(day: date) -> None:
    moment = parse_moment(day.isoformat()).astimezone(django_timezone.get_default_timezone())

    assert (moment.date(), moment.hour, moment.minute, moment.second) == (day, 0, 0, 0)


@given(st.text() | st.from_regex(r"[0-9T:Z.+-]{0,30}", fullmatch=True))
def test_it_raises_nothing_but_a_sentence(text: str) -> None:
    def outcome() -> datetime | str:
        try:
            return parse_moment(text)
        except ValueError as error:
            return str(error)

    result = outcome()
    if isinstance(result, str):
        assert result.startswith(("It takes a date", "There is no such time"))
    else:
        assert result.tzinfo is UTC
