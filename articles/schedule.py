"""The articles' clocks: scheduled publication, expiry, the end of breaking news, and until when an
article is pinned to its place in a collection."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from articles.models import Article, PublishedArticle, Slot
from articles.publishing import publish, unpublish
from articles.publishing.times import told
from articles.retold import EXPIRED_BEFORE
from articles.workflow import NotAllowed
from cms.changes.clock import Clock


def _claim_scheduled(now: datetime, skip: set[int]) -> Article | None:
    return (
        Article.objects.filter(due_at__lte=now)
        .exclude(pk__in=skip)
        .order_by("due_at", "pk")
        .select_for_update(no_key=True, skip_locked=True)
        .first()
    )


def _publish_scheduled(article: Article, now: datetime) -> None:
    if article.expires_at is not None and article.expires_at <= now:
        _flag_scheduled(article, EXPIRED_BEFORE.format(time=told(article.expires_at)))
        return
    publish(article, by=None, at=article.publish_at)


def _flag_scheduled(article: Article, error: str) -> None:
    Article.objects.filter(pk=article.pk).update(clock_error=error)


def _claim_public(now: datetime, skip: set[int]) -> PublishedArticle | None:
    due = PublishedArticle.objects.filter(due_at__lte=now).exclude(pk__in=skip)
    # Publications lock the desk's copy first: so does the clock.
    for public in due.order_by("due_at", "pk")[:10]:
        locked = Article.objects.filter(pk=public.article_id).select_for_update(
            no_key=True, skip_locked=True
        )
        if locked and due.filter(pk=public.pk).exists():
            return public
    return None


def _end_public(public: PublishedArticle, now: datetime) -> None:
    if public.expires_at is not None and public.expires_at <= now:
        unpublish(public.article, by=None)
        return
    rows = PublishedArticle.objects.filter(pk=public.pk)
    rows.update(is_breaking=False, breaking_until=None, due_at=public.expires_at)
    # Of the desk's copy only what was published: a next version may say something else by now.
    Article.objects.filter(
        pk=public.article_id, is_breaking=True, breaking_until=public.breaking_until
    ).update(is_breaking=False, breaking_until=None)


def _flag_public(public: PublishedArticle, error: str) -> None:
    PublishedArticle.objects.filter(pk=public.pk).update(due_at=None)
    Article.objects.filter(pk=public.article_id).update(clock_error=error)


def _claim_pinned(now: datetime, skip: set[int]) -> Slot | None:
    return (
        Slot.objects.filter(due_at__lte=now)
        .exclude(pk__in=skip)
        .order_by("due_at", "pk")
        .select_for_update(skip_locked=True)
        .first()
    )


def _unpin(slot: Slot, now: datetime) -> None:
    """A slot that nothing fills then goes with its article."""
    if slot.rule:
        Slot.objects.filter(pk=slot.pk).update(article=None, pinned_until=None)
    else:
        Slot.objects.filter(pk=slot.pk).delete()


def _flag_slot(slot: Slot, error: str) -> None:
    Slot.objects.filter(pk=slot.pk).update(clock_error=error)


_REFUSALS = (ValidationError, NotAllowed)
CLOCKS: list[Clock[Any]] = [
    Clock("publication", Article, _claim_scheduled, _publish_scheduled, _flag_scheduled, _REFUSALS),
    Clock("expiry", PublishedArticle, _claim_public, _end_public, _flag_public, _REFUSALS),
    Clock("pins", Slot, _claim_pinned, _unpin, _flag_slot),
]
