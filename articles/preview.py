"""Leave to read what is not public, by a token: one revision of an article, or always the latest.

A token is signed, and names a row that says what it shows and until when. Whatever is wrong with
one, it shows nothing: nobody learns whether it was cut, made up, revoked or too old.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from articles.models import Article, AuditEntry, Origin, Preview, PublishedArticle, Revision
from articles.models.audit import NOWHERE
from articles.publishing.allowed import lock_one
from articles.publishing.publication import public_copy
from articles.revisions import Relations, fill_as_now, relations_of
from articles.workflow import NotAllowed, Verb

_SALT = "articles.preview"
LIFE = timedelta(days=7)
LONGEST_LIFE = timedelta(days=366)

# What never was public has no id yet. Its preview shows one beyond all that are given, still
# exact in JavaScript's numbers.
FIRST_ID_OF_PREVIEWS = 2**52


def make_preview(
    article: Article,
    *,
    by: AbstractBaseUser | None,
    revision: Revision | None = None,
    expires_at: datetime | None = None,
    origin: Origin = NOWHERE,
) -> Preview:
    """Let whoever has the token of the preview that is returned read the article.

    ``revision`` is what is shown; None is the latest, whatever is saved meanwhile. ``expires_at``
    (aware) is in a week where it is not given, and in a year at most (ValidationError). NotAllowed
    for a revision of another article, and where the role does not allow it.
    """
    now = timezone.now()
    until = expires_at or now + LIFE
    if not now < until <= now + LONGEST_LIFE:
        raise ValidationError(gettext("A preview ends within a year from now. Choose such a time."))
    with transaction.atomic():
        locked, _ = lock_one(Verb.PREVIEW, article, by=by)
        if revision is not None and revision.article_id != locked.pk:
            raise NotAllowed(gettext("Cannot preview this revision: it is of another article."))
        preview = Preview.objects.create(
            article=locked,
            revision=revision,
            created_at=now,
            created_by_id=by.pk if by else None,
            expires_at=until,
        )
        details = {"preview": preview.pk, "revision": revision.pk if revision else None}
        AuditEntry.objects.record(
            Verb.PREVIEW, [locked], by=by, at=now, origin=origin, details=details
        )
    return preview


def revoke_preview(
    preview: Preview, *, by: AbstractBaseUser | None, origin: Origin = NOWHERE
) -> None:
    """Let the preview's token show nothing from now on. NotAllowed to those who could not have
    made it."""
    now = timezone.now()
    with transaction.atomic():
        locked, _ = lock_one(Verb.PREVIEW, preview.article, by=by)
        Preview.objects.filter(pk=preview.pk, revoked_at=None).update(revoked_at=now)
        details = {"preview": preview.pk}
        AuditEntry.objects.record(
            "revoke_preview", [locked], by=by, at=now, origin=origin, details=details
        )
    preview.refresh_from_db()


def token_of(preview: Preview) -> str:
    """The token: signed, of letters, digits, hyphens and underscores, with colons between."""
    return signing.dumps([preview.pk, preview.article_id, preview.revision_id], salt=_SALT)


def find_preview(token: str, *, now: datetime) -> Preview | None:
    """The preview of a token that is ours and shows something at ``now``; else None."""
    try:
        key, article, revision = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (
        Preview.objects.filter(
            pk=key,
            article=article,
            revision=revision,
            revoked_at=None,
            expires_at__gt=now,
            article__trashed_at=None,
        )
        .select_related("article", "revision")
        .first()
    )


def previewed(preview: Preview, *, now: datetime) -> PublishedArticle:
    """What the public would get if this were published ``now``: a row that is not stored, with
    its lead picture and ``translations`` read."""
    article = preview.article
    if preview.revision is None:
        relations: Relations = relations_of([article])[article.pk]
    else:
        relations = fill_as_now(article, preview.revision.content)
        article.slug = preview.revision.content.get("slug") or article.slug
    article.public_id = article.public_id or FIRST_ID_OF_PREVIEWS + article.pk
    article.published_at = article.published_at or article.publish_at or now
    article.updated_at = article.updated_at or article.published_at
    article.revision = max(1, article.revision)
    row = public_copy(article, relations, {})
    row.lead_image = article.lead_image
    row.translations = _translations(article)  # type: ignore[attr-defined]  # annotated, where it is stored
    return row


def _translations(article: Article) -> list[dict[str, str]]:
    if article.translation_group is None:
        return []
    others = PublishedArticle.objects.filter(translation_group=article.translation_group)
    return [
        {"language": language, "slug": slug}
        for language, slug in others.exclude(article=article)
        .order_by("language", "id")
        .values_list("language", "slug")
    ]
