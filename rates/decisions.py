"""What a person decides about a snapshot: that it is right after all, or that it is wrong."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rates import standing
from rates.models import Decision, Snapshot
from rates.models.decision import Action


class DecisionError(Exception):
    """What was asked cannot be done; the message is a sentence for the person who asked."""


def release(
    snapshot: Snapshot, *, by: AbstractBaseUser, comment: str, at: datetime | None = None
) -> Decision:
    """Accept a snapshot that was quarantined or withdrawn; it is served from its effective date
    on, if no later revision of that date is. ``comment`` says why; ``at`` is now unless told (UTC).

    Raises DecisionError, and changes nothing, without a comment, for a snapshot that is accepted
    already, and where a later revision of its date is.
    """
    with transaction.atomic():
        snapshot, comment = _prepare(snapshot, comment)
        if snapshot.status == Snapshot.Status.ACCEPTED:
            raise DecisionError(_("This snapshot is accepted already."))
        revisions = snapshot.source.snapshots.filter(effective_date=snapshot.effective_date)
        later = revisions.filter(is_current=True, revision__gt=snapshot.revision).first()
        if later is not None:
            said = _(
                "Revision {number} of this bulletin is accepted and later. If this one"
                " is right, withdraw that one first."
            )
            raise DecisionError(said.format(number=later.revision))
        return _decide(snapshot, Action.RELEASED, by=by, comment=comment, at=at)


def withdraw(
    snapshot: Snapshot, *, by: AbstractBaseUser, comment: str, at: datetime | None = None
) -> Decision:
    """Take a snapshot out of what is served, or out of quarantine, for good reason (``comment``).

    Served instead is the latest revision of the same date that is still accepted, if there is one,
    else the bulletin of the date before. Raises DecisionError, and changes nothing, without a
    comment and for a snapshot that is withdrawn already.
    """
    with transaction.atomic():
        snapshot, comment = _prepare(snapshot, comment)
        if snapshot.status == Snapshot.Status.WITHDRAWN:
            raise DecisionError(_("This snapshot is withdrawn already."))
        return _decide(snapshot, Action.WITHDRAWN, by=by, comment=comment, at=at)


def _prepare(snapshot: Snapshot, comment: str) -> tuple[Snapshot, str]:
    comment = comment.strip()
    if not comment:
        raise DecisionError(_("Say why: others will ask, and the comment is kept."))
    source = standing.lock(snapshot.source)
    return source.snapshots.get(pk=snapshot.pk), comment


def _decide(
    snapshot: Snapshot,
    action: Action,
    *,
    by: AbstractBaseUser,
    comment: str,
    at: datetime | None,
) -> Decision:
    at = at or timezone.now()
    is_released = action == Action.RELEASED
    snapshot.status = Snapshot.Status.ACCEPTED if is_released else Snapshot.Status.WITHDRAWN
    snapshot.is_current = False  # until settled
    snapshot.due_at = None
    snapshot.save(update_fields=["status", "is_current", "due_at"])
    decision = Decision.objects.create(
        snapshot=snapshot, action=action, by_id=by.pk, at=at, comment=comment
    )
    standing.settle(snapshot.source, snapshot.effective_date, now=at)
    snapshot.refresh_from_db()
    return decision
