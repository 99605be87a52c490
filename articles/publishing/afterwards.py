"""What is done to an article after its publication: corrections, and the return to an earlier
version."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext

from articles import workflow
from articles.models import Article, AuditEntry, Origin, PublishedArticle, Revision, Slug
from articles.models.audit import NOWHERE
from articles.publishing.allowed import lock_one
from articles.publishing.publication import bring_out
from articles.retold import RESTORED
from articles.revisions import fill, keep_stored, relations_of, store_version
from articles.workflow import NotAllowed, Verb


def correct(
    article: Article,
    *,
    by: AbstractBaseUser | None,
    note: str,
    at: datetime | None = None,
    origin: Origin = NOWHERE,
) -> PublishedArticle:
    """Publish the stored desk's copy together with a public note of what was wrong, and return
    the public row; ``article`` is refreshed.

    ``note`` is required (ValidationError), and stands in ``corrections`` with its time from then
    on; ``updated_at`` moves. NotAllowed where the public does not have the article, and where the
    state or the role does not allow it; what ``publish`` raises besides.
    """
    if not note.strip():
        raise ValidationError(gettext("Say in a sentence for readers what was wrong."))
    moment = at or timezone.now()
    with transaction.atomic():
        locked, _ = lock_one(Verb.CORRECT, article, by=by)
        told_at = moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
        locked.corrections = [*locked.corrections, {"at": told_at, "note": note.strip()}]
        locked.save_number += 1
        Article.objects.filter(pk=locked.pk).update(
            corrections=locked.corrections, save_number=locked.save_number
        )
        [published] = bring_out([locked], by=by, at=moment, substantive=True, bodies={}, note=note)
        AuditEntry.objects.record(
            Verb.CORRECT, [locked], by=by, at=moment, origin=origin, details={"note": note.strip()}
        )
    article.refresh_from_db()
    return published


def restore_revision(
    article: Article,
    *,
    by: AbstractBaseUser | None,
    revision: Revision,
    at: datetime | None = None,
    origin: Origin = NOWHERE,
) -> Revision:
    """Make what a revision says the article's next draft, and return the revision that this save
    is; ``article`` is refreshed. Readers see nothing of it.

    Corrections and translations stay as they are. Regions, tags and authors that were merged since
    are what they are now, those that were deleted are left out; the slug comes back if no other
    article has taken it. NotAllowed for a revision of another article, and where the state or the
    role does not allow it.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        locked, standing = lock_one(Verb.RESTORE_REVISION, article, by=by)
        if revision.article_id != locked.pk:
            raise NotAllowed(gettext("Cannot restore this revision: it is of another article."))
        stored = relations_of([locked])[locked.pk]
        keep_stored(locked, stored)
        relations = fill(locked, revision.content).completed(stored)
        slug = revision.content.get("slug") or locked.slug
        if not Slug.objects.filter(text=slug).exclude(article=locked).exists():
            locked.slug = slug
        restored = store_version(
            locked,
            relations,
            state=workflow.state_after(Verb.RESTORE_REVISION, standing.state, by_system=by is None),
            kind=Revision.RevisionKind.SAVE,
            by=by,
            at=moment,
            note=RESTORED.format(time=f"{localtime(revision.created_at):%Y-%m-%d %H:%M}"),
        )
        details = {"revision": revision.pk}
        AuditEntry.objects.record(
            Verb.RESTORE_REVISION, [locked], by=by, at=moment, origin=origin, details=details
        )
    article.refresh_from_db()
    return restored
