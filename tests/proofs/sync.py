"""Thirty-two writers, eight copies that are killed and resumed, and a poller that misses some."""

from __future__ import annotations

import json
import multiprocessing
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, OperationalError, connections, transaction

from articles.merging import merge
from articles.models import Article, Author, Image, PublishedArticle, Region, Tag
from articles.publishing import kill, publish, publish_many, unpublish
from articles.workflow import NotAllowed
from cms.changes.models import LogHead
from tests.articles.copying import TYPES, Copy, listed
from tests.factories import make_author, make_draft, make_image, make_region, make_tag
from tests.serving import Server, serving

PROMISE = (
    "Thirty-two writers publish, unpublish, rename, move, kill and merge for N changes, a tenth of"
    " their transactions rolled back and some held open for up to 3 s, while eight clients (the one"
    " of docs/sync.md, asking a real server) poll, are killed and resumed: every client ends with"
    " exactly what the API lists. A poller by `updated_at`, run beside them as a control, does not."
)
UNIT = "changes"
WRITERS, CLIENTS, ARTICLES = 32, 8, 200
PATIENCE = 120  # seconds for the clients to come to the end, after the writers


# What another writer has merged or killed meanwhile is there no more.
REFUSALS = (ValidationError, NotAllowed, ObjectDoesNotExist, IntegrityError, IndexError)


class RolledBackError(Exception):
    """Undoes a writer's transaction on purpose."""


@dataclass
class Outcome:
    changes: int = 0
    seconds: float = 0
    done: Counter[str] = field(default_factory=Counter)
    kills: int = 0
    starts: int = 0
    things: int = 0
    seconds_to_the_end: float = 0
    missed: int = 0
    left_over: int = 0
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        return {
            "changes numbered": self.changes,
            "seconds": f"{self.seconds:.0f}",
            **{f"transactions: {what}": count for what, count in sorted(self.done.items())},
            "clients killed and resumed": self.kills,
            "clients told to start again": self.starts,
            "things that each of the eight holds, as the API lists them": self.things,
            "after the last change all were whole (s)": f"{self.seconds_to_the_end:.1f}",
            "the poller by `updated_at`: articles missing or outdated": self.missed,
            "the poller by `updated_at`: articles held that are public no more": self.left_over,
            "errors": len(self.errors),
        }


def run(changes: int) -> Outcome:
    """Run the experiment on the current database, which must be empty and may be committed to."""
    prepare()
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder, serving(WEB_WORKERS="2") as server:
        clients = [Client(server, Path(folder), number) for number in range(CLIENTS)]
        queue: Any = multiprocessing.get_context("fork").Queue()
        started = time.monotonic()
        writers = _start_writers(changes, queue)
        poller = Poller(server)
        chance = random.Random(0)
        while any(writer.is_alive() for writer in writers):
            chance.choice(clients).kill_and_resume()
            outcome.kills += 1
            poller.poll()
            time.sleep(chance.uniform(0, 0.2))
            while not queue.empty():
                _merge(outcome, queue.get())
        for writer in writers:
            writer.join()
        while not queue.empty():
            _merge(outcome, queue.get())
        outcome.seconds = time.monotonic() - started
        outcome.changes = LogHead.objects.get().number
        poller.poll()
        _compare(server, clients, poller, outcome)
    return outcome


def prepare() -> None:
    regions = [make_region() for _ in range(4)]
    regions += [make_region(parent=each) for each in regions[:3]]
    pictures = [make_image() for _ in range(10)]
    tags = [make_tag() for _ in range(12)]
    authors = [make_author(picture=pictures[number]) for number in range(5)]
    for number in range(ARTICLES):
        make_draft(
            f"Contended {number}",
            regions=[regions[number % 7]],
            tags=[tags[number % 12], tags[(number + 5) % 12]],
            authors=[authors[number % 5]],
            lead_image=pictures[number % 10],
        )


