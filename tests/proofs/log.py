"""Sixteen writers, an import and an observer: the change log has no gap and keeps its order."""

from __future__ import annotations

import io
import json
import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from articles.importers.run import import_jsonl
from articles.models import Article, PublishedArticle, Region, Tag
from articles.publishing import publish, publish_many, unpublish
from cms.changes.models import Change, LogHead
from tests.factories import make_author, make_draft, make_region, make_tag

PROMISE = (
    "Sixteen writers publish, unpublish, rename and roll back at random, a tenth of them holding"
    " their transaction open for a while, and an import runs again and again: no deadlock, and"
    " the numbers of the change log are gap-free and in the order of commits, as an observer sees"
    " them who never sees n + 1 before n."
)
UNIT = "seconds"
WRITERS = 16
ARTICLES = 80


class RolledBackError(Exception):
    """Undoes a writer's transaction on purpose."""


@dataclass
class Outcome:
    seconds: float = 0
    done: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    observed: int = 0
    slowest_commit: float = 0
    changes: int = 0
    articles_left: int = 0

    def figures(self) -> dict[str, object]:
        return {
            "seconds": f"{self.seconds:.0f}",
            **{f"transactions: {what}": count for what, count in sorted(self.done.items())},
            "changes numbered, without a gap": self.changes,
            "looks of the observer at new changes": self.observed,
            "slowest transaction (s)": f"{self.slowest_commit:.2f}",
            "deadlocks and other errors": len(self.errors),
        }


def run(seconds: int) -> Outcome:
    """Run the experiment on the current database, which must be empty and may be committed to."""
    prepare()
    queue: Any = multiprocessing.get_context("fork").Queue()
    deadline = time.monotonic() + seconds
    jobs: list[tuple[Callable[..., None], int]] = [(write, seed) for seed in range(WRITERS)]
    jobs += [(import_again_and_again, WRITERS), (observe, WRITERS + 1)]
    connections.close_all()  # a forked child must not share them
    context = multiprocessing.get_context("fork")
    children = [
        context.Process(target=_child, args=(job, seed, deadline, queue)) for job, seed in jobs
    ]
    started = time.monotonic()
    for child in children:
        child.start()
    outcome = Outcome()
    for _ in children:
        _merge(outcome, queue.get(timeout=seconds + 120))
    for child in children:
        child.join()
    outcome.seconds = time.monotonic() - started
    outcome.errors += inspect()
    outcome.changes = Change.objects.count()
    outcome.articles_left = PublishedArticle.objects.count()
    return outcome


def prepare() -> None:
    regions = [make_region() for _ in range(4)]
    children = [make_region(parent=regions[0]) for _ in range(2)]
    tags = [make_tag() for _ in range(8)]
    authors = [make_author() for _ in range(4)]
    for number in range(ARTICLES):
        make_draft(
            f"Contended {number}",
            regions=[(regions + children)[number % 6]],
            tags=[tags[number % 8], tags[(number + 3) % 8]],
            authors=[authors[number % 4]],
        )


def _child(job: Callable[..., None], seed: int, deadline: float, queue: Any) -> None:
    outcome = Outcome()
    try:
        job(random.Random(seed), deadline, outcome)
    except BaseException as error:  # noqa: BLE001 -- the parent tells it
        outcome.errors.append(f"{job.__name__}: {type(error).__name__}: {error}")
    finally:
        queue.put(outcome)
        connections.close_all()


def _merge(outcome: Outcome, other: Outcome) -> None:
    outcome.done += other.done
    outcome.errors += other.errors
    outcome.observed += other.observed
    outcome.slowest_commit = max(outcome.slowest_commit, other.slowest_commit)


def write(chance: random.Random, deadline: float, outcome: Outcome) -> None:
    keys = list(Article.objects.order_by("pk").values_list("pk", flat=True)[:ARTICLES])
    while time.monotonic() < deadline:
        what = chance.choice(VERBS)
        started = time.monotonic()
        try:
            with transaction.atomic():
                what(chance, keys)
                if chance.random() < 0.1:
                    time.sleep(chance.uniform(0, 0.05))
                if chance.random() < 0.15:
                    raise RolledBackError
            outcome.done[what.__name__.replace("_", " ")] += 1
        except RolledBackError:
            outcome.done["rolled back"] += 1
        except OperationalError as error:
            outcome.errors.append(f"{what.__name__}: {error}")
        outcome.slowest_commit = max(outcome.slowest_commit, time.monotonic() - started)


