"""The verbs as buttons of the article's page: who may press them, and what they do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.admin.steps import STEPS
from articles.models import Article, AuditEntry
from articles.publishing import approve, submit, trash
from articles.workflow import Role, Verb
from tests.articles.desk import article_form, make_user, signed_in, told, url
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return signed_in(make_login(Role.EDITOR))


def press(client: Client, article: Article, verb: str, **values: Any) -> Any:
    """The button of a verb, under the form as it is stored."""
    article.refresh_from_db()
    sent = article_form(
        title=article.title,
        body_html=article.body_html,
        slug=article.slug,
        based_on=article.save_number,
        _verb=verb,
    )
    given = {f"{verb}-{name}": value for name, value in values.items()}
    return client.post(url("article", "change", article.pk), {**sent, **given}, follow=True)


def offered(client: Client, article: Article) -> list[str]:
    page = client.get(url("article", "change", article.pk))
    return [step["verb"] for step in page.context["steps"]]


def test_it_works(editor: Client) -> None:
    """Each step of an article's life by its button, with what it says afterwards."""
    article = make_draft("Water", slug="water")
    tomorrow = timezone.localtime() + timedelta(days=1)

    assert offered(editor, article) == [
        "submit", "approve", "publish", "schedule", "embargo", "trash",
    ]  # fmt: skip
    for verb, values, state, said in (
        ("submit", {"note": "Please"}, "in_review", "Submitted for review."),
        ("send_back", {"note": "No source"}, "draft", "Sent back."),
        ("approve", {}, "approved", "Approved."),
        ("schedule", {"at": f"{tomorrow:%Y-%m-%dT%H:%M}"}, "scheduled", "Scheduled."),
        ("cancel_schedule", {}, "approved", "The schedule is cancelled."),
        ("publish", {}, "published", "Published."),
        ("correct", {"note": "A wrong name"}, "published", "The correction is published."),
        ("unpublish", {"reason": "A mistake"}, "draft", "Readers no longer have it."),
        ("trash", {}, "draft", "It is in the trash."),
    ):
        [message] = told(press(editor, article, verb, **values))
        article.refresh_from_db()
        assert message.startswith(said)
        assert article.state == state
    notes = AuditEntry.objects.filter(verb__in=["submit", "send_back"]).values_list("details__note")
    assert sorted(notes) == [("No source",), ("Please",)]


def test_a_schedule_is_told_with_its_weekday(editor: Client) -> None:
    article = make_draft("Water", slug="water")

    [message] = told(press(editor, article, "schedule", at="2090-02-21T18:30"))

    assert message == "Scheduled. Tuesday 2090-02-21 18:30 (UTC+05:00)"
    article.refresh_from_db()
    assert article.publish_at == datetime(2090, 2, 21, 13, 30, tzinfo=UTC)
    assert (
        "Tuesday 2090-02-21 18:30"
        in editor.get(url("article", "change", article.pk)).content.decode()
    )


def test_what_was_changed_is_saved_with_it(editor: Client, client: Client) -> None:
    article = make_draft("Water", slug="water")

    editor.post(
        url("article", "change", article.pk),
        article_form(title="Water rises", slug="water", based_on=0, _verb="publish"),
    )

    assert client.get("/api/v1/articles/water").json()["title"] == "Water rises"


def test_what_was_not_changed_is_not_saved_again(editor: Client) -> None:
    article = make_draft("Water", slug="water")
    number = article.save_number

    press(editor, article, "approve")

    article.refresh_from_db()
    assert (article.state, article.save_number) == ("approved", number)
    assert not AuditEntry.objects.filter(verb="save").exists()


def test_a_new_article_is_made_and_published_at_once(editor: Client, client: Client) -> None:
    response = editor.post(
        url("article", "add"), article_form(title="Water", _verb="publish"), follow=True
    )

    assert told(response) == ["Published."]
    assert client.get("/api/v1/articles/water").status_code == 200


def test_a_refused_step_keeps_the_save_and_what_was_typed(editor: Client) -> None:
    article = make_draft("Water", slug="water")

    response = editor.post(
        url("article", "change", article.pk),
        {
            **article_form(title="New", slug="water", based_on=0, _verb="schedule"),
            "schedule-at": "2020-01-01 10:00",
        },
        follow=True,
    )

    assert "has passed" in told(response)[0]
    article.refresh_from_db()
    assert (article.title, article.state) == ("New", "draft")
    assert 'value="2020-01-01 10:00"' in response.content.decode()


