"""What the desk says about an article among itself: comments, open or resolved, with mentions."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext

from articles.models import Article, AuditEntry, Comment, Origin
from articles.models.audit import NOWHERE
from articles.publishing.allowed import actor_of, lock
from articles.visibility import visible_to
from articles.workflow import Actor, NotAllowed, Role

MAX_LENGTH = 5000
DESK = frozenset({Role.WRITER, Role.EDITOR, Role.PUBLISHER})
# The letters of Django's logins; one in an e-mail or web address mentions nobody.
MENTION = r"(?<![\w.@+/-])@([\w.@+-]+)"


class Commented(NamedTuple):
    """A comment that was made, and the names in it that are nobody's at the desk."""

    comment: Comment
    unknown: list[str]


def may_comment(actor: Actor | None) -> bool:
    """Whether the actor takes part: writers, editors and publishers do, on any article."""
    return actor is not None and bool(actor.roles & DESK)


def add_comment(
    article: Article,
    *,
    by: AbstractBaseUser,
    text: str,
    at: datetime | None = None,
    origin: Origin = NOWHERE,
) -> Commented:
    """Say ``text`` about the article, and return the open comment.

    ``@login`` mentions who can sign in at the desk, in upper or lower case; they find it by
    ``mentions_of``. ValidationError for an empty text, or one of more than 5,000 characters;
    NotAllowed for anybody without a role in articles, and for what is in the trash. Then nothing
    has changed.
    """
    _check(actor_of(by))
    said = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not said:
        raise ValidationError(gettext("Write something first."))
    if len(said) > MAX_LENGTH:
        raise ValidationError(
            gettext("These are {number} characters. Say it in {most} at most.").format(
                number=len(said), most=MAX_LENGTH
            )
        )
    moment = at or timezone.now()
    with transaction.atomic():
        _lock(article)
        comment = Comment.objects.create(
            article=article,
            text=said,
            created_at=moment,
            created_by_id=by.pk,
            by_name=by.get_username(),
        )
        named, unknown = mentioned_in(said)
        comment.mentioned.set(named)
        AuditEntry.objects.record("comment", [article], by=by, at=moment, origin=origin)
    return Commented(comment, unknown)


def resolve_comment(
    comment: Comment,
    *,
    by: AbstractBaseUser,
    at: datetime | None = None,
    origin: Origin = NOWHERE,
) -> bool:
    """Say that it is settled, and return whether it was open. Editors and publishers may, who
    said it may, and the article's writer may; others are refused by NotAllowed."""
    moment = at or timezone.now()
    return _turn(comment, by, moment, origin, resolving=True)


def reopen_comment(
    comment: Comment,
    *,
    by: AbstractBaseUser,
    at: datetime | None = None,
    origin: Origin = NOWHERE,
) -> bool:
    """Say that it is not settled after all, and return whether it was resolved; for the same
    people."""
    return _turn(comment, by, at or timezone.now(), origin, resolving=False)


def may_resolve(comment: Comment, actor: Actor | None) -> bool:
    """Whether the actor may resolve and reopen it; ``comment.article`` is looked at."""
    if actor is None or not may_comment(actor):
        return False
    return actor.is_editor or actor.key in (comment.created_by_id, comment.article.created_by_id)


def comments_of(article: Article) -> list[Comment]:
    """All comments on an article, the oldest first, with who is named in them: three statements
    for any number."""
    found = article.comments.select_related("created_by", "resolved_by")
    return list(found.prefetch_related("mentioned"))


def mentions_of(user: AbstractBaseUser, actor: Actor | None = None) -> QuerySet[Comment]:
    """The open comments that mention the login, the newest first, with their articles; not of
    what is in the trash, not of what the login may not read, and not one's own. ``actor``
    is the login with its roles, where they have been read."""
    readable = visible_to(actor or actor_of(user))
    found = Comment.objects.all()
    if readable:
        found = found.filter(article__in=Article.objects.filter(readable).order_by().values("pk"))
    return (
        found.filter(mentioned=user.pk, resolved_at__isnull=True, article__trashed_at__isnull=True)
        .filter(~Q(created_by=user.pk) | Q(created_by=None))
        .select_related("article")
        .defer("article__body_html")
        .order_by("-created_at", "-pk")
    )


def mentioned_in(text: str) -> tuple[list[Any], list[str]]:
    """The logins at the desk that a text names by ``@login``, and the names that are nobody's.

    A full stop that ends a sentence is not part of a login, if there is none with it.
    """
    names = list(dict.fromkeys(found.lower() for found in re.findall(MENTION, text)))
    spelled = {each for name in names for each in (name, name.rstrip(".-+@"))}
    found = _at_the_desk().annotate(folded=Lower("username")).filter(folded__in=spelled)
    by_name = {user.folded: user for user in found.order_by("pk")}
    known, unknown = [], []
    for name in names:
        user = by_name.get(name) or by_name.get(name.rstrip(".-+@"))
        if user is None:
            unknown.append(name.rstrip(".-+@"))
        elif user not in known:
            known.append(user)
    return known, unknown


def who_is_called(typed: str) -> list[str]:
    """The logins at the desk that begin with what was typed, or whose names do; ten at most."""
    typed = typed.replace("\0", "").strip()
    matches = Q()
    for name in ("username", "first_name", "last_name"):
        matches |= Q(**{f"{name}__istartswith": typed})
    found = _at_the_desk().filter(matches).order_by("username")
    return list(found.values_list("username", flat=True)[:10])


def _at_the_desk() -> QuerySet[Any]:
    return get_user_model()._default_manager.filter(is_active=True, is_staff=True)


def _turn(
    comment: Comment, by: AbstractBaseUser, at: datetime, origin: Origin, *, resolving: bool
) -> bool:
    actor = actor_of(by)
    _check(actor)
    with transaction.atomic():
        article = _lock(comment.article)
        if not may_resolve(comment, actor):
            raise NotAllowed(
                gettext(
                    "You cannot do this: who said it, the article's writer, an editor or a"
                    " publisher can."
                )
            )
        rows = Comment.objects.filter(pk=comment.pk, resolved_at__isnull=resolving)
        turned = rows.update(
            resolved_at=at if resolving else None, resolved_by=by.pk if resolving else None
        )
        if turned:
            verb = "resolve_comment" if resolving else "reopen_comment"
            AuditEntry.objects.record(verb, [article], by=by, at=at, origin=origin)
    comment.refresh_from_db()
    return bool(turned)


def _check(actor: Actor | None) -> None:
    if not may_comment(actor):
        raise NotAllowed(
            gettext("You cannot comment on it: a writer, an editor or a publisher can.")
        )


def _lock(article: Article) -> Article:
    locked = lock([article.pk])
    if not locked:
        raise NotAllowed(gettext("Cannot comment on it: somebody has deleted it."))
    if locked[0].trashed_at is not None:
        raise NotAllowed(
            gettext("Cannot comment on it: it is in the trash. A publisher can untrash it.")
        )
    return locked[0]
