"""Readers hammer four server processes and Varnish: whoever asks next sees what was changed."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib.auth.models import User

from articles.models import Article, Tag
from articles.publishing import kill, publish, unpublish
from articles.workflow import Role
from cms.changes.models import Consumer, LogHead
from tests.articles.roles import make_login
from tests.bench.load import Connection
from tests.factories import make_draft, make_tag
from tests.serving import Server, running, serving
from tests.varnish import varnish

PROMISE = (
    "Readers hammer four server processes, and a fifth through Varnish, while articles are"
    " published, unpublished and killed and their tag is renamed: each change is seen by the first"
    " request that starts after its commit, in every process, in the article's answer and in the"
    " list, and through Varnish once its purge is acknowledged. No answer is ever older than one"
    " that the same reader has seen before (through Varnish: of the same address)."
)
UNIT = "changes"
SERVERS, STORIES = 4, 6
PATIENCE = 20  # seconds until a purge must have been acknowledged
LIST = "/api/v1/articles?tag=wind&page_size=100"


class Reopened(Connection):
    """One that is opened anew when the server has closed it, as it may when nothing was asked."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.port = port

    def get(self, path: str, headers: str = "") -> tuple[int, bytes, bytes]:
        try:
            return super().get(path, headers)
        except ConnectionError:
            self.close()
            super().__init__(self.port)
            return super().get(path, headers)


@dataclass
class Outcome:
    changes: Counter[str] = field(default_factory=Counter)
    next_requests: int = 0
    next_through_varnish: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    purges: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        purges = sorted(self.purges)
        return {
            **{f"changes: {what}": count for what, count in sorted(self.changes.items())},
            "requests that started right after a commit": self.next_requests,
            "the same through Varnish, right after the purge": self.next_through_varnish,
            **{f"answers to readers {where}": n for where, n in sorted(self.answers.items())},
            "from commit to acknowledged purge, median (s)": f"{purges[len(purges) // 2]:.3f}",
            "the slowest (s)": f"{purges[-1]:.3f}",
            "answers that were too old, and other errors": len(self.errors),
        }


@dataclass
class Newsroom:
    """What readers have to see. ``titles`` has the public stories by their slugs; others were
    public once, and answer with the status in ``gone``."""

    desk: User
    tag: Tag
    articles: dict[str, Article] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)

    def listed(self) -> dict[str, tuple[str, str]]:
        return {slug: (title, self.tag.name) for slug, title in self.titles.items()}


def run(number: int) -> Outcome:
    """Run the experiment with so many changes on the current database, which is committed to."""
    outcome = Outcome()
    newsroom = Newsroom(make_login(Role.PUBLISHER, username="desk"), make_tag("Wind", slug="wind"))
    for n in range(STORIES):
        _add(newsroom, f"story-{n}", change=0)
    with _site() as (servers, cdn), _hammered(newsroom, servers, cdn, outcome):
        asked = {f"process {n}": Reopened(each.port) for n, each in enumerate(servers, 1)}
        through = Reopened(cdn)
        chance = random.Random(7)
        for change in range(1, number + 1):
            what, slug = _alter(newsroom, chance, change)
            outcome.changes[what] += 1
            committed = time.monotonic()
            for name, each in asked.items():
                outcome.errors += _look(newsroom, each, slug, f"change {change}, {what}, {name}")
                outcome.next_requests += 2
            _wait_for_purge()
            outcome.purges.append(time.monotonic() - committed)
            outcome.errors += _look(newsroom, through, slug, f"change {change}, {what}, Varnish")
            outcome.next_through_varnish += 2
        for each in (*asked.values(), through):
            each.close()
    return outcome


@contextlib.contextmanager
def _site() -> Iterator[tuple[list[Server], int]]:
    """Four servers of one process each, so that each can be asked; Varnish before another one."""
    with contextlib.ExitStack() as stack:
        told = {"PURGE_BACKEND": "varnish", "PURGE_URL": "http://127.0.0.1:1"}
        servers = [stack.enter_context(serving(**told)) for _ in range(SERVERS + 1)]
        cdn = stack.enter_context(varnish(servers.pop().port))
        told["PURGE_URL"] = f"http://127.0.0.1:{cdn}"
        stack.enter_context(running("worker", "--no-jobs", **told))
        deadline = time.monotonic() + 60
        while not Consumer.objects.filter(name="purge").exists():
            assert time.monotonic() < deadline, "the worker does not begin"
            time.sleep(0.05)
        yield servers, cdn


def _add(newsroom: Newsroom, slug: str, *, change: int) -> None:
    title = f"{slug} of {change}"
    article = make_draft(title, slug=slug, tags=[newsroom.tag])
    publish(article)
    newsroom.articles[slug], newsroom.titles[slug] = article, title


