"""Webhooks by real workers: told at once, finished at SIGTERM, and a heartbeat that is seen."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_httpserver import HTTPServer

from cms.changes import workers
from cms.changes.models import Worker
from cms.management.commands.worker import Command
from cms.webhooks.models import Attempt, Delivery
from tests.cms.webhooks.subscriber import Message, Subscriber, make_endpoint
from tests.factories import make_published
from tests.processes import start_command

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.sql,
    pytest.mark.xdist_group("workers"),
]


@contextmanager
def worker(*arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = start_command(
        "worker",
        "--no-jobs",
        *arguments,
        output=subprocess.DEVNULL,
        WEBHOOKS_PRIVATE_HOSTS="127.0.0.1,localhost",
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(60)


def wait_until(condition: Callable[[], bool], *, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_it_works(httpserver: HTTPServer, client: Client) -> None:
    subscriber = Subscriber(httpserver)
    make_endpoint(subscriber.url)
    with worker(), worker():
        assert wait_until(lambda: Worker.objects.count() == 2)
        assert client.get("/readyz").json()["workers"]["alive"] == 2
        make_published("Water", slug="water")

        assert wait_until(lambda: subscriber.told == ["article.published water"])
    assert Delivery.objects.get().state == "delivered"
    assert not Worker.objects.exists()  # both have ended as they should


def test_sigterm_finishes_what_is_under_way(httpserver: HTTPServer) -> None:
    def slowly(message: Message) -> int:
        time.sleep(2)
        return 200

    subscriber = Subscriber(httpserver, reply=slowly)
    make_endpoint(subscriber.url)
    make_published()
    with worker() as process:
        assert wait_until(lambda: bool(subscriber.messages))
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0

    assert Delivery.objects.get().state == "delivered"
    assert Attempt.objects.get().seconds > 1


def test_once_sends_what_is_due(httpserver: HTTPServer) -> None:
    subscriber = Subscriber(httpserver)
    make_endpoint(subscriber.url)
    make_published()

    with worker("--once") as process:
        assert process.wait(60) == 0

    assert len(subscriber.messages) == 1


def test_a_killed_worker_is_missed_after_half_a_minute(client: Client) -> None:
    with worker() as process:
        assert wait_until(lambda: Worker.objects.exists())
        process.kill()
    now = timezone.now()
    User.objects.create_superuser("chief")
    client.force_login(User.objects.get())

    assert workers.alive(now).number == 1
    assert "No worker has been heard of" not in client.get("/admin/").content.decode()
    Worker.objects.update(seen_at=now - timedelta(seconds=31))
    assert workers.alive(now) == workers.Alive(0, 31.0)
    assert client.get("/readyz").json()["workers"]["alive"] == 0
    assert "No worker has been heard of" in client.get("/admin/").content.decode()


def test_a_heartbeat_is_written_every_few_seconds_and_old_ones_are_forgotten() -> None:
    heart, now = workers.Heartbeat(), timezone.now()
    Worker.objects.create(host="gone", process=1, started_at=now, seen_at=now - timedelta(days=2))

    heart.beat(now)
    heart.beat(now + timedelta(seconds=4))
    assert Worker.objects.get().seen_at == now
    heart.beat(now + timedelta(seconds=6))
    assert Worker.objects.get().seen_at == now + timedelta(seconds=6)
    heart.end()
    assert not Worker.objects.exists()


def test_what_nobody_foresaw_ends_no_thread(caplog: pytest.LogCaptureFixture) -> None:
    """The heartbeat would tell that all is well, and nothing would be sent any more."""
    stop = threading.Event()
    tries: list[int] = []

    def work() -> float:
        tries.append(1)
        if len(tries) == 1:
            raise OverflowError("a year that no calendar has")
        stop.set()
        return 0

    Command()._loop(stop, work)

    assert len(tries) == 2
    [told] = [each for each in caplog.records if each.levelname == "ERROR"]
    assert told.getMessage() == "MainThread failed"
    assert "a year that no calendar has" in caplog.text
