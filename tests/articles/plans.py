"""A hundred thousand public articles, and what PostgreSQL does for a request on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

ARTICLES = 100_000

# "large" holds 60% through a region below it, "small" one in a thousand. "old" stands on the
# oldest hundred only, "common" on a fifth, "tied" on 5,000 that were published at one moment.
_LOAD = f"""
SET LOCAL dastan.bulk = 'on';
INSERT INTO articles_region (id, slug, name, names, import_digest, version, code, parent_id,
    "order", description, is_listed) VALUES
    (1, 'large', 'Large', '{{}}', '', 0, '', NULL, 0, '', false),
    (2, 'small', 'Small', '{{}}', '', 0, '', NULL, 0, '', false),
    (3, 'child', 'Child', '{{}}', '', 0, '', 1, 0, '', false);
INSERT INTO articles_tag (id, slug, name, names, import_digest, version) VALUES
    (1, 'old', 'Old', '{{}}', '', 0), (2, 'common', 'Common', '{{}}', '', 0),
    (3, 'tied', 'Tied', '{{}}', '', 0);
INSERT INTO articles_author (id, slug, name, names, import_digest, version, role, bio) VALUES
    (1, 'asel', 'Asel', '{{}}', '', 0, '', ''), (2, 'other', 'Other', '{{}}', '', 0, '', '');

INSERT INTO articles_article (id, title, kicker, summary, body_html, kind, language, is_breaking,
    canonical_url, seo_title, seo_description, corrections, slug, state, created_at, saved_at,
    clock_error, import_digest, revision, version)
SELECT n, 'A', '', '', '', 'news', 'en', false, '', '', '', '[]', 'a-' || n, 'published',
    now(), now(), '', '', 1, 0
FROM generate_series(1, {ARTICLES}) n;

INSERT INTO articles_publishedarticle (id, article_id, title, kicker, summary, body_html, kind,
    language, is_breaking, canonical_url, seo_title, seo_description, corrections, slug,
    region_ids, tag_ids, author_ids, image_ids, blocks, body_text, excerpt, word_count,
    published_at, updated_at, revision, version)
SELECT n, n, 'Title of article ' || n, '', repeat('summary ', 20), repeat('body ', 60),
    CASE WHEN n % 200 = 0 THEN 'interview' WHEN n % 10 = 0 THEN 'opinion' ELSE 'news' END,
    CASE WHEN n % 5 = 0 THEN 'ru' WHEN n % 1000 = 1 THEN 'kk' ELSE 'en' END,
    n % 2000 = 7, '', '', '', '[]', 'a-' || n,
    CASE WHEN n % 5 < 3 THEN '{{3}}' WHEN n % 1000 = 3 THEN '{{2}}' ELSE '{{}}' END::bigint[],
    CASE WHEN n BETWEEN 50001 AND 55000 THEN '{{3}}'
        WHEN n <= 100 THEN '{{1,2}}' WHEN n % 5 = 4 THEN '{{2}}' ELSE '{{}}' END::bigint[],
    CASE WHEN n % 400 = 9 THEN '{{1}}' ELSE '{{2}}' END::bigint[], '{{}}',
    '[]', repeat('text ', 60), repeat('text ', 60), 60,
    timestamptz '2026-01-01Z' + interval '1 minute' * CASE
        WHEN n BETWEEN 50001 AND 55000 THEN 50001 ELSE n END,
    timestamptz '2026-01-01Z' + interval '1 minute' * (n * 7919 % {ARTICLES}), 1, n
FROM generate_series(1, {ARTICLES}) n;

INSERT INTO articles_listing (article_id, kind, key, published_at)
SELECT id, 1, unnest(CASE region_ids WHEN '{{3}}' THEN '{{1,3}}' ELSE region_ids END), published_at
FROM articles_publishedarticle
UNION ALL SELECT id, 2, unnest(tag_ids), published_at FROM articles_publishedarticle
UNION ALL SELECT id, 3, unnest(author_ids), published_at FROM articles_publishedarticle;
UPDATE changes_loghead SET epoch = gen_random_uuid();
SET CONSTRAINTS ALL IMMEDIATE;  -- once here, and not at the end of each test
SET CONSTRAINTS ALL DEFERRED;
"""

_ANALYZE = """
ANALYZE articles_publishedarticle, articles_listing, articles_region, articles_tag, articles_author
"""


def load() -> None:
    """Make the articles, in the transaction that is open."""
    with connection.cursor() as cursor:
        cursor.execute(_LOAD)
        cursor.execute(_ANALYZE)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one statement did: ``nodes`` are those of EXPLAIN (ANALYZE, BUFFERS)."""

    sql: str
    nodes: list[dict[str, Any]]

    @property
    def pages(self) -> int:
        """Pages of the database that were looked at."""
        return int(self.nodes[0]["Shared Hit Blocks"] + self.nodes[0]["Shared Read Blocks"])

    @property
    def rows(self) -> int:
        """Rows that were read from tables and indexes, shown or not."""
        return sum(
            round(
                (
                    node["Actual Rows"]
                    + node.get("Rows Removed by Filter", 0)
                    + node.get("Rows Removed by Index Recheck", 0)
                )
                * node["Actual Loops"]
            )
            for node in self.nodes
            if "Scan" in node["Node Type"] and node["Node Type"] != "Bitmap Index Scan"
        )

    def scans_whole(self, table: str) -> bool:
        return any(
            node["Node Type"] == "Seq Scan" and node["Relation Name"] == table
            for node in self.nodes
        )

    def describe(self) -> str:
        shown = [
            f"{n['Node Type']} {n.get('Index Name', n.get('Relation Name', ''))}"
            for n in self.nodes
        ]
        return f"{self.rows} rows, {self.pages} pages: {', '.join(shown)}"


def statements(client: Client, url: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The answer to a request, and the SQL of its statements: ``rows`` and, maybe, ``count``."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200, response.content
    found = {}
    for query in queries:
        sql = query["sql"]
        if "articles_publishedarticle" in sql and "COUNT(*)" in sql:
            found["count"] = sql
        elif "articles_publishedarticle" in sql and "ORDER BY" in sql:  # that of the cards has none
            found["rows"] = sql
    answer: dict[str, Any] = response.json()
    return answer, found


def explain(sql: str) -> Plan:
    """Run the statement and tell what PostgreSQL did for it."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        [(explained,)] = cursor.fetchall()
    document = orjson.loads(explained) if isinstance(explained, str) else explained
    return Plan(sql, list(_nodes(document[0]["Plan"])))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)
