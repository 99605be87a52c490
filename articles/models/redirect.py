from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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


def next_step(path: str, redirects: Mapping[str, str]) -> str | None:
    """Where the one of these redirects (path to target) leads that is for this path."""
    return next((redirects[each] for each in spellings(path) if each in redirects), None)


def refuse_a_circle(path: str, target: str, leads: Callable[[str], str | None]) -> None:
    """ValidationError where a redirect would lead back to itself, alone or with others; ``leads``
    tells where the others lead from a path, as somebody asks for it."""
    if path in spellings(target):
        raise ValidationError({"target": gettext("It would lead to itself. Name another address.")})
    steps = [target]
    while (found := leads(steps[-1])) is not None:
        steps.append(found)
        if path in spellings(found):
            way = " → ".join([path, *steps])
            told = gettext("That would go round in a circle: {way}.")
            raise ValidationError({"target": told.format(way=way)})
        if len(steps) > MAX_STEPS:
            told = gettext("It is the last of more than {n} that lead to one another.")
            raise ValidationError({"target": told.format(n=MAX_STEPS)})


class RedirectManager(models.Manager["Redirect"]):
    def hold(self) -> None:
        """Keep all others from writing redirects until the end of the transaction: two at once
        could close a circle that neither of them sees."""
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE articles_redirect IN SHARE ROW EXCLUSIVE MODE")

    def targets(self) -> dict[str, str]:
        """All of them: where each path leads."""
        return dict(self.values_list("path", "target"))

    def put(self, redirects: Iterable[Redirect]) -> None:
        """Save these together, each in the place of the one with its path: they may change places.
        ValidationError where one would lead back to itself."""
        rows = list(redirects)
        with transaction.atomic():
            self.hold()
            there = self.targets()
            for row in rows:
                there.pop(row.path, None)
            for row in rows:
                refuse_a_circle(row.path, row.target, lambda step: next_step(step, there))
                there[row.path] = row.target
            self.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["path"],
                update_fields=["target", "import_digest"],
                batch_size=1000,
            )

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
    path = models.CharField(_("from"), max_length=MAX_LENGTH, unique=True, db_column="slug")
    target = models.CharField(_("to"), max_length=MAX_LENGTH)
    import_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    version = models.BigIntegerField(editable=False, default=0)

    objects = RedirectManager()

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["path"]
        triggers = log_changes("articles", "redirect")

    def __str__(self) -> str:
        return f"{self.path} → {self.target}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves; ValidationError where it would lead back to itself, alone or with others."""
        with transaction.atomic():
            Redirect.objects.hold()
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

    def _refuse_a_circle(self) -> None:
        refuse_a_circle(self.path, self.target, self._others_lead)

    def _others_lead(self, step: str) -> str | None:
        others = Redirect.objects.exclude(pk=self.pk).filter(path__in=spellings(step))
        return next_step(step, dict(others.values_list("path", "target")))
