"""What the times of an article allow: embargo, expiry, schedules. Times in messages are those of
the newsroom's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.timezone import localtime
from django.utils.translation import gettext

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
    day = WEEKDAYS[local.weekday()]
    return f"{day} {local:%Y-%m-%d %H:%M} (UTC{offset[:3]}:{offset[3:]})"


def refuse_embargoed(articles: Sequence[Article], *, at: datetime) -> None:
    """NotAllowed when one of the articles may not be public at ``at`` yet."""
    for article in articles:
        if article.embargo_until is not None and at < article.embargo_until:
            raise NotAllowed(
                gettext(
                    "Cannot publish “{title}” before {time}: it is under embargo until then. A"
                    " publisher can lift the embargo."
                ).format(title=article.title, time=told(article.embargo_until))
            )


def refuse_expired(articles: Sequence[Article], *, at: datetime) -> None:
    """NotPublishableError when one of the articles would be gone as soon as it is public."""
    for article in articles:
        if article.expires_at is not None and article.expires_at <= at:
            raise NotPublishableError(
                gettext(
                    "“{title}” expires on {time}, before it would be public. Remove that time, or"
                    " choose a later one."
                ).format(title=article.title, time=told(article.expires_at))
            )


def refuse_schedule(article: Article, *, at: datetime, now: datetime) -> None:
    """ScheduleError when the article cannot come out at ``at``, seen from ``now``; NotAllowed
    when it is under embargo then."""
    if at <= now:
        raise ScheduleError(
            gettext("{time} has passed. Choose a time after {now}, or publish it now.").format(
                time=told(at), now=told(now)
            )
        )
    refuse_embargoed([article], at=at)
    if article.expires_at is not None and article.expires_at <= at:
        raise ScheduleError(
            gettext(
                "It would expire on {expiry}, before it is public on {time}. Choose an earlier"
                " time, or a later expiry."
            ).format(expiry=told(article.expires_at), time=told(at))
        )


def refuse_expiry_before_schedule(article: Article, *, due: datetime) -> None:
    """ScheduleError when an article that is scheduled for ``due`` would expire by then."""
    if article.expires_at is not None and article.expires_at <= due:
        raise ScheduleError(
            gettext(
                "It is scheduled for {time}, and would have expired on {expiry}. Choose a later"
                " expiry, or another time for its publication first."
            ).format(time=told(due), expiry=told(article.expires_at))
        )
