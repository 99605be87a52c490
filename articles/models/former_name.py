from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from articles.slugs import MAX_LENGTH


class FormerNameManager(models.Manager["FormerName"]):
    def present_keys(self, kind: int, keys: Iterable[int]) -> dict[int, int]:
        """Of the keys that were merged into another, what they are now."""
        rows = self.filter(kind=kind, former_key__in=list(keys))
        return dict(rows.values_list("former_key", "key"))


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
        constraints = [
            models.UniqueConstraint(fields=["kind", "former_key"], name="articles_former_name_key"),
        ]
        indexes = [
            # Where a slug leads now.
            models.Index(fields=["kind", "slug"], name="articles_former_name_slug"),
        ]

    def __str__(self) -> str:
        return self.name