def publish_one(chance: random.Random, keys: list[int]) -> None:
    publish(Article.objects.get(pk=chance.choice(keys)))


def publish_several(chance: random.Random, keys: list[int]) -> None:
    publish_many(Article.objects.filter(pk__in=chance.sample(keys, 5)))


def unpublish_one(chance: random.Random, keys: list[int]) -> None:
    unpublish(Article.objects.get(pk=chance.choice(keys)))


def rename_a_tag(chance: random.Random, keys: list[int]) -> None:
    Tag.objects.filter(pk=chance.choice(list(Tag.objects.values_list("pk", flat=True)))).update(
        name=f"Tag {chance.random()}"
    )


def save_a_draft(chance: random.Random, keys: list[int]) -> None:
    article = Article.objects.get(pk=chance.choice(keys))
    article.title = f"Contended {chance.random()}"
    article.save()


VERBS = [publish_one, publish_one, publish_several, unpublish_one, rename_a_tag, save_a_draft]


def import_again_and_again(chance: random.Random, deadline: float, outcome: Outcome) -> None:
    run_number = 0
    while time.monotonic() < deadline:
        run_number += 1
        file = io.BytesIO(
            "\n".join(
                json.dumps(
                    {
                        "external_id": f"import-{number}",
                        "title": f"Imported {number}",
                        "body_html": f"<p>Run {run_number} of {number}.</p>",
                        "status": "published",
                        "regions": ["Imported region"],
                        "tags": [f"Imported tag {number % 7}"],
                        "authors": [],
                    }
                )
                for number in range(300)
            ).encode()
        )
        report = import_jsonl(file, now=timezone.now())
        outcome.errors += [reason for _, reason in report.errors]
        outcome.done["imports of 300"] += 1


def observe(chance: random.Random, deadline: float, outcome: Outcome) -> None:
    """Read on from the last number seen: what comes next is always the next number."""
    last = Change.objects.order_by("-number").values_list("number", flat=True)[0] or 0
    while time.monotonic() < deadline:
        numbers = list(
            Change.objects.filter(number__gt=last)
            .order_by("number")
            .values_list("number", flat=True)
        )
        if numbers != list(range(last + 1, last + 1 + len(numbers))):
            outcome.errors.append(f"after {last} the observer saw {numbers[:20]}")
        if numbers:
            last = numbers[-1] or last
            outcome.observed += 1
        time.sleep(0.001)


def inspect() -> list[str]:
    """What is wrong with the database after the writers are done."""
    errors = []
    numbers = list(Change.objects.order_by("number").values_list("number", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        errors.append("the numbers have a gap, or some rows have none")
    if LogHead.objects.get().number != len(numbers):
        errors.append("LogHead does not hold the last number")
    with connection.cursor() as cursor:
        cursor.execute(_STRAY_LISTINGS)
        if stray := cursor.fetchall():
            errors.append(f"listing rows that should not be, or are missing: {stray[:5]}")
    states = Article.objects.filter(public__isnull=False).exclude(
        revision__gt=0, public_id__isnull=False
    )
    if states.exists():
        errors.append("public articles whose desk's copy does not know it")
    if Region.objects.filter(version=0).exists():
        errors.append("a region without a version")
    return errors


_STRAY_LISTINGS = """
WITH RECURSIVE ancestry(id, ancestor) AS (
    SELECT id, id FROM articles_region
    UNION SELECT a.id, r.parent_id FROM ancestry a JOIN articles_region r ON r.id = a.ancestor
    WHERE r.parent_id IS NOT NULL
), wanted AS (
    SELECT DISTINCT p.id, 1 AS kind, a.ancestor AS key
    FROM articles_publishedarticle p, unnest(p.region_ids) r JOIN ancestry a ON a.id = r
    UNION SELECT p.id, 2, t FROM articles_publishedarticle p, unnest(p.tag_ids) t
    UNION SELECT p.id, 3, u FROM articles_publishedarticle p, unnest(p.author_ids) u
)
SELECT * FROM wanted FULL JOIN articles_listing l
ON (l.article_id, l.kind, l.key) = (wanted.id, wanted.kind, wanted.key)
WHERE l.article_id IS NULL OR wanted.id IS NULL
"""
