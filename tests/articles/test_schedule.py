"""The clock: what is due is done by whoever notices first, once, and never fails a read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from articles.models import Article, PublishedArticle
from articles.models.article import State
from articles.publishing import publish
from cms.changes import clock
from cms.changes.models import Change
from tests.factories import make_draft, make_published

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "/api/v1/articles"


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, what is due is done in one go."""
    monkeypatch.setattr(clock, "PATIENCE", 30)


def schedule(title: str, at: datetime) -> Article:
    article = make_draft(title)
    Article.objects.filter(pk=article.pk).update(state=State.SCHEDULED, publish_at=at)
    return article


def titles(client: Client) -> list[str]:
    return [result["title"] for result in client.get(URL).json()["results"]]


def test_it_works(client: Client) -> None:
    schedule("Due at noon", NOON)

    with time_machine.travel(NOON - timedelta(microseconds=1), tick=False):
        assert titles(client) == []
    with time_machine.travel(NOON, tick=False):
        assert titles(client) == ["Due at noon"]

    article = Article.objects.get()
    assert (article.state, article.publish_at, article.due_at) == ("published", None, None)
    assert PublishedArticle.objects.get().published_at == NOON


def test_it_does_each_item_once(client: Client) -> None:
    schedule("Once", NOON)

    with time_machine.travel(NOON + timedelta(seconds=1)):
        for _ in range(3):
            titles(client)
        assert clock.advance() == 0

    assert PublishedArticle.objects.get().revision == 1
    assert Change.objects.filter(type="article").count() == 1


def test_it_publishes_in_the_order_of_their_times() -> None:
    for minute in (3, 1, 2):
        schedule(f"Minute {minute}", NOON + timedelta(minutes=minute))

    with time_machine.travel(NOON + timedelta(hours=1)):
        assert clock.next_due() == NOON + timedelta(minutes=1)
        assert clock.advance() == 3
        assert clock.next_due() is None

    order = Change.objects.order_by("number").values_list("slug", flat=True)
    assert list(order) == ["minute-1", "minute-2", "minute-3"]


def test_only_a_scheduled_article_is_due(client: Client) -> None:
    article = make_draft("A plan, but not scheduled", publish_at=NOON)

    with time_machine.travel(NOON + timedelta(hours=1)):
        assert titles(client) == []
    assert Article.objects.get(pk=article.pk).due_at is None


def test_it_stops_after_its_share_and_the_next_reader_goes_on(client: Client) -> None:
    for number in range(5):
        schedule(f"Number {number}", NOON)

    with time_machine.travel(NOON + timedelta(hours=1)):
        assert clock.advance(limit=2) == 2
        assert PublishedArticle.objects.count() == 2
        assert len(titles(client)) == 5


def test_an_article_that_cannot_be_published_is_flagged_and_fails_no_read(client: Client) -> None:
    bad = schedule("Bad", NOON)
    Article.objects.filter(pk=bad.pk).update(title="")
    schedule("Good", NOON + timedelta(seconds=1))

    with time_machine.travel(NOON + timedelta(hours=1)):
        assert titles(client) == ["Good"]
        assert clock.next_due() is None

    bad.refresh_from_db()
    assert bad.clock_error == "An article without a title cannot be published. Give it one."
    assert (bad.state, bad.is_public) == ("scheduled", False)


@pytest.mark.django_db(transaction=True)
def test_an_article_that_fails_at_its_commit_is_flagged_alone(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deferred constraint that is broken in the item's own transaction undoes that one only."""
    bad, good = schedule("Bad", NOON), schedule("Good", NOON)

    def publish_and_break(article: Article, **kwargs: Any) -> PublishedArticle:
        published = publish(article, **kwargs)
        if article.pk == bad.pk:
            PublishedArticle.objects.filter(pk=published.pk).update(lead_image_id=-1)
        return published

    monkeypatch.setattr("articles.schedule.publish", publish_and_break)
    with time_machine.travel(NOON + timedelta(hours=1)):
        assert titles(client) == ["Good"]

    bad.refresh_from_db()
    good.refresh_from_db()
    assert "lead_image" in bad.clock_error
    assert (bad.is_public, good.is_public) == (False, True)


def test_an_expired_article_is_gone_for_the_first_reader_after(client: Client) -> None:
    published = make_published("Until noon", expires_at=NOON)

    with time_machine.travel(NOON - timedelta(seconds=1), tick=False):
        assert titles(client) == ["Until noon"]
    with time_machine.travel(NOON, tick=False):
        assert titles(client) == []
        assert client.get(f"{URL}/{published.slug}").status_code == 404
    assert Article.objects.get().state == "draft"


def test_expiry_takes_effect_with_the_publication_that_carries_it(client: Client) -> None:
    article = make_published("Stays").article
    article.expires_at = NOON
    article.save()

    with time_machine.travel(NOON + timedelta(hours=1)):
        assert titles(client) == ["Stays"]
        publish(article)
        assert titles(client) == []


def test_breaking_news_end_and_the_article_stays(client: Client) -> None:
    make_published(
        "Breaking",
        is_breaking=True,
        breaking_until=NOON,
        expires_at=NOON + timedelta(hours=1),
    )

    def breaking() -> list[bool]:
        return [result["is_breaking"] for result in client.get(URL).json()["results"]]

    with time_machine.travel(NOON - timedelta(seconds=1)):
        assert breaking() == [True]
    with time_machine.travel(NOON + timedelta(seconds=1)):
        assert breaking() == [False]
    with time_machine.travel(NOON + timedelta(hours=2)):
        assert breaking() == []


def test_the_worker_does_what_is_due(capsys: pytest.CaptureFixture[str]) -> None:
    schedule("Due", NOON)

    with time_machine.travel(NOON + timedelta(hours=1)):
        call_command("worker", "--once")

    assert capsys.readouterr().out == "1 done.\n"
    assert PublishedArticle.objects.count() == 1


def test_a_reader_waits_no_longer_than_its_patience(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "PATIENCE", 0)
    schedule("Due", NOON)

    with time_machine.travel(NOON + timedelta(hours=1)):
        assert titles(client) == []
        monkeypatch.setattr(clock, "PATIENCE", 30)
        assert titles(client) == ["Due"]


@pytest.mark.parametrize("after", [timedelta(hours=-1), timedelta(0), timedelta(minutes=30)])
def test_what_has_expired_meanwhile_does_not_come_out(client: Client, after: timedelta) -> None:
    """Nobody noticed for two hours that it was due: by then its time had passed."""
    late = schedule("Late", NOON)
    Article.objects.filter(pk=late.pk).update(expires_at=NOON + after)

    with time_machine.travel(NOON + timedelta(hours=2)):
        assert titles(client) == []
        assert clock.next_due() is None

    late.refresh_from_db()
    assert (late.state, late.is_public, late.public_id) == ("scheduled", False, None)
    assert late.clock_error.startswith("It expired on Sunday 2026-03-01")
    assert not Change.objects.filter(type="article").exists()
