"""`load_demo_rates` fills an empty newsroom, and leaves alone what a bank has published."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from unittest.mock import ANY

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from cms.changes.models import Change
from rates.demo import loading
from rates.demo.bulletins import bulletin
from rates.demo.levels import BANKS, Bank
from rates.demo.loading import IN_NAME, MARK
from rates.judging import Figures, judge
from rates.models import Currency, Rate, Snapshot, Source
from tests.articles.test_import_terminal import run_on_a_terminal
from tests.rates.making import make_snapshot

pytestmark = pytest.mark.django_db

# A Tuesday, a quarter to two in Almaty: no bank has published tomorrow's bulletin yet.
NOW = datetime(2026, 11, 24, 8, 45, tzinfo=UTC)
FORTNIGHT = timedelta(days=14)
SLUGS = ["cbt", "cbu", "nbk", "nbkr", "nbt"]


def load(*arguments: str) -> str:
    out = io.StringIO()
    call_command("load_demo_rates", *arguments, stdout=out)
    return out.getvalue()


def contents() -> dict[str, list[Any]]:
    """Every row of the rates, with all its values."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in (Change, Currency, Source, Snapshot, Rate)
    }


@pytest.fixture
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.usefixtures("_today")
def test_it_works() -> None:
    said = load()

    assert said == "Demonstration rates: 2715 bulletins created, 0 were there.\n"
    assert sorted({each.source.slug for each in Snapshot.objects.all()}) == SLUGS
    for code in ("KGS", "KZT", "TJS", "UZS", "TMT"):
        home = Snapshot.objects.in_force(NOW).filter(source__home_currency=code)
        assert home.order_by("effective_date")[0].effective_date <= date(2024, 11, 26)
        latest = home.latest()
        assert latest.effective_date == date(2026, 11, 24)
        assert latest.rates.filter(currency="USD").exists()


@pytest.mark.usefixtures("_today")
def test_readers_get_a_ticker_and_charts(client: Client) -> None:
    load()

    lines = client.get("/api/v1/rates/ticker").json()["results"]
    history = client.get("/api/v1/rates/KZT-USD/history?from=2024-11-24").json()["results"]
    chart = client.get("/api/v1/rates/KZT-USD/chart.svg")

    assert [line["base"] for line in lines] == ["KGS", "KZT", "TJS", "UZS", "TMT"]
    for line in lines:
        assert not line["stale"]
        assert line["effective_date"] == "2026-11-24"
        assert line["change"]["direction"] == ("flat" if line["base"] == "TMT" else ANY)
    assert len(history) > 500
    assert chart.status_code == 200


@pytest.mark.usefixtures("_today")
def test_twice_changes_nothing() -> None:
    load()
    before = contents()

    assert load() == "Demonstration rates: 0 bulletins created, 2715 were there.\n"
    assert contents() == before


@pytest.mark.usefixtures("_today")
def test_a_dry_run_writes_nothing() -> None:
    before = contents()

    said = load("--dry-run")

    assert said == "Demonstration rates: 2715 bulletins would be created, 0 were there.\n"
    assert contents() == before


@pytest.mark.django_db(transaction=True)
def test_a_terminal_shows_how_far_it_is() -> None:
    code, shown = run_on_a_terminal("load_demo_rates")

    assert code == 0
    assert "Demonstration rates: 100%" in shown
    assert "bulletins created, 0 were there." in shown


def test_on_a_later_day_only_the_days_since_are_added() -> None:
    loading.load(now=NOW, period=FORTNIGHT)
    before = contents()

    found = loading.load(now=NOW + timedelta(days=2), period=FORTNIGHT)

    assert {each.slug: each.created for each in found} == dict.fromkeys(SLUGS, 2)
    after = contents()
    assert after["Snapshot"][: len(before["Snapshot"])] == before["Snapshot"]
    assert after["Rate"][: len(before["Rate"])] == before["Rate"]
    assert Snapshot.objects.filter(source__slug="nbk").latest().effective_date == date(2026, 11, 26)


def test_a_bulletin_that_is_out_before_its_day_comes_into_force_by_the_clock() -> None:
    evening = NOW + timedelta(hours=5)
    loading.load(now=evening, period=FORTNIGHT)

    latest = Snapshot.objects.filter(source__slug="nbk").latest()

    assert latest.effective_date == date(2026, 11, 25)
    assert latest.due_at == latest.in_force_at == datetime(2026, 11, 24, 19, tzinfo=UTC)
    assert latest.fetched_at == datetime(2026, 11, 24, 11, tzinfo=UTC)