def _alter(newsroom: Newsroom, chance: random.Random, change: int) -> tuple[str, str]:
    """Make one change; return what, and the slug of an article that it is about."""
    slug = chance.choice(list(newsroom.articles))
    article = newsroom.articles[slug]
    what = chance.choices(("publish", "unpublish", "rename", "kill"), (6, 2, 2, 1))[0]
    if what in ("unpublish", "kill") and slug not in newsroom.titles:
        what = "publish"
    if what == "publish":
        article.title = newsroom.titles[slug] = f"{slug} of {change}"
        article.save()
        publish(article)
    elif what == "unpublish":
        unpublish(article)
        del newsroom.titles[slug]
        newsroom.gone[slug] = 404
    elif what == "rename":
        newsroom.tag.name = f"Wind of {change}"
        newsroom.tag.save()
    else:
        kill(article, by=newsroom.desk, reason="It was wrong.")
        del newsroom.titles[slug], newsroom.articles[slug]
        newsroom.gone[slug] = 410
        # Another one in its place, so that there are always as many.
        _add(newsroom, f"story-{STORIES + change}", change=change)
    return what, slug


def _look(newsroom: Newsroom, asked: Connection, slug: str, where: str) -> list[str]:
    """What is wrong with the next answers."""
    errors = []
    status, _, body = asked.get(f"/api/v1/articles/{slug}")
    if slug in newsroom.titles:
        if status != 200 or _shown(json.loads(body)) != newsroom.listed()[slug]:
            errors.append(f"{where}: {slug} is {status} {body[:200]!r}")
    elif status != newsroom.gone[slug]:
        errors.append(f"{where}: {slug}, which is gone, is {status}")
    status, _, body = asked.get(LIST)
    listed = {each["slug"]: _shown(each) for each in json.loads(body).get("results", [])}
    if listed != newsroom.listed():
        errors.append(f"{where}: the list is {status} {listed}, not {newsroom.listed()}")
    return errors


def _shown(article: dict[str, object]) -> tuple[object, object]:
    tags = article["tags"]
    return article["title"], tags[0]["name"] if isinstance(tags, list) and tags else None


def _wait_for_purge() -> None:
    number, deadline = LogHead.objects.get().number, time.monotonic() + PATIENCE
    while (position := Consumer.objects.get(name="purge")).number < number:
        assert time.monotonic() < deadline, f"the purge was not acknowledged: {position.error}"
        time.sleep(0.005)


@contextlib.contextmanager
def _hammered(
    newsroom: Newsroom, servers: list[Server], cdn: int, outcome: Outcome
) -> Iterator[None]:
    """Two readers of each process, and two through Varnish, who ask all along."""
    stop, lock = threading.Event(), threading.Lock()

    def read(port: int, where: str, seed: int) -> None:
        reader = Reader(Reopened(port), random.Random(seed), by_address=where != "of a process")
        try:
            while not stop.is_set():
                reader.ask(list(newsroom.articles))
                time.sleep(0.002)
        except Exception as error:  # noqa: BLE001 -- the experiment tells it
            reader.errors.append(f"a reader {where}: {type(error).__name__}: {error}")
        reader.connection.close()
        with lock:
            outcome.answers[where] += reader.answers
            outcome.errors += reader.errors

    whom = [(each.port, "of a process") for each in servers] + [(cdn, "through Varnish")]
    threads = [
        threading.Thread(target=read, args=(port, where, seed))
        for seed, (port, where) in enumerate(whom * 2)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


class Reader:
    """Asks again and again, and remembers the newest that it has seen.

    Titles and names end in the number of the change that made them. A story that was gone comes
    back only with a newer number.
    """

    def __init__(self, connection: Connection, chance: random.Random, *, by_address: bool) -> None:
        self.connection, self.chance, self.by_address = connection, chance, by_address
        self.seen: dict[tuple[str, str], float] = {}
        self.answers = 0
        self.errors: list[str] = []
        self._others = itertools.count(10**9)

    def ask(self, slugs: list[str]) -> None:
        path = self.chance.choice(
            [LIST, f"{LIST}&exclude_ids={next(self._others)}"]  # the second is in no cache
            + [f"/api/v1/articles/{self.chance.choice(slugs)}"] * 2
        )
        status, _, body = self.connection.get(path)
        self.answers += 1
        found = json.loads(body)
        if "tag=" in path:
            assert status == 200, (path, status, body[:200])
            shown = {each["slug"]: each for each in found["results"]}
            for _, slug in list(self.seen):
                if slug.startswith("story") and slug not in shown:
                    self._note(path, slug, None)
            for slug, each in shown.items():
                self._note_article(path, slug, each)
        else:
            assert status in (200, 404, 410), (path, status, body[:200])
            slug = path.rpartition("/")[2]
            if status == 200:
                self._note_article(path, slug, found)
            else:
                self._note(path, slug, None)

    def _note_article(self, path: str, slug: str, article: dict[str, object]) -> None:
        title, tag = _shown(article)
        self._note(path, slug, _number(title))
        self._note(path, "the tag", _number(tag))

    def _note(self, path: str, what: str, number: int | None) -> None:
        key = (path if self.by_address else "", what)
        newest = self.seen.get(key, -1)
        if number is None:
            # Half a number later than what was there: the same is too old from now on.
            self.seen[key] = int(newest) + 0.5
        elif number < newest:
            self.errors.append(f"{path}: {what} of {number} after {newest}")
        else:
            self.seen[key] = number


def _number(text: object) -> int:
    last = str(text).rpartition(" ")[2]
    return int(last) if last.isdigit() else 0  # as it was at first
