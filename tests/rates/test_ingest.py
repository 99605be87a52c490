"""From a document to a snapshot."""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connections

from cms.changes.models import Change, LogHead
from rates.ingest import Outcome, ingest
from rates.models import Rate, Snapshot, Source
from rates.sources.bulletin import BulletinError
from tests.rates.bulletins import bulletin
from tests.rates.making import make_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

DAY = date(2026, 3, 10)  # a Tuesday
NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)  # in Almaty
QUOTES = {"USD": "476.90", "EUR": "541.10", "AMD": "12.72/10"}
ALL = ["nbk", "nbkr", "nbkr_weekly", "cbu", "nbt", "cbt", "open_exchange_rates"]


def take(
    quotes: dict[str, str] = QUOTES,
    *,
    source: str = "nbk",
    day: date = DAY,
    asked_for: date | None = None,
    now: datetime = NOON,
) -> Outcome:
    document = bulletin(source, day, quotes)
    publisher = Source.objects.get(slug=source)
    return ingest(publisher, document, now=now, requested_date=asked_for)


def standing() -> list[tuple[int, str, bool]]:
    return list(
        Snapshot.objects.order_by("effective_date", "revision").values_list(
            "revision", "status", "is_current"
        )
    )


def test_it_works() -> None:
    outcome = take()

    snapshot = outcome.snapshot
    assert outcome.is_new
    assert (snapshot.effective_date, snapshot.revision, snapshot.status) == (DAY, 1, "accepted")
    assert snapshot.is_current
    assert bytes(snapshot.document) == bulletin("nbk", DAY, QUOTES)
    assert snapshot.fetched_at == NOON
    assert {
        rate.currency_id: (str(rate.value), str(rate.nominal)) for rate in snapshot.rates.all()
    } == {"USD": ("476.90", "1"), "EUR": ("541.10", "1"), "AMD": ("12.72", "10")}


@pytest.mark.parametrize("source", ALL)
def test_each_source_is_ingested(source: str) -> None:
    quotes = {"USD": "3.5", "CNY": "0.4863"} if source == "cbt" else {"CNY": "12.87", "JPY": "0.5"}

    assert take(quotes, source=source).snapshot.status == "accepted"


def test_nothing_is_derived_and_digits_are_kept() -> None:
    take({"USD": "476.9000", "JPY": "303.10/100"})

    assert [(str(rate.value), str(rate.nominal)) for rate in Rate.objects.all()] == [
        ("303.10", "100"),
        ("476.9000", "1"),
    ]


# The same again, another for the same date


def test_the_same_bulletin_a_hundred_times_changes_nothing() -> None:
    first = take().snapshot
    changes = Change.objects.count()

    for _ in range(100):
        outcome = take(now=NOON + timedelta(hours=1))
        assert (outcome.snapshot, outcome.is_new) == (first, False)

    assert standing() == [(1, "accepted", True)]
    assert Change.objects.count() == changes


def test_the_same_quotes_in_other_bytes_are_the_same_bulletin() -> None:
    take()

    outcome = take({"USD": "476.9", "EUR": "541.1", "AMD": "127.20/100"})

    assert not outcome.is_new


def test_a_different_one_for_the_same_date_is_a_new_revision_and_the_old_one_stays() -> None:
    old = take().snapshot
    new = take({**QUOTES, "USD": "477.00"}).snapshot

    assert standing() == [(1, "accepted", False), (2, "accepted", True)]
    assert new.is_current
    assert bytes(Snapshot.objects.get(pk=old.pk).document) == bulletin("nbk", DAY, QUOTES)
    assert str(old.rates.get(currency="USD").value) == "476.90"


def test_a_bank_may_return_to_what_it_said_first() -> None:
    take()
    take({**QUOTES, "USD": "477.00"})

    assert take().snapshot.revision == 3


def test_a_correction_that_is_not_believed_leaves_the_old_one_served() -> None:
    make_snapshot("nbk", "2026-03-09", {"USD": "475", "EUR": "540", "AMD": ("12.7", 10)})
    take()

    snapshot = take({**QUOTES, "USD": "4769.00"}).snapshot

    assert snapshot.status == "quarantined"
    assert standing()[1:] == [(1, "accepted", True), (2, "quarantined", False)]


