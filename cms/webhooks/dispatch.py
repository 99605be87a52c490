"""Takes what is due and has it sent, beside the clock of each worker.

One thread asks the database; the sending is done by others, which do not. A delivery is leased for
a while, so that a killed worker's is taken up by another one. A subscriber that fails has one
message under way at a time, any other a few: whoever hangs holds up nobody else.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from cms.outgoing.posting import Answer
from cms.webhooks.delivery import Parcel, parcel_of, send, settle
from cms.webhooks.models import Delivery, Endpoint
from cms.webhooks.subjects import TEST

SENDERS = 64  # at once in a worker
A_SUBSCRIBER = 4  # at once, over all workers
LEASE = timedelta(seconds=25)
PAUSE = 0.1  # seconds between two looks at the database


class Dispatcher:
    """Sends what is due. Not for several threads."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="webhooks")
        self._answered: SimpleQueue[tuple[Parcel, Answer]] = SimpleQueue()
        self._under_way = 0

    def step(self) -> float:
        """Settle what was answered, begin what is due, and return how many seconds to sleep."""
        settled = self.settle_answered()
        begun = 0
        if self._under_way < SENDERS:
            for parcel in claim(SENDERS - self._under_way, now=timezone.now()):
                self._begin(parcel)
                begun += 1
        return 0.01 if settled or begun else PAUSE

    def finish(self) -> None:
        """Wait for what is under way, and settle it."""
        self._pool.shutdown(wait=True)
        self.settle_answered()

    def is_idle(self) -> bool:
        return self._under_way == 0

    def settle_answered(self) -> int:
        """Write down what was answered; returns how much that was."""
        number = 0
        while True:
            try:
                parcel, answer = self._answered.get_nowait()
            except Empty:
                return number
            self._under_way -= 1
            settle(parcel, answer, now=timezone.now())
            number += 1

    def _begin(self, parcel: Parcel) -> None:
        self._under_way += 1

        def done(sending: "Future[Answer]") -> None:
            error = sending.exception()
            told = Answer(None, error=f"{type(error).__name__}: {error}")
            self._answered.put((parcel, told if error else sending.result()))

        self._pool.submit(send, parcel).add_done_callback(done)


def claim(limit: int, *, now: datetime) -> list[Parcel]:
    """Lease what is due: of each subscriber as much as it may have under way, of each of its
    subjects the oldest."""
    parcels: list[Parcel] = []
    for endpoint in _with_something_due(now):
        room = 1 if endpoint.failing_since else A_SUBSCRIBER
        room = min(room - endpoint.leased, limit - len(parcels))  # type: ignore[attr-defined]  # annotated
        if room > 0:
            parcels += _claim_of(endpoint, room, now)
    return parcels


def _due(now: datetime) -> Q:
    return Q(state=Delivery.State.PENDING, next_at__lte=now) & (
        Q(leased_until=None) | Q(leased_until__lte=now)
    )


def _with_something_due(now: datetime) -> Sequence[Endpoint]:
    due = Delivery.objects.filter(_due(now), endpoint=OuterRef("pk"))
    is_open = Q(is_enabled=True) & (Q(quiet_until=None) | Q(quiet_until__lte=now))
    leased = (
        Delivery.objects.filter(
            endpoint=OuterRef("pk"), state=Delivery.State.PENDING, leased_until__gt=now
        )
        .order_by()
        .values("endpoint")
        .annotate(number=Count("pk"))
        .values("number")
    )
    waiting = Endpoint.objects.filter(
        (is_open & Exists(due)) | Exists(due.filter(event=TEST))
    ).order_by("pk")
    return list(waiting.annotate(leased=Coalesce(Subquery(leased), 0)))


def _claim_of(endpoint: Endpoint, room: int, now: datetime) -> list[Parcel]:
    is_quiet = endpoint.quiet_until is not None and endpoint.quiet_until > now
    older = Delivery.objects.filter(
        endpoint=OuterRef("endpoint"),
        subject=OuterRef("subject"),
        state=Delivery.State.PENDING,
        pk__lt=OuterRef("pk"),
    )
    with transaction.atomic():
        due = Delivery.objects.filter(_due(now), ~Exists(older), endpoint=endpoint)
        if not endpoint.is_enabled or is_quiet:
            due = due.filter(event=TEST)
        rows = list(
            due.order_by("next_at", "pk").select_for_update(no_key=True, skip_locked=True)[:room]
        )
        until = now + LEASE
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(leased_until=until)
    for row in rows:
        row.leased_until, row.endpoint = until, endpoint
    return [parcel_of(row, now=now) for row in rows]
