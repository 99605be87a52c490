"""What an article said when, and when readers had it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from articles.models import Article, AuditEntry, Revision
from articles.workflow import Verb

_WITHDRAWN = (Verb.UNPUBLISH, Verb.KILL)


@dataclass(frozen=True, slots=True)
class Public:
    """A time in which readers had a revision; ``until`` is None while they have it."""

    since: datetime
    until: datetime | None


def public_times(article: Article, revisions: Sequence[Revision]) -> dict[int, Public]:
    """When readers had each of these revisions, by primary key; those that never were public are
    left out. Two statements, for any number of revisions."""
    published = [each for each in revisions if each.kind == Revision.RevisionKind.PUBLICATION]
    if not published:
        return {}
    oldest = min(each.created_at for each in published)
    later = Revision.objects.filter(
        article=article, kind=Revision.RevisionKind.PUBLICATION, created_at__gte=oldest
    )
    ends = sorted([*later.values_list("created_at", flat=True), *_withdrawals(article, oldest)])
    return {
        each.pk: Public(each.created_at, next((end for end in ends if end > each.created_at), None))
        for each in published
    }


def _withdrawals(article: Article, since: datetime) -> list[datetime]:
    entries = AuditEntry.objects.filter(article_key=article.pk, at__gte=since, verb__in=_WITHDRAWN)
    return list(entries.values_list("at", flat=True))