@pytest.mark.django_db(transaction=True)
def test_two_ingestions_at_once_make_one_snapshot() -> None:
    outcomes: list[Outcome] = []
    start = threading.Barrier(8)

    def run() -> None:
        try:
            start.wait()
            outcomes.append(take())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcome.is_new for outcome in outcomes) == [False] * 7 + [True]
    assert standing() == [(1, "accepted", True)]
    assert Rate.objects.count() == 3


# Judged


def test_what_speaks_against_a_bulletin_is_kept_with_it() -> None:
    make_snapshot("nbk", "2026-03-09", {"USD": "475", "EUR": "540", "AMD": ("12.7", 10)})

    snapshot = take({**QUOTES, "EUR": "54.11"}).snapshot

    assert (snapshot.status, snapshot.is_current) == ("quarantined", False)
    assert [(each["code"], each["currency"]) for each in snapshot.reasons] == [("band", "EUR")]
    assert str(snapshot.rates.get(currency="EUR").value) == "54.11"


def test_the_manat_of_2026_04_01_ends_in_quarantine_though_it_is_the_first() -> None:
    quotes = {"USD": "12194.21", "TMT": "4037.68"}

    first = take(quotes, source="cbu", day=date(2026, 4, 1), now=datetime(2026, 4, 1, tzinfo=UTC))

    assert first.snapshot.status == "quarantined"
    assert first.snapshot.reasons[0]["code"] == "peg"


def test_quarantined_ones_are_not_what_others_are_compared_with() -> None:
    make_snapshot("nbk", "2026-03-08", {"USD": "475"})
    make_snapshot("nbk", "2026-03-09", {"USD": "4750"}, status="quarantined")

    assert take({"USD": "476"}).snapshot.status == "accepted"


def test_a_later_bulletin_is_no_measure_for_an_earlier_one() -> None:
    make_snapshot("nbk", "2026-03-11", {"USD": "600"})

    assert take({"USD": "476"}).snapshot.status == "accepted"


def test_another_source_that_saw_the_same_move_vouches_for_it() -> None:
    make_snapshot("nbk", "2026-03-09", {"USD": "400"})
    make_snapshot("open_exchange_rates", "2026-03-10", {"KZT": "478", "USD": "1"})

    assert take({"USD": "476"}).snapshot.status == "accepted"


def test_when_another_source_agrees_later_a_quarantined_one_is_released() -> None:
    make_snapshot("nbk", "2026-03-09", {"USD": "400"})
    assert take({"USD": "476"}).snapshot.status == "quarantined"
    make_snapshot("open_exchange_rates", "2026-03-10", {"KZT": "478", "USD": "1"})

    outcome = take({"USD": "476"})

    assert (outcome.is_new, outcome.was_released) == (False, True)
    assert outcome.snapshot.is_current
    assert outcome.snapshot.decisions.get().by is None


def test_two_sources_of_one_bank_are_one_witness() -> None:
    make_snapshot("nbkr", "2026-03-09", {"USD": "70"})
    make_snapshot("nbkr_weekly", "2026-03-09", {"USD": "87"})

    assert take({"USD": "87"}, source="nbkr").snapshot.status == "quarantined"


# Refused


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html><body>Service unavailable</body></html>",
        bulletin("nbk", DAY, QUOTES)[:200],
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><rates>&b;</rates>',
        b" " * 50_000_000,
        bulletin("nbk", DAY, {"USD": "0"}),
        bulletin("nbk", DAY, {"USD": "-476.90"}),
        bulletin("nbk", DAY, {"USD": "476.90/0"}),
        bulletin("nbk", DAY, QUOTES).replace(b"EUR", b"USD"),
        bulletin("nbk", DAY, QUOTES).decode().encode("cp1251"),
        bulletin("nbk", DAY, {"XYZ": "1"}),
        bulletin("cbu", DAY, QUOTES),
    ],
    ids=[
        "empty", "a page", "truncated", "a bomb", "50 MB", "zero", "negative", "no nominal",
        "twice", "wrong encoding", "no currency", "another bank's",
    ],
)  # fmt: skip
def test_what_is_no_bulletin_is_refused_and_changes_nothing(document: bytes) -> None:
    make_snapshot("nbk", "2026-03-09", {"USD": "475.00"})
    before = (standing(), Change.objects.count())

    with pytest.raises(BulletinError, match=r"\.$|: "):
        ingest(Source.objects.get(slug="nbk"), document, now=NOON)

    assert (standing(), Change.objects.count()) == before


