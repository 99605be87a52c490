"""Visits to a bank's server: a local one here, that is asked over HTTP."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from rates.models import Snapshot, Source
from rates.sources.bulletin import BulletinError
from rates.sources.fetching import FetchError
from rates.visits import LEASE, claim_due, reckon_all, visit, visit_again, visit_when_due
from tests.rates.bank import Bank

pytestmark = pytest.mark.django_db

# A Tuesday afternoon in Almaty, an hour after tomorrow's bulletin is due.
TUESDAY = datetime(2026, 3, 10, 12, tzinfo=UTC)
WEDNESDAY = date(2026, 3, 11)
QUOTES = {"USD": "476.90", "EUR": "541.10"}
MOVED = {"USD": "477.90", "EUR": "541.10"}


def source(slug: str = "nbk") -> Source:
    return Source.objects.get(slug=slug)


def days() -> list[str]:
    current = Snapshot.objects.current().order_by("effective_date")
    return [str(day) for day in current.values_list("effective_date", flat=True)]


@pytest.fixture
def bank(httpserver: HTTPServer, settings: Settings) -> Bank:
    bank = Bank(httpserver, "nbk")
    settings.RATES_SOURCE_URLS = {"nbk": bank.url}
    return bank


@pytest.fixture
def bank_without_archive(httpserver: HTTPServer, settings: Settings) -> Bank:
    bank = Bank(httpserver, "nbkr")
    settings.RATES_SOURCE_URLS = {"nbkr": bank.url}
    return bank


def test_it_works(bank: Bank) -> None:
    bank.publish(WEDNESDAY, QUOTES)

    outcome = visit(source(), day=WEDNESDAY, now=TUESDAY)

    assert outcome is not None
    assert outcome.snapshot.status == "accepted"
    assert bank.asked == ["/rss/get_rates.cfm?fdate=11.03.2026"]
    assert source().last_attempt_at == source().last_success_at == TUESDAY
    assert source().last_error == ""


def test_a_fault_of_the_server_shows_in_the_health_and_changes_nothing(bank: Bank) -> None:
    bank.publish(WEDNESDAY, QUOTES)
    visit(source(), day=WEDNESDAY, now=TUESDAY)
    bank.fault = 503

    with pytest.raises(FetchError):
        visit(source(), day=WEDNESDAY, now=TUESDAY + timedelta(hours=1))

    assert source().last_attempt_at == TUESDAY + timedelta(hours=1)
    assert source().last_success_at == TUESDAY
    assert "503" in source().last_error
    assert days() == ["2026-03-11"]


def test_what_is_no_bulletin_shows_in_the_health(bank: Bank) -> None:
    bank.publish(WEDNESDAY, {"USD": "-1"})

    with pytest.raises(BulletinError):
        visit(source(), day=WEDNESDAY, now=TUESDAY)

    assert "not positive" in source().last_error
    assert source().last_success_at is None


def test_quarantine_shows_in_the_health(bank: Bank) -> None:
    bank.publish("2026-03-10", QUOTES)
    bank.publish(WEDNESDAY, {"USD": "4769", "EUR": "541"})
    visit(source(), day=date(2026, 3, 10), now=TUESDAY)

    visit(source(), day=WEDNESDAY, now=TUESDAY + timedelta(hours=1))

    assert source().last_success_at == TUESDAY
    assert source().last_error.startswith("The bulletin of 2026-03-11 is in quarantine: USD moved")


def test_a_latest_bulletin_that_has_not_changed_is_not_sent_again(
    bank_without_archive: Bank,
) -> None:
    bank = bank_without_archive
    bank.publish(WEDNESDAY, {"USD": "87.45"})
    visit(source("nbkr"), day=None, now=TUESDAY)

    again = visit(source("nbkr"), day=None, now=TUESDAY + timedelta(hours=1))

    assert again is None
    assert bank.validators[0] is None
    assert bank.validators[1]
    assert source("nbkr").last_success_at == TUESDAY + timedelta(hours=1)


def test_one_in_quarantine_is_sent_again_to_be_judged_again(bank_without_archive: Bank) -> None:
    bank = bank_without_archive
    bank.publish(date(2026, 3, 10), {"USD": "87.45"})
    visit(source("nbkr"), day=None, now=TUESDAY)
    bank.publish(WEDNESDAY, {"USD": "187.45"})

    for _ in range(2):
        outcome = visit(source("nbkr"), day=None, now=TUESDAY)
        assert outcome is not None
        assert outcome.snapshot.status == "quarantined"


# When due


def due(at: datetime, slug: str = "nbk") -> datetime:
    """Visit when due, and return when the next visit will be."""
    with time_machine.travel(at, tick=False):
        visit_when_due(slug)
    planned = source(slug).next_attempt_at
    assert planned is not None
    return planned


def test_the_first_visit_looks_back_a_week(bank: Bank) -> None:
    for day in ("2026-03-03", "2026-03-04", "2026-03-05", "2026-03-07", "2026-03-10"):
        bank.publish(day, {"USD": f"47{day[-1]}", "EUR": "541"})
    bank.publish(WEDNESDAY, QUOTES)

    planned = due(TUESDAY)

    assert days() == [
        "2026-03-04",
        "2026-03-05",
        "2026-03-07",
        "2026-03-10",
        "2026-03-11",
    ]
    assert planned == datetime(2026, 3, 11, 11, tzinfo=UTC)


def test_while_the_bulletin_is_not_there_the_wait_grows(bank: Bank) -> None:
    bank.publish("2026-03-10", QUOTES)
    due(TUESDAY - timedelta(days=1))
    published = TUESDAY - timedelta(hours=1)

    lateness = (timedelta(0), timedelta(minutes=20), timedelta(hours=1), timedelta(days=1))
    waits = [due(published + late) - (published + late) for late in lateness]

    assert [wait.total_seconds() for wait in waits] == [60, 300, 900, 1800]
    assert days() == ["2026-03-10"]


def test_it_is_fetched_when_it_is_out_and_not_again(bank: Bank) -> None:
    bank.publish("2026-03-10", QUOTES)
    due(TUESDAY - timedelta(days=1))
    bank.publish(WEDNESDAY, MOVED)
    before = len(bank.asked)

    assert due(TUESDAY) == datetime(2026, 3, 11, 11, tzinfo=UTC)
    assert due(TUESDAY) == datetime(2026, 3, 11, 11, tzinfo=UTC)

    assert bank.asked[before:] == ["/rss/get_rates.cfm?fdate=11.03.2026"]


def test_days_that_were_missed_are_fetched_too(bank: Bank) -> None:
    bank.publish("2026-03-10", QUOTES)
    due(TUESDAY - timedelta(days=1))
    for day, value in (("2026-03-11", "477"), ("2026-03-12", "478"), ("2026-03-13", "479")):
        bank.publish(day, {"USD": value, "EUR": "541"})

    due(TUESDAY + timedelta(days=2))

    assert days() == ["2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13"]


def test_a_bulletin_that_repeats_the_last_one_may_still_be_replaced(bank: Bank) -> None:
    """Some banks serve today's figures under tomorrow's date until tomorrow's are set."""
    bank.publish("2026-03-10", QUOTES)
    due(TUESDAY - timedelta(days=1))
    bank.publish(WEDNESDAY, QUOTES)
    planned = due(TUESDAY)
    bank.publish(WEDNESDAY, MOVED)

    assert planned == TUESDAY + timedelta(minutes=15)
    assert due(planned) == datetime(2026, 3, 11, 11, tzinfo=UTC)
    assert Snapshot.objects.current().get(effective_date=WEDNESDAY).revision == 2


