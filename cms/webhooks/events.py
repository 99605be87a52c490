"""The consumer of the log that writes a delivery for each subscriber who wants to be told."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cms.changes.consumers import Consumer
from cms.changes.models import Change
from cms.changes.models import Consumer as Position
from cms.webhooks import subjects
from cms.webhooks.models import Delivery, Endpoint
from cms.webhooks.subjects import RESTARTED, TEST, Told

_OF_NOTHING = dict.fromkeys(("type", "id", "slug", "version", "url", "change"))


def write_deliveries(changes: Sequence[Change]) -> None:
    """Write what each subscriber is told of these changes; in the transaction that moves the
    position in the log, so each exactly once."""
    endpoints = list(Endpoint.objects.filter(is_enabled=True))
    if endpoints:
        Delivery.objects.bulk_create(deliveries_of(changes, endpoints, now=timezone.now()))


def tell_of_a_restart() -> None:
    """What was read of the log before says nothing any more: subscribers read everything anew."""
    now = timezone.now()
    Delivery.objects.bulk_create(
        [
            _delivery(each, RESTARTED, _OF_NOTHING, subject=RESTARTED, now=now)
            for each in Endpoint.objects.filter(is_enabled=True)
        ]
    )


CONSUMER = Consumer("webhooks", write_deliveries, tell_of_a_restart)


def deliveries_of(
    changes: Sequence[Change], endpoints: Iterable[Endpoint], *, now: datetime
) -> list[Delivery]:
    """Those that are to be written, in the order of the changes."""
    told = subjects.told_of(changes)
    return [
        _delivery(
            endpoint,
            said.event,
            _data(change, said),
            subject=f"{change.type} {change.object_id}" if change.object_id else said.event,
            now=now,
            change=change,
        )
        for change in changes
        if (said := told.get(change.number or 0)) is not None
        for endpoint in endpoints
        if endpoint.wants(said)
    ]


def send_test(endpoint: Endpoint) -> Delivery:
    """Queue a message that says nothing has changed; sent once, also where it is switched off."""
    delivery = _delivery(endpoint, TEST, _OF_NOTHING, subject=TEST, now=timezone.now())
    delivery.save()
    return delivery


def send_again(deliveries: Iterable[int]) -> int:
    """Begin these anew, by their primary keys: now, and for three days. Their messages keep their
    ids. Returns how many."""
    now = timezone.now()
    return (
        Delivery.objects.filter(pk__in=list(deliveries))
        .exclude(event=TEST)
        .update(state=Delivery.State.PENDING, next_at=now, begun_at=now, tries=0, leased_until=None)
    )


def send_all_since(endpoint: Endpoint, moment: datetime) -> int:
    """Send everything anew that this subscriber was told since then, and what it would have been
    told, had it not been switched off; return how many messages that is."""
    with transaction.atomic():
        Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
        read = _read_up_to()  # first: what the consumer writes meanwhile lies beyond
        written = endpoint.deliveries.filter(created_at__gte=moment).exclude(event=TEST)
        total = send_again(written.values_list("pk", flat=True))
        known = set(written.values_list("change_number", flat=True))
        missed = Change.objects.filter(at__gte=moment, number__isnull=False).order_by("number")
        fresh = [each for each in missed.filter(number__lte=read) if each.number not in known]
        new = deliveries_of(fresh, [endpoint], now=timezone.now())
        Delivery.objects.bulk_create(new)
    return total + len(new)


def _read_up_to() -> int:
    """What the consumer has read of the log; what follows it will write itself."""
    position = Position.objects.filter(name=CONSUMER.name).first()
    return position.number if position else 0


def _data(change: Change, told: Told) -> dict[str, Any]:
    return {
        "type": change.type,
        "id": change.object_id,
        "slug": change.slug or None,
        "version": change.version,
        "url": None if told.path is None else f"{settings.PUBLIC_URL}{told.path}",
        "change": change.number,
    }


def _delivery(
    endpoint: Endpoint,
    event: str,
    data: Mapping[str, Any],
    *,
    subject: str,
    now: datetime,
    change: Change | None = None,
) -> Delivery:
    at = (change.at if change else now).astimezone(UTC)
    payload = {
        "type": event,
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": data,
    }
    return Delivery(
        endpoint=endpoint,
        event=event,
        subject=subject,
        version=change.version if change else None,
        change_number=change.number if change else None,
        payload=orjson.dumps(payload).decode(),
        created_at=now,
        begun_at=now,
        next_at=now,
    )
