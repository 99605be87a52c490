"""The order of regions among those that stand beside them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from articles.models import AuditEntry, Origin, Region
from articles.models.audit import NOWHERE
from articles.publishing.allowed import actor_of
from articles.workflow import NotAllowed


def may_order(by: AbstractBaseUser | None) -> bool:
    """Whether ``by`` may put regions in order: editors and publishers may."""
    actor = actor_of(by)
    return actor is None or actor.is_editor


def move_region(
    region: Region, *, by: AbstractBaseUser | None, step: int, origin: Origin = NOWHERE
) -> bool:
    """Let the region stand one place earlier (``step`` -1) or later (1) among those with the same
    parent, and return whether it could: the first has no earlier place.

    Readers see the new order at the next request. NotAllowed for anybody but editors and
    publishers; then nothing has changed.
    """
    if not may_order(by):
        raise NotAllowed(gettext("You cannot move regions: an editor or a publisher can."))
    with transaction.atomic():
        rows = list(
            Region.objects.filter(parent=region.parent_id).order_by("pk").select_for_update()
        )
        rows.sort(key=lambda row: (row.order, row.name, row.slug))
        place = next((at for at, row in enumerate(rows) if row.pk == region.pk), None)
        if place is None or not 0 <= place + step < len(rows):
            return False
        rows.insert(place + step, rows.pop(place))
        for number, row in enumerate(rows):
            if row.order != number:
                Region.objects.filter(pk=row.pk).update(order=number)
        AuditEntry.objects.entry(
            "move_region",
            by=by,
            at=timezone.now(),
            origin=origin,
            details={"slug": region.slug, "place": place + step + 1},
            subject=f"region {region.name}",
        ).save()
    region.refresh_from_db()
    return True