def test_a_server_in_trouble_is_not_asked_for_every_day(bank: Bank) -> None:
    bank.fault = 500

    assert due(TUESDAY) == TUESDAY + timedelta(minutes=10)
    assert len(bank.asked) == 1


def test_a_source_without_an_archive_is_asked_for_its_latest(bank_without_archive: Bank) -> None:
    bank_without_archive.publish(WEDNESDAY, {"USD": "87.45"})

    due(TUESDAY, "nbkr")

    assert bank_without_archive.asked == ["/XML/daily.xml"]
    assert days() == ["2026-03-11"]


def test_an_older_bulletin_than_the_latest_is_refused(bank_without_archive: Bank) -> None:
    bank_without_archive.publish(WEDNESDAY, {"USD": "87.45"})
    due(TUESDAY, "nbkr")
    bank_without_archive.shelf = {"2026-03-06": {"USD": "87.40"}}

    with pytest.raises(BulletinError, match="sent that of 2026-03-06"):
        visit(source("nbkr"), day=None, now=TUESDAY)

    assert days() == ["2026-03-11"]


def test_a_source_that_was_switched_off_is_left_alone(bank: Bank) -> None:
    Source.objects.filter(slug="nbk").update(is_enabled=False)

    visit_when_due("nbk")
    visit_again("nbk")
    visit_when_due("no-such-source")

    assert bank.asked == []


