"""The log is not kept for ever."""

from datetime import datetime, timedelta

from django.db.models import Min

from cms.changes import consumers
from cms.changes.models import Change, Consumer

BATCH = 10_000  # rows a transaction


def prune(*, now: datetime, days: int) -> int:
    """Delete the changes that are more than so many days old, and return how many.

    The last change stays, and what a consumer has not read yet: so nothing is lost but for those
    who have not asked for so long. They are told to start again.
    """
    kept = Change.objects.filter(number__isnull=False)
    last = kept.order_by("-number").values_list("number", flat=True).first()
    if last is None:
        return 0
    recent = kept.filter(at__gte=now - timedelta(days=days)).order_by("number")
    first_kept = recent.values_list("number", flat=True).first() or last
    known = [each.name for each in consumers.registered()]
    read = Consumer.objects.filter(name__in=known).aggregate(least=Min("number"))["least"]
    if read is not None:
        first_kept = min(first_kept, read)
    deleted = 0
    while True:
        old = kept.filter(number__lt=first_kept).order_by("number").values("pk")[:BATCH]
        number, _ = Change.objects.filter(pk__in=old).delete()
        deleted += number
        if number < BATCH:
            return deleted