def test_a_bulletin_of_another_date_than_asked_is_refused() -> None:
    with pytest.raises(BulletinError, match="Asked for 2026-03-11"):
        take(asked_for=date(2026, 3, 11))

    assert not Snapshot.objects.exists()


def test_on_a_day_without_a_bulletin_the_last_one_is_explained() -> None:
    """Monday in Almaty: Saturday's bulletin still holds."""
    saturday = date(2026, 3, 14)

    outcome = take(day=saturday, asked_for=date(2026, 3, 16), now=NOON + timedelta(days=6))

    assert outcome.snapshot.effective_date == saturday
    with pytest.raises(BulletinError, match="Asked for"):
        take(day=date(2026, 3, 13), asked_for=date(2026, 3, 16), now=NOON + timedelta(days=6))


def test_a_weekly_bulletin_holds_for_its_week() -> None:
    quotes = {"TJS": "9.25"}

    for days in (0, 6):
        asked_for = DAY + timedelta(days=days)
        assert take(quotes, source="nbkr_weekly", asked_for=asked_for).snapshot.revision == 1
    with pytest.raises(BulletinError, match="Asked for"):
        take(quotes, source="nbkr_weekly", asked_for=DAY + timedelta(days=7))


def test_unknown_currencies_are_left_out_and_named() -> None:
    snapshot = take({"USD": "476.90", "XYZ": "1"}).snapshot

    assert [rate.currency_id for rate in snapshot.rates.all()] == ["USD"]
    assert "XYZ" in snapshot.note


def test_a_source_without_a_parser_says_so() -> None:
    source = Source.objects.create(
        slug="other", name="Other", home_currency_id="EUR", weekdays=[1], publishes_at="12:00"
    )

    with pytest.raises(BulletinError, match="by hand"):
        ingest(source, b"", now=NOON)


# Dry


def test_a_dry_run_judges_and_stores_nothing() -> None:
    before = LogHead.objects.values().get()
    source = Source.objects.get(slug="nbk")

    outcome = ingest(source, bulletin("nbk", DAY, QUOTES), now=NOON, dry_run=True)

    assert (outcome.is_new, outcome.snapshot.status) == (True, "accepted")
    assert not Snapshot.objects.exists()
    assert LogHead.objects.values().get() == before


# In force, and carried forward


def test_tomorrows_bulletin_comes_into_force_tomorrow_where_the_source_is() -> None:
    snapshot = take(day=date(2026, 3, 11)).snapshot

    assert snapshot.is_current
    assert snapshot.in_force_at == snapshot.due_at == datetime(2026, 3, 10, 19, tzinfo=UTC)
    assert not Snapshot.objects.in_force(NOON).exists()
    assert Snapshot.objects.in_force(snapshot.in_force_at).get() == snapshot


def test_what_is_in_force_already_is_not_due() -> None:
    assert take().snapshot.due_at is None


def test_a_bulletin_that_repeats_all_figures_is_marked_as_carried_forward() -> None:
    take()
    repeated = take(day=date(2026, 3, 11)).snapshot
    moved = take({**QUOTES, "USD": "477"}, day=date(2026, 3, 12)).snapshot

    assert (repeated.is_carried_forward, moved.is_carried_forward) == (True, False)


def test_a_correction_of_the_day_before_is_regarded() -> None:
    take()
    repeated = take(day=date(2026, 3, 11)).snapshot

    take({**QUOTES, "USD": "477"})

    repeated.refresh_from_db()
    assert not repeated.is_carried_forward


# The timetable


def test_the_source_knows_when_the_next_one_is_expected() -> None:
    source = take().snapshot.source

    assert source.next_expected_at == datetime(2026, 3, 10, 11, tzinfo=UTC)
    assert source.stale_from == source.due_at == datetime(2026, 3, 10, 17, tzinfo=UTC)
    assert not source.is_stale


def test_an_old_bulletin_makes_a_stale_source() -> None:
    source = take(now=NOON + timedelta(days=30)).snapshot.source

    assert source.is_stale
    assert source.due_at is None


def test_the_band_is_the_editors_to_set() -> None:
    make_snapshot("nbk", "2026-03-09", {"USD": "400"})
    Source.objects.filter(slug="nbk").update(band_percent=Decimal(20))

    assert take({"USD": "476"}).snapshot.status == "accepted"
