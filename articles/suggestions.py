"""What search boxes suggest while a reader types: titles, names of regions, tags and authors."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from articles.models import Suggestion

MOST = 10
_LIKE_FROM = 4
"""Letters from which on what is spelled like it is suggested too: three are in everything."""

_MOST_WORDS = 4

# A name shows while articles carry it (as CarriedQuerySet.public says), a title while its article
# is public. In a language, names are those of it, or the usual ones where there are none.
_PUBLIC_NAME = """s.type < 4 AND (EXISTS (
        SELECT FROM articles_listing l WHERE l.kind = s.type AND l.key = s.key
    ) OR s.type = 1 AND EXISTS (SELECT FROM articles_region r WHERE r.id = s.key AND r.is_listed))
    AND (%(language)s::text IS NULL OR s.language = %(language)s OR s.language = '' AND NOT EXISTS (
        SELECT FROM articles_suggestion t WHERE t.type = s.type AND t.key = s.key
        AND t.language = %(language)s))"""
_PUBLIC_TITLE = """s.type = 4 AND (%(language)s::text IS NULL OR s.language = %(language)s)
    AND EXISTS (SELECT FROM articles_searchentry e WHERE e.article_id = s.key)"""
_TITLE_MEANT = """e.config = 0 AND ts_filter(e.vector, '{a}')
        @@ (SELECT to_tsquery('dastan_simple', query) FROM meant)
    OR e.config = 1 AND ts_filter(e.vector, '{a}')
        @@ (SELECT to_tsquery('dastan_english', query) FROM meant)
    OR e.config = 2 AND ts_filter(e.vector, '{a}')
        @@ (SELECT to_tsquery('dastan_russian', query) FROM meant)"""
_BEGINS = """s.folded >= (SELECT text FROM asked)
    AND s.folded < (SELECT text || U&'\\+10FFFF' FROM asked)"""

# What begins as typed is no slip, so what is like it is not looked for then. Names are compared as
# a whole (trigrams: pg_trgm's similarity, from 0.3 on). Of titles, those are taken that have, for
# each word typed, one of the three public words likest to it.
_SUGGEST = f"""
WITH asked AS MATERIALIZED (SELECT search_fold(%(text)s) AS text),
begins AS MATERIALIZED (
    (SELECT s.type, s.key, s.text FROM articles_suggestion s
    WHERE {_BEGINS} AND {_PUBLIC_NAME} ORDER BY s.folded, s.type, s.key LIMIT %(limit)s)
    UNION ALL
    (SELECT s.type, s.key, s.text FROM articles_suggestion s
    WHERE {_BEGINS} AND {_PUBLIC_TITLE} ORDER BY s.folded, s.key LIMIT %(limit)s)
), meant AS MATERIALIZED (
    SELECT string_agg(words, ' & ') AS query FROM (
        SELECT '(' || string_agg(found.word, ' | ') || ')' AS words
        FROM regexp_split_to_table((SELECT text FROM asked), '[^[:alnum:]]+')
            WITH ORDINALITY typed(word, place), LATERAL (
            SELECT w.word FROM articles_searchword w
            JOIN articles_searchentry e USING (article_id)
            WHERE w.word %% typed.word
            GROUP BY w.word ORDER BY similarity(w.word, typed.word) DESC, w.word LIMIT 3
        ) found
        WHERE %(by_likeness)s AND NOT EXISTS (SELECT FROM begins)
            AND typed.place <= %(words)s AND length(typed.word) >= 3
        GROUP BY typed.place
    ) each_word
)
SELECT s.type, s.text, CASE s.type
    WHEN 1 THEN (SELECT slug FROM articles_region WHERE id = s.key)
    WHEN 2 THEN (SELECT slug FROM articles_tag WHERE id = s.key)
    WHEN 3 THEN (SELECT slug FROM articles_author WHERE id = s.key)
    ELSE (SELECT slug FROM articles_publishedarticle WHERE id = s.key)
END AS slug
FROM (
    SELECT * FROM begins
    UNION ALL
    (SELECT s.type, s.key, s.text FROM articles_suggestion s
    WHERE %(by_likeness)s AND NOT EXISTS (SELECT FROM begins)
        AND s.folded %% (SELECT text FROM asked) AND {_PUBLIC_NAME}
    ORDER BY s.folded <-> (SELECT text FROM asked), s.folded, s.type, s.key LIMIT %(limit)s)
    UNION ALL
    (SELECT 4, e.article_id, (SELECT title FROM articles_publishedarticle WHERE id = e.article_id)
    FROM articles_searchentry e
    WHERE ({_TITLE_MEANT}) AND (%(language)s::text IS NULL OR e.language = %(language)s)
    ORDER BY e.published_at DESC, e.article_id DESC LIMIT %(limit)s)
) s LIMIT %(limit)s
"""  # noqa: S608 -- our own constants


@dataclass(frozen=True, slots=True)
class Suggested:
    """``type`` is region, tag, author or article; ``slug`` its own."""

    type: str
    slug: str
    text: str


def suggest(text: str, *, language: str | None = None) -> list[Suggested]:
    """At most ``MOST`` public names and titles that begin like the text, names before titles, in
    the order of the alphabet. Where nothing does, names spelled like it, the likest first, and
    titles with words spelled like it, the newest first.

    Case, accents and ё don't count. Each thing once, in the first of its languages that fits.
    """
    values = {
        "text": text.strip(),
        "language": language,
        # Without letters, everything is like it.
        "words": _MOST_WORDS,
        "by_likeness": sum(letter.isalnum() for letter in text) >= _LIKE_FROM,
        # A thing may begin like the text in several languages, and be like it as well.
        "limit": 3 * MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # as in articles/search.py
        cursor.execute(_SUGGEST, values)
        rows = cursor.fetchall()
    found: dict[tuple[str, str], Suggested] = {}
    for number, shown, slug in rows:
        kind = Suggestion.Type(number).name.lower()
        found.setdefault((kind, slug), Suggested(kind, slug, shown))
    return list(found.values())[:MOST]
