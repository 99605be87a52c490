"""Those who read the log on: in order, at least once, one worker at a time."""

import signal
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.changes import consumers
from cms.changes.consumers import Consumer, lags, step
from cms.changes.models import Change, LogHead
from cms.changes.models import Consumer as Position
from tests.factories import make_tag
from tests.processes import start_python

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


class Reader:
    """A consumer that keeps what it was told."""

    def __init__(self, **options: object) -> None:
        self.told: list[list[str]] = []
        self.restarts = 0
        self.consumer = Consumer("reader", self.handle, self.restart, **options)  # type: ignore[arg-type]

    def handle(self, changes: Sequence[Change]) -> None:
        self.told.append([change.slug for change in changes])

    def restart(self) -> None:
        self.restarts += 1


@pytest.fixture(autouse=True)
def _consumers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of other tests are not known here."""
    monkeypatch.setattr(consumers, "_consumers", {})


def in_a_thread(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        work()
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def position() -> Position:
    return Position.objects.get(name="reader")


def test_it_works() -> None:
    reader = Reader()
    make_tag("Before")
    assert not step(reader.consumer)

    make_tag("Energy")
    make_tag("Water")

    assert step(reader.consumer)
    assert not step(reader.consumer)
    assert reader.told == [["energy", "water"]]
    assert position().number == LogHead.objects.get().number


def test_it_reads_in_batches_and_in_order() -> None:
    reader = Reader(batch=2)
    step(reader.consumer)
    for name in "abcde":
        make_tag(name)

    while step(reader.consumer):
        pass

    assert reader.told == [["a", "b"], ["c", "d"], ["e"]]


def test_with_nothing_to_tell_it_asks_for_its_place_and_the_log_once() -> None:
    """It does so ten times a second."""
    reader = Reader()
    step(reader.consumer)

    with CaptureQueriesContext(connection) as queries:
        assert not step(reader.consumer)

    assert len([each for each in queries if "SELECT" in each["sql"]]) == 3


def test_one_that_cannot_begin_fails_alone() -> None:
    head = LogHead.objects.get()
    LogHead.objects.all().delete()
    reader = Reader()

    assert not step(reader.consumer)
    assert not Position.objects.filter(name="reader").exists()

    head.save(force_insert=True)
    step(reader.consumer)
    make_tag("Energy")
    assert step(reader.consumer)
    assert reader.told == [["energy"]]


def test_what_was_rolled_back_is_not_told() -> None:
    reader = Reader()
    step(reader.consumer)
    with transaction.atomic():
        make_tag("Never")
        transaction.set_rollback(True)

    assert not step(reader.consumer)
    assert reader.told == []


def test_what_fails_is_told_again_later_and_later() -> None:
    failing = [True]

    def handle(changes: Sequence[Change]) -> None:
        make_tag(f"Written by the consumer {uuid.uuid4()}")
        if failing[0]:
            raise ValueError("the CDN is away")

    consumer = Consumer("reader", handle)
    step(consumer)
    make_tag("Energy")
    pauses = []
    for _ in range(3):
        assert not step(consumer)
        assert Change.objects.count() == 1, "what it wrote was undone"
        assert position().error == "ValueError: the CDN is away"
        pauses.append(round((position().retry_at - timezone.now()).total_seconds()))  # type: ignore[operator]  # not null
        assert not step(consumer), "it pauses"
        Position.objects.update(retry_at=timezone.now() - timedelta(seconds=1))

    failing[0] = False
    assert step(consumer)
    assert pauses == [1, 2, 4]
    assert (position().failures, position().retry_at, position().error) == (0, None, "")


def test_one_worker_at_a_time_tells() -> None:
    entered, may_go = threading.Event(), threading.Event()
    told: list[str] = []

    def handle(changes: Sequence[Change]) -> None:
        told.extend(change.slug for change in changes)
        entered.set()
        assert may_go.wait(10)

    consumer = Consumer("reader", handle)
    step(consumer)
    make_tag("Energy")
    first = in_a_thread(lambda: step(consumer))
    assert entered.wait(10)

    assert not step(consumer), "somebody else is at it"

    may_go.set()
    first.join()
    assert not step(consumer)
    assert told == ["energy"]


def test_a_new_epoch_and_a_log_that_was_cut_begin_again() -> None:
    reader = Reader()
    step(reader.consumer)
    make_tag("Energy")
    LogHead.objects.update(epoch=uuid.uuid4())
    assert step(reader.consumer)
    assert (reader.restarts, reader.told) == (1, [])

    make_tag("Lost")
    make_tag("Water")
    Change.objects.filter(slug="lost").delete()
    assert step(reader.consumer)
    assert (reader.restarts, reader.told) == (2, [])

    make_tag("Sun")
    assert step(reader.consumer)
    assert reader.told == [["sun"]]


def test_a_delay_keeps_it_behind() -> None:
    reader = Reader(delay=60)
    step(reader.consumer)
    make_tag("Energy")
    assert not step(reader.consumer)

    Change.objects.update(at=timezone.now() - timedelta(seconds=61))
    make_tag("Water")

    assert step(reader.consumer)
    assert reader.told == [["energy"]]


def test_the_lag_is_told() -> None:
    reader = Reader()
    consumers.register(reader.consumer)
    assert lags(now=timezone.now()) == {}
    step(reader.consumer)
    assert lags(now=timezone.now())["reader"].changes == 0

    make_tag("Energy")
    make_tag("Water")
    Change.objects.update(at=timezone.now() - timedelta(seconds=30))

    lag = lags(now=timezone.now())["reader"]
    assert (lag.changes, round(lag.seconds), lag.error) == (2, 30, "")


PROGRAM = """
import django, sys, time
django.setup()
from cms.changes.consumers import Consumer, step
def handle(changes):
    print("told", [change.slug for change in changes], flush=True)
    time.sleep(60)
while True:
    step(Consumer("reader", handle))
"""


@pytest.fixture
def killed() -> None:
    """A worker that was killed while it told of a change."""
    step(Reader().consumer)
    make_tag("Energy")
    process = start_python("-c", PROGRAM)
    assert process.stdout is not None
    assert b"energy" in process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.communicate()


@pytest.mark.usefixtures("killed")
def test_what_a_killed_worker_was_at_is_told_by_the_next() -> None:
    reader = Reader()
    deadline = time.monotonic() + 10
    while not step(reader.consumer):
        assert time.monotonic() < deadline, "the server has not noticed that the worker is gone"
        time.sleep(0.05)

    assert reader.told == [["energy"]]
    assert connection.in_atomic_block is False
