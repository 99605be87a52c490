"""What search boxes suggest while a reader types: titles, names of regions, tags and authors."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from articles.models import Suggestion

MOST = 10
_LIKE_FROM = 4
"""Letters from which on what is spelled like it is suggested too: three are in everything."""

# Of pg_trgm's word similarity, where 1 is a part of the text, word for word. Names are short: they
# are compared as a whole, from 0.3 on.
_LIKENESS = "0.5"

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
_BEGINS = """s.folded >= (SELECT text FROM asked)
    AND s.folded < (SELECT text || U&'\\+10FFFF' FROM asked)"""

# Each part comes to an end by itself, and the later ones are not begun when the first suffice.
_SUGGEST = f"""
WITH asked AS MATERIALIZED (SELECT search_fold(%(text)s) AS text)
SELECT s.type, s.text, CASE s.type
    WHEN 1 THEN (SELECT slug FROM articles_region WHERE id = s.key)
    WHEN 2 THEN (SELECT slug FROM articles_tag WHERE id = s.key)
    WHEN 3 THEN (SELECT slug FROM articles_author WHERE id = s.key)
    ELSE (SELECT slug FROM articles_publishedarticle WHERE id = s.key)
END AS slug
FROM (
    (SELECT s.type, s.key, s.text FROM articles_suggestion s
    WHERE {_BEGINS} AND {_PUBLIC_NAME} ORDER BY s.folded, s.type, s.key LIMIT %(limit)s)
    UNION ALL
    (SELECT s.type, s.key, s.text FROM articles_suggestion s
    WHERE {_BEGINS} AND {_PUBLIC_TITLE} ORDER BY s.folded, s.key LIMIT %(limit)s)
    UNION ALL
    (SELECT s.type, s.key, s.text FROM articles_suggestion s
    WHERE s.folded %% (SELECT text FROM asked) AND %(by_likeness)s AND {_PUBLIC_NAME}
    ORDER BY s.folded <-> (SELECT text FROM asked), s.folded, s.type, s.key LIMIT %(limit)s)
    UNION ALL
    (SELECT s.type, s.key, s.text FROM articles_suggestion s
    WHERE s.folded %%> (SELECT text FROM asked) AND %(by_likeness)s AND {_PUBLIC_TITLE}
    ORDER BY s.folded <->> (SELECT text FROM asked), s.folded, s.key LIMIT %(limit)s)
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
    the order of the alphabet; then names spelled like it, and titles that have words spelled like it,
    the likest first.

    Case, accents and ё don't count. Each thing once, in the first of its languages that fits.
    """
    values = {
        "text": text.strip(),
        "language": language,
        "by_likeness": len(text.strip()) >= _LIKE_FROM,
        # A thing may begin like the text in several languages, and be like it as well.
        "limit": 3 * MOST,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL pg_trgm.word_similarity_threshold = {_LIKENESS}")
        cursor.execute(_SUGGEST, values)
        rows = cursor.fetchall()
    found: dict[tuple[str, str], Suggested] = {}
    for number, shown, slug in rows:
        kind = Suggestion.Type(number).name.lower()
        found.setdefault((kind, slug), Suggested(kind, slug, shown))
    return list(found.values())[:MOST]