def test_the_names_say_what_it_is() -> None:
    loading.load(now=NOW, period=FORTNIGHT)
    loading.load(now=NOW + timedelta(days=1), period=FORTNIGHT)

    marked = Source.objects.filter(name__endswith=IN_NAME)
    assert sorted(marked.values_list("slug", flat=True)) == SLUGS
    assert Source.objects.get(slug="nbk").name == "National Bank of Kazakhstan (demonstration data)"
    assert set(Snapshot.objects.values_list("note", flat=True)) == {MARK}
    assert all(MARK.encode() in bytes(each.document) for each in Snapshot.objects.all())


def test_a_bank_with_demonstration_data_is_not_fetched() -> None:
    loading.load(now=NOW, period=FORTNIGHT)

    assert not Source.objects.enabled().filter(slug__in=SLUGS).exists()
    assert Source.objects.enabled().filter(slug="nbkr_weekly").exists()


def test_no_source_is_stale_from_the_start() -> None:
    loading.load(now=NOW, period=FORTNIGHT)

    for source in Source.objects.filter(slug__in=SLUGS):
        assert not source.is_stale
        assert source.next_expected_at is not None
        assert NOW < source.next_expected_at <= NOW + timedelta(days=1)


@pytest.mark.parametrize("status", ["accepted", "quarantined", "withdrawn"])
def test_a_bank_with_bulletins_of_its_own_is_left_alone(status: str) -> None:
    real = make_snapshot("cbu", "2020-04-01", {"USD": "9500.00"}, status=status)
    before = contents()["Source"]

    found = {each.slug: each for each in loading.load(now=NOW, period=FORTNIGHT)}

    assert found["cbu"].created == 0
    assert found["cbu"].refused == (
        "cbu was left alone: its bulletin of 2020-04-01 is no demonstration."
    )
    assert list(Snapshot.objects.filter(source__slug="cbu")) == [real]
    cbu = Source.objects.get(slug="cbu")
    assert [each for each in before if each["slug"] == "cbu"] == list(
        Source.objects.filter(pk=cbu.pk).values()
    )
    assert found["nbk"].created == 11


def test_the_log_tells_one_reset_a_bank_and_not_every_row() -> None:
    loading.load(now=NOW, period=FORTNIGHT)

    snapshots = Change.objects.filter(topic="rates", type="snapshot")
    assert set(snapshots.values_list("action", flat=True)) == {"reset"}
    assert snapshots.count() == len(SLUGS)


def test_it_can_be_taken_out_again() -> None:
    before = contents()
    loading.load(now=NOW, period=FORTNIGHT)

    said = load("--remove")

    assert said == "Demonstration rates: 57 bulletins deleted.\n"
    assert not Snapshot.objects.exists()
    assert not Rate.objects.exists()
    for was, now in zip(before["Source"], contents()["Source"], strict=True):
        assert {**now, "version": 0} == {**was, "version": 0}


def test_a_dry_run_takes_nothing_out() -> None:
    loading.load(now=NOW, period=FORTNIGHT)
    before = contents()

    assert load("--remove", "--dry-run") == (
        "Demonstration rates: 57 bulletins would be deleted.\n"
    )
    assert contents() == before


def test_what_a_bank_has_published_since_stays_and_counts() -> None:
    loading.load(now=NOW, period=FORTNIGHT)
    day = Snapshot.objects.filter(source__slug="cbu").latest().effective_date
    real = make_snapshot("cbu", day, {"USD": "12000.00"}, status="accepted", is_current=False)

    loading.remove(now=NOW)

    real.refresh_from_db()
    assert list(Snapshot.objects.all()) == [real]
    assert (real.is_current, real.revision) == (True, 2)
    assert Source.objects.get(slug="cbu").next_expected_at is not None


def test_what_is_removed_where_nothing_is_changes_nothing() -> None:
    before = contents()

    assert loading.remove(now=NOW) == 0
    assert contents() == before


# The figures themselves


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.slug)
def test_on_the_published_day_it_is_what_the_bank_published(bank: Bank) -> None:
    made = bulletin(bank, bank.day)

    assert made.effective_date == bank.day
    assert [(q.currency, str(q.value), q.nominal) for q in made.quotes] == [
        (level.currency, str(level.value), level.nominal) for level in bank.levels
    ]


@pytest.mark.parametrize("bank", BANKS, ids=lambda bank: bank.slug)
def test_no_bulletin_of_it_would_be_held_back(bank: Bank) -> None:
    """Pegs hold, and nothing moves further in a day than a bank's figures do."""
    source = Source.objects.get(slug=bank.slug)
    days = source.timetable.between(date(2024, 11, 24), date(2026, 11, 24))
    figures = [
        Figures(day, bank.home, {q.currency: (q.value, q.nominal) for q in made.quotes})
        for day, made in ((day, bulletin(bank, day)) for day in days)
    ]
    moved = 0
    for before, after in pairwise(figures):
        assert judge(after, today=days[-1], bands=source.bands, before=before) == []
        moved += before.quotes != after.quotes

    assert moved > len(days) * 9 // 10  # it is alive
