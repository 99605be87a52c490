"""The steps from a draft to the public's door: review, approval, schedule, embargo."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from articles import workflow
from articles.models import Article, AuditEntry, Origin
from articles.models.audit import NOWHERE
from articles.publishing.allowed import actor_of, lock_one
from articles.publishing.times import ScheduleError, refuse_schedule, told
from articles.workflow import NotAllowed, State, Verb


def submit(
    article: Article,
    *,
    by: AbstractBaseUser | None,
    note: str = "",
    origin: Origin = NOWHERE,
) -> None:
    """Ask an editor to look at it: a draft is in review then. ``note`` is for the editor.

    This and all verbs here refresh ``article``, and raise NotAllowed, with a sentence, where the
    state or the role does not allow them; then nothing has changed.
    """
    _step(Verb.SUBMIT, article, by=by, origin=origin, note=note)


def send_back(
    article: Article,
    *,
    by: AbstractBaseUser | None,
    note: str,
    origin: Origin = NOWHERE,
) -> None:
    """Give it back to its writer, as a draft; ``note`` says what is missing, and is required
    (ValidationError)."""
    if not note.strip():
        raise ValidationError(gettext("Say in a comment what is to be changed."))
    _step(Verb.SEND_BACK, article, by=by, origin=origin, note=note)


def approve(
    article: Article,
    *,
    by: AbstractBaseUser | None,
    note: str = "",
    origin: Origin = NOWHERE,
) -> None:
    """Say that it can be published as it is."""
    _step(Verb.APPROVE, article, by=by, origin=origin, note=note)


def schedule(
    article: Article,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    now: datetime | None = None,
    origin: Origin = NOWHERE,
) -> None:
    """Let the clock publish it at ``at`` (aware); one that is scheduled already, at that time
    instead. ``now`` is the present, usually asked for.

    Raises ScheduleError for a time that has passed, or after its expiry; NotAllowed for one before
    the end of its embargo.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        locked, standing = lock_one(Verb.SCHEDULE, article, by=by)
        refuse_schedule(locked, at=at, now=moment)
        state = workflow.state_after(Verb.SCHEDULE, standing.state, by_system=by is None)
        Article.objects.filter(pk=locked.pk).update(state=state, publish_at=at, clock_error="")
        details = {"at": at.isoformat()}
        AuditEntry.objects.record(
            Verb.SCHEDULE, [locked], by=by, at=moment, origin=origin, details=details
        )
    article.refresh_from_db()


def cancel_schedule(
    article: Article, *, by: AbstractBaseUser | None, origin: Origin = NOWHERE
) -> None:
    """Keep the clock from publishing it; it is approved still. NotAllowed when it is out already:
    whoever comes first, the clock or the editor, both see the same."""
    _step(Verb.CANCEL_SCHEDULE, article, by=by, origin=origin, publish_at=None, clock_error="")


def embargo(
    article: Article,
    *,
    by: AbstractBaseUser | None,
    until: datetime | None,
    origin: Origin = NOWHERE,
) -> None:
    """Let nobody publish its next version before ``until`` (aware); None lifts the embargo.

    Editors may set and extend one; only a publisher lifts or shortens it before its time.
    ScheduleError when it is scheduled before that.
    """
    now = timezone.now()
    with transaction.atomic():
        locked, _ = lock_one(Verb.EMBARGO, article, by=by)
        held = locked.embargo_until
        actor = actor_of(by)
        eased = held is not None and held > now and (until is None or until < held)
        if held is not None and eased and actor is not None and not actor.is_publisher:
            raise NotAllowed(
                gettext("It is under embargo until {time}: a publisher can lift it.").format(
                    time=told(held)
                )
            )
        due = locked.publish_at if locked.state == State.SCHEDULED else None
        if due is not None and until is not None and due < until:
            raise ScheduleError(
                gettext(
                    "It is scheduled for {time}, before the end of this embargo. Choose another"
                    " time for its publication first."
                ).format(time=told(due))
            )
        Article.objects.filter(pk=locked.pk).update(embargo_until=until)
        details = {"until": until.isoformat() if until else None}
        AuditEntry.objects.record(
            Verb.EMBARGO, [locked], by=by, at=now, origin=origin, details=details
        )
    article.refresh_from_db()


def _step(
    verb: Verb,
    article: Article,
    *,
    by: AbstractBaseUser | None,
    origin: Origin,
    note: str = "",
    **values: Any,
) -> None:
    with transaction.atomic():
        locked, standing = lock_one(verb, article, by=by)
        state = workflow.state_after(verb, standing.state, by_system=by is None)
        Article.objects.filter(pk=locked.pk).update(state=state, **values)
        details = {"note": note} if note else {}
        AuditEntry.objects.record(
            verb, [locked], by=by, at=timezone.now(), origin=origin, details=details
        )
    article.refresh_from_db()
