from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction

from articles.models.former_url import MAX_LENGTH, site_path
from cms.changes.triggers import log_changes

# Of the spellings of a path, the first that somebody redirected, and where that leads step by step.
_FOLLOW = """
WITH RECURSIVE chain(path, target, step) AS (
    (SELECT slug, target, 1 FROM articles_redirect WHERE slug = ANY(%(paths)s)
     ORDER BY array_position(%(paths)s::text[], slug::text) LIMIT 1)
    UNION ALL
    SELECT r.slug, r.target, c.step + 1
    FROM chain c CROSS JOIN LATERAL (
        SELECT slug, target FROM articles_redirect
        WHERE slug IN (c.target, split_part(c.target, '?', 1))
        ORDER BY slug = c.target DESC LIMIT 1
    ) r WHERE c.step < %(steps)s
)
SELECT target FROM chain ORDER BY step
"""
MAX_STEPS = 20


def spellings(path: str) -> list[str]:
    """The path, then without its query: what follows a link often adds one to it."""
    return list(dict.fromkeys([path, path.partition("?")[0]]))


class RedirectManager(models.Manager["Redirect"]):
    def follow(self, *paths: str) -> list[str]:
        """Where the first of these spellings of a path leads, and where that leads, and so on to
        the end; nothing for a path that nobody redirected."""
        with connection.cursor() as cursor:
            cursor.execute(_FOLLOW, {"paths": list(paths), "steps": MAX_STEPS})
            return [row[0] for row in cursor.fetchall()]


class Redirect(models.Model):
    """Where an editor lets an address of the site lead: two paths, as ``site_path`` writes them.

    It counts only while no public page stands at ``path``.
    """

    # The change log names a row by its column ``slug``.
    path = models.CharField("from", max_length=MAX_LENGTH, unique=True, db_column="slug")
    target = models.CharField("to", max_length=MAX_LENGTH)
    version = models.BigIntegerField(editable=False, default=0)

    objects = RedirectManager()

    class Meta:
        ordering = ["path"]
        triggers = log_changes("articles", "redirect")

    def __str__(self) -> str:
        return f"{self.path} → {self.target}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves; ValidationError where it would lead back to itself, alone or with others."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                # Two editors at once could close a circle that neither of them sees.
                cursor.execute("LOCK TABLE articles_redirect IN SHARE ROW EXCLUSIVE MODE")
            self._refuse_a_circle()
            super().save(*args, **kwargs)

    def clean_fields(self, exclude: Any = None) -> None:
        """The paths are spelt alike before they are compared with others."""
        errors = {}
        for name in ("path", "target"):
            try:
                setattr(self, name, site_path(getattr(self, name).strip()))
            except ValueError as error:
                errors[name] = str(error)
        if errors:
            raise ValidationError(errors)
        super().clean_fields(exclude)

    def clean(self) -> None:
        self._refuse_a_circle()

    def _next(self, step: str) -> Redirect | None:
        """The other redirect that leads on from there."""
        others = Redirect.objects.exclude(pk=self.pk)
        found = {each.path: each for each in others.filter(path__in=spellings(step))}
        return next((found[each] for each in spellings(step) if each in found), None)

    def _refuse_a_circle(self) -> None:
        if self.path in spellings(self.target):
            raise ValidationError({"target": "It would lead to itself. Name another address."})
        steps = [self.target]
        while found := self._next(steps[-1]):
            steps.append(found.target)
            if self.path in spellings(found.target):
                way = " → ".join([self.path, *steps])
                raise ValidationError({"target": f"That would go round in a circle: {way}."})
            if len(steps) > MAX_STEPS:
                raise ValidationError(
                    {"target": f"It is the last of more than {MAX_STEPS} that lead to one another."}
                )
