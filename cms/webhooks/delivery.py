"""What comes of one try: delivered, tried again later, or a dead letter; and what that says of the
subscriber."""

import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from django.conf import settings
from django.db import transaction

from cms.outgoing import posting
from cms.outgoing.posting import Answer
from cms.webhooks import signing
from cms.webhooks.models import Attempt, Delivery, Endpoint
from cms.webhooks.subjects import TEST

BACKOFF = [  # seconds between a try and the next: three days in all
    *(5, 60, 300, 1800),
    *(hours * 3600 for hours in (1, 2, 4, 8, 12, 21, 24)),
]
JITTER = 0.1  # so that what failed at once is not tried again at once
LONGEST_QUIET = timedelta(days=1)
SWITCHED_OFF_AFTER = timedelta(days=5)
GONE = 410


@dataclass(frozen=True)
class Parcel:
    """All that is needed to send one delivery, without the database."""

    pk: int
    endpoint: int
    url: str
    message_id: str
    body: bytes
    secrets: tuple[str, ...]
    leased_until: datetime


def parcel_of(delivery: Delivery, *, now: datetime) -> Parcel:
    assert delivery.leased_until is not None  # noqa: S101 -- who claims it leases it
    return Parcel(
        delivery.pk,
        delivery.endpoint_id,
        delivery.endpoint.url,
        delivery.message_id,
        delivery.payload.encode(),
        tuple(delivery.endpoint.secrets(now)),
        delivery.leased_until,
    )


def send(parcel: Parcel) -> Answer:
    """Send it once, signed for this moment; never raises."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Dastan ({settings.PUBLIC_URL or 'development'})",
        **signing.headers(
            parcel.secrets,
            message_id=parcel.message_id,
            timestamp=int(time.time()),
            body=parcel.body,
        ),
    }
    return posting.post(
        parcel.url, parcel.body, headers, private_hosts=settings.WEBHOOKS_PRIVATE_HOSTS
    )


def settle(parcel: Parcel, answer: Answer, *, now: datetime) -> bool:
    """Write down the try and what comes of it; return whether it still was this worker's. A lease
    that has run out, or a delivery begun anew meanwhile, belongs to whoever has it now."""
    with transaction.atomic():
        endpoint = (
            Endpoint.objects.select_for_update(no_key=True).filter(pk=parcel.endpoint).first()
        )
        delivery = (
            Delivery.objects.select_for_update(no_key=True)
            .filter(pk=parcel.pk, leased_until=parcel.leased_until)
            .first()
        )
        if endpoint is None or delivery is None:
            return False
        Attempt.objects.create(
            delivery=delivery,
            at=now - timedelta(seconds=answer.seconds),
            status=answer.status,
            answer=answer.body,
            error=answer.error,
            seconds=answer.seconds,
        )
        delivery.tries += 1
        delivery.leased_until = None
        if answer.is_success:
            delivery.state = Delivery.State.DELIVERED
        else:
            delivery.next_at = _next_try(delivery, answer, now)
            if delivery.event == TEST or delivery.tries > len(BACKOFF):
                delivery.state = Delivery.State.DEAD
        delivery.save()
        if delivery.event != TEST:
            _judge(endpoint, answer, now)
    return True


def _next_try(delivery: Delivery, answer: Answer, now: datetime) -> datetime:
    pause = BACKOFF[min(delivery.tries, len(BACKOFF)) - 1] * (1 + JITTER * random.random())  # noqa: S311 -- no secret
    usual = now + timedelta(seconds=pause)
    asked = asked_for(answer, now)
    return usual if asked is None else max(usual, asked)


def asked_for(answer: Answer, now: datetime) -> datetime | None:
    """When Retry-After (RFC 9110, 10.2.3) of a failure wants to be asked again; at most a day
    from now, None where it says nothing that can be read."""
    text = answer.retry_after.strip()
    if answer.is_success or not text:
        return None
    if text.isascii() and text.isdigit():
        moment = now + min(LONGEST_QUIET, timedelta(seconds=int(text[:9])))
    else:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        if moment.tzinfo is None:
            return None
    return min(moment, now + LONGEST_QUIET)


def _judge(endpoint: Endpoint, answer: Answer, now: datetime) -> None:
    """What the answer says of the subscriber as a whole."""
    if answer.is_success:
        if endpoint.failing_since is not None:
            endpoint.failing_since = None
            endpoint.save(update_fields=["failing_since"])
        return
    endpoint.failing_since = endpoint.failing_since or now
    quiet = asked_for(answer, now)
    if answer.status in (429, 503) and quiet is not None:
        endpoint.quiet_until = quiet
    endpoint.save(update_fields=["failing_since", "quiet_until"])
    if answer.status == GONE:
        switch_off(endpoint, "It answered 410: it does not want to be told any more.")
    elif now - endpoint.failing_since >= SWITCHED_OFF_AFTER:
        switch_off(endpoint, f"It has failed since {endpoint.failing_since:%d %B %Y, %H:%M} UTC.")


def switch_off(endpoint: Endpoint, why: str = "") -> None:
    """Tell it nothing more; what is pending are dead letters then. ``why`` is a sentence for the
    desk, where nobody has decided it."""
    with transaction.atomic():
        endpoint.is_enabled, endpoint.switched_off = False, why
        endpoint.save(update_fields=["is_enabled", "switched_off"])
        pending = endpoint.deliveries.filter(state=Delivery.State.PENDING).exclude(event=TEST)
        pending.update(state=Delivery.State.DEAD, leased_until=None)


def forget_old(*, now: datetime, days: int) -> int:
    """Delete deliveries that ended that many days ago, and return how many."""
    old = Delivery.objects.filter(created_at__lt=now - timedelta(days=days))
    number, _ = old.exclude(state=Delivery.State.PENDING).delete()
    return number
