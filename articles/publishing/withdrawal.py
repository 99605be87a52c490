"""What takes an article from its readers, or from the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from articles import workflow
from articles.models import Article, AuditEntry, Listing, Origin, Preview, PublishedArticle, Slug
from articles.models.audit import NOWHERE
from articles.publishing.allowed import actor_of, lock_one, lock_there, standings_of
from articles.workflow import Verb

_LOG_WITHDRAWAL = """
INSERT INTO changes_change (topic, action, type, object_id, slug, version, at)
VALUES ('articles', 'delete', 'article', %s, %s, nextval('changes_version_seq'), clock_timestamp())
"""


def unpublish(
    article: Article,
    *,
    by: AbstractBaseUser | None = None,
    reason: str = "",
    at: datetime | None = None,
    origin: Origin = NOWHERE,
) -> bool:
    """Take the article from the public; the desk's copy stays, as a draft. A next version that is
    in review or approved stays so; one that is scheduled is only approved then, unless the system
    does it.

    Returns whether it was public. ``id``, ``revision`` and ``published_at`` stay with the
    article, for when it is published again. ``reason`` is for the desk. Raises NotAllowed where
    the role does not allow it, and when it has been deleted meanwhile.
    """
    with transaction.atomic():
        locked = lock_there(Verb.UNPUBLISH, article)
        standing = standings_of([locked.pk])[locked.pk]
        if standing.is_public:
            workflow.check(Verb.UNPUBLISH, standing, actor_of(by))
            state = workflow.state_after(Verb.UNPUBLISH, standing.state, by_system=by is None)
            _take_from_readers(locked)
            values: dict[str, Any] = {"state": state}
            if state != workflow.State.SCHEDULED:
                values["publish_at"] = None
            Article.objects.filter(pk=locked.pk).update(**values)
            _record(Verb.UNPUBLISH, locked, by=by, at=at, origin=origin, reason=reason)
    article.refresh_from_db()
    return standing.is_public


def kill(
    article: Article,
    *,
    by: AbstractBaseUser | None,
    reason: str,
    at: datetime | None = None,
    origin: Origin = NOWHERE,
) -> None:
    """Withdraw it for good: all of its public addresses answer 410 with ``reason``, which readers
    read and which is required (ValidationError), and its previews show nothing any more. Its next
    version is a draft, and only a publisher can publish it again.

    NotAllowed for what never was public or was killed already, and for anybody but a publisher.
    """
    if not reason.strip():
        raise ValidationError(gettext("Say why, in a sentence for readers."))
    moment = at or timezone.now()
    with transaction.atomic():
        locked, standing = lock_one(Verb.KILL, article, by=by)
        _take_from_readers(locked)
        state = workflow.state_after(Verb.KILL, standing.state, by_system=by is None)
        Article.objects.filter(pk=locked.pk).update(
            state=state, publish_at=None, clock_error="", killed_at=moment
        )
        slugs = Slug.objects.filter(article=locked, public_since__isnull=False)
        slugs.update(gone_reason=reason.strip())
        if not standing.is_public:  # else its public row has just told the log
            _log_withdrawal(locked)
        _revoke_previews(locked, at=moment)
        _record(Verb.KILL, locked, by=by, at=moment, origin=origin, reason=reason.strip())
    article.refresh_from_db()


def trash(article: Article, *, by: AbstractBaseUser | None, origin: Origin = NOWHERE) -> None:
    """Put a draft that readers do not have into the trash: out of the desk's lists, until a
    publisher takes it out again or deletes it for good. Its previews are revoked."""
    moment = timezone.now()
    with transaction.atomic():
        locked, _ = lock_one(Verb.TRASH, article, by=by)
        Article.objects.filter(pk=locked.pk).update(trashed_at=moment)
        _revoke_previews(locked, at=moment)
        _record(Verb.TRASH, locked, by=by, at=moment, origin=origin)
    article.refresh_from_db()


def untrash(article: Article, *, by: AbstractBaseUser | None, origin: Origin = NOWHERE) -> None:
    """Take it out of the trash, as a draft."""
    with transaction.atomic():
        locked, standing = lock_one(Verb.UNTRASH, article, by=by)
        state = workflow.state_after(Verb.UNTRASH, standing.state, by_system=by is None)
        Article.objects.filter(pk=locked.pk).update(trashed_at=None, state=state, publish_at=None)
        _record(Verb.UNTRASH, locked, by=by, at=None, origin=origin)
    article.refresh_from_db()


def delete_for_good(
    article: Article, *, by: AbstractBaseUser | None, origin: Origin = NOWHERE
) -> None:
    """Delete what is in the trash, with its revisions and its addresses. The audit remains.

    NotAllowed for anybody but a publisher, and for what was killed.
    """
    with transaction.atomic():
        locked, _ = lock_one(Verb.DELETE_FOR_GOOD, article, by=by)
        _record(Verb.DELETE_FOR_GOOD, locked, by=by, at=None, origin=origin)
        # Wait for who is just saving another article that names it.
        Article.objects.select_for_update().get(pk=locked.pk).delete()


def _log_withdrawal(article: Article) -> None:
    """Tell the change log that what readers had no more is withdrawn for good: feeds say so."""
    slug = Slug.objects.filter(article=article, public_since__isnull=False).latest("public_since")
    with connection.cursor() as cursor:
        cursor.execute(_LOG_WITHDRAWAL, [article.public_id, slug.text])


def _take_from_readers(article: Article) -> None:
    Listing.objects.share_tree()
    # Before what goes with the row: who holds it, as a refresh of searches, writes that too.
    rows = PublishedArticle.objects.filter(article=article).select_for_update()
    keys = list(rows.values_list("pk", flat=True))
    Listing.objects.filter(article__in=keys).delete()
    PublishedArticle.objects.filter(pk__in=keys).delete()


def _revoke_previews(article: Article, *, at: datetime) -> None:
    Preview.objects.filter(article=article, revoked_at=None).update(revoked_at=at)


def _record(
    verb: Verb,
    article: Article,
    *,
    by: AbstractBaseUser | None,
    at: datetime | None,
    origin: Origin,
    reason: str = "",
) -> None:
    details = {"reason": reason} if reason else {}
    AuditEntry.objects.record(
        verb, [article], by=by, at=at or timezone.now(), origin=origin, details=details
    )