def test_it_stops_between_two_requests_when_the_worker_stops(bank: Bank) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        visit_when_due("nbk", goes_on=lambda: len(bank.asked) < 2)

    assert len(bank.asked) == 2


# Again, for corrections


def test_the_last_seven_days_are_fetched_again(bank: Bank) -> None:
    bank.publish("2026-03-10", QUOTES)
    bank.publish(WEDNESDAY, QUOTES)
    due(TUESDAY)
    bank.publish("2026-03-10", MOVED)

    with time_machine.travel(TUESDAY + timedelta(hours=10), tick=False):
        visit_again("nbk")

    corrected = Snapshot.objects.filter(effective_date="2026-03-10").order_by("revision")
    assert list(corrected.values_list("revision", "is_current")) == [(1, False), (2, True)]
    assert bank.asked[-5:] == [
        f"/rss/get_rates.cfm?fdate={day}.03.2026" for day in ("05", "06", "07", "10", "11")
    ]


def recheck(at: datetime) -> datetime | None:
    """Look for corrections, and return when the next time will be."""
    with time_machine.travel(at, tick=False):
        visit_again("nbk")
    return source().next_recheck_at


def test_corrections_are_looked_for_once_a_night_and_sooner_when_the_server_is_down(
    bank: Bank,
) -> None:
    at_three = datetime(2026, 3, 10, 22, tzinfo=UTC)  # in Almaty, on Wednesday

    assert recheck(at_three) == at_three + timedelta(days=1)
    bank.fault = 500
    assert recheck(at_three) == at_three + timedelta(minutes=30)


# What is due


def claimed(at: datetime) -> list[tuple[str, bool]]:
    return [each for each in claim_due(at) if each[0] in ("nbk", "open_exchange_rates")]


def test_a_source_is_claimed_once() -> None:
    assert claimed(TUESDAY) == [("nbk", False)]
    assert claimed(TUESDAY) == []
    assert source().next_attempt_at == TUESDAY + LEASE


def test_a_visit_that_was_never_made_is_claimed_again() -> None:
    claimed(TUESDAY)

    assert claimed(TUESDAY + LEASE) == [("nbk", False)]


def test_corrections_are_looked_for_at_three_at_night_where_the_bank_is() -> None:
    claimed(TUESDAY)
    at_three = datetime(2026, 3, 10, 22, tzinfo=UTC)  # in Almaty, on Wednesday
    Source.objects.update(next_attempt_at=at_three + timedelta(days=2))

    assert source().next_recheck_at == at_three
    assert claimed(at_three - timedelta(minutes=1)) == []
    assert claimed(at_three) == [("nbk", True)]
    assert claimed(at_three) == []
    assert claimed(at_three + LEASE) == [("nbk", True)], "this visit was never made"


def test_a_change_of_the_timetable_is_noticed(bank: Bank) -> None:
    bank.publish(WEDNESDAY, QUOTES)
    visit(source(), day=WEDNESDAY, now=TUESDAY)
    Source.objects.filter(slug="nbk").update(publishes_at="15:00", grace=timedelta(hours=1))

    reckon_all(TUESDAY)

    assert source().next_expected_at == datetime(2026, 3, 11, 10, tzinfo=UTC)
    assert source().stale_from == source().due_at == datetime(2026, 3, 11, 11, tzinfo=UTC)
