"""From a draft to the public's door: submit, send back, approve, schedule, cancel, embargo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client

from articles.models import Article, AuditEntry, PublishedArticle
from articles.publishing import (
    NotPublishableError,
    ScheduleError,
    approve,
    cancel_schedule,
    embargo,
    publish,
    schedule,
    send_back,
    submit,
    unpublish,
)
from articles.workflow import NotAllowed, Role
from cms.changes import clock
from cms.changes.models import Change
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 7, tzinfo=UTC)  # noon in Almaty
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def editor() -> User:
    return make_login(Role.EDITOR)


def test_it_works(editor: User, client: Client) -> None:
    writer = make_login(Role.WRITER)
    article = make_draft("Wind", created_by=writer)

    submit(article, by=writer, note="Please have a look")
    send_back(article, by=editor, note="The second paragraph is missing.")
    assert article.state == "draft"
    submit(article, by=writer)
    assert article.state == "in_review"
    approve(article, by=editor)
    assert article.state == "approved"
    schedule(article, by=editor, at=LATER)
    assert (article.state, article.publish_at, article.due_at) == ("scheduled", LATER, LATER)

    with time_machine.travel(LATER, tick=False):
        assert client.get(f"/api/v1/articles/{article.slug}").status_code == 200
    told = AuditEntry.objects.order_by("pk").values_list("verb", "by_name", "details")
    assert list(told) == [
        ("submit", "writer", {"note": "Please have a look"}),
        ("send_back", "editor", {"note": "The second paragraph is missing."}),
        ("submit", "writer", {}),
        ("approve", "editor", {}),
        ("schedule", "editor", {"at": "2026-03-01T08:00:00+00:00"}),
        ("publish", "", {}),
    ]


def test_sending_back_needs_a_comment(editor: User) -> None:
    article = make_draft()
    submit(article, by=editor)
    before = everything()

    with pytest.raises(ValidationError, match="Say in a comment what is to be changed"):
        send_back(article, by=editor, note=" ")

    assert everything() == before


def test_it_can_be_rescheduled_and_cancelled(editor: User, client: Client) -> None:
    article = make_draft()
    schedule(article, by=editor, at=LATER)
    schedule(article, by=editor, at=LATER + timedelta(hours=1))
    with time_machine.travel(LATER, tick=False):
        assert client.get("/api/v1/articles").json()["count"] == 0

    cancel_schedule(article, by=editor)

    assert (article.state, article.publish_at) == ("approved", None)
    with time_machine.travel(LATER + timedelta(days=1), tick=False):
        assert client.get("/api/v1/articles").json()["count"] == 0
        assert clock.next_due() is None


def test_what_came_out_at_the_last_moment_is_not_cancelled(editor: User) -> None:
    article = make_draft()
    schedule(article, by=editor, at=LATER)
    with time_machine.travel(LATER, tick=False):
        clock.advance()
        before = everything()

        for verb in (cancel_schedule, schedule):
            arguments: Any = {"at": LATER + timedelta(days=1)} if verb is schedule else {}
            with pytest.raises(NotAllowed, match="its last version is published"):
                verb(article, by=editor, **arguments)

    assert everything() == before
    assert PublishedArticle.objects.get().revision == 1
    assert Change.objects.filter(type="article").count() == 1


@pytest.mark.parametrize(
    ("at", "expires_at", "sentence"),
    [
        (NOW, None, r"Sunday 2026-03-01 12:00 \(UTC\+05:00\) has passed"),
        (NOW - timedelta(days=1), None, "Saturday 2026-02-28 12:00 .* has passed"),
        (LATER, LATER, "It would expire on Sunday 2026-03-01 13:00 .*, before it is public"),
        (LATER, NOW, "It would expire on"),
    ],
)
def test_a_time_that_cannot_be_is_told(
    editor: User, at: datetime, expires_at: datetime | None, sentence: str
) -> None:
    article = make_draft(expires_at=expires_at)
    before = everything()

    with pytest.raises(ScheduleError, match=sentence):
        schedule(article, by=editor, at=at)

    assert everything() == before


def test_nobody_publishes_what_would_expire_before(editor: User) -> None:
    article = make_draft("Old", expires_at=NOW)
    before = everything()

    with pytest.raises(NotPublishableError, match="“Old” expires on Sunday 2026-03-01 12:00"):
        publish(article, by=editor)

    assert everything() == before


def test_nobody_publishes_before_the_embargo_ends(editor: User) -> None:
    article = make_draft("Secret")
    embargo(article, by=editor, until=LATER)
    before = everything()

    for by in (editor, make_login(Role.PUBLISHER), None):
        before = everything()
        with pytest.raises(NotAllowed, match="“Secret” before Sunday 2026-03-01 13:00"):
            publish(article, by=by)
        with pytest.raises(NotAllowed, match="under embargo until then"):
            schedule(article, by=by, at=LATER - timedelta(seconds=1))
        assert everything() == before
    schedule(article, by=editor, at=LATER)
    with time_machine.travel(LATER, tick=False):
        assert clock.advance() == 1
    assert PublishedArticle.objects.exists()


def test_only_a_publisher_eases_an_embargo(editor: User) -> None:
    article = make_draft()
    embargo(article, by=editor, until=LATER)
    embargo(article, by=editor, until=LATER + timedelta(hours=1))
    before = everything()

    for until in (None, LATER):
        with pytest.raises(NotAllowed, match="a publisher can lift it"):
            embargo(article, by=editor, until=until)
    assert everything() == before

    embargo(article, by=make_login(Role.PUBLISHER), until=None)
    publish(article, by=editor)
    assert PublishedArticle.objects.exists()


def test_an_embargo_that_has_passed_is_anybodys_to_remove(editor: User) -> None:
    article = make_draft(embargo_until=NOW - timedelta(days=1))

    embargo(article, by=editor, until=None)

    assert article.embargo_until is None


def test_an_embargo_after_the_schedule_is_refused(editor: User) -> None:
    article = make_draft()
    schedule(article, by=editor, at=LATER)
    before = everything()

    with pytest.raises(ScheduleError, match="It is scheduled for Sunday 2026-03-01 13:00"):
        embargo(article, by=editor, until=LATER + timedelta(seconds=1))

    assert everything() == before


def test_unpublishing_leaves_a_next_version_where_it_is(editor: User) -> None:
    for step, state in ((submit, "in_review"), (approve, "approved"), (None, "draft")):
        article = make_published().article
        Article.objects.filter(pk=article.pk).update(state="draft")
        if step is not None:
            step(article, by=editor)
        unpublish(article, by=editor)
        assert (article.state, article.is_public) == (state, False)


def test_what_a_person_unpublishes_does_not_come_back_by_itself(editor: User) -> None:
    article, expiring = make_published().article, make_published(expires_at=LATER).article
    for each in (article, expiring):
        each.title = "Next"
        each.save()
        Article.objects.filter(pk=each.pk).update(expires_at=None)
        each.refresh_from_db()
        schedule(each, by=editor, at=LATER + timedelta(hours=1))

    unpublish(article, by=editor)

    assert (article.state, article.publish_at) == ("approved", None)
    with time_machine.travel(LATER, tick=False):
        clock.advance()  # the other one expires; its next version is still to come
        assert not PublishedArticle.objects.exists()
    with time_machine.travel(LATER + timedelta(hours=1), tick=False):
        clock.advance()
    assert [each.article_id for each in PublishedArticle.objects.all()] == [expiring.pk]
