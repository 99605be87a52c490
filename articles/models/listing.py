from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, models, transaction
from django.utils.translation import gettext, pgettext_lazy

from articles.models.tally_triggers import keep_tallies

# What each of the public articles %(ids)s should be listed under: its regions with all their
# ancestors, its tags, its authors.
_WANTED = """
WITH RECURSIVE ancestry(id, ancestor) AS (
    SELECT id, id FROM articles_region
    UNION
    SELECT a.id, r.parent_id FROM ancestry a JOIN articles_region r ON r.id = a.ancestor
    WHERE r.parent_id IS NOT NULL
), wanted AS MATERIALIZED (
    SELECT DISTINCT p.id AS article_id, 1 AS kind, a.ancestor AS key, p.published_at
    FROM articles_publishedarticle p, unnest(p.region_ids) r JOIN ancestry a ON a.id = r
    WHERE p.id = ANY(%(ids)s)
    UNION ALL
    SELECT DISTINCT p.id, 2, t, p.published_at
    FROM articles_publishedarticle p, unnest(p.tag_ids) t WHERE p.id = ANY(%(ids)s)
    UNION ALL
    SELECT DISTINCT p.id, 3, u, p.published_at
    FROM articles_publishedarticle p, unnest(p.author_ids) u WHERE p.id = ANY(%(ids)s)
)
"""

_DELETE_OTHERS = f"""{_WANTED}
DELETE FROM articles_listing l WHERE l.article_id = ANY(%(ids)s) AND NOT EXISTS (
    SELECT FROM wanted w WHERE w.article_id = l.article_id AND w.kind = l.kind
    AND w.key = l.key AND w.published_at = l.published_at)
"""  # noqa: S608 -- our own constant

_INSERT_MISSING = f"""{_WANTED}
INSERT INTO articles_listing (article_id, kind, key, published_at)
SELECT w.article_id, w.kind, w.key, w.published_at FROM wanted w ON CONFLICT DO NOTHING
"""  # noqa: S608 -- our own constant

_ARTICLES_OF_REGION = """
WITH RECURSIVE subtree(id) AS (
    SELECT %s::bigint
    UNION
    SELECT r.id FROM articles_region r JOIN subtree s ON r.parent_id = s.id
)
SELECT id FROM articles_publishedarticle
WHERE region_ids && (SELECT array_agg(id) FROM subtree) ORDER BY id
"""

# Publications share this lock, a move in the tree takes it alone: so no publication writes the
# ancestors of a tree that has just changed.
_TREE_LOCK = 7_301_846


class ListingManager(models.Manager["Listing"]):
    def rewrite(self, article_ids: Sequence[int]) -> None:
        """Bring the rows of these public articles in line with their arrays."""
        with connection.cursor() as cursor:
            cursor.execute(_DELETE_OTHERS, {"ids": list(article_ids)})
            cursor.execute(_INSERT_MISSING, {"ids": list(article_ids)})

    def rewrite_region(self, region_id: int) -> None:
        """Bring the rows of all public articles in a region and below it in line."""
        with connection.cursor() as cursor:
            cursor.execute(_ARTICLES_OF_REGION, [region_id])
            ids = [row[0] for row in cursor.fetchall()]
        if ids:
            self.rewrite(ids)

    def share_tree(self) -> None:
        """Hold the tree of regions as it is until the end of the transaction."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_TREE_LOCK])

    def take_tree(self) -> None:
        """Keep publications out until the end of the transaction; wait for those under way as long
        as ``lock_timeout`` allows."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE_LOCK])

    def lock_tree(self) -> None:
        """Keep publications out until the end of the transaction.

        ValidationError after three seconds, so that a long import does not make them all wait.
        """
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '3s'")
                self.take_tree()
                cursor.execute("SET LOCAL lock_timeout = DEFAULT")
        except OperationalError as error:
            raise ValidationError(
                gettext(
                    "A region cannot be moved while articles are being published or imported. Try"
                    " again when that is done."
                )
            ) from error


class Listing(models.Model):
    """Which public article stands in which list: a narrow table beside PublishedArticle.

    A region's list holds its descendants' articles too. Only ``ListingManager.rewrite`` writes it.
    """

    class Kind(models.IntegerChoices):
        REGION = 1
        TAG = 2
        AUTHOR = 3

    pk = models.CompositePrimaryKey("article", "kind", "key")
    article = models.ForeignKey(
        "articles.PublishedArticle",
        on_delete=models.CASCADE,
        related_name="listings",
        db_index=False,
    )
    kind = models.PositiveSmallIntegerField(choices=Kind)
    key = models.BigIntegerField()
    published_at = models.DateTimeField()

    objects = ListingManager()

    class Meta:
        verbose_name = pgettext_lazy("model", "place in a list")
        verbose_name_plural = pgettext_lazy("model", "places in lists")
        triggers = keep_tallies("articles_tally_listings")
        indexes = [
            # The newest, or the oldest, of a region, tag or author, at any depth of a walk.
            models.Index(
                "kind",
                "key",
                models.F("published_at").desc(),
                models.F("article").desc(),
                name="articles_listing_newest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}: {self.article_id}"
