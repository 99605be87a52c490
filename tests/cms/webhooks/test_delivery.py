"""What a subscriber is told, and what comes of its answers."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from werkzeug import Response

from articles.models import Tag
from articles.models.search import refresh_renamed
from articles.publishing import kill, publish, unpublish
from cms.changes import consumers, epoch
from cms.outgoing.posting import Answer
from cms.webhooks import events, signing
from cms.webhooks.delivery import BACKOFF, SWITCHED_OFF_AFTER, asked_for
from cms.webhooks.models import Attempt, Delivery, Endpoint
from tests.cms.webhooks.subscriber import (
    DEAD,
    DELIVERED,
    PENDING,
    Subscriber,
    due_now,
    make_endpoint,
    only,
    work,
)
from tests.factories import make_author, make_draft, make_published, make_region, make_tag
from tests.rates.making import make_snapshot

pytestmark = pytest.mark.django_db


def test_it_works(subscriber: Subscriber) -> None:
    endpoint = make_endpoint(subscriber.url)
    published = make_published("Water rises", slug="water")

    work()

    [message] = subscriber.messages
    assert message.is_signed_by(endpoint.secret)
    assert abs(message.timestamp - timezone.now().timestamp()) < 60
    assert message.payload["type"] == "article.published"
    assert datetime.fromisoformat(message.payload["timestamp"]).tzinfo is not None
    assert message.payload["data"] == {
        "type": "article",
        "id": published.pk,
        "slug": "water",
        "version": published.version,
        "url": "https://api.example.org/api/v1/articles/water",
        "change": only().change_number,
    }
    assert only().state == DELIVERED
    [attempt] = Attempt.objects.all()
    assert (attempt.status, attempt.answer, attempt.error) == (204, "", "")


def test_the_signature_is_that_of_the_specification() -> None:
    """The example that the libraries of Standard Webhooks test themselves with."""
    made = signing.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_specification_s_own_library_verifies_what_is_sent(subscriber: Subscriber) -> None:
    endpoint = make_endpoint(subscriber.url)
    make_published("Water", slug="water")
    work()

    [message] = subscriber.messages
    headers = {
        "webhook-id": message.id,
        "webhook-timestamp": str(message.timestamp),
        "webhook-signature": " ".join(message.signatures),
    }
    library = Webhook(endpoint.secret)
    assert library.verify(message.body, headers)["type"] == "article.published"
    with pytest.raises(WebhookVerificationError):
        library.verify(message.body.replace(b"water", b"wines"), headers)


def test_a_secret_has_the_length_that_the_specification_asks_for() -> None:
    secret = signing.make_secret()
    assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"))) <= 64


def test_each_change_of_an_article_is_told_in_order(subscriber: Subscriber) -> None:
    make_endpoint(subscriber.url)
    article = make_published("Water", slug="water").article
    publish(article)
    unpublish(article)
    publish(article)
    kill(article, by=None, reason="A court said so.")

    work()

    assert [each.split()[0] for each in subscriber.told] == [
        "article.published",
        "article.updated",
        "article.withdrawn",
        "article.published",
        "article.withdrawn",
    ]
    assert subscriber.messages[-1].payload["data"]["url"] is None
    versions = [each.payload["data"]["version"] for each in subscriber.messages]
    assert versions == sorted(versions)


def test_an_article_that_is_found_by_a_new_name_is_not_told_as_published(
    subscriber: Subscriber,
) -> None:
    make_published("Water", tags=[make_tag("Hydrology")])
    make_endpoint(subscriber.url)

    Tag.objects.update(name="Waterworks")
    assert refresh_renamed() == 1
    work()

    assert subscriber.told == ["tag.updated hydrology"]


def test_names_are_told_where_readers_see_them_only(subscriber: Subscriber) -> None:
    shown, secret = make_tag("Shown"), make_tag("Secret")
    make_published(tags=[shown])
    make_draft("Secret draft", tags=[secret], authors=[make_author("Secret author")])
    make_endpoint(subscriber.url)

    Tag.objects.update(names={"ru": "Имя"})
    secret.delete()
    work()

    assert subscriber.told == ["tag.updated shown"]


def test_a_bulletin_of_rates_is_told(subscriber: Subscriber) -> None:
    make_endpoint(subscriber.url)
    snapshot = make_snapshot("nbkr", "2026-05-24", {"USD": "87.4500"})

    work()

    assert {each.payload["data"]["url"] for each in subscriber.messages} == {
        f"https://api.example.org/api/v1/rates/snapshots/{snapshot.pk}"
    }


def test_what_was_rolled_back_is_not_told_and_nothing_twice(subscriber: Subscriber) -> None:
    make_endpoint(subscriber.url)
    make_published("Water")

    work()
    work()

    assert len(subscriber.messages) == 1


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({}, ["one", "two"]),
        ({"events": ["article.withdrawn"]}, []),
        ({"languages": ["ru"]}, ["two"]),
        ({"languages": ["RU", "en"]}, ["one", "two"]),
        ({"region_ids": ["country"]}, ["one"]),
        ({"tag_ids": ["tag"]}, ["two"]),
        ({"tag_ids": ["tag"], "languages": ["en"]}, []),
    ],
)
def test_filters_choose(subscriber: Subscriber, filters: dict[str, Any], told: list[str]) -> None:
    country, tag = make_region("Country"), make_tag("Tag")
    town = make_region("Town", parent=country)
    keys = {"country": country.pk, "tag": tag.pk}
    values = {name: [keys.get(each, each) for each in each_of] for name, each_of in filters.items()}
    articles = {"events": ["article.published", "article.updated", "article.withdrawn"]}
    make_endpoint(subscriber.url, **{**articles, **values})

    make_published("One", slug="one", regions=[town])
    make_published("Two", slug="two", tags=[tag], language="ru")
    work()

    assert sorted(each.split()[1] for each in subscriber.told) == told


def test_what_leaves_a_filter_is_told_once_more(subscriber: Subscriber) -> None:
    tag = make_tag()
    article = make_published("Water", tags=[tag]).article
    make_endpoint(subscriber.url, tag_ids=[tag.pk])

    article.tags.clear()
    publish(article)
    publish(article)
    work()

    assert len(subscriber.messages) == 1


@pytest.mark.parametrize("status", [500, 404, 429, 301, 307, 400, 199])
def test_what_fails_is_tried_again_with_the_same_id(subscriber: Subscriber, status: int) -> None:
    make_endpoint(subscriber.url)
    subscriber.reply = lambda message: Response("no", status) if status != 199 else 503
    make_published("Water")
    work()
    assert (only().state, only().tries) == (PENDING, 1)
    assert timedelta(seconds=4) < only().next_at - timezone.now() < timedelta(seconds=6)

    subscriber.reply = lambda message: 200
    due_now()
    work()

    first, second = subscriber.messages
    assert first.id == second.id
    assert first.body == second.body
    assert (only().state, Attempt.objects.count()) == (DELIVERED, 2)
    assert Endpoint.objects.get().failing_since is None


def test_the_tries_take_three_days(subscriber: Subscriber) -> None:
    assert timedelta(days=3) <= timedelta(seconds=sum(BACKOFF)) < timedelta(days=3, hours=3)
    make_endpoint(subscriber.url)
    subscriber.reply = lambda message: 500
    make_published("Water")

    for number in range(1, len(BACKOFF) + 2):
        due_now()
        work()
        assert only().tries == number

    assert only().state == DEAD
    assert len({message.id for message in subscriber.messages}) == 1


def test_an_article_waits_for_its_earlier_message_and_others_do_not(
    subscriber: Subscriber,
) -> None:
    make_endpoint(subscriber.url)
    subscriber.reply = lambda message: 500 if "first" in message.told else 200
    first, second = make_published("First", slug="first"), make_published("Second", slug="second")
    publish(first.article)
    publish(second.article)
    work()
    assert [each for each in subscriber.told if "second" in each] == [
        "article.published second",
        "article.updated second",
    ]
    assert subscriber.told.count("article.published first") == 1
    assert len(subscriber.told) == 3

    subscriber.reply = lambda message: 200
    due_now()
    work()
    assert subscriber.told[3:] == ["article.published first", "article.updated first"]


def test_a_dead_letter_lets_the_next_one_pass(subscriber: Subscriber) -> None:
    make_endpoint(subscriber.url)
    article = make_published("Water", slug="water").article
    consumers.step(events.CONSUMER)
    Delivery.objects.update(state=DEAD)
    publish(article)

    work()

    assert subscriber.told == ["article.updated water"]


def test_retry_after_is_kept_to(subscriber: Subscriber) -> None:
    make_endpoint(subscriber.url)
    subscriber.reply = lambda message: Response(status=429, headers={"Retry-After": "600"})
    make_published("Water")
    work()
    assert only().next_at - timezone.now() > timedelta(seconds=590)
    subscriber.messages.clear()

    make_published("Other")
    work()

    assert subscriber.messages == []
    due_now()
    work()
    assert len(subscriber.messages) > 0


NOW = datetime.fromisoformat("2026-11-24T12:00:00Z")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("60", 60),
        ("0", 0),
        ("999999999999", 86_400),
        ("Tue, 24 Nov 2026 12:05:00 GMT", 300),
        ("Fri, 24 Nov 2056 12:05:00 GMT", 86_400),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("٥", None),
        ("Tue, 99 Nov 2026 12:05:00 GMT", None),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(text: str, seconds: int | None) -> None:
    moment = asked_for(Answer(503, retry_after=text), NOW)

    assert moment == (None if seconds is None else NOW + timedelta(seconds=seconds))
    assert asked_for(Answer(200, retry_after=text), NOW) is None


def test_410_switches_it_off_at_once(subscriber: Subscriber) -> None:
    endpoint = make_endpoint(subscriber.url)
    subscriber.reply = lambda message: 410
    make_published("One")
    consumers.step(events.CONSUMER)
    make_published("Two")
    work()

    endpoint.refresh_from_db()
    assert not endpoint.is_enabled
    assert "410" in endpoint.switched_off
    assert set(Delivery.objects.values_list("state", flat=True)) == {DEAD}
    make_published("Three")
    work()
    assert Delivery.objects.count() == 2


def test_five_days_of_failures_switch_it_off(subscriber: Subscriber) -> None:
    endpoint = make_endpoint(subscriber.url)
    subscriber.reply = lambda message: 500
    make_published("Water")
    work()
    endpoint.refresh_from_db()
    since = endpoint.failing_since
    assert since is not None

    for days, is_enabled in ((SWITCHED_OFF_AFTER - timedelta(hours=1), True), (timedelta(0), None)):
        Endpoint.objects.update(failing_since=timezone.now() - (days or SWITCHED_OFF_AFTER))
        due_now()
        work()
        endpoint.refresh_from_db()
        assert endpoint.is_enabled is bool(is_enabled)
    assert "It has failed since" in endpoint.switched_off


def test_two_secrets_sign_while_one_is_replaced(subscriber: Subscriber) -> None:
    endpoint = make_endpoint(subscriber.url)
    old = endpoint.secret
    endpoint.old_secret, endpoint.secret = old, signing.make_secret()
    endpoint.old_secret_until = timezone.now() + timedelta(hours=1)
    endpoint.save()
    make_published("One")
    work()
    assert subscriber.messages[0].is_signed_by(old)
    assert subscriber.messages[0].is_signed_by(endpoint.secret)

    Endpoint.objects.update(old_secret_until=timezone.now())
    make_published("Two")
    work()
    assert not subscriber.messages[1].is_signed_by(old)
    assert subscriber.messages[1].is_signed_by(endpoint.secret)


def test_of_a_long_answer_the_first_four_kilobytes_are_kept(subscriber: Subscriber) -> None:
    make_endpoint(subscriber.url)
    subscriber.reply = lambda message: Response("x" * 10_000_000)
    make_published("Water")

    work()

    assert Attempt.objects.get().answer == "x" * 4096
    assert only().state == DELIVERED


def test_after_a_restore_all_are_told_to_read_everything_anew(subscriber: Subscriber) -> None:
    make_endpoint(subscriber.url, events=[])
    epoch.renew()

    work()

    assert subscriber.told == ["changes.restarted None"]
