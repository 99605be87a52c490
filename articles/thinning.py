"""Autosaves grow thin with age: all of the last hour, then one an hour, after a day one a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from django.utils import timezone

from articles.models import Preview, Revision

ALL_OF = timedelta(hours=1)
HOURLY = timedelta(days=1)


def thin(article_id: int | None = None, *, now: datetime | None = None) -> int:
    """Delete the autosaves of one article, or of all, that need not be kept at ``now``; return how
    many.

    The last of each hour is kept, and after a day the last of each day of the newsroom's clock.
    What was saved by hand, or published, or is shown by a preview, is never deleted.
    """
    moment = now or timezone.now()
    autosaves = Revision.objects.filter(
        kind=Revision.RevisionKind.AUTOSAVE, created_at__lt=moment - ALL_OF
    ).exclude(pk__in=Preview.objects.filter(revision__isnull=False).values("revision"))
    if article_id is not None:
        autosaves = autosaves.filter(article=article_id)
    rows = autosaves.order_by("article_id", "-created_at", "-pk")
    superfluous = needless(
        rows.values_list("pk", "article_id", "created_at").iterator(),
        now=moment,
        zone=timezone.get_default_timezone(),
    )
    deleted, _ = Revision.objects.filter(pk__in=superfluous).delete() if superfluous else (0, {})
    return deleted


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
