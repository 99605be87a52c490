"""What subscribers are told of rates: that a bulletin counts now."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_noop

from cms.changes.models import Change
from cms.webhooks.subjects import Subject, Told
from rates.models import Snapshot


def tell_snapshots(changes: Sequence[Change]) -> Mapping[int, Told]:
    """Bulletins that were accepted and may be redistributed; of the others nobody is told."""
    ids = {change.object_id or 0 for change in changes if change.action == "upsert"}
    accepted = Snapshot.objects.filter(pk__in=ids, is_current=True, source__redistributable=True)
    public = set(accepted.values_list("pk", flat=True))
    return {
        change.number or 0: Told(
            "rates.published", reverse("snapshot", kwargs={"id": change.object_id})
        )
        for change in changes
        if change.action == "upsert" and change.object_id in public
    }


SUBJECT = Subject(
    "snapshot",
    {"rates.published": gettext_noop("a bulletin of rates counts now")},
    tell_snapshots,
)
