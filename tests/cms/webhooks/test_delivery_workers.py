"""Workers that share messages, are killed, or meet a subscriber that hangs."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_httpserver import HTTPServer

from cms.changes import consumers
from cms.outgoing.posting import Answer
from cms.webhooks import delivery, events
from cms.webhooks.delivery import settle
from cms.webhooks.dispatch import LEASE, Dispatcher, claim
from cms.webhooks.models import Delivery, Endpoint
from tests.cms.webhooks.subscriber import (
    DEAD,
    DELIVERED,
    PENDING,
    Subscriber,
    make_endpoint,
    only,
    work,
)
from tests.factories import make_published

pytestmark = pytest.mark.django_db


def leased() -> Any:
    [parcel] = claim(9, now=timezone.now())
    return parcel


def test_what_a_killed_worker_had_is_taken_up_within_half_a_minute(subscriber: Subscriber) -> None:
    make_endpoint(subscriber.url)
    make_published("Water")
    consumers.step(events.CONSUMER)
    killed = leased()
    assert timedelta(seconds=29) >= LEASE
    assert claim(9, now=timezone.now()) == []

    later = timezone.now() + LEASE
    [again] = claim(9, now=later)

    assert again.message_id == killed.message_id
    # The first one lives after all: what it says comes too late to count.
    assert not settle(killed, Answer(200), now=later)
    assert settle(again, Answer(500), now=later)
    assert (only().state, only().tries) == (PENDING, 1)


def test_one_that_fails_has_one_message_under_way(subscriber: Subscriber) -> None:
    make_endpoint(subscriber.url)
    for _ in range(9):
        make_published()
    consumers.step(events.CONSUMER)

    assert len(claim(9, now=timezone.now())) == 4
    assert claim(9, now=timezone.now()) == []
    Delivery.objects.update(leased_until=None)
    Endpoint.objects.update(failing_since=timezone.now())
    assert len(claim(9, now=timezone.now())) == 1


def test_who_hangs_holds_up_nobody_else(subscriber: Subscriber, httpserver: HTTPServer) -> None:
    make_endpoint(subscriber.url)

    def hang(message: object) -> int:
        time.sleep(1.5)
        return 200

    slow = Subscriber(httpserver, "/slow", hang)
    make_endpoint(slow.url)
    for _ in range(6):
        make_published()
    consumers.step(events.CONSUMER)
    dispatcher, started = Dispatcher(), time.monotonic()

    while len(subscriber.messages) < 6:
        dispatcher.step()
        time.sleep(0.005)
        assert time.monotonic() - started < 30
    quick = Delivery.objects.filter(endpoint__url=slow.url, state=DELIVERED).count()

    assert quick < 6
    dispatcher.finish()


def test_a_switched_off_one_is_told_nothing(subscriber: Subscriber) -> None:
    endpoint = make_endpoint(subscriber.url)
    make_published("One")
    consumers.step(events.CONSUMER)
    delivery.switch_off(endpoint)
    make_published("Two")

    work()

    assert subscriber.messages == []
    assert Delivery.objects.get().state == DEAD
