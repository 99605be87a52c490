"""How the desk saves: on the version that the editor saw, and never over a colleague's work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from articles import body, comparison, workflow
from articles.comparison import Difference, Merge
from articles.labels import LABELS
from articles.models import Article, AuditEntry, Origin, Presence, Revision
from articles.models.article import newsroom_language
from articles.models.audit import NOWHERE
from articles.publishing.allowed import actor_of, lock_one
from articles.publishing.times import refuse_expiry_before_schedule
from articles.revisions import (
    Relations,
    content_of,
    fill,
    fill_as_now,
    keep_stored,
    relations_of,
    store_version,
    with_present_ids,
    write_revisions,
)
from articles.thinning import thin
from articles.workflow import Standing, State, Verb
from cms import languages

Kind = Revision.RevisionKind

# Who has not been heard of for so long has closed the page.
PRESENT = timedelta(seconds=60)


class StaleSaveError(ValidationError):
    """Somebody saved the article since the version that this save is based on; nothing is lost.

    ``number`` is the version that is stored now, ``saved_by`` who saved it (None: a program),
    ``differences`` what changed since the base, and ``merge`` both changes in one, with what
    clashes: save that on ``number``, or your own on ``number`` to take over.
    """

    def __init__(
        self,
        number: int,
        saved_by: AbstractBaseUser | None,
        differences: list[Difference],
        merge: Merge,
    ) -> None:
        self.number = number
        self.saved_by = saved_by
        self.differences = differences
        self.merge = merge
        who = saved_by.get_username() if saved_by else gettext("A program")
        fields = ", ".join(str(LABELS.get(each.name, each.name)).lower() for each in differences)
        super().__init__(
            gettext(
                "{who} saved this article since you opened it, and changed: {fields}. Merge both"
                " changes, or take over with yours."
            ).format(who=who, fields=fields or gettext("nothing that shows")),
            code="stale",
        )


@dataclass
class _TooLateError(Exception):
    """Undoes the transaction of a save that came too late; tells what it met."""

    article: Article
    based_on: int
    mine: dict[str, Any]
    theirs: dict[str, Any]

    def explained(self) -> StaleSaveError:
        kept = Revision.objects.filter(article=self.article)
        latest = kept.filter(number=self.article.save_number).first()
        base = kept.filter(number=self.based_on).first()
        # A version that nobody kept: then each field that is not alike is a clash.
        content = with_present_ids(base.content) if base else {}
        mine = with_present_ids(self.mine)
        return StaleSaveError(
            self.article.save_number,
            latest.created_by if latest else None,
            comparison.compare(content or mine, self.theirs),
            comparison.merge(content, mine, self.theirs),
        )


def save(
    article: Article,
    *,
    by: AbstractBaseUser | None,
    based_on: int,
    relations: Relations | None = None,
    kind: str = Kind.SAVE,
    note: str = "",
    at: datetime | None = None,
    origin: Origin = NOWHERE,
) -> Revision:
    """Save what the article says in memory, and return the revision that keeps it; ``article`` is
    refreshed. Readers see nothing of it; a published article becomes a draft, if anything changed.

    ``based_on`` is the ``save_number`` of the version that was edited; 0 of a new article.
    ``relations`` are its regions, tags, authors and related articles; those that are stored, where
    None. ``kind`` is
    save or autosave: an autosave without changes writes nothing. Corrections and translations have
    verbs of their own and are left as they are.

    Raises StaleSaveError when another version has been saved since; NotAllowed, with a sentence,
    where the state or the role does not allow it; ScheduleError when it would expire before the
    clock publishes it; ValidationError when another article holds the slug, or is its translation
    in this language. Then nothing has changed.
    """
    moment = at or timezone.now()
    try:
        revision = _save(article, relations, based_on, by, kind, note, moment, origin)
    except _TooLateError as stale:
        # Compared after the transaction: nobody waits for that.
        raise stale.explained() from None
    article.refresh_from_db()
    return revision


def _save(
    article: Article,
    relations: Relations | None,
    based_on: int,
    by: AbstractBaseUser | None,
    kind: str,
    note: str,
    at: datetime,
    origin: Origin,
) -> Revision:
    with transaction.atomic():
        if article._state.adding:
            revision = _create(article, relations, by=by, kind=kind, note=note, at=at)
        else:
            revision = _replace(article, relations, based_on, by=by, kind=kind, note=note, at=at)
        if kind == Kind.AUTOSAVE:
            thin(revision.article_id, now=at)
        else:
            details = {"number": revision.number, **({"note": note} if note else {})}
            AuditEntry.objects.record(
                Verb.SAVE, [article], by=by, at=at, origin=origin, details=details
            )
    return revision


def _create(
    article: Article,
    relations: Relations | None,
    *,
    by: AbstractBaseUser | None,
    kind: str,
    note: str,
    at: datetime,
) -> Revision:
    workflow.check(Verb.SAVE, Standing(State.DRAFT, owner=by.pk if by else None), actor_of(by))
    article.created_by_id = by.pk if by else None
    article.state = State.DRAFT
    given = (relations or Relations([], [], [])).completed()
    _refuse_odd_choices(article, given)
    return store_version(
        article,
        given,
        state=State.DRAFT,
        kind=kind,
        by=by,
        at=at,
        note=note,
    )


def _replace(
    article: Article,
    relations: Relations | None,
    based_on: int,
    *,
    by: AbstractBaseUser | None,
    kind: str,
    note: str,
    at: datetime,
) -> Revision:
    locked, standing = lock_one(Verb.SAVE, article, by=by)
    stored = relations_of([locked])[locked.pk]
    latest = keep_stored(locked, stored)
    # As it would be stored: or else what was only opened and saved would differ.
    article.body_html = body.clean(article.body_html)
    article.language = languages.canonical(article.language or newsroom_language())
    article.slug = article.slug or locked.slug
    given = (relations or stored).completed(stored)
    _refuse_odd_choices(article, given)
    mine = content_of(article, given)
    theirs = content_of(locked, stored)
    for name in ("corrections", "translation_group"):
        mine[name] = theirs[name]
    if based_on != locked.save_number:
        raise _TooLateError(locked, based_on, mine, theirs)
    changed = mine != theirs
    if not changed:
        return latest if kind == Kind.AUTOSAVE else _again(locked, stored, by, note, at)
    if locked.state == State.SCHEDULED and locked.publish_at is not None:
        refuse_expiry_before_schedule(article, due=locked.publish_at)
    filled = fill(locked, mine)
    locked.slug = article.slug
    return store_version(
        locked,
        filled,
        state=workflow.state_after(Verb.SAVE, standing.state, by_system=by is None),
        kind=kind,
        by=by,
        at=at,
        note=note,
    )


def _refuse_odd_choices(article: Article, relations: Relations) -> None:
    chosen = [*(relations.pinned_ids or []), *(relations.excluded_ids or [])]
    if article.pk in chosen:
        raise ValidationError(gettext("An article is not related to itself. Choose another."))
    twice = {key for key in chosen if chosen.count(key) > 1}
    if twice:
        titles = Article.objects.filter(pk__in=twice).values_list("title", flat=True)
        names = ", ".join(f"“{title}”" for title in titles)
        raise ValidationError(
            gettext("Among the related articles {names} stands twice. Keep it once.").format(
                names=names
            )
        )


def _again(
    locked: Article, stored: Relations, by: AbstractBaseUser | None, note: str, at: datetime
) -> Revision:
    """What was autosaved is saved by hand now, so that it is not thinned: a revision of the same
    version."""
    [revision] = write_revisions(
        [locked], {locked.pk: stored}, kind=Kind.SAVE, by=by, at=at, note=note
    )
    return revision


def merged(article: Article, merge: Merge) -> Relations:
    """Let the article in memory say what a merge came to, and return its relations: to be saved
    on the error's ``number``."""
    article.slug = merge.content["slug"]
    return fill_as_now(article, merge.content)


