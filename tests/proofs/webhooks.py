"""Events to a subscriber that fails a third of the time, by workers that are killed."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import threading
import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.db import connection

from articles.publishing import publish, unpublish
from cms.changes import consumers
from cms.webhooks.events import CONSUMER, send_again
from cms.webhooks.models import Delivery, Endpoint
from tests.factories import make_draft
from tests.processes import start_python

PROMISE = (
    "N changes of forty articles are told to a subscriber that fails 30% of the time (500, a"
    " reset, a hang, 429 with Retry-After), while two workers are killed and started again, with"
    " the clock of retries sped up a thousandfold: no message is lost, each keeps its id over its"
    " tries, those of one article come in the order of its versions, and dead letters that are sent"
    " again by hand arrive."
)
UNIT = "changes"
WORKERS, KILLS, ARTICLES = 2, 50, 40
LONGEST = 3600  # seconds
# The worker's own command, but that hours of waiting are seconds, and a lease 3 of them.
SPED_UP = """
import datetime, django, sys
django.setup()
from cms.outgoing import posting
from cms.webhooks import delivery, dispatch
delivery.BACKOFF[:] = [each / 1000 if each < 3600 else 0.5 for each in delivery.BACKOFF]
delivery.LONGEST_QUIET = datetime.timedelta(seconds=0.2)
dispatch.LEASE = datetime.timedelta(seconds=3)
posting.post.__kwdefaults__["limits"] = posting.Limits(seconds=1)
from django.core.management import call_command
call_command("worker", "--no-jobs")
"""


@dataclass
class Outcome:
    changes: int = 0
    messages: int = 0
    tries: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    repeated: int = 0
    by_hand: int = 0
    seconds: float = 0
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        return {
            "changes": self.changes,
            "messages, each taken in the end": self.messages,
            "requests that the subscriber saw": self.tries,
            **{f"of these: {what}": count for what, count in sorted(self.failures.items())},
            "messages taken more than once": self.repeated,
            "workers killed and started again": self.kills,
            "dead letters sent again by hand": self.by_hand,
            "seconds": f"{self.seconds:.0f}",
            "errors": len(self.errors),
        }


class Subscriber:
    """A server that keeps what it took, and fails at random before it takes it."""

    def __init__(self, share: float) -> None:
        self.share = share
        self.taken: list[tuple[str, str, int]] = []  # id, article, version
        self.bodies: dict[str, set[bytes]] = defaultdict(set)
        self.failures: Counter[str] = Counter()
        self.tries = 0
        self.lock = threading.Lock()
        chance, outer = random.Random(1), self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                name = self.headers["webhook-id"]
                with outer.lock:
                    outer.tries += 1
                    outer.bodies[name].add(body)
                    fails = chance.random() < outer.share
                    how = chance.choice(["500", "reset", "hang", "429"]) if fails else ""
                    if not fails:
                        data = json.loads(body)["data"]
                        outer.taken.append((name, str(data["id"]), data["version"]))
                    else:
                        outer.failures[how] += 1
                self.fail(how) if how else self.say(204)

            def fail(self, how: str) -> None:
                if how == "reset":
                    self.close_connection = True
                    self.connection.close()
                elif how == "hang":
                    time.sleep(1.5)
                    self.close_connection = True
                else:
                    self.say(int(how))

            def say(self, status: int) -> None:
                with suppress(OSError):
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    if status == 429:
                        self.send_header("Retry-After", "1")
                    self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]  # resets are ours
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook"


def run(changes: int, *, kills: int = KILLS) -> Outcome:
    """Run the experiment on the current database, which must be empty and may be committed to."""
    subscriber, outcome, started = Subscriber(0.3), Outcome(changes), time.monotonic()
    endpoint = Endpoint.objects.create(
        name="subscriber",
        url=subscriber.url,
        events=["article.published", "article.updated", "article.withdrawn"],
    )
    consumers.step(CONSUMER)
    desk = threading.Thread(target=_write, args=(changes, outcome))
    desk.start()
    workers = [_start() for _ in range(WORKERS)]
    chance = random.Random(2)
    try:
        while outcome.kills < kills or desk.is_alive() or _is_pending(changes):
            if time.monotonic() - started > LONGEST:
                outcome.errors.append("it does not come to an end")
                break
            time.sleep(chance.uniform(0.3, 1))
            if outcome.kills < kills:
                number = chance.randrange(WORKERS)
                workers[number].send_signal(signal.SIGKILL)
                workers[number].wait()
                workers[number] = _start()
                outcome.kills += 1
        desk.join()
        _send_dead_letters(endpoint, subscriber, outcome)
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
            worker.wait(60)
        subscriber.server.shutdown()
        subscriber.server.server_close()
    outcome.seconds = time.monotonic() - started
    _judge(subscriber, outcome)
    return outcome


def _start() -> subprocess.Popen[bytes]:
    return start_python(
        "-c", SPED_UP, output=subprocess.DEVNULL, WEBHOOKS_PRIVATE_HOSTS="127.0.0.1"
    )


def _write(changes: int, outcome: Outcome) -> None:
    """Each of these is one change of a public article."""
    chance = random.Random(3)
    articles = [make_draft(f"Told {number}") for number in range(ARTICLES)]
    public: set[int] = set()
    for _ in range(changes):
        article = chance.choice(articles)
        if article.pk in public and chance.random() < 0.3:
            unpublish(article)
            public.discard(article.pk)
        else:
            publish(article)
            public.add(article.pk)
    connection.close()


def _is_pending(changes: int) -> bool:
    return Delivery.objects.count() < changes or Delivery.objects.filter(state="pending").exists()


def _send_dead_letters(endpoint: Endpoint, subscriber: Subscriber, outcome: Outcome) -> None:
    """The desk does: those that failed too often, and some for good measure."""
    with subscriber.lock:
        subscriber.share = 0
    Endpoint.objects.filter(pk=endpoint.pk).update(is_enabled=True, quiet_until=None)
    dead = list(Delivery.objects.filter(state="dead").values_list("pk", flat=True))
    if not dead:
        dead = list(Delivery.objects.order_by("-pk").values_list("pk", flat=True)[:5])
        Delivery.objects.filter(pk__in=dead).update(state="dead")
    outcome.by_hand = send_again(dead)
    deadline = time.monotonic() + 60
    while Delivery.objects.filter(state="pending").exists():
        if time.monotonic() > deadline:
            outcome.errors.append("dead letters that were sent again did not arrive")
            return
        time.sleep(0.2)


def _judge(subscriber: Subscriber, outcome: Outcome) -> None:
    outcome.tries, outcome.failures = subscriber.tries, subscriber.failures
    rows = list(Delivery.objects.order_by("pk"))
    outcome.messages = len(rows)
    if len(rows) != outcome.changes:
        outcome.errors.append(f"{outcome.changes} changes made {len(rows)} messages")
    taken = Counter(name for name, _, _ in subscriber.taken)
    lost = [row.message_id for row in rows if row.message_id not in taken]
    outcome.errors += [f"{name} was lost" for name in lost]
    outcome.repeated = sum(1 for count in taken.values() if count > 1)
    if any(len(each) > 1 for each in subscriber.bodies.values()):
        outcome.errors.append("one id came with two bodies")
    if set(subscriber.bodies) - {row.message_id for row in rows}:
        outcome.errors.append("an id came that no message has")
    # In order: what comes the first time is newer than all of that article before.
    by_hand = len(subscriber.taken) - outcome.by_hand
    seen, newest = set[str](), dict[str, int]()
    for name, article, version in subscriber.taken[:by_hand]:
        if name not in seen and version < newest.get(article, 0):
            outcome.errors.append(f"article {article}: {version} came after {newest[article]}")
        seen.add(name)
        newest[article] = max(version, newest.get(article, 0))
