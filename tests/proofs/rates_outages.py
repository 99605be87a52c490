"""Banks that are slow, down or mistaken, and a worker that is killed again and again.

Days pass within minutes: each life of the worker begins some hours after the last one ended.
"""

from __future__ import annotations

import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from cms.changes.heads import read_head
from rates.models import Snapshot, Source
from rates.sources import cbt, cbu, nbk, nbt
from rates.visits import agenda_of
from tests.processes import start_python
from tests.rates.bulletins import bulletin

PROMISE = (
    "The worker fetches seven sources from a local stand-in for their servers, which are in turn"
    " slow, down, cut short or of a wrong date, while the worker is killed N times at random"
    " moments and hours pass in between. The ticker is served all the time, is stale exactly when"
    " the source's timetable and grace have passed, and recovers; in the end every bulletin that a"
    " bank published is there once, as it was published, and nothing else."
)
UNIT = "kills"

BEGINNING = datetime(2026, 3, 9, 5, tzinfo=UTC)  # a Monday
MODES = ["well", "well", "well", "slow", "down", "cut", "wrong date"]
# Roughly the levels of March 2026, which move by less than a percent from day to day.
LEVELS = {
    "nbk": {"USD": 47690, "EUR": 55210, "CNY": 6890},
    "nbkr": {"USD": 8745, "EUR": 10150, "CNY": 1287},
    "nbkr_weekly": {"TJS": 925, "GBP": 11741},
    "cbu": {"USD": 1214210, "EUR": 1398432, "KZT": 2530},
    "nbt": {"USD": 934, "EUR": 1087, "CNY": 137},
    "cbt": {"CNY": 4863, "JPY": 2216},
    "open_exchange_rates": {"KGS": 8748, "KZT": 47700, "TJS": 944, "UZS": 1215000},
}
_ADDRESSES = {"nbk": nbk.address, "cbu": cbu.address, "nbt": nbt.address, "cbt": cbt.address}
_BANKS = [slug for slug in LEVELS if slug != "open_exchange_rates"]
_PROGRAM = """
import sys, time_machine
from datetime import datetime
from django.core.management import execute_from_command_line
with time_machine.travel(datetime.fromisoformat(sys.argv[1]), tick=True):
    execute_from_command_line(["manage.py", "worker"])
"""


@dataclass
class Outcome:
    kills: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    reads: int = 0
    stale_seen: int = 0
    recoveries: int = 0
    bulletins: int = 0
    days: int = 0
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        return {
            "kills": self.kills,
            "days that passed": self.days,
            **{f"requests answered: {mode}": n for mode, n in sorted(self.requests.items())},
            "reads of the ticker, each of five pairs": self.reads,
            "pairs seen stale, each as it should be": self.stale_seen,
            "recoveries": self.recoveries,
            "bulletins stored, each once": self.bulletins,
            "errors": len(self.errors),
        }


class World:
    """The time, and the mood of each bank's server."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.now = BEGINNING
        self.modes = dict.fromkeys(LEVELS, "well")
        self.stale: set[str] = set()
        self.timetables = {each.slug: each.timetable for each in Source.objects.all()}
        window = [BEGINNING.date() + timedelta(days=n) for n in range(-20, 400)]
        self.asked = {
            f"/{slug}{address(day)}": (slug, day)
            for slug, address in _ADDRESSES.items()
            for day in window
        }

    def published(self, slug: str, day: date) -> bool:
        timetable = self.timetables[slug]
        return timetable.has_bulletin(day) and timetable.publication(day) <= self.now

    def document(self, slug: str, day: date | None) -> bytes | None:
        """What the bank has for that day, or its latest; None where there is nothing."""
        if day is None:
            day = self.timetables[slug].published_by(self.now)
        if not self.published(slug, day):
            return None
        return bulletin(slug, day, quotes(slug, day))

    def answer(self, path: str) -> tuple[int, bytes]:
        slug, day = self.asked.get(path, (path.split("/")[1], None))
        mode = self.modes[slug]
        self.outcome.requests[mode] += 1
        if mode == "down":
            return 503, b"Service unavailable"
        if mode == "slow":
            time.sleep(random.uniform(0.2, 1.5))
        if mode == "wrong date":
            # As servers do that ignore the date, or whose cache is old: an older one.
            timetable = self.timetables[slug]
            older = timetable.before(timetable.before(day or timetable.published_by(self.now)))
            return 200, bulletin(slug, older, quotes(slug, older))
        document = self.document(slug, day)
        if document is None:
            return 404, b"Not found"
        return 200, document[:-40] if mode == "cut" else document


def quotes(slug: str, day: date) -> dict[str, str]:
    """What the bank says of that day: made up, and the same whenever it is asked."""
    said = {}
    for place, (code, level) in enumerate(LEVELS[slug].items()):
        thousandths = 1000 + (day.toordinal() * 7 + place) % 8
        said[code] = f"{Decimal(level * thousandths).scaleb(-5)}"
    if slug == "cbt":
        said["USD"] = "3.5"
    return said


@contextmanager
def serving(world: World) -> Iterator[str]:
    """The banks' servers; yields their address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, document = world.answer(self.path)
            with suppress(OSError):  # whoever asked may have been killed
                self.send_response(status)
                self.send_header("Content-Length", str(len(document)))
                self.end_headers()
                self.wfile.write(document)

        def log_message(self, *arguments: object) -> None:
            """Nothing: there are hundreds."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run(number: int) -> Outcome:
    """Kill the worker ``number`` times, on the current database, which may be committed to."""
    outcome = Outcome()
    chance = random.Random(number)
    _empty_queue()
    Source.objects.update(is_enabled=True)
    world = World(outcome)
    with serving(world) as url:
        _live_well(world, url, until=lambda: not _waiting(world))
        _outage(world, url)
        while outcome.kills < number and not outcome.errors:
            world.now += timedelta(minutes=chance.randint(20, 480))
            world.modes = {slug: chance.choice(MODES) for slug in LEVELS}
            with _living(world, url) as process:
                _wait_for_a_moment(world, chance)
                process.send_signal(signal.SIGKILL)
                process.wait()
                outcome.kills += 1
            time.sleep(0.2)  # for what the worker had sent to the database
            _read(world)
        world.modes = dict.fromkeys(LEVELS, "well")
        for _ in range(2):  # a night, after which nothing may be missing
            world.now += timedelta(days=1)
            _live_well(world, url, until=lambda: not _waiting(world) and not _jobs())
            _read(world)
    outcome.days = (world.now - BEGINNING).days
    outcome.errors += _compare(world)
    outcome.bulletins = Snapshot.objects.count()
    _empty_queue()
    return outcome


def _empty_queue() -> None:
    """No flush of a test database does this: the tables are not Django's to manage."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def _outage(world: World, url: str) -> None:
    """All servers are down for a day and a half: five pairs turn stale, and are served."""
    world.modes = dict.fromkeys(LEVELS, "down")
    world.now += timedelta(hours=39)
    before = world.outcome.requests["down"]
    with _living(world, url):
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline and world.outcome.requests["down"] < before + 5:
            time.sleep(0.1)
    _read(world)
    if len(world.stale) < 5:
        world.outcome.errors.append(f"after the outage only {world.stale} are stale")


