"""What articles show on the desk's first page: one's own drafts, what waits, today, and what went
wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles import workflow
from articles.comments import mentions_of
from articles.models import Article, Comment, PublishedArticle
from articles.publishing.allowed import actor_of
from articles.retold import retold
from articles.visibility import visible_to
from articles.workflow import Actor, State, Verb
from cms.desk.dashboard import Item, Panel
from cms.moments import midnight

SHOWN = 8


def my_drafts(user: AbstractBaseUser, now: datetime) -> Panel | None:
    """One's own drafts, those sent back among them."""
    if not _reads(user):
        return None
    mine = _untrashed(user, now).filter(created_by=user.pk, state=State.DRAFT)
    return _panel(_("My drafts"), "mine=yes&state__exact=draft", mine, _("You have no drafts."))


def mentions_of_me(user: AbstractBaseUser, now: datetime) -> Panel | None:
    """Open comments in which colleagues mention the login; the number is that of articles."""
    if not _reads(user):
        return None
    mentions = mentions_of(user, _actor(user, now))
    items = [
        Item(
            each.article.title,
            comment_page(each),
            _said(each),
            each.created_at,
        )
        for each in mentions[:SHOWN]
    ]
    articles = mentions.order_by().values("article").distinct().count()
    return Panel(_("Mentions of me"), _list("mentions=me"), articles, items, _("Nobody asks you."))


def waiting_for_review(user: AbstractBaseUser, now: datetime) -> Panel | None:
    """For who may approve: what writers have submitted, the longest waiting last saved first."""
    if not workflow.may_ever(Verb.APPROVE, _actor(user, now)) or not _reads(user):
        return None
    waiting = _untrashed(user, now).filter(state=State.IN_REVIEW)
    query = "state__exact=in_review"
    return _panel(_("Waiting for review"), query, waiting, _("Nothing waits."))


def scheduled_today(user: AbstractBaseUser, now: datetime) -> Panel | None:
    """What the clock publishes until midnight in the newsroom, as a time line."""
    if not _reads(user):
        return None
    tomorrow = localtime(now).date() + timedelta(days=1)
    due = _untrashed(user, now).filter(state=State.SCHEDULED, publish_at__lt=midnight(tomorrow))
    rows = due.order_by("publish_at", "pk").only("title", "publish_at")
    items = [Item(each.title, _page(each.pk), at=each.publish_at) for each in rows[:SHOWN]]
    return Panel(
        _("Scheduled today"),
        _list("state__exact=scheduled"),
        due.count(),
        items,
        _("Nothing more today."),
        is_timeline=True,
    )


def just_published(user: AbstractBaseUser, now: datetime) -> Panel | None:
    """What readers got last."""
    if not _reads(user):
        return None
    public = PublishedArticle.objects.order_by("-published_at", "-id")
    if readable := visible_to(_actor(user, now)):
        public = public.filter(article__in=Article.objects.filter(readable).values("pk"))
    rows = public.values_list("article_id", "title", "language", "published_at")[:SHOWN]
    return Panel(
        _("Just published"),
        _list("public=yes"),
        None,
        [Item(title, _page(key), language, at) for key, title, language, at in rows],
        _("Nothing is public yet."),
    )


def links(user: AbstractBaseUser, now: datetime) -> Iterable[Item]:
    """To write, to the list, and to what is scheduled."""
    login: Any = user
    if login.has_perm("articles.add_article"):
        yield Item(_("Write an article"), reverse("admin:articles_article_add"))
    if _reads(user):
        yield Item(_("Articles"), reverse("admin:articles_article_changelist"))
        yield Item(_("Calendar"), reverse("admin:articles_article_calendar"))


PANELS = (my_drafts, mentions_of_me, waiting_for_review, scheduled_today, just_published)


def concerns(user: AbstractBaseUser, now: datetime) -> Iterable[Item]:
    """What the clock could not publish."""
    if not _reads(user):
        return
    failed = _untrashed(user, now).filter(state=State.SCHEDULED).exclude(clock_error="")
    failed = failed.order_by("publish_at", "pk")
    for article in failed.only("title", "clock_error")[:SHOWN]:
        said = _("“{title}” was not published on time").format(title=article.title)
        yield Item(said, _page(article.pk), retold(article.clock_error))


def _panel(title: str, query: str, articles: QuerySet[Article], empty: str) -> Panel:
    rows = articles.order_by("-saved_at", "-pk").only("title", "language", "saved_at")[:SHOWN]
    items = [Item(each.title, _page(each.pk), each.language, each.saved_at) for each in rows]
    return Panel(title, _list(query), articles.count(), items, empty)


def _untrashed(user: AbstractBaseUser, now: datetime) -> QuerySet[Article]:
    return Article.objects.filter(visible_to(_actor(user, now)), trashed_at=None)


def _actor(user: Any, now: datetime) -> Actor | None:
    """The login's roles, read once for a page, which has one ``now``."""
    at, actor = getattr(user, "_dashboard_actor", (None, None))
    if at != now:
        actor = actor_of(user)
        user._dashboard_actor = (now, actor)
    return actor


def _reads(user: Any) -> bool:
    return bool(user.has_perm("articles.view_article") or user.has_perm("articles.change_article"))


def _said(comment: Comment) -> str:
    return f"{comment.by_name}: {comment.text[:80]}"


def comment_page(comment: Comment) -> str:
    """The article's page, at this comment."""
    return f"{_page(comment.article_id)}#comment-{comment.pk}"


def _page(key: int) -> str:
    return reverse("admin:articles_article_change", args=[key])


def _list(query: str) -> str:
    return f"{reverse('admin:articles_article_changelist')}?{query}"
