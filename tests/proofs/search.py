"""Searches, suggestions and related articles among N public ones: what they cost PostgreSQL."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import PublishedArticle
from cms.api.caching import forget_all
from tests.proofs.vocabulary import Vocabulary

PROMISE = (
    "Among 100,000 articles of 300 words, a search for two words with filters costs PostgreSQL at"
    " most 25 ms of CPU time (mean of 200 different ones, each with its count), a suggestion at"
    " most 10 ms, related articles at most 15 ms (means of 200 too); nonsense at most 100 ms. No"
    " table of articles is read from end to end."
)
UNIT = "articles"

ASKED = 200
SEED = 20261124
BOUNDS = {"search": 25.0, "suggestion": 10.0, "related": 15.0, "nonsense": 100.0}
TABLES = ("articles_publishedarticle", "articles_searchentry", "articles_suggestion",
          "articles_listing")  # fmt: skip
NEWEST = datetime(2026, 11, 1, tzinfo=UTC)
YEARS = 8
REGIONS, TAGS, AUTHORS = 20, 300, 60

_ARTICLES = """
INSERT INTO articles_article (id, title, kicker, summary, body_html, kind, language, is_breaking,
    canonical_url, seo_title, seo_description, corrections, slug, state, created_at, saved_at,
    clock_error, import_digest, revision, version)
SELECT n, 'A', '', '', '', 'news', 'en', false, '', '', '', '[]', 'a-' || n, 'published',
    now(), now(), '', '', 1, 0
