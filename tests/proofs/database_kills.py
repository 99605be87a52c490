"""PostgreSQL is killed again and again, while readers ask and the desk publishes."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from articles.models import Article, PublishedArticle
from articles.publishing import publish
from cms import embedded_postgres
from cms.changes import consumers
from cms.embedded_postgres.server import Postmaster, Server
from tests.bench.load import Connection
from tests.bench.measuring import descendants
from tests.factories import make_draft, make_tag
from tests.processes import start_command
from tests.proofs.log import inspect
from tests.serving import serving

PROMISE = (
    "All processes of PostgreSQL are killed with SIGKILL again and again, at 200 requests a second"
    " and while articles are published: readers get right answers, cached ones that tell their Age,"
    " and 503s with Retry-After, nothing else; 5 s after PostgreSQL is up again everything is well"
    " by itself; and nothing that was acknowledged is lost."
)
UNIT = "kills"
STORIES, READERS, RATE = 5, 8, 200  # requests a second
WELL_WITHIN = 5.0  # seconds
QUIET = 1.5  # seconds without a 503 after which all is well
LIST = "/api/v1/articles?tag=wind"


@dataclass
class Outcome:
    kills: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    published: int = 0
    interrupted: int = 0
    seconds: float = 0
    recoveries: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        recoveries = sorted(self.recoveries)
        return {
            "kills": self.kills,
            **{f"answers: {what}": count for what, count in sorted(self.answers.items())},
            "requests a second": f"{self.answers.total() / self.seconds:.0f}",
            "publications acknowledged": self.published,
            "publications interrupted": self.interrupted,
            "from PostgreSQL's return to the last 503, median (s)": (
                f"{recoveries[len(recoveries) // 2]:.2f}"
            ),
            "the slowest (s)": f"{recoveries[-1]:.2f}",
            "errors": len(self.errors),
        }


class Newsroom:
    """What was published: for each story the number of the last publication that was
    acknowledged, and of the last that was tried; and when the database was away."""

    def __init__(self) -> None:
        tag = make_tag("Wind", slug="wind")
        self.stories = [make_draft(f"Story {n} of 0", slug=f"story-{n}") for n in range(STORIES)]
        self.acknowledged = dict.fromkeys(range(STORIES), 0)
        self.tried = dict.fromkeys(range(STORIES), 0)
        for story in self.stories:
            story.tags.set([tag])
            publish(story)
        self.is_away = threading.Event()
        self.well_at = 0.0  # by then all has to be well again

    def may_fail(self, began: float) -> bool:
        return self.is_away.is_set() or began < self.well_at


def run(number: int) -> Outcome:
    """Kill a PostgreSQL that is started for this ``number`` times."""
    outcome = Outcome()
    with _database_of_its_own() as server:
        newsroom = Newsroom()
        with serving(WEB_WORKERS="2") as site, _worker(outcome):
            started = time.monotonic()
            with _desk(newsroom, outcome), _readers(newsroom, site.port, outcome) as last_503:
                for _ in range(number):
                    _kill_and_wait(server, newsroom, outcome, last_503)
            outcome.seconds = time.monotonic() - started
        _compare(newsroom, outcome)
    return outcome


@contextlib.contextmanager
def _database_of_its_own() -> Iterator[Server]:
    """A new, migrated database in an embedded PostgreSQL that nobody else uses, in the place of
    this process's."""
    folder = Path(tempfile.mkdtemp(prefix="dastan-kills-"))
    server = Server(folder)
    before = dict(connection.settings_dict)
    connection.close()
    try:
        server.ensure_running()
        connection.settings_dict.update(
            {**embedded_postgres.database(folder), "ENGINE": before["ENGINE"], "PASSWORD": ""}
        )
        call_command("migrate", verbosity=0)
        yield server
    finally:
        connection.close()
        connection.settings_dict.update(before)
        server.stop()
        shutil.rmtree(server.places.home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _worker(outcome: Outcome) -> Iterator[None]:
    """A worker, which has to outlive all kills, and to have done its work soon after."""
    worker = start_command("worker", "--no-jobs", output=subprocess.DEVNULL)
    try:
        yield
        connection.close()  # that one was killed too
        deadline = time.monotonic() + WELL_WITHIN
        while any(lag.changes for lag in consumers.lags(now=timezone.now()).values()):
            if worker.poll() is not None or time.monotonic() > deadline:
                outcome.errors.append("the worker does not go on after the last kill")
                return
            time.sleep(0.05)
    finally:
        worker.terminate()
        worker.wait(20)


def _kill_and_wait(
    server: Server, newsroom: Newsroom, outcome: Outcome, last_503: list[float]
) -> None:
    time.sleep(random.uniform(0.5, 1.5))
    newsroom.is_away.set()
    postmaster = Postmaster.of(server.places.data)
    assert postmaster is not None
    for pid in descendants(postmaster.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    time.sleep(random.uniform(0.2, 2))
    server.ensure_running()
    returned = time.monotonic()
    newsroom.well_at = returned + WELL_WITHIN
    newsroom.is_away.clear()
    while time.monotonic() - max(returned, last_503[0]) < QUIET:
        time.sleep(0.05)
    outcome.kills += 1
    outcome.recoveries.append(max(0.0, last_503[0] - returned))


@contextlib.contextmanager
def _desk(newsroom: Newsroom, outcome: Outcome) -> Iterator[None]:
    """Publishes one story after the other, several times a second."""
    stop = threading.Event()

    def work() -> None:
        for number in itertools.count(1):
            if stop.wait(0.1):
                break
            if newsroom.is_away.is_set():
                continue  # this process would start the embedded server by itself
            place = number % STORIES
            newsroom.tried[place] = number
            try:
                story = Article.objects.get(pk=newsroom.stories[place].pk)
                story.title = f"Story {place} of {number}"
                story.save()
                publish(story)
            except (DatabaseError, InterfaceError):
                outcome.interrupted += 1
                connection.close()
            else:
                newsroom.acknowledged[place] = number
                outcome.published += 1
        connection.close()

    with _threads([work], stop):
        yield


@contextlib.contextmanager
def _readers(newsroom: Newsroom, port: int, outcome: Outcome) -> Iterator[list[float]]:
    """Ask at an even pace; gives when the last 503 came, by the monotonic clock."""
    stop, lock, last_503 = threading.Event(), threading.Lock(), [0.0]
    others = itertools.count(10**9)

    def work() -> None:
        reader, chance = Connection(port), random.Random(threading.get_ident())
        due = time.monotonic()
        while not stop.is_set():
            due = max(due + READERS / RATE, time.monotonic() - 1)
            time.sleep(max(0.0, due - time.monotonic()))
            place = chance.randrange(STORIES)
            path = chance.choice(
                [LIST, f"/api/v1/articles/story-{place}", f"{LIST}&exclude_ids={next(others)}"]
            )
            known, began = dict(newsroom.acknowledged), time.monotonic()
            may_fail = newsroom.may_fail(began)
            try:
                status, head, body = reader.get(path)
                what, errors = _judge(newsroom, known, status, head, body, may_fail=may_fail)
            except (OSError, ValueError) as error:
                what, errors = "none", [f"{type(error).__name__}: {error}"]
                reader.close()
                reader = Connection(port)
            with lock:
                outcome.answers[what] += 1
                outcome.errors += [f"{path}: {each}" for each in errors]
                if what == "503":
                    last_503[0] = time.monotonic()
        reader.close()

    with _threads([work] * READERS, stop):
        yield last_503


def _judge(
    newsroom: Newsroom,
    known: dict[int, int],
    status: int,
    head: bytes,
    body: bytes,
    *,
    may_fail: bool,
) -> tuple[str, list[str]]:
    """What the answer is, and what is wrong with it. ``may_fail``: the database was away when the
    request began, or had been a moment before."""
    may_fail = may_fail or newsroom.is_away.is_set()
    if status == 503:
        errors = [] if may_fail else ["503 although the database is there"]
        if b"\r\nretry-after: " not in head or json.loads(body)["code"] != "unavailable":
            errors.append(f"a 503 that tells too little: {head!r}")
        return "503", errors
    if status != 200:
        return str(status), [f"{status} {body[:200]!r}"]
    is_stale = b"\r\nage: " in head
    errors = ["an old answer although the database is there"] if is_stale and not may_fail else []
    found = json.loads(body)
    for article in found.get("results", [found]):
        _, place, _, number = article["title"].split()
        oldest = 0 if is_stale else known[int(place)]
        if not oldest <= int(number) <= newsroom.tried[int(place)]:
            errors.append(f"{article['title']}, although {oldest} was acknowledged")
    return "200, as it was before the database went" if is_stale else "200", errors


@contextlib.contextmanager
def _threads(works: list[Callable[[], None]], stop: threading.Event) -> Iterator[None]:
    threads = [threading.Thread(target=each) for each in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _compare(newsroom: Newsroom, outcome: Outcome) -> None:
    """Whether the database has what was acknowledged."""
    for article in PublishedArticle.objects.all():
        _, place, _, number = article.title.split()
        known, tried = newsroom.acknowledged[int(place)], newsroom.tried[int(place)]
        if not known <= int(number) <= tried:
            outcome.errors.append(f"{article.title} is there, but {known} was acknowledged")
    if PublishedArticle.objects.count() != STORIES:
        outcome.errors.append(f"{PublishedArticle.objects.count()} stories are there")
    outcome.errors += inspect()
