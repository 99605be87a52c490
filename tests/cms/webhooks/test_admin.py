"""Webhooks in the admin: who may, what can be done, and that no address of ours can be typed in."""

import threading
import time
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from cms.webhooks import subjects
from cms.webhooks.events import send_test
from cms.webhooks.models import Attempt, Delivery, Endpoint
from tests.cms.outgoing.forbidden import ALL
from tests.cms.webhooks.subscriber import Subscriber, make_endpoint, work
from tests.factories import make_published, make_tag

pytestmark = pytest.mark.django_db
INDEX = "/admin/"


def signed_in(role: str) -> Client:
    user = User.objects.create_user(role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def publisher() -> Client:
    return signed_in("publisher")


def page(name: str, *arguments: Any) -> str:
    return reverse(f"admin:webhooks_{name}", args=arguments)


def form(url: str, **values: Any) -> dict[str, Any]:
    return {
        "name": "Site",
        "url": url,
        "is_enabled": "on",
        "events": ["article.published"],
    } | values


def told(client: Client, url: str, **data: Any) -> list[str]:
    response = client.post(url, data, follow=True)
    return [str(message) for message in response.context["messages"]]


def test_it_works(publisher: Client, subscriber: Subscriber) -> None:
    tag = make_tag()
    data = form(subscriber.url, languages="en, RU", tag_ids=[tag.pk])

    response = publisher.post(page("endpoint_add"), data)

    assert response.status_code == 302, response.context["errors"]
    endpoint = Endpoint.objects.get()
    assert (endpoint.url, endpoint.languages) == (subscriber.url, ["en", "ru"])
    assert (endpoint.events, endpoint.tag_ids) == (["article.published"], [tag.pk])
    shown = publisher.get(page("endpoint_change", endpoint.pk)).content.decode()
    assert endpoint.secret in shown
    assert "Well." in shown
    assert publisher.get(page("endpoint_changelist")).status_code == 200


def test_every_event_can_be_chosen(publisher: Client) -> None:
    shown = publisher.get(page("endpoint_add")).content.decode()

    assert len(subjects.events()) >= 8
    for name in subjects.events():
        assert f'value="{name}"' in shown


@pytest.mark.parametrize("role", ["writer", "editor"])
def test_others_may_not(role: str, subscriber: Subscriber) -> None:
    endpoint, client = make_endpoint(subscriber.url), signed_in(role)
    secret = endpoint.secret

    for url in (page("endpoint_add"), page("endpoint_change", endpoint.pk)):
        assert client.post(url, form(subscriber.url)).status_code == 403
    for verb in ("test", "rotate", "since"):
        url = page(f"endpoint_{verb}", endpoint.pk)
        assert client.post(url, {"since": "2020-01-01"}).status_code == 403
        assert client.get(url).status_code == 405
    assert client.get(page("delivery_changelist")).status_code == 403
    endpoint.refresh_from_db()
    assert (Endpoint.objects.count(), endpoint.secret) == (1, secret)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("url", ALL)
def test_a_forbidden_address_is_refused_everywhere(
    publisher: Client, settings: Settings, subscriber: Subscriber, url: str
) -> None:
    endpoint = make_endpoint(subscriber.url)
    make_published()
    work()
    settings.WEBHOOKS_PRIVATE_HOSTS = []
    subscriber.messages.clear()

    assert publisher.post(page("endpoint_add"), form(url)).status_code == 200
    change = publisher.post(page("endpoint_change", endpoint.pk), form(url))
    assert "url" in change.context["adminform"].form.errors
    assert list(Endpoint.objects.values_list("url", flat=True)) == [subscriber.url]

    Endpoint.objects.update(url=url)  # as one that was typed in before
    told(publisher, page("endpoint_test", endpoint.pk))
    told(publisher, page("endpoint_since", endpoint.pk), since="2020-01-01")
    keys = [str(pk) for pk in Delivery.objects.values_list("pk", flat=True)]
    again = {"action": "send_again", "_selected_action": keys}
    told(publisher, page("delivery_changelist"), **again)
    assert Delivery.objects.exclude(state="delivered").count() == 0
    make_published()  # and what is under way is refused at the connection
    work()
    assert Attempt.objects.order_by("-pk")[0].status is None
    assert subscriber.messages == []


def test_a_test_is_sent_with_a_button(publisher: Client, subscriber: Subscriber) -> None:
    endpoint = make_endpoint(subscriber.url)

    [said] = told(publisher, page("endpoint_test", endpoint.pk))
    work()

    assert said.startswith("A test is on its way")
    assert subscriber.told == ["test None"]
    shown = publisher.get(page("delivery_change", Delivery.objects.get().pk)).content.decode()
    assert "204" in shown


def test_a_secret_is_replaced_and_signs_for_a_day(
    publisher: Client, subscriber: Subscriber
) -> None:
    endpoint = make_endpoint(subscriber.url)
    old = endpoint.secret

    told(publisher, page("endpoint_rotate", endpoint.pk))

    endpoint.refresh_from_db()
    assert endpoint.secret != old
    assert endpoint.secrets(timezone.now()) == [endpoint.secret, old]
    shown = publisher.get(page("endpoint_change", endpoint.pk)).content.decode()
    assert "the one before signs too" in shown


def test_all_since_is_sent_again(publisher: Client, subscriber: Subscriber) -> None:
    endpoint = make_endpoint(subscriber.url)
    make_published()
    work()

    [said] = told(publisher, page("endpoint_since", endpoint.pk), since="2020-01-01")
    work()

    assert said == "1 message is on its way again."
    assert len(subscriber.messages) == 2


@pytest.mark.parametrize("since", ["", "yesterday", "2026-13-01", "2026-02-21T08:00"])
def test_since_what_is_no_moment_nothing_is_sent(
    publisher: Client, subscriber: Subscriber, since: str
) -> None:
    endpoint = make_endpoint(subscriber.url)
    make_published()
    work()

    told(publisher, page("endpoint_since", endpoint.pk), since=since)

    assert Delivery.objects.get().state == "delivered"


def test_dead_letters_are_sent_again(publisher: Client, subscriber: Subscriber) -> None:
    make_endpoint(subscriber.url)
    make_published()
    work()
    Delivery.objects.update(state="dead")
    assert "has 1 dead letter." in publisher.get(INDEX).content.decode()

    [said] = told(
        publisher,
        page("delivery_changelist"),
        action="send_again",
        _selected_action=[str(Delivery.objects.get().pk)],
    )
    work()

    assert said == "1 message is on its way again."
    assert Delivery.objects.get().state == "delivered"


def test_one_that_switched_itself_off_is_told_on_the_desk_until_it_is_on_again(
    publisher: Client, subscriber: Subscriber
) -> None:
    endpoint = make_endpoint(subscriber.url, events=["article.published"])
    subscriber.reply = lambda message: 410
    make_published()
    work()
    assert "was switched off" in publisher.get(INDEX).content.decode()
    assert "was switched off" not in signed_in("writer").get(INDEX).content.decode()

    publisher.post(page("endpoint_change", endpoint.pk), form(subscriber.url))

    endpoint.refresh_from_db()
    assert (endpoint.is_enabled, endpoint.switched_off, endpoint.failing_since) == (True, "", None)
    assert "was switched off" not in publisher.get(INDEX).content.decode()


def test_switched_off_by_hand_what_is_pending_is_dead(
    publisher: Client, subscriber: Subscriber
) -> None:
    endpoint = make_endpoint(subscriber.url)
    subscriber.reply = lambda message: 500
    make_published()
    work()

    data = form(subscriber.url)
    del data["is_enabled"]
    publisher.post(page("endpoint_change", endpoint.pk), data)

    assert Delivery.objects.get().state == "dead"
    assert "was switched off" not in publisher.get(INDEX).content.decode()


def test_a_message_is_read_and_not_written(publisher: Client, subscriber: Subscriber) -> None:
    make_endpoint(subscriber.url)
    make_published()
    work()
    delivery = Delivery.objects.get()

    publisher.post(page("delivery_change", delivery.pk), {"payload": "x", "state": "dead"})
    assert publisher.get(page("delivery_add")).status_code == 403
    assert publisher.post(page("delivery_delete", delivery.pk)).status_code == 403

    assert Delivery.objects.values().get() == Delivery.objects.filter(pk=delivery.pk).values().get()
    assert Delivery.objects.get().payload == delivery.payload


def test_its_list_needs_no_more_queries_for_many(
    publisher: Client, subscriber: Subscriber, django_assert_max_num_queries: Any
) -> None:
    make_endpoint(subscriber.url)
    for _ in range(20):
        make_published()
    work()

    with django_assert_max_num_queries(14):
        publisher.get(page("delivery_changelist"))


def test_it_is_deleted_with_its_messages(publisher: Client, subscriber: Subscriber) -> None:
    """Nobody deletes a message alone; that keeps no webhook from being deleted."""
    endpoint, other = (make_endpoint(f"{subscriber.url}{end}") for end in ("", "?b"))
    make_published()
    work()
    assert {each.endpoint_id for each in Delivery.objects.all()} == {endpoint.pk, other.pk}
    delete = page("endpoint_delete", endpoint.pk)

    asked = publisher.get(delete)
    said = " ".join(asked.content.decode().split())
    assert "Deliveries: 1" in said
    assert "Attempts: 1" in said
    for role in ("editor", "writer"):
        assert signed_in(role).post(delete, {"post": "yes"}).status_code == 403
    assert Endpoint.objects.count() == 2

    assert publisher.post(delete, {"post": "yes"}).status_code == 302
    assert list(Endpoint.objects.all()) == [other]
    assert {each.endpoint_id for each in Delivery.objects.all()} == {other.pk}
    assert {each.delivery.endpoint_id for each in Attempt.objects.all()} == {other.pk}

    chosen = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    assert publisher.post(page("endpoint_changelist"), chosen).status_code == 302
    assert not Endpoint.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_message_that_comes_while_it_is_deleted_is_not_in_the_way(
    publisher: Client, subscriber: Subscriber
) -> None:
    endpoint = make_endpoint(subscriber.url)
    refused = []

    def one_more() -> None:
        """As the worker would send it, from a connection of its own."""
        try:
            with transaction.atomic():
                send_test(Endpoint(pk=endpoint.pk))
        except IntegrityError as error:
            refused.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        Endpoint.objects.remove([endpoint.pk])
        sender = threading.Thread(target=one_more)
        sender.start()
        time.sleep(0.3)
    sender.join()

    assert len(refused) == 1
    assert not Endpoint.objects.exists()
    assert not Delivery.objects.exists()
