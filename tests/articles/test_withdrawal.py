"""Kill, trash, untrash, delete for good."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client

from articles.models import Article, AuditEntry, Listing, PublishedArticle, Revision, Slug
from articles.publishing import (
    delete_for_good,
    kill,
    may,
    publish,
    schedule,
    trash,
    unpublish,
    untrash,
)
from articles.publishing.allowed import actor_of, standing_of
from articles.workflow import NotAllowed, Role, Verb
from cms.changes import clock
from cms.changes.models import Change
from tests.articles.importing import everything, make_line, run_import
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published, make_region, make_tag
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

URL = "/api/v1/articles"
SOON = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def publisher() -> User:
    return make_login(Role.PUBLISHER)


def killed(publisher: User, **values: object) -> Article:
    article = make_published("Wrong", slug="wrong", **values).article
    kill(article, by=publisher, reason="It was not true.")
    return article


def test_it_works(publisher: User, client: Client) -> None:
    article = make_published("Wrong", slug="old", regions=[make_region()], tags=[make_tag("Water")])
    desk = article.article
    desk.slug = "wrong"
    desk.save()
    publish(desk)

    kill(desk, by=publisher, reason=" It was not true. ")

    for slug in ("old", "wrong"):
        problem = assert_problem(client.get(f"{URL}/{slug}"), "gone")
        assert problem["detail"] == "It was not true."
    assert client.get(URL).json()["count"] == 0
    assert client.get("/api/v1/tags/water").status_code == 404
    assert not PublishedArticle.objects.exists()
    assert not Listing.objects.exists()
    assert desk.state == "draft"
    last = Change.objects.filter(type="article").latest("number")
    assert (last.action, last.slug) == ("delete", "wrong")
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.details) == ("kill", {"reason": "It was not true."})


def test_a_slug_that_never_was_public_says_nothing(publisher: User, client: Client) -> None:
    article = make_published(slug="public").article
    article.slug = "secret"
    article.save()

    kill(article, by=publisher, reason="Wrong.")

    assert client.get(f"{URL}/public").status_code == 410
    assert client.get(f"{URL}/secret").status_code == 404


def test_what_was_unpublished_can_be_killed(publisher: User, client: Client) -> None:
    article = make_published(slug="wrong").article
    unpublish(article)
    assert client.get(f"{URL}/wrong").status_code == 404

    kill(article, by=publisher, reason="Wrong.")

    assert client.get(f"{URL}/wrong").status_code == 410


def test_a_publisher_publishes_it_again_and_nobody_else(publisher: User, client: Client) -> None:
    article = killed(publisher)
    before = everything()

    for by in (make_login(Role.EDITOR), None):
        before = everything()
        with pytest.raises(NotAllowed, match=r"it was killed[.] A publisher can publish it again"):
            publish(article, by=by)
        with pytest.raises(NotAllowed, match="it was killed"):
            schedule(article, by=by, at=SOON)
        assert everything() == before
    publish(article, by=publisher)

    assert client.get(f"{URL}/wrong").status_code == 200
    assert article.killed_at is None
    unpublish(article, by=publisher)
    assert client.get(f"{URL}/wrong").status_code == 404  # and not 410
    publish(article, by=None)


def test_a_killed_one_is_not_published_by_the_clock(publisher: User, client: Client) -> None:
    article = make_published(slug="wrong").article
    article.title = "Next"
    article.save()
    schedule(article, by=publisher, at=SOON)

    kill(article, by=publisher, reason="Wrong.")

    assert (article.state, article.publish_at) == ("draft", None)
    # Even if somebody writes it into the table.
    Article.objects.update(state="scheduled", publish_at=SOON)
    with time_machine.travel(SOON):
        assert client.get(f"{URL}/wrong").status_code == 410
        assert clock.next_due() is None
    assert "it was killed" in Article.objects.get().clock_error


@pytest.mark.parametrize("case", ["killed", "trashed", "embargoed"])
def test_an_import_does_not_bring_it_out(publisher: User, case: str) -> None:
    run_import(make_line(slug="wrong"))
    article = Article.objects.get()
    if case == "killed":
        kill(article, by=publisher, reason="Wrong.")
        reason = "status: It was killed at the desk. Only a publisher can publish it again, there."
    else:
        unpublish(article)
        reason = "status: It is in the trash of the desk. Untrash it first, or leave the line out."
    if case == "trashed":
        trash(article, by=publisher)
    if case == "embargoed":
        Article.objects.update(embargo_until=SOON)
        reason = "status: It is under embargo until 2099-01-01 00:00:00+00:00. Import it as a draft"
    before = everything()

    for line in (
        make_line(slug="wrong", title="Changed"),
        make_line(status="scheduled", publish_at="2098-01-01", published_at=None),
    ):
        [(_, told)] = run_import(line).errors
        assert told.startswith(reason)
        assert everything() == before
    # The other lines are imported, where bad ones are to be left out.
    run_import(make_line(title="Changed"), make_line("2"), skip_bad=True)
    assert [each.slug for each in PublishedArticle.objects.all()] == ["title-2"]


def test_an_import_of_a_draft_leaves_it_killed(publisher: User, client: Client) -> None:
    run_import(make_line(slug="wrong"))
    kill(Article.objects.get(), by=publisher, reason="Wrong.")

    run_import(make_line(slug="wrong", status="draft", title="Changed", published_at=None))

    assert client.get(f"{URL}/wrong").json()["detail"] == "Wrong."
    assert Article.objects.get().title == "Changed"


@pytest.mark.parametrize("reason", ["", " \n"])
def test_it_needs_a_reason_for_readers(publisher: User, reason: str) -> None:
    article = make_published().article
    before = everything()

    with pytest.raises(ValidationError, match="Say why, in a sentence for readers"):
        kill(article, by=publisher, reason=reason)

    assert everything() == before


def test_the_trash_and_back(publisher: User) -> None:
    article = make_draft("Old")

    trash(article, by=make_login(Role.EDITOR))
    assert not Article.objects.filter(trashed_at=None).exists()
    untrash(article, by=publisher)

    assert Article.objects.get(trashed_at=None).state == "draft"


def test_what_is_in_the_trash_does_not_come_out(publisher: User) -> None:
    article = make_draft()
    trash(article, by=publisher)
    before = everything()

    for by in (publisher, None):
        with pytest.raises(NotAllowed, match=r"it is in the trash[.] A publisher can untrash it"):
            publish(article, by=by)

    assert everything() == before


def test_deleting_for_good_leaves_the_audit(publisher: User, client: Client) -> None:
    article = make_published("Old", slug="old").article
    unpublish(article)
    trash(article, by=publisher)

    delete_for_good(article, by=publisher)

    assert not Article.objects.exists()
    assert not Revision.objects.exists()
    assert not Slug.objects.exists()
    assert client.get(f"{URL}/old").status_code == 404
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.subject) == ("delete_for_good", "Old")


def test_what_was_killed_is_never_deleted(publisher: User, client: Client) -> None:
    article = killed(publisher)
    trash(article, by=publisher)
    before = everything()

    with pytest.raises(NotAllowed, match="readers have to be told why"):
        delete_for_good(article, by=publisher)

    assert everything() == before
    assert client.get(f"{URL}/wrong").status_code == 410


def test_of_what_was_deleted_meanwhile_a_sentence_says_so(publisher: User) -> None:
    article = make_draft("Old")
    Article.objects.get(pk=article.pk).delete()

    for verb in (unpublish, trash, untrash, delete_for_good):
        with pytest.raises(NotAllowed, match="somebody has deleted it"):
            verb(article, by=publisher)
    assert not may(Verb.SAVE, article, actor_of(publisher))
    with pytest.raises(NotAllowed, match="Somebody has deleted it"):
        standing_of(article)
