"""Full-text search among public articles (PostgreSQL's, chapter 12 of its manual).

A search is parsed by ``websearch_to_tsquery``: words that must all be there, "phrases", -without,
or. Each article's words are read in its own language's configuration (English and Russian stemmed,
others as they are; accents and ё folded), and so is the search, three times: an article is found
when it matches the search as read in its own configuration. A search in which no word must be
there finds nothing.

Relevance is ``text + freshness``:

- ``text`` is ``ts_rank_cd(weights, vector, query, 32)``: cover density, with the weights 1.0 for
  the title, 0.4 for kicker and summary, 0.2 for names of regions, tags and authors, 0.1 for the
  body, normalised to ``rank / (rank + 1)``, so that it lies between 0 and 1;
- ``freshness`` is 0.1 for each year of 365.25 days between 1970 and ``published_at``. It is never
  counted from now, so that it stays, and cursors hold.

So a word in the title (0.5) outweighs one in the body (0.09) of an article four years younger.
When a search finds more than ``JUDGED`` articles, the newest that many are judged by their text,
and the older ones follow by date, with a ``text`` of 0: since freshness only falls with age, they
do come after all others. ``judged_since`` is where that begins.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import (
    Case,
    DateTimeField,
    F,
    FloatField,
    Func,
    Q,
    QuerySet,
    Value,
    When,
)

from articles.models import SearchEntry
from articles.models.search import Config, config_of
from articles.spelling import closest

JUDGED = 1000
EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""``judged_since`` where all that is found is judged by its text."""

MAX_RESPELLED = 5
_CANDIDATES = 20
_TO_RANK = 32  # rank / (rank + 1)
_WEIGHTS = [0.1, 0.2, 0.4, 1.0]  # of D, C, B, A

# A run of letters, but for words after a minus, which takes them away.
_WORD = re.compile(r"(?<!\s-)(?<!\A-)\b[^\W\d_]{3,}\b")

# What telephones and Russian keyboards write in the place of PostgreSQL's quotes.
_IDLE_MINUS = re.compile(r"-(?![\w\"])")
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))

_SPACE = re.compile("[ \t\n]+")

# PostgreSQL counts a vector that stands aside as if it stood in its row: for a common word it would
# rather read all of them (180 ms of 30,000 articles) than the index. So it may not, in searches.
_READ = """
SELECT set_config('enable_seqscan', 'off', true),
    querytree(websearch_to_tsquery('dastan_simple', %(text)s)),
    querytree(websearch_to_tsquery('dastan_english', %(text)s)),
    querytree(websearch_to_tsquery('dastan_russian', %(text)s)),
    ARRAY(SELECT asked FROM unnest(%(words)s::text[]) asked WHERE NOT EXISTS (
        SELECT FROM articles_searchword w JOIN articles_searchentry e USING (article_id)
        WHERE w.word = search_fold(asked)))
"""
_LIKE = """
SELECT asked, found.word FROM unnest(%(words)s::text[]) asked CROSS JOIN LATERAL (
    SELECT w.word, similarity(w.word, search_fold(asked)) AS likeness
    FROM articles_searchword w JOIN articles_searchentry e USING (article_id)
    WHERE w.word %% search_fold(asked)
    GROUP BY w.word ORDER BY likeness DESC, w.word LIMIT %(limit)s
) found
WHERE NOT EXISTS (
    SELECT FROM articles_searchentry e
    WHERE e.config = 0 AND e.vector @@ plainto_tsquery('dastan_simple', asked)
        OR e.config = 1 AND e.vector @@ plainto_tsquery('dastan_english', asked)
        OR e.config = 2 AND e.vector @@ plainto_tsquery('dastan_russian', asked)
)
ORDER BY asked, found.likeness DESC, found.word
"""


@dataclass(frozen=True, slots=True)
class Search:
    """A search as the database reads it. ``configs`` are those in which a word must be there;
    ``unknown`` are the words that stand in no public article as they are spelled."""

    text: str
    configs: tuple[Config, ...]
    unknown: tuple[str, ...]
    is_respelled: bool = False

    def query(self, config: Config) -> SearchQuery:
        return SearchQuery(_plain(self.text), config=config.label, search_type="websearch")


def _plain(text: str) -> str:
    """The text as PostgreSQL takes it: only minus signs that take something away, since a row of
    thirty overflows its parser's stack."""
    return _IDLE_MINUS.sub(" ", text.translate(_QUOTES))


