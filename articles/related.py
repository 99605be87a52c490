"""What else a reader of an article may want to read.

An article's related ones are public, in its language, no pages of the site's own ("about us"), and
neither itself nor a translation of it.
Each candidate has ``shared + words + freshness``:

- ``shared`` is the sum over the regions and tags that both are listed under of
  ``1 - ln(n) / ln(2000)``, where n is how many articles the list has, at most 2,000: 1 for a list
  of one, 0.5 for one of 45, nothing for the commonest;
- ``words`` is twice ``ts_rank`` of the title's words in the other's title: 1.2 for all of them,
  0 for a title of none but stop words;
- ``freshness`` is 0.1 for each year between 1970 and ``published_at``, as in articles/search.py.

Candidates are the 200 newest of each shared list, and the 200 newest with a word of the title in
theirs; the 100 of them that have most shared are compared word for word. What an editor has pinned
comes first, in the editor's order and in any language; what is excluded never comes.
"""

from __future__ import annotations

from django.db import connection

_RELATED = """
WITH this AS MATERIALIZED (
    SELECT e.article_id AS id, e.config, e.language, e.related_pins, e.related_exclusions,
        p.translation_group, (
            SELECT string_agg(
                '''' || replace(replace(w, '\\', '\\\\'), '''', '''''') || '''', ' | ')
            FROM unnest(tsvector_to_array(ts_filter(e.vector, '{a}'))) w
        )::tsquery AS words
    FROM articles_publishedarticle p JOIN articles_searchentry e ON e.article_id = p.id
    WHERE p.slug = %(slug)s
), lists AS MATERIALIZED (
    SELECT l.kind, l.key, (1 - ln(c.number) / ln(2000))::float8 AS weight
    FROM this JOIN articles_listing l ON l.article_id = this.id AND l.kind IN (1, 2), LATERAL (
        SELECT count(*) AS number FROM (
            SELECT FROM articles_listing o WHERE o.kind = l.kind AND o.key = l.key LIMIT 2000
        ) counted
    ) c
), candidates AS MATERIALIZED (
    SELECT id, sum(weight) AS shared FROM (
        SELECT o.article_id AS id, lists.weight FROM lists, LATERAL (
            SELECT article_id FROM articles_listing o
            WHERE o.kind = lists.kind AND o.key = lists.key
            ORDER BY o.published_at DESC, o.article_id DESC LIMIT 200
        ) o
        UNION ALL
        SELECT o.article_id, 0 FROM this, LATERAL (
            SELECT e.article_id FROM articles_searchentry e
            WHERE ts_filter(e.vector, '{a}') @@ this.words
                AND e.config = this.config AND e.language = this.language
            ORDER BY e.published_at DESC, e.article_id DESC LIMIT 200
        ) o
    ) found GROUP BY id
), nearest AS MATERIALIZED (
    SELECT e.article_id AS id, e.vector,
        c.shared + extract(epoch FROM e.published_at)::float8 / 315576000 AS score
    FROM this, candidates c JOIN articles_searchentry e ON e.article_id = c.id
    WHERE e.language = this.language AND e.article_id <> this.id AND e.kind <> 'page'
    ORDER BY score DESC, e.article_id DESC LIMIT 100
), chosen AS (
    SELECT p.id, 0 AS step, array_position(this.related_pins, p.article_id)::float8 AS place
    FROM this JOIN articles_publishedarticle p ON p.article_id = ANY(this.related_pins)
    WHERE p.id <> this.id
    UNION ALL
    SELECT n.id, 1, -(n.score + 2 * coalesce(ts_rank('{0, 0, 0, 1}', n.vector, this.words), 0))
    FROM this, nearest n JOIN articles_publishedarticle p ON p.id = n.id
    WHERE p.article_id <> ALL(this.related_pins || this.related_exclusions)
        AND (p.translation_group = this.translation_group) IS NOT TRUE
)
SELECT chosen.id FROM this LEFT JOIN chosen ON true
ORDER BY chosen.step, chosen.place, chosen.id DESC LIMIT %(limit)s
"""


def related_ids(slug: str, *, limit: int) -> list[int] | None:
    """The public ids of the articles related to the public one of that slug, the nearest first;
    None where there is no such article. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # as in articles/search.py
        cursor.execute(_RELATED, {"slug": slug, "limit": limit})
        rows = cursor.fetchall()
    return [key for (key,) in rows if key is not None] if rows else None
