"""The jobs of ``manage.py worker``, by real workers in processes of their own."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_httpserver import HTTPServer

from rates.models import Snapshot, Source
from rates.tasks import fetch_bulletins
from tests.processes import start_command
from tests.rates.bank import Bank

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.sql,
    pytest.mark.xdist_group("workers"),
]


@pytest.fixture(autouse=True)
def _empty_queue() -> Iterator[None]:
    """No flush empties the queue: its tables are not Django's to manage."""
    empty_queue()
    yield
    empty_queue()


def empty_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture
def bank(httpserver: HTTPServer) -> Bank:
    """The only source that is fetched, with a bulletin for each day of this week and the last."""
    Source.objects.exclude(slug="nbk").update(is_enabled=False)
    bank = Bank(httpserver, "nbk")
    today = timezone.now().astimezone(ZoneInfo("Asia/Almaty")).date()
    for days in range(-10, 3):
        bank.publish(date.fromordinal(today.toordinal() + days), {"USD": f"47{days % 10}.90"})
    return bank


@contextmanager
def worker(bank: Bank, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = start_command(
        "worker", *arguments, output=subprocess.DEVNULL, RATES_SOURCE_URLS=f"nbk={bank.url}"
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(60)


def wait_until(condition: Callable[[], bool], *, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def is_fetched() -> bool:
    source = Source.objects.get(slug="nbk")
    newest = source.timetable.published_by(timezone.now())
    return Snapshot.objects.current().filter(effective_date=newest).exists()


def test_it_works(bank: Bank) -> None:
    with worker(bank) as process:
        assert wait_until(is_fetched)
        assert wait_until(lambda: not ProcrastinateJob.objects.exclude(status="todo").exists())
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0

    source = Source.objects.get(slug="nbk")
    assert source.next_attempt_at == source.next_expected_at
    assert Snapshot.objects.count() == Snapshot.objects.current().count() >= 5


def test_two_workers_do_each_job_once(bank: Bank) -> None:
    with worker(bank), worker(bank):
        assert wait_until(is_fetched)

    assert len(bank.asked) == len(set(bank.asked))
    assert not Snapshot.objects.filter(revision__gt=1).exists()


def test_without_jobs_nobody_outside_is_asked(bank: Bank) -> None:
    with worker(bank, "--no-jobs"):
        fetch_bulletins.defer(slug="nbk")
        time.sleep(3)

    assert bank.asked == []
    assert ProcrastinateJob.objects.get().status == "todo"


def test_once_does_what_is_queued_and_ends(bank: Bank) -> None:
    fetch_bulletins.defer(slug="nbk")

    with worker(bank, "--once") as process:
        assert process.wait(60) == 0

    assert is_fetched()
    assert not ProcrastinateJob.objects.exists()


def test_what_a_killed_worker_had_begun_is_done_by_the_next(bank: Bank) -> None:
    bank.answering.clear()
    with worker(bank) as process:
        assert wait_until(lambda: bank.asked != [])
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    bank.answering.set()
    begun = ProcrastinateJob.objects.get(task_name="rates.tasks.fetch_bulletins")
    assert begun.status == "doing"

    with connection.cursor() as cursor:  # half a minute passes
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 s'")
        cursor.execute("TRUNCATE procrastinate_periodic_defers")
    with worker(bank):
        assert wait_until(is_fetched)


def test_the_jobs_survive_that_the_database_goes_away(bank: Bank) -> None:
    with worker(bank) as process:
        assert wait_until(is_fetched)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        Source.objects.update(next_attempt_at=None)
        before = len(bank.asked)
        Snapshot.objects.update(is_current=False, is_carried_forward=False)
        fetch_bulletins.defer(slug="nbk")
        assert wait_until(lambda: len(bank.asked) > before)
        assert process.poll() is None


def test_a_job_is_queued_in_the_transaction_that_asks_for_it() -> None:
    with transaction.atomic():
        fetch_bulletins.defer(slug="nbk")
        transaction.set_rollback(True)

    assert not ProcrastinateJob.objects.exists()
