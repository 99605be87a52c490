"""Articles due within a minute, workers that are killed, readers who never stop asking."""

from __future__ import annotations

import contextlib
import multiprocessing
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connections
from django.test import Client

from articles.models import Article, PublishedArticle
from articles.workflow import State
from cms.changes.models import Change
from tests.factories import make_draft
from tests.processes import start_command

PROMISE = (
    "Articles are due within a minute, a tenth of them in the same second, while four workers are"
    " killed and started again fifty times, and eight readers ask all along: each article comes out"
    " once and makes one change, none is in an answer before its time, and whoever asks 2 s after"
    " the time of that tenth sees all of it. Then as many are due in one second while no worker"
    " lives: the readers bring them out themselves, at most 50 or 0.2 s of work a request."
)
UNIT = "articles"
WORKERS, READERS, KILLS = 4, 8, 50
SPAN = 60  # seconds
GRACE = timedelta(seconds=2)


@dataclass
class Outcome:
    articles: int = 0
    kills: int = 0
    answers: int = 0
    latest: float = 0
    alone_requests: int = 0
    alone_seconds: float = 0
    longest: float = 0
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        return {
            "articles published, each once": self.articles,
            "workers killed and started again": self.kills,
            "answers to eight readers": self.answers,
            "the crowded second was seen whole after (s)": f"{self.latest:.2f}",
            "without a worker: requests that began before all were out": self.alone_requests,
            "without a worker: seconds until all were out": f"{self.alone_seconds:.2f}",
            "longest answer (s)": f"{self.longest:.2f}",
            "errors": len(self.errors),
        }


@dataclass(frozen=True)
class Answer:
    """What a reader got: when it asked, when it had the answer, and how many there were."""

    began: datetime
    ended: datetime
    count: int
    early: int


def run(number: int, *, span: int = SPAN, kills: int = KILLS) -> Outcome:
    """Run the experiment with ``number`` articles on the current database, which is committed
    to."""
    outcome = Outcome()
    crowd = max(1, number // 10)
    drafts = [make_draft(f"Draft {n}") for n in range(number + crowd)]
    start = datetime.now(UTC) + timedelta(seconds=8 + number / 500)
    busy = start + timedelta(seconds=span / 2)
    spread = [start + timedelta(seconds=span * n / number) for n in range(number - crowd)]
    dues = sorted([*spread, *[busy] * crowd])
    _schedule(drafts[:number], dues)
    with _workers(start + timedelta(seconds=span), kills, outcome):
        answers = _ask_until(start + timedelta(seconds=span + 3))
    _judge(answers, dues, busy, outcome)
    _inspect(number, outcome)

    alone = datetime.now(UTC) + timedelta(seconds=5)
    _schedule(drafts[number:], [alone] * crowd)
    answers = _ask_until(alone + timedelta(seconds=10 + crowd / 10))
    _judge_alone(answers, alone, number + crowd, outcome)
    _inspect(number + crowd, outcome)
    return outcome


def _schedule(drafts: Sequence[Article], moments: Sequence[datetime]) -> None:
    for draft, moment in zip(drafts, moments, strict=True):
        draft.title = f"Due at {moment.isoformat()}"
        draft.state, draft.publish_at = State.SCHEDULED, moment
    Article.objects.bulk_update(drafts, ["title", "state", "publish_at"], batch_size=200)


@contextlib.contextmanager
def _workers(until: datetime, kills: int, outcome: Outcome) -> Any:
    """Four workers, of which one after the other is killed and started again."""
    started = [start_command("worker", output=subprocess.DEVNULL) for _ in range(WORKERS)]
    done = threading.Event()

    def kill() -> None:
        for number in range(kills):
            left = (until - datetime.now(UTC)).total_seconds()
            if done.wait(max(0.01, left / (kills - number + 1))):
                return
            started[number % WORKERS].kill()
            started[number % WORKERS].wait()
            started[number % WORKERS] = start_command("worker", output=subprocess.DEVNULL)
            outcome.kills += 1

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        done.set()
        killer.join()
        for worker in started:
            worker.kill()
            worker.wait()


def _ask_until(end: datetime) -> list[Answer]:
    context = multiprocessing.get_context("fork")
    queue: Any = context.Queue()
    connections.close_all()  # a forked child must not share them
    readers = [context.Process(target=_read, args=(end, queue)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    given = [queue.get(timeout=600) for _ in readers]
    for reader in readers:
        reader.join()
    if failed := [each for each in given if isinstance(each, str)]:
        raise RuntimeError(f"a reader failed: {failed[0]}")
    return [answer for answers in given for answer in answers]


def _read(end: datetime, queue: Any) -> None:
    client = Client(SERVER_NAME="localhost")
    query = urlencode({"page_size": 20, "fields": "title"})
    answers = []
    try:
        while (began := datetime.now(UTC)) < end:
            response = client.get(f"/api/v1/articles?{query}")
            ended = datetime.now(UTC)
            page = response.json()
            times = [each["title"].removeprefix("Due at ") for each in page["results"]]
            early = sum(datetime.fromisoformat(each) > ended for each in times)
            answers.append(Answer(began, ended, page["count"], early))
            time.sleep(0.05)  # a phone's pace; or else eight readers are a load of their own
    except BaseException as error:  # noqa: BLE001 -- the parent raises it
        queue.put(f"{type(error).__name__}: {error}")
    else:
        queue.put(answers)
    finally:
        connections.close_all()


def _judge(
    answers: Sequence[Answer], dues: Sequence[datetime], busy: datetime, outcome: Outcome
) -> None:
    outcome.answers = len(answers)
    before_busy = sum(due <= busy for due in dues)
    for answer in answers:
        most = sum(due <= answer.ended for due in dues)
        if answer.early or answer.count > most:
            outcome.errors.append(f"{answer.ended}: {answer.count} are out, and {most} are due")
        if answer.count < before_busy:
            late = (answer.began - busy).total_seconds()
            outcome.latest = max(outcome.latest, late)
            if answer.began >= busy + GRACE:
                outcome.errors.append(f"{late:.2f} s after the crowd: {answer.count} are out")
    seconds = [(answer.ended - answer.began).total_seconds() for answer in answers]
    outcome.longest = max(seconds, default=0)


def _judge_alone(answers: Sequence[Answer], due: datetime, number: int, outcome: Outcome) -> None:
    short = [answer for answer in answers if answer.began >= due and answer.count < number]
    whole = [answer for answer in answers if answer.count == number]
    outcome.alone_requests = len(short)
    if not whole:
        outcome.errors.append("without a worker, not all came out")
        return
    outcome.alone_seconds = (min(answer.ended for answer in whole) - due).total_seconds()
    outcome.errors += [f"{answer.ended}: out before its time" for answer in answers if answer.early]


def _inspect(number: int, outcome: Outcome) -> None:
    """Each came out once: one row, its first revision, one change."""
    rows = PublishedArticle.objects.all()
    outcome.articles = rows.count()
    if outcome.articles != number:
        outcome.errors.append(f"{outcome.articles} of {number} articles are out")
    if rows.exclude(revision=1).exists():
        outcome.errors.append("some came out twice")
    changes = Counter(Change.objects.filter(topic="articles").values_list("object_id", flat=True))
    if set(changes.values()) - {1} or len(changes) != number:
        outcome.errors.append("some made more than one change, or none")
    failed = Article.objects.exclude(clock_error="").values_list("clock_error", flat=True)
    outcome.errors += list(failed)