FROM generate_series(1, %s) n
"""
_COLUMNS = (
    *("id", "article_id", "title", "kicker", "summary", "body_html", "kind", "language"),
    *("is_breaking", "canonical_url", "seo_title", "seo_description", "corrections", "slug"),
    *("region_ids", "tag_ids", "author_ids", "image_ids", "blocks", "body_text", "excerpt"),
    *("word_count", "published_at", "updated_at", "revision", "version"),
)
_LISTINGS = """
INSERT INTO articles_listing (article_id, kind, key, published_at)
SELECT id, 1, unnest(region_ids), published_at FROM articles_publishedarticle
UNION ALL SELECT id, 2, unnest(tag_ids), published_at FROM articles_publishedarticle
UNION ALL SELECT id, 3, unnest(author_ids), published_at FROM articles_publishedarticle
"""


@dataclass
class Outcome:
    articles: int = 0
    milliseconds: dict[str, tuple[float, float]] = field(default_factory=dict)
    plans: dict[str, list[str]] = field(default_factory=dict)
    megabytes: int = 0
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        asked = {
            f"{what}: CPU time of PostgreSQL, mean, and the worst (ms)": (
                f"{mean:.1f}, {worst:.0f}"
            )
            for what, (mean, worst) in self.milliseconds.items()
        }
        return {
            "articles": self.articles,
            **asked,
            "what searches keep, with indexes (MB)": self.megabytes,
            "errors": len(self.errors),
        }

    def details(self) -> str:
        """What PostgreSQL says that it does, under the statement that it does it for."""
        plans = (
            f"## EXPLAIN: {what}\n\n```\n" + "\n".join(lines) + "\n```\n"
            for what, lines in self.plans.items()
        )
        return "\n".join(plans)


def run(number: int) -> Outcome:
    """Load ``number`` articles into the current database, which may be committed to, and ask."""
    outcome, chance = Outcome(articles=number), random.Random(SEED)
    load(number, chance)
    client = Client(headers={"host": "localhost"})
    searches = list(two_words(chance))
    asked = {
        "search": searches,
        "suggestion": list(typed(chance)),
        "related": [
            f"/api/v1/articles/a-{chance.randint(1, number)}/related" for _ in range(ASKED)
        ],
        "nonsense": list(hostile()),
        "the commonest words": list(commonest()),
    }
    for what, urls in asked.items():
        measure(what, urls, client, outcome)
    for what in ("search", "suggestion", "related"):
        explain(what, asked[what][0], client, outcome)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(name)) / 1048576 FROM unnest(ARRAY["
            "'articles_searchentry', 'articles_searchword', 'articles_suggestion']) name"
        )
        outcome.megabytes = round(cursor.fetchone()[0])
    return outcome


def load(number: int, chance: random.Random) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET dastan.bulk = 'on'")
        for table, count in (("region", REGIONS), ("tag", TAGS), ("author", AUTHORS)):
            cursor.execute(f"TRUNCATE articles_{table} CASCADE")
            more = {
                "region": (", code, parent_id, \"order\", description, is_listed",
                           ", '', NULL, 0, '', false"),
                "tag": ("", ""),
                "author": (", role, bio", ", '', ''"),
            }[table]  # fmt: skip
            cursor.execute(
                f"INSERT INTO articles_{table} (id, slug, name, names, version, import_digest"
                f"{more[0]}) SELECT n, '{table}-' || n, initcap('{table} ' || n), '{{}}', 0, ''"
                f"{more[1]} FROM generate_series(1, {count}) n"
            )
        cursor.execute(_ARTICLES, [number])
        with cursor.copy(
            f"COPY articles_publishedarticle ({', '.join(_COLUMNS)}) FROM STDIN"
        ) as copy:
            for row in rows(number, chance):
                copy.write_row(row)
        cursor.execute(_LISTINGS)
        for start in range(1, number + 1, 1000):
            cursor.execute(
                "SELECT search_rewrite(ARRAY(SELECT generate_series(%s, %s)))",
                [start, min(start + 999, number)],
            )
        cursor.execute("SET dastan.bulk = 'off'")
        for table in (*TABLES, "articles_searchword"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def rows(number: int, chance: random.Random) -> Iterator[list[Any]]:
    """Articles of 300 words, three of five in English, spread over eight years."""
    languages = {"en": Vocabulary.english(chance), "ru": Vocabulary.russian(chance)}
    for key in range(1, number + 1):
        language = "en" if key % 5 < 3 else "ru"
        words = languages[language]
        title = words.title(chance)
        body = words.text(chance, 300)
        at = NEWEST - timedelta(days=365 * YEARS) * (1 - key / number)
        regions = {each + 1 for each in chance.choices(range(REGIONS), k=2)}
        tags = {int(TAGS * chance.random() ** 3) + 1 for _ in range(3)}  # some are common
        yield [
            key, key, title, "", body[:240], f"<p>{body}</p>",
            ("news", "news", "news", "analysis", "opinion")[chance.randrange(5)], language,
            False, "", "", "", "[]", f"a-{key}",
            _array(regions), _array(tags), _array([chance.randint(1, AUTHORS)]), "{}",
            json.dumps([{"type": "paragraph", "html": body, "text": body}]), body, body,
            300, at, at, 1, key,
        ]  # fmt: skip


def _array(keys: Any) -> str:
    return "{" + ",".join(map(str, keys)) + "}"


def two_words(chance: random.Random) -> Iterator[str]:
    """Two words of one article each, and one or two filters, by which it may be found or not."""
    total = PublishedArticle.objects.count()
    for number in range(ASKED):
        article = PublishedArticle.objects.get(pk=chance.randint(1, total))
        words = sorted(set(f"{article.title} {article.body_text}".lower().split()))
        filters: list[dict[str, str]] = [
            {"language": article.language},
            {"region": f"region-{article.region_ids[0]}"},
            {"kind": "news", "published_after": "2021-01-01"},
            {"tag": f"tag-{article.tag_ids[0]}"},
            {"language": article.language, "region": f"region-{article.region_ids[0]}"},
        ]
        chosen = {"q": " ".join(chance.sample(words, 2)), **filters[number % len(filters)]}
        yield f"/api/v1/articles?{urlencode(chosen)}"


def typed(chance: random.Random) -> Iterator[str]:
    """The beginning of a title, of three letters and more, or a title's word with a letter gone."""
    total = PublishedArticle.objects.count()
    for number in range(ASKED):
        title = PublishedArticle.objects.get(pk=chance.randint(1, total)).title
        text = title[: 3 + number % 10]
        if number % 3 == 0:
            word = max(title.split(), key=len)
            text = word[:3] + word[4:]
        yield f"/api/v1/search/suggestions?{urlencode({'q': text.strip()})}"


