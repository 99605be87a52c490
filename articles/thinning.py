"""Autosaves grow thin with age: all of the last hour, then one an hour, after a day one a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from articles.models import Preview, Revision

ALL_OF = timedelta(hours=1)
HOURLY = timedelta(days=1)
_CHUNK = 1000


def thin(article_id: int | None = None, *, now: datetime | None = None) -> int:
    """Delete the autosaves of one article, or of all, that need not be kept at ``now``; return how
    many.

    The last of each hour is kept, and after a day the last of each day of the newsroom's clock.
    What was saved by hand, or published, or is shown by a preview, is never deleted.
    """
    moment = now or timezone.now()
    autosaves = Revision.objects.filter(
        kind=Revision.RevisionKind.AUTOSAVE, created_at__lt=moment - ALL_OF
    ).exclude(pk__in=_previewed())
    if article_id is not None:
        autosaves = autosaves.filter(article=article_id)
    rows = autosaves.order_by("article_id", "-created_at", "-pk")
    superfluous = needless(
        rows.values_list("pk", "article_id", "created_at").iterator(),
        now=moment,
        zone=timezone.get_default_timezone(),
    )
    return sum(
        _delete(superfluous[start : start + _CHUNK]) for start in range(0, len(superfluous), _CHUNK)
    )


def _delete(keys: list[int]) -> int:
    """Delete these revisions, but for those that a preview shows by now."""
    with transaction.atomic():
        revisions = Revision.objects.filter(pk__in=keys).order_by("pk")
        list(revisions.select_for_update().values_list("pk"))  # who makes a preview now waits
        deleted, _ = revisions.exclude(pk__in=_previewed()).only("pk").delete()
    return deleted


def _previewed() -> models.QuerySet[Any]:
    return Preview.objects.filter(revision__isnull=False).values("revision")


def needless(
    autosaves: Iterable[tuple[int, int, datetime]], *, now: datetime, zone: tzinfo
) -> list[int]:
    """Of autosaves (primary key, article, time), each article's newest first, the keys of those
    that are not the last of their hour, or day."""
    superfluous = []
    seen: set[tuple[int, str]] = set()
    for key, article, moment in autosaves:
        if moment > now - ALL_OF:
            continue
        local = moment.astimezone(zone)
        span = f"{local:%Y-%m-%d %H%z}" if moment > now - HOURLY else f"{local:%Y-%m-%d}"
        if (article, span) in seen:
            superfluous.append(key)
        seen.add((article, span))
    return superfluous