class Client:
    """The client of docs/sync.md in a process of its own, whose copy outlives it."""

    def __init__(self, server: Server, folder: Path, number: int) -> None:
        page = Path(__file__).parents[2] / "docs" / "sync.md"
        [code] = re.findall(r"```python\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)
        script = folder / "client.py"
        script.write_text(code.replace("else 1)", "else 0.2)"))
        self.file = folder / f"copy-{number}"
        self.command = [sys.executable, str(script), server.url, str(self.file)]
        self.process = subprocess.Popen(self.command)

    def kill_and_resume(self) -> None:
        self.kill()
        self.process = subprocess.Popen(self.command)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def read(self) -> tuple[Copy, int]:
        """What it holds, and how often it had to start again."""
        copy = Copy()
        database = sqlite3.connect(self.file, timeout=30)
        for kind, pk, data in database.execute("SELECT type, id, data FROM things"):
            copy.held[kind][pk] = json.loads(data)
        [[starts]] = database.execute("SELECT start FROM progress")
        database.close()
        return copy, starts


class Poller:
    """What many do: remember the latest time that was seen, and ask for what is later."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.latest = "2000-01-01T00:00:00Z"
        self.held: dict[str, str] = {}

    def poll(self) -> None:
        path: str | None = (
            f"/api/v1/articles?updated_after={self.latest}&cursor=&page_size=100&fields=id,updated_at"
        )
        while path:
            page = json.loads(self.server.get(path).body)
            for row in page["results"]:
                self.held[str(row["id"])] = row["updated_at"]
                self.latest = max(self.latest, row["updated_at"])
            path = page["next"] and page["next"][page["next"].index("/api/") :]


def _compare(server: Server, clients: list[Client], poller: Poller, outcome: Outcome) -> None:
    def ask(path: str) -> Any:
        return json.loads(server.get(path).body)

    wanted, started = listed(ask), time.monotonic()
    for number, client in enumerate(clients):
        while True:
            try:
                copy, starts = client.read()
                is_whole = copy.as_listed() == wanted
            except (KeyError, ValueError, sqlite3.Error):
                is_whole = False
            if is_whole or time.monotonic() - started > PATIENCE:
                break
            time.sleep(0.2)
        if is_whole:
            outcome.things = sum(len(copy.held[name]) for name in TYPES)
            outcome.starts += starts
        else:
            outcome.errors.append(f"client {number} does not hold what the API lists")
        client.kill()
    outcome.seconds_to_the_end = time.monotonic() - started
    articles = {key: each["updated_at"] for key, each in wanted["articles"].items()}
    outcome.missed = sum(1 for key in articles if poller.held.get(key) != articles[key])
    outcome.left_over = len(set(poller.held) - set(articles))
    if not outcome.things:
        outcome.errors.append(
            "nothing was public at the end: the copies were compared with nothing"
        )
    if not outcome.missed + outcome.left_over:
        outcome.errors.append("the control has missed nothing: the writers did not try hard enough")


def _start_writers(changes: int, queue: Any) -> list[Any]:
    context = multiprocessing.get_context("fork")
    connections.close_all()  # a forked child must not share them
    writers = [context.Process(target=_write, args=(n, changes, queue)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    return writers


def _merge(outcome: Outcome, told: tuple[Counter[str], list[str]]) -> None:
    outcome.done += told[0]
    outcome.errors += told[1]


def _write(seed: int, changes: int, queue: Any) -> None:
    chance, done, errors = random.Random(seed), Counter[str](), list[str]()
    while LogHead.objects.get().number < changes and len(errors) < 20:
        verb = chance.choice(VERBS)
        try:
            with transaction.atomic():
                verb(chance)
                if chance.random() < 0.03:
                    time.sleep(chance.uniform(0, 3))
                if chance.random() < 0.1:
                    raise RolledBackError
            done[verb.__name__.replace("_", " ")] += 1
        except RolledBackError:
            done["rolled back"] += 1
        except REFUSALS:
            done["refused"] += 1
        except OperationalError as error:
            if "deadlock detected" in str(error):  # of merges with publications; rolled back whole
                done["rolled back by PostgreSQL: deadlock"] += 1
                continue
            errors.append(f"{verb.__name__}: {error}")
    queue.put((done, errors))
    queue.close()
    queue.join_thread()
    connections.close_all()


def _any(model: Any, chance: random.Random) -> Any:
    return model.objects.get(pk=chance.choice(list(model.objects.values_list("pk", flat=True))))


def publish_one(chance: random.Random) -> None:
    publish(_any(Article, chance))


def publish_otherwise(chance: random.Random) -> None:
    article = _any(Article, chance)
    article.title = f"Contended {chance.random()}"
    article.save()
    article.tags.set([_any(Tag, chance)])
    article.regions.set([_any(Region, chance)])
    publish(article)


def publish_several(chance: random.Random) -> None:
    keys = list(Article.objects.values_list("pk", flat=True))
    publish_many(Article.objects.filter(pk__in=chance.sample(keys, 5)))


def unpublish_one(chance: random.Random) -> None:
    unpublish(_any(Article, chance))


def kill_one(chance: random.Random) -> None:
    key = chance.choice(list(PublishedArticle.objects.values_list("article_id", flat=True)))
    kill(Article.objects.get(pk=key), by=None, reason="A court said so.")
    # Another one, so that there is something to publish to the end.
    make_draft(
        f"Contended {chance.random()}",
        regions=[_any(Region, chance)],
        tags=[_any(Tag, chance)],
        authors=[_any(Author, chance)],
        lead_image=_any(Image, chance),
    )


def rename(chance: random.Random) -> None:
    model: Any = chance.choice([Tag, Region, Author])
    model.objects.filter(pk=_any(model, chance).pk).update(name=f"Name {chance.random()}")


def move_a_region(chance: random.Random) -> None:
    region = _any(Region, chance)
    region.parent = chance.choice([None, _any(Region, chance)])
    region.save()


def merge_two(chance: random.Random) -> None:
    model: Any = chance.choice([Tag, Region, Author])
    make: Callable[[], Any] = {Tag: make_tag, Region: make_region, Author: make_author}[model]
    slug = f"new-{chance.randrange(10**12)}"
    merge(_any(model, chance), into=_any(model, chance), by=None)
    make(slug=slug, name=slug)  # type: ignore[call-arg]  # all three take these


VERBS = [
    *[publish_one] * 6,
    *[publish_otherwise] * 9,
    *[publish_several] * 2,
    *[unpublish_one] * 3,
    kill_one,
    *[rename] * 3,
    move_a_region,
    merge_two,
]
