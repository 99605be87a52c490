"""``manage.py ingest_rates``: what it takes in, says and refuses."""

import io
import os
import pty
import subprocess
import termios
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from rates.management.commands import ingest_rates
from rates.models import Snapshot, Source
from tests.processes import start_command
from tests.rates.bank import Bank
from tests.rates.bulletins import bulletin
from tests.rates.making import make_snapshot

pytestmark = pytest.mark.django_db

QUOTES = {"USD": "476.90", "EUR": "541.10"}
DAY = date(2026, 3, 10)
NOON = "2026-03-10T12:00:00+00:00"  # tomorrow's bulletin is out


@pytest.fixture
def bank(httpserver: HTTPServer, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Bank:
    monkeypatch.setattr(ingest_rates, "PAUSE", timedelta(0))
    bank = Bank(httpserver, "nbk")
    settings.RATES_SOURCE_URLS = {"nbk": bank.url}
    return bank


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bulletin.xml"
    path.write_bytes(bulletin("nbk", DAY, QUOTES))
    return path


def run(*arguments: str, source: str = "nbk") -> str:
    out = io.StringIO()
    call_command("ingest_rates", source, *arguments, stdout=out, stderr=out)
    return out.getvalue()


def refused(*arguments: str, source: str = "nbk") -> str:
    before = Snapshot.objects.count()
    with pytest.raises(CommandError) as raised:
        run(*arguments, source=source)
    assert Snapshot.objects.count() == before
    return str(raised.value)


# A file


def test_it_works(file: Path) -> None:
    assert run("--file", str(file)) == "nbk 2026-03-10: accepted, revision 1.\n"
    assert Snapshot.objects.get().rates.count() == 2


def test_the_same_file_again_changes_nothing(file: Path) -> None:
    run("--file", str(file))

    assert run("--file", str(file)) == "nbk 2026-03-10: unchanged, revision 1.\n"
    assert Snapshot.objects.count() == 1


def test_a_dry_run_stores_nothing(file: Path) -> None:
    assert run("--file", str(file), "--dry-run") == (
        "nbk 2026-03-10: accepted, revision 1 (a dry run: nothing is stored).\n"
    )
    assert not Snapshot.objects.exists()


def test_quarantine_is_told_with_its_reasons(file: Path) -> None:
    make_snapshot("nbk", "2026-03-09", {"USD": "47.5", "EUR": "540"})

    assert run("--file", str(file)) == (
        "nbk 2026-03-10: quarantined, revision 1.\n"
        "  USD moved by 904%, from 47.5 on 2026-03-09 to 476.90; the band is 10%.\n"
    )


def test_with_a_date_a_file_of_another_one_is_refused(file: Path) -> None:
    assert "Asked for 2026-03-11" in refused("--file", str(file), "--date", "2026-03-11")
    assert "accepted" in run("--file", str(file), "--date", "2026-03-10")


def test_a_file_that_is_no_bulletin_is_refused(file: Path) -> None:
    file.write_bytes(b"<html>")

    assert refused("--file", str(file)).startswith("nbk: ")
    assert "cannot be read" in refused("--file", str(file.parent / "nothing"))


def test_a_source_that_does_not_exist_is_refused() -> None:
    assert "Use one of: cbt, cbu, nbk" in refused(source="ecb")


# From the server


def test_the_latest_is_fetched(bank: Bank) -> None:
    bank.publish("2026-03-11", QUOTES)

    with time_machine.travel(NOON, tick=False):
        assert run() == "nbk 2026-03-11: accepted, revision 1.\n"

    assert bank.asked == ["/rss/get_rates.cfm?fdate=11.03.2026"]
    assert Source.objects.get(slug="nbk").last_success_at is not None


def test_the_latest_in_a_dry_run_leaves_no_trace(bank: Bank) -> None:
    bank.publish("2026-03-11", QUOTES)
    before = Source.objects.values().get(slug="nbk")

    with time_machine.travel(NOON, tick=False):
        assert "a dry run" in run("--dry-run")

    assert Source.objects.values().get(slug="nbk") == before


def test_a_day_is_fetched(bank: Bank) -> None:
    bank.publish(DAY, QUOTES)

    assert run("--date", "2026-03-10") == "nbk 2026-03-10: accepted, revision 1.\n"


def test_a_server_that_is_down_is_told(bank: Bank) -> None:
    bank.fault = 503

    assert "503" in refused("--date", "2026-03-10")


def test_a_range_is_fetched_day_by_day_where_there_is_a_bulletin(bank: Bank) -> None:
    for number, day in enumerate(("2026-03-06", "2026-03-07", "2026-03-11")):
        bank.publish(day, {"USD": str(470 + number)})
    bank.publish("2026-03-12", {"USD": "4700"})

    told = run("--from", "2026-03-06", "--to", "2026-03-12")

    assert [path[-10:-8] for path in bank.asked] == ["06", "07", "10", "11", "12"]
    assert "nbk 2026-03-10: localhost has no such bulletin (404)." in told
    assert "USD moved by" in told
    assert told.endswith("nbk: 3 accepted, 1 without a bulletin, 1 quarantined.\n")


def test_a_range_may_be_left_open(bank: Bank) -> None:
    with time_machine.travel(NOON, tick=False):
        run("--from", "2026-03-10")

    assert [path[-10:-8] for path in bank.asked] == ["10", "11"]


def test_a_range_ends_when_the_server_does_not_answer(bank: Bank) -> None:
    bank.fault = 500

    told = refused("--from", "2026-01-01", "--to", "2026-03-12")

    assert told.endswith("stopped at 2026-01-03. Go on later with --from 2026-01-03.")
    assert len(bank.asked) == 3


def test_a_bulletin_that_is_refused_does_not_stop_the_others(bank: Bank) -> None:
    bank.publish("2026-03-10", {"USD": "-1"})
    bank.publish("2026-03-11", QUOTES)

    with pytest.raises(CommandError, match="Some bulletins were refused"):
        run("--from", "2026-03-10", "--to", "2026-03-11")

    assert Snapshot.objects.get().effective_date == date(2026, 3, 11)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "2026-03-11", "--to", "2026-03-10"], "swap them"),
        (["--to", "2026-03-10"], "Say with --from"),
        (["--from", "2026-03-10", "--date", "2026-03-10"], "Give either"),
        (["--from", "2026-03-10", "--file", "x"], "Give either"),
        (["--date", "10.03.2026"], "not a date like"),
        (["--date", "2026-02-30"], "not a date like"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: list[str], sentence: str) -> None:
    assert sentence in refused(*arguments)


def test_a_range_needs_an_archive() -> None:
    assert "no archive" in refused("--from", "2026-03-10", source="nbkr")


# On a terminal


@pytest.mark.django_db(transaction=True)
def test_a_range_shows_its_progress_on_a_terminal(httpserver: HTTPServer) -> None:
    bank = Bank(httpserver, "nbk")
    today = timezone.now().astimezone(ZoneInfo("Asia/Almaty")).date()
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))

    process = start_command(
        "ingest_rates",
        "nbk",
        "--from",
        str(today - timedelta(days=10)),
        output=theirs,
        RATES_SOURCE_URLS=f"nbk={bank.url}",
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 4096):
            shown += chunk
    except OSError:  # Linux's way to say that the other end is closed
        pass
    os.close(ours)

    assert process.wait(timeout=60) == 0
    assert "nbk: 100%" in shown.decode()


@pytest.mark.django_db(transaction=True)
def test_standard_input_is_read(file: Path) -> None:
    process = start_command("ingest_rates", "nbk", "--file", "-", output=subprocess.PIPE)
    out, err = process.communicate(timeout=60)

    assert process.returncode == 1
    assert err.decode().startswith("CommandError: nbk: ")
    assert out == b""
