"""What the desk sends by hand, and what is forgotten."""

import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from articles.models import Article
from cms.changes import consumers
from cms.webhooks import delivery, events
from cms.webhooks.delivery import forget_old
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


def test_a_test_says_that_nothing_has_changed_and_is_tried_once(subscriber: Subscriber) -> None:
    endpoint = make_endpoint(subscriber.url, is_enabled=False)
    subscriber.reply = lambda message: 500
    events.send_test(endpoint)

    work()

    assert subscriber.told == ["test None"]
    assert only().state == DEAD
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None


def test_a_dead_letter_is_sent_again_with_its_id(subscriber: Subscriber) -> None:
    make_endpoint(subscriber.url)
    make_published("Water")
    work()
    Delivery.objects.update(state=DEAD, tries=12)

    assert events.send_again([only().pk]) == 1
    work()

    first, second = subscriber.messages
    assert first.id == second.id
    assert (only().state, only().tries) == (DELIVERED, 1)


def test_all_since_sends_what_it_was_and_would_have_been_told(subscriber: Subscriber) -> None:
    endpoint = make_endpoint(subscriber.url)
    make_published("Before", slug="before")
    work()
    moment = timezone.now()
    make_published("Told", slug="told")
    work()
    delivery.switch_off(endpoint, "It has failed.")
    make_published("Missed", slug="missed")
    work()
    Endpoint.objects.update(is_enabled=True)
    subscriber.messages.clear()

    endpoint.refresh_from_db()
    assert events.send_all_since(endpoint, moment) == 2
    work()

    assert sorted(subscriber.told) == ["article.published missed", "article.published told"]


@pytest.mark.django_db(transaction=True)
def test_all_since_and_a_worker_write_no_change_twice(subscriber: Subscriber) -> None:
    """Whichever statement of the one is followed by all that the other does."""
    endpoint = make_endpoint(subscriber.url)
    moment = timezone.now()
    for nth in count():
        make_published()
        meanwhile = AWorkerMeanwhile(after=nth)
        with connection.execute_wrapper(meanwhile):
            events.send_all_since(endpoint, moment)
        numbers = list(Delivery.objects.values_list("change_number", flat=True))
        assert len(numbers) == len(set(numbers)), f"twice, after statement {nth}"
        if meanwhile.after >= 0:
            break  # there are not so many
        assert len(numbers) == nth + 1

    assert nth > 5


class AWorkerMeanwhile:
    """Has a worker write what is to be delivered, after so many statements of this connection."""

    def __init__(self, *, after: int) -> None:
        self.after = after

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        result = execute(*statement)
        if self.after == 0:
            worker = threading.Thread(target=self._work)
            worker.start()
            worker.join()
        self.after -= 1
        return result

    def _work(self) -> None:
        while consumers.step(events.CONSUMER):
            pass
        connection.close()


def test_old_messages_are_forgotten_and_what_is_pending_stays(subscriber: Subscriber) -> None:
    make_endpoint(subscriber.url)
    make_published("One")
    work()
    make_published("Two")
    consumers.step(events.CONSUMER)
    later = timezone.now() + timedelta(days=99)

    assert forget_old(now=later, days=100) == 0
    assert forget_old(now=later, days=90) == 2  # the message and its try
    assert only().state == PENDING
    assert Article.objects.count() == 2