def note_presence(
    article: Article, *, by: AbstractBaseUser, at: datetime | None = None
) -> list[Presence]:
    """Say that ``by`` has the article open, and return the others who have, the longest first.

    To be called every twenty seconds or so while the page is open; who has not been heard of for
    ``PRESENT`` is gone.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        Presence.objects.filter(article=article, seen_at__lt=moment - PRESENT).delete()
        mine, made = Presence.objects.get_or_create(
            article=article, user_id=by.pk, defaults={"opened_at": moment, "seen_at": moment}
        )
        if not made:
            Presence.objects.filter(pk=mine.pk).update(seen_at=moment)
    return present_at(article, besides=by, at=moment)


def end_presence(article: Article, *, by: AbstractBaseUser) -> None:
    """Say that ``by`` has closed the article."""
    Presence.objects.filter(article=article, user=by.pk).delete()


def present_at(
    article: Article, *, besides: AbstractBaseUser | None = None, at: datetime | None = None
) -> list[Presence]:
    """Who has the article open, the longest first, with their logins."""
    moment = at or timezone.now()
    found = Presence.objects.filter(article=article, seen_at__gte=moment - PRESENT)
    if besides is not None:
        found = found.exclude(user=besides.pk)
    return list(found.select_related("user").order_by("opened_at", "pk"))
