"""What was edited before there was the desk stands as a draft, with a version of its own.

Until then a public article stayed "published" whatever was saved, and saves kept no revision. Its
versions have the number 0, and so has its last publication: what was saved since would be taken for
that. So it gets the number 1, of which there is no revision yet, and the next save keeps it first.

What is compared are the columns that publication copies; of the body and the summary it serves
something else, and what was published is in the revision. Of translations both copies are kept
alike. What is not public is not compared: at worst a revision says twice what it said.
"""

from django.db import migrations

NUMBER_THEM = """
WITH published AS (
    SELECT DISTINCT ON (article_id) article_id, content FROM articles_revision
    WHERE kind = 'publication' ORDER BY article_id, created_at DESC, id DESC
)
UPDATE articles_article a
SET save_number = 1, state = CASE a.state WHEN 'published' THEN 'draft' ELSE a.state END
FROM published r LEFT JOIN articles_publishedarticle p ON p.article_id = r.article_id
WHERE a.id = r.article_id AND a.save_number = 0 AND (
    p.id IS NULL
    OR (a.title, a.kicker, a.kind, a.language, a.slug, a.is_breaking, a.breaking_until,
        a.expires_at, a.canonical_url, a.seo_title, a.seo_description, a.corrections,
        a.lead_image_id)
    IS DISTINCT FROM
       (p.title, p.kicker, p.kind, p.language, p.slug, p.is_breaking, p.breaking_until,
        p.expires_at, p.canonical_url, p.seo_title, p.seo_description, p.corrections,
        p.lead_image_id)
    OR (a.body_html, a.summary)
    IS DISTINCT FROM (r.content ->> 'body_html', r.content ->> 'summary')
    OR p.region_ids <> ARRAY(
        SELECT region_id FROM articles_article_regions WHERE article_id = a.id ORDER BY id)
    OR p.tag_ids <> ARRAY(
        SELECT tag_id FROM articles_article_tags WHERE article_id = a.id ORDER BY id)
    OR p.author_ids <> ARRAY(
        SELECT author_id FROM articles_byline WHERE article_id = a.id ORDER BY position, id)
)
"""


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_collections")]

    operations = [migrations.RunSQL(NUMBER_THEM, migrations.RunSQL.noop)]