@pytest.mark.parametrize(
    ("verb", "values", "message"),
    [
        ("send_back", {"note": "x"}, "Cannot send back: it is a draft."),
        ("send_back", {"note": " "}, "Say in a comment what is to be changed."),
        ("schedule", {"at": ""}, "Write a time such as 2026-11-24 18:30."),
        ("schedule", {"at": "tomorrow"}, "Write a time such as 2026-11-24 18:30."),
        ("embargo", {"until": "2026-02-30 10:00"}, "There is no such time"),
        ("unpublish", {}, "Readers do not have it."),
        ("correct", {"note": "x"}, "Cannot correct: it is not public."),
        ("nonsense", {}, "There is no such step."),
        ("save", {}, "There is no such step."),
        ("delete_for_good", {}, "There is no such step."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(
    editor: Client, verb: str, values: dict[str, str], message: str
) -> None:
    article = make_draft("Water", slug="water")
    before = everything()

    response = press(editor, article, verb, **values)

    assert message in told(response)[0]
    assert everything() == before


@pytest.mark.parametrize("verb", [step.verb for step in STEPS])
def test_a_writer_does_nothing_to_the_articles_of_others(verb: Verb) -> None:
    writer = signed_in(make_login(Role.WRITER))
    article = make_draft("Theirs", slug="t", created_by=make_login(Role.WRITER, username="other"))
    before = everything()

    response = press(writer, article, verb)  # as if it were not there
    assert all("doesn’t exist" in each for each in told(response))
    response = writer.post(url("article", "step", article.pk), {"_verb": verb})

    assert response.status_code == 403
    assert everything() == before


@pytest.mark.parametrize("verb", ["approve", "publish", "schedule", "embargo", "kill", "send_back"])
def test_a_writer_does_not_do_what_editors_do(verb: str) -> None:
    login = make_login(Role.WRITER)
    writer, article = signed_in(login), make_draft("Mine", slug="mine", created_by=login)
    before = everything()

    assert offered(writer, article) == ["submit", "trash"]
    response = press(
        writer, article, verb, at="2090-01-01 10:00", until="2090-01-01 10:00", note="x"
    )

    assert told(response)
    assert everything() == before


def test_only_a_publisher_kills_and_takes_out_of_the_trash(editor: Client) -> None:
    public, gone = make_published("Public", slug="p").article, make_draft("Gone")
    trash(gone, by=None)
    before = everything()

    for article, verb in ((public, "kill"), (gone, "untrash")):
        response = editor.post(
            url("article", "step", article.pk), {"_verb": verb, "kill-reason": "x"}, follow=True
        )
        assert "a publisher can" in told(response)[0].lower() or "publisher" in told(response)[0]
    assert everything() == before

    publisher = signed_in(make_login(Role.PUBLISHER))
    press(publisher, public, "kill", reason="Wrong")
    publisher.post(url("article", "step", gone.pk), {"_verb": "untrash"})
    public.refresh_from_db()
    gone.refresh_from_db()
    assert (public.killed_at is not None, gone.trashed_at) == (True, None)


@pytest.mark.parametrize("persona", ["rates", "nobody", "visitor"])
def test_others_cannot_press_anything(persona: str, client: Client) -> None:
    article = make_draft()
    who = {
        "rates": lambda: signed_in(make_login(Role.RATES_EDITOR)),
        "nobody": lambda: signed_in(make_user("nobody")),
        "visitor": lambda: client,
    }[persona]()
    before = everything()

    for page in ("step", "autosave", "presence"):
        response = who.post(url("article", page, article.pk), {"_verb": "publish"})
        assert response.status_code in (302, 403)
    assert who.post(url("article", "autosave_new"), article_form()).status_code in (302, 403)
    assert who.post(url("article", "choices", "tag"), {"name": "New"}).status_code in (302, 403)
    assert who.get(url("article", "choices", "tag")).status_code in (302, 403)
    assert who.get(f"{url('article', 'slug')}?title=x").status_code in (302, 403)

    assert everything() == before


def test_steps_want_a_post_with_the_token(editor: Client) -> None:
    article = make_draft()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user("chief", is_superuser=True))
    before = everything()

    assert editor.get(url("article", "step", article.pk)).status_code == 405
    response = strict.post(url("article", "step", article.pk), {"_verb": "publish"})

    assert response.status_code == 403
    assert everything() == before


def test_a_stale_form_presses_nothing(editor: Client) -> None:
    """Not even where nothing was typed: the editor has not seen what would be published."""
    article = make_draft("As opened", slug="a")
    article.title = "Changed since"
    article.save()
    before = everything()

    response = editor.post(
        url("article", "change", article.pk),
        article_form(title="Changed since", slug="a", based_on=0, _verb="publish",
                     body_html=article.body_html),
    )  # fmt: skip

    assert response.status_code == 409
    assert everything() == before


def test_what_is_in_review_its_writer_only_reads(editor: Client) -> None:
    login = make_login(Role.WRITER)
    writer, article = signed_in(login), make_draft("Mine", created_by=login)
    submit(article, by=login)
    before = everything()

    assert offered(writer, article) == []
    assert press(writer, article, "submit").status_code == 403
    assert everything() == before
    approve(article, by=None)
    assert "publish" in offered(editor, article)
