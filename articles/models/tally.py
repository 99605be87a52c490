from __future__ import annotations

from django.db import connection, models
from django.utils.translation import pgettext_lazy

from articles.models.listing import Listing

_FOLD = """
WITH many AS (
    SELECT kind, key, language FROM articles_tally GROUP BY 1, 2, 3 HAVING count(*) > 1
), gone AS (
    DELETE FROM articles_tally t USING many m
    WHERE t.kind = m.kind AND t.key = m.key AND t.language = m.language
    RETURNING t.kind, t.key, t.language, t.number
)
INSERT INTO articles_tally (kind, key, language, number)
SELECT kind, key, language, sum(number) FROM gone GROUP BY 1, 2, 3 HAVING sum(number) <> 0
"""
# Whoever folds second leaves it to the first: two would wait for each other's rows.
_FOLD_LOCK = 7_301_847


class TallyManager(models.Manager["Tally"]):
    def total(self, kind: int, key: int = 0, language: str = "") -> int:
        """How many public articles there are of this kind of list, as of the snapshot."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(sum(number), 0) FROM articles_tally"
                " WHERE kind = %s AND key = %s AND language = %s",
                [kind, key, language],
            )
            [(total,)] = cursor.fetchall()
        return int(total)

    def fold(self) -> int:
        """Make one row of the many that publications left for a list; return how many lists."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_FOLD_LOCK])
            if cursor.fetchone() == (False,):
                return 0
            cursor.execute(_FOLD)
            return int(cursor.rowcount)


class Tally(models.Model):
    """How many public articles a list has: the sum of its rows.

    Triggers append what each statement added or took away, so that publications never wait for
    each other's counts; the worker folds the rows of a list into one. ``key`` is a region, tag or
    author; ``language`` is set for a language.
    """

    class Kind(models.IntegerChoices):
        ALL = 0
        REGION = Listing.Kind.REGION.value
        TAG = Listing.Kind.TAG.value
        AUTHOR = Listing.Kind.AUTHOR.value
        LANGUAGE = 4

    kind = models.PositiveSmallIntegerField(choices=Kind)
    key = models.BigIntegerField(default=0)
    language = models.CharField(max_length=35, default="")
    number = models.BigIntegerField()

    objects = TallyManager()

    class Meta:
        verbose_name = pgettext_lazy("model", "tally")
        verbose_name_plural = pgettext_lazy("model", "tallies")
        indexes = [
            # The count of one list.
            models.Index(
                fields=["kind", "key", "language"],
                include=["number"],
                name="articles_tally_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key or self.language}: {self.number}"
