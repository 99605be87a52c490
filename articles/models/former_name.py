from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import connection, models
from django.utils.translation import pgettext_lazy

from articles.models.taxonomy import Named
from articles.slugs import MAX_LENGTH


class Former(NamedTuple):
    """What led to a region, tag or author before: ``was_public`` as ``FormerName`` has it."""

    slug: str
    name: str
    was_public: bool


class FormerNameManager(models.Manager["FormerName"]):
    def present_keys(self, kind: int, keys: Iterable[int]) -> dict[int, int]:
        """Of the keys that were merged into another, what they are now."""
        rows = self.filter(kind=kind, former_key__in=list(keys))
        return dict(rows.values_list("former_key", "key"))

    def keep(
        self, model: type[Named], names: Iterable[tuple[int, Former]], *, at: datetime
    ) -> None:
        """Let these lead to rows of the model, by primary key, as if merged into them ``at`` that
        moment. What leads there already stays; but what readers knew, they know."""
        kind = model.listing_kind
        wanted = dict.fromkeys(names)
        rows = self.filter(kind=kind, key__in={key for key, _ in wanted})
        there = {(row.key, row.slug, row.name): row for row in rows}
        new = []
        for key, former in wanted:
            row = there.get((key, former.slug, former.name))
            if row is None:
                new.append((key, former))
            elif former.was_public and not row.was_public:
                self.filter(pk=row.pk).update(was_public=True)
        self.bulk_create(
            FormerName(kind=kind, former_key=former_key, key=key, merged_at=at, **former._asdict())
            for former_key, (key, former) in zip(_free_keys(model, len(new)), new, strict=True)
        )


class FormerName(models.Model):
    """A region, tag or author that was merged into another: its key and its slug lead on.

    ``kind`` is that of ``Listing``; ``key`` is what it is now, after further merges too. Only what
    readers knew (``was_public``) redirects.
    """

    kind = models.PositiveSmallIntegerField()
    former_key = models.BigIntegerField()
    slug = models.CharField(max_length=MAX_LENGTH)
    name = models.TextField()
    key = models.BigIntegerField()
    was_public = models.BooleanField()
    merged_at = models.DateTimeField()

    objects = FormerNameManager()

    class Meta:
        verbose_name = pgettext_lazy("model", "former name")
        verbose_name_plural = pgettext_lazy("model", "former names")
        constraints = [
            models.UniqueConstraint(fields=["kind", "former_key"], name="articles_former_name_key"),
        ]
        indexes = [
            # Where a slug leads now.
            models.Index(fields=["kind", "slug"], name="articles_former_name_slug"),
        ]

    def __str__(self) -> str:
        return self.name


def _free_keys(model: type[Named], number: int) -> list[int]:
    """Primary keys that no row had, and none will have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, number],
        )
        return [row[0] for row in cursor.fetchall()]
