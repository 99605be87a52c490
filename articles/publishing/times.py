"""What the times of an article allow: embargo, expiry, schedules. Times in messages are those of
the newsroom's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.timezone import localtime

from articles.models import Article
from articles.workflow import NotAllowed


class NotPublishableError(ValidationError):
    """The article cannot be published as it is; the message says what to mend."""


class ScheduleError(ValidationError):
    """The article cannot come out at that time; the message says why, and when it could."""


def told(moment: datetime) -> str:
    """A time as the newsroom's clock shows it, with its weekday and offset."""
    local = localtime(moment)
    offset = f"{local:%z}"
    return f"{local:%A %Y-%m-%d %H:%M} (UTC{offset[:3]}:{offset[3:]})"


def refuse_embargoed(articles: Sequence[Article], *, at: datetime) -> None:
    """NotAllowed when one of the articles may not be public at ``at`` yet."""
    for article in articles:
        if article.embargo_until is not None and at < article.embargo_until:
            raise NotAllowed(
                f"Cannot publish “{article.title}” before {told(article.embargo_until)}: it is"
                " under embargo until then. A publisher can lift the embargo."
            )


def refuse_expired(articles: Sequence[Article], *, at: datetime) -> None:
    """NotPublishableError when one of the articles would be gone as soon as it is public."""
    for article in articles:
        if article.expires_at is not None and article.expires_at <= at:
            raise NotPublishableError(
                f"“{article.title}” expires on {told(article.expires_at)}, before it would be"
                " public. Remove that time, or choose a later one."
            )


def refuse_schedule(article: Article, *, at: datetime, now: datetime) -> None:
    """ScheduleError when the article cannot come out at ``at``, seen from ``now``; NotAllowed
    when it is under embargo then."""
    if at <= now:
        raise ScheduleError(
            f"{told(at)} has passed. Choose a time after {told(now)}, or publish it now."
        )
    refuse_embargoed([article], at=at)
    if article.expires_at is not None and article.expires_at <= at:
        raise ScheduleError(
            f"It would expire on {told(article.expires_at)}, before it is public on {told(at)}."
            " Choose an earlier time, or a later expiry."
        )


def refuse_expiry_before_schedule(article: Article, *, due: datetime) -> None:
    """ScheduleError when an article that is scheduled for ``due`` would expire by then."""
    if article.expires_at is not None and article.expires_at <= due:
        raise ScheduleError(
            f"It is scheduled for {told(due)}, and would have expired on"
            f" {told(article.expires_at)}. Choose a later expiry, or another time for its"
            " publication first."
        )