def _wait_for_a_moment(world: World, chance: random.Random) -> None:
    """At random while the worker starts, or while it works: often just after it has asked."""
    asked = world.outcome.requests.total()
    deadline = time.monotonic() + (chance.uniform(0, 3) if chance.random() < 0.2 else 15)
    while time.monotonic() < deadline and world.outcome.requests.total() == asked:
        time.sleep(0.01)
    time.sleep(chance.uniform(0, 1.5))


@contextmanager
def _living(world: World, url: str) -> Iterator[subprocess.Popen[bytes]]:
    process = start_python(
        "-c",
        _PROGRAM,
        world.now.isoformat(),
        output=subprocess.DEVNULL,
        RATES_SOURCE_URLS=",".join(f"{slug}={url}/{slug}" for slug in _BANKS),
        OPEN_EXCHANGE_RATES_URL=f"{url}/open_exchange_rates/latest.json",
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(60)


def _live_well(world: World, url: str, *, until: Callable[[], bool]) -> None:
    """A life of the worker that lasts until all is done, and half a minute at the most."""
    with connection.cursor() as cursor:  # those that were killed have been silent for long
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 day'")
    with _living(world, url):
        deadline = time.monotonic() + 40
        time.sleep(2)
        while time.monotonic() < deadline and not until():
            time.sleep(0.2)
    if not until():
        world.outcome.errors.append(f"{world.now}: {_waiting(world)} are missing, {_jobs()} jobs")


def _waiting(world: World) -> list[str]:
    return [each.slug for each in Source.objects.all() if agenda_of(each).is_waiting(world.now)]


def _jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'rates'")
        count: int = cursor.fetchone()[0]
    return count


def _read(world: World) -> None:
    """Read the ticker, and note whatever is not as it should be."""
    outcome = world.outcome
    with time_machine.travel(world.now + timedelta(seconds=10), tick=False):
        # A reader does what is due by the clock, for a fifth of a second; the next one goes on.
        for _ in range(10):
            response = Client().get("/api/v1/rates/ticker", headers={"host": "localhost"})
            if not read_head().is_due(timezone.now()):
                break
    outcome.reads += 1
    results = response.json().get("results", [])
    if response.status_code != 200 or len(results) != 5:
        outcome.errors.append(f"{world.now}: the ticker answers {response.content[:300]!r}")
    for each in results:
        slug = _slug(each["source"])
        newest = Snapshot.objects.current().filter(source__slug=slug).latest()
        should = world.timetables[slug].stale_from(newest.effective_date) <= world.now
        if each["stale"] != should:
            outcome.errors.append(f"{world.now}: {slug} is {each['stale']}, and should be {should}")
        outcome.stale_seen += each["stale"]
        outcome.recoveries += slug in world.stale and not each["stale"]
        (world.stale.add if each["stale"] else world.stale.discard)(slug)


def _slug(source: Any) -> str:
    return str(source["slug"] if isinstance(source, dict) else source)


def _compare(world: World) -> list[str]:
    """What is stored and was never published, or not so; and what was published and is missing."""
    errors = []
    stored: Counter[tuple[str, date]] = Counter()
    for snapshot in Snapshot.objects.select_related("source").prefetch_related("rates"):
        slug, day = snapshot.source.slug, snapshot.effective_date
        stored[slug, day] += 1
        said = {rate.currency_id: str(rate.value) for rate in snapshot.rates.all()}
        if snapshot.status != "accepted" or said != quotes(slug, day):
            errors.append(f"{snapshot} is {snapshot.status} and says {said}")
        if not world.published(slug, day):
            errors.append(f"{snapshot} was never published")
    errors += [f"{key} is there {count} times" for key, count in stored.items() if count > 1]
    for slug in _ADDRESSES:
        timetable = world.timetables[slug]
        first = min(day for each, day in stored if each == slug)
        errors += [
            f"{slug} {day} is missing"
            for day in timetable.between(first, timetable.published_by(world.now))
            if (slug, day) not in stored
        ]
    return errors