def read(text: str) -> Search:
    """How PostgreSQL reads a search: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, {"text": _plain(text), "words": _WORD.findall(text)})
        _, *trees, unknown = cursor.fetchone()
    # "T": without any word that must be there, PostgreSQL would look at every article.
    configs = tuple(each for each in Config if trees[each.value] not in ("", "T"))
    return Search(text, configs, tuple(dict.fromkeys(unknown)))


def respelled(search: Search) -> Search | None:
    """The search with its unknown words replaced by public ones that are spelled like them; None
    where there are none like them, or too many unknown words for a slip of the pen."""
    if not 0 < len(search.unknown) <= MAX_RESPELLED:
        return None
    like: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_LIKE, {"words": list(search.unknown), "limit": _CANDIDATES})
        for asked, found in cursor.fetchall():
            like.setdefault(asked, []).append(found)
    better = {asked: closest(asked, found) for asked, found in like.items()}
    if not any(better.values()):
        return None

    def replace(match: re.Match[str]) -> str:
        return better.get(match[0]) or match[0]

    text = _WORD.sub(replace, search.text)
    return dataclasses.replace(read(text), is_respelled=True)


def matching(
    entries: QuerySet[SearchEntry], search: Search, *, language: str | None = None
) -> QuerySet[SearchEntry]:
    """Those of the entries that the search finds; they are of that language, where one is given,
    so that it need not be looked for elsewhere."""
    configs = [config_of(language)] if language is not None else list(Config)
    found = [
        Q(config=each.value, vector=search.query(each))
        for each in search.configs
        if each in configs
    ]
    return entries.filter(reduce(Q.__or__, found)) if found else entries.none()


def judged_since(found: QuerySet[SearchEntry]) -> datetime:
    """When the oldest of those was published that relevance judges by their text (UTC)."""
    newest = found.order_by("-published_at").values_list("published_at", flat=True)
    return next(iter(newest[JUDGED - 1 : JUDGED]), EVER)


def by_relevance(
    found: QuerySet[SearchEntry], search: Search, *, since: datetime
) -> QuerySet[SearchEntry]:
    """Adds ``relevance``, and ``since`` as ``judged_since``: see the module's docstring."""
    rank: Any = Value(0.0)
    for config in search.configs:
        judged = SearchRank(
            F("vector"),
            search.query(config),
            weights=_WEIGHTS,
            normalization=_TO_RANK,
            cover_density=True,
        )
        rank = Case(When(config=config.value, then=judged), default=rank)
    if since > EVER:
        rank = Case(When(published_at__gte=since, then=rank), default=Value(0.0))
    return found.annotate(
        judged_since=Value(since, output_field=DateTimeField()),
        relevance=Freshness(F("published_at")) + rank,
    )


class Freshness(Func):
    """0.1 for each year since 1970."""

    template = "(extract(epoch FROM %(expressions)s)::float8 / 315576000)"
    output_field = FloatField()


_ESCAPED = (
    "replace(replace(replace(replace(replace({}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'),"
    " '\"', '&quot;'), '''', '&#39;')"
)
_MARKS = "StartSel=<mark>, StopSel=</mark>"
_PASSAGE = f'{_MARKS}, MaxFragments=2, MaxWords=30, MinWords=12, FragmentDelimiter=" … "'
# Of a very long body the beginning is looked through: 20,000 letters are some 3,000 words. Of a
# page with more than twenty articles, less of each.
_LETTERS = 20_000
_LETTERS_OF_PAGE = 400_000
_HIGHLIGHT = f"""
SELECT p.id,
    ts_headline(c.configuration, {_ESCAPED.format("p.title")}, c.query, %(marks)s),
    ts_headline(c.configuration, {_ESCAPED.format("left(p.body_text, %(letters)s)")}, c.query,
        %(passage)s)
FROM articles_publishedarticle p, LATERAL (
    SELECT configuration, websearch_to_tsquery(configuration, %(text)s) AS query
    FROM search_configuration(search_config(p.language)) configuration
) c WHERE p.id = ANY(%(ids)s)
"""  # noqa: S608 -- our own constants


def highlights(search: Search, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """``{"title", "passage"}`` of these articles by their ids, as HTML: what they say is escaped,
    and what was searched is marked by ``<mark>``."""
    values: dict[str, Any] = {
        "marks": f"{_MARKS}, HighlightAll=true",
        "passage": _PASSAGE,
        "text": _plain(search.text),
        "letters": min(_LETTERS, _LETTERS_OF_PAGE // max(1, len(ids))),
        "ids": list(ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(_HIGHLIGHT, values)
        return {
            key: {"title": _SPACE.sub(" ", title), "passage": _SPACE.sub(" ", passage).strip()}
            for key, title, passage in cursor.fetchall()
        }