def hostile() -> Iterator[str]:
    """Nonsense, and what nobody should ask."""
    texts = [
        "word " * 1000, "w" * 100_000, "x" * 200, '"' * 199, "'" * 200, "((((" * 20, "\\" * 200,
        ":*&|!" * 40, "-" * 200, "- " * 100, "\0", "the of and", "и в на", "-word",
        "word or -other", "مرحبا بالعالم", "🙂 🙂", "a b c d e f g h i j",
        " ".join(["zqxwv"] * 5), "%_", "<->",
    ]  # fmt: skip
    for text in texts:
        for more in ({}, {"cursor": "", "language": "en"}, {"facets": "region,tag"}):
            yield f"/api/v1/articles?{urlencode({'q': text, **more})}"
        yield f"/api/v1/search/suggestions?{urlencode({'q': text})}"


def commonest() -> Iterator[str]:
    """The words that most articles have, which no promise is made of."""
    words = Vocabulary.english(random.Random(SEED)).words
    for text in (
        words[0],
        f"{words[0]} {words[1]}",
        f"{words[0]} -{words[1]}",
        f'"{words[0]} {words[1]}"',
        " or ".join(words[:16]),
        " ".join(words[:24]),
    ):
        yield f"/api/v1/articles?{urlencode({'q': text})}"


def measure(what: str, urls: list[str], client: Client, outcome: Outcome) -> None:
    """CPU time of this connection's PostgreSQL process: of all, and of the worst one."""
    for url in urls[:3]:
        client.get(url)
    costs = []
    for url in urls:
        forget_all()  # nothing is told from memory here
        before = cpu_seconds()
        response = client.get(url)
        costs.append(cpu_seconds() - before)
        if response.status_code not in ((200, 400, 414) if what == "nonsense" else (200,)):
            outcome.errors.append(f"{url}: {response.status_code}")
    mean, worst = sum(costs) / len(costs) * 1000, max(costs) * 1000
    outcome.milliseconds[what] = (mean, worst)
    seen = worst if what == "nonsense" else mean
    if what in BOUNDS and seen > BOUNDS[what]:
        outcome.errors.append(f"{what}: {seen:.1f} ms, at most {BOUNDS[what]:.0f} are allowed")


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def cpu_seconds() -> float:
    """CPU time so far of the PostgreSQL process that serves this connection, on this machine:
    to the nanosecond from the scheduler (Linux, /proc/PID/schedstat)."""
    nanoseconds, *_ = Path(f"/proc/{_backend()}/schedstat").read_text().split()
    return int(nanoseconds) / 1e9


def explain(what: str, url: str, client: Client, outcome: Outcome) -> None:
    """What PostgreSQL does for a request: of each statement that reads what is searched."""
    with transaction.atomic():  # with what a search sets for its transaction
        _explain(what, url, client, outcome)


def _explain(what: str, url: str, client: Client, outcome: Outcome) -> None:
    forget_all()
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    read = [each["sql"] for each in queries if any(table in each["sql"] for table in TABLES)]
    for number, sql in enumerate(each for each in read if "changes_loghead" not in each):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, SUMMARY OFF) {sql}")
            lines = [row[0][:200] for row in cursor.fetchall()]
        outcome.plans[f"{what}, statement {number + 1}"] = lines
        for table in TABLES:
            if any(f"Seq Scan on {table}" in line for line in lines):
                outcome.errors.append(f"{url}: {table} is read from end to end")
