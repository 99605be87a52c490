"""The desk's first page, on which each app has its say."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles.models import Article
from articles.publishing import schedule, submit, trash
from articles.workflow import Role
from cms.desk.dashboard import Panel, dashboard_for
from rates.models import Source
from tests.articles.desk import make_user, signed_in
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published

pytestmark = pytest.mark.django_db


def panels(user: User, now: datetime | None = None) -> dict[str, Panel]:
    made = dashboard_for(user, now=now or timezone.now())["panels"]
    return {str(panel.title): panel for panel in made}


def texts(panel: Panel) -> list[str]:
    return [str(item.text) for item in panel.items]


def test_it_works() -> None:
    """What one has to do, and what happens, with links to the lists; nobody else's drafts."""
    writer, editor = make_login(Role.WRITER), make_login(Role.EDITOR)
    make_draft("Mine", created_by=writer)
    make_draft("Theirs", created_by=editor)
    waiting = make_draft("Waiting", created_by=writer)
    submit(waiting, by=writer)
    trash(make_draft("Gone", created_by=writer), by=None)
    make_published("Public")

    seen = panels(editor)
    page = signed_in(editor).get("/admin/").content.decode()

    assert texts(seen["Waiting for review"]) == ["Waiting"]
    assert texts(seen["My drafts"]) == ["Theirs"]
    assert texts(seen["Just published"]) == ["Public"]
    assert "Waiting for review" in page
    assert 'href="/admin/articles/article/?state__exact=in_review"' in page
    assert 'href="/admin/articles/article/add/">Write an article</a>' in page
    own = panels(writer)
    assert texts(own["My drafts"]) == ["Mine"]
    assert "Waiting for review" not in own


def test_its_numbers_are_those_of_the_lists_they_lead_to() -> None:
    editor = make_login(Role.EDITOR)
    client = signed_in(editor)
    for number in range(12):
        make_draft(created_by=editor)
        submit(make_draft(), by=None)
        schedule(make_draft(), by=editor, at=timezone.now() + timedelta(seconds=60 + number))

    for title in ("My drafts", "Waiting for review"):
        panel = panels(editor)[title]
        assert (panel.count, len(panel.items)) == (12, 8)
        assert client.get(panel.href).context["cl"].result_count == 12


def test_today_ends_at_midnight_in_the_newsroom() -> None:
    """18:59 UTC is before it in Almaty, 19:00 UTC is tomorrow."""
    editor = make_login(Role.EDITOR)
    now = datetime(2090, 1, 1, 6, tzinfo=UTC)
    for title, hour, minute in (("Late", 18, 59), ("Tomorrow", 19, 0), ("Early", 8, 0)):
        schedule(make_draft(title), by=editor, at=now.replace(hour=hour, minute=minute))

    assert texts(panels(editor, now)["Scheduled today"]) == ["Early", "Late"]


def test_what_went_wrong_needs_attention() -> None:
    chief = make_user("chief", is_superuser=True)
    assert dashboard_for(chief, now=timezone.now())["concerns"] == []
    article = make_draft("Water")
    Article.objects.filter(pk=article.pk).update(state="scheduled", clock_error="It has no title.")
    source = Source.objects.enabled().order_by("pk")[0]
    Source.objects.filter(pk=source.pk).update(is_stale=True)

    concerns = dashboard_for(chief, now=timezone.now())["concerns"]
    page = signed_in(chief).get("/admin/").content.decode()

    assert [str(each.text) for each in concerns] == [
        "“Water” was not published on time",
        f"{source.name} has had no new rates for too long",
    ]
    for each in concerns:
        assert f'href="{each.href}"' in page


@pytest.mark.parametrize(
    ("role", "titles", "concerns"),
    [
        (Role.WRITER, ["My drafts", "Mentions of me", "Scheduled today", "Just published"], 0),
        (
            Role.EDITOR,
            [
                "My drafts",
                "Mentions of me",
                "Waiting for review",
                "Scheduled today",
                "Just published",
            ],
            1,
        ),
        (Role.RATES_EDITOR, [], 1),
        (None, [], 0),
    ],
)
def test_each_role_sees_what_it_may(role: Role | None, titles: list[str], concerns: int) -> None:
    user = make_login(role) if role else make_user("nobody")
    article = make_draft("Water")
    Article.objects.filter(pk=article.pk).update(state="scheduled", clock_error="No title")
    Source.objects.filter(pk=Source.objects.enabled().order_by("pk")[0].pk).update(is_stale=True)

    assert list(panels(user)) == titles
    assert len(dashboard_for(user, now=timezone.now())["concerns"]) == concerns
    assert signed_in(user).get("/admin/").status_code == 200


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_titles_are_text_and_no_markup() -> None:
    chief = make_user("chief", is_superuser=True)
    make_published("<script>alert(1)</script>")

    page = signed_in(chief).get("/admin/").content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("number", [1, 100])
def test_it_needs_the_same_statements_for_any_number(
    number: int, django_assert_max_num_queries: Any
) -> None:
    editor = make_login(Role.EDITOR)
    for _ in range(number):
        make_draft(created_by=editor)
        submit(make_draft(), by=None)
        make_published()
    client = signed_in(editor)
    client.get("/admin/")

    # Session, user, its permissions and its roles', roles (twice); rows of five panels and the
    # numbers of four, what the clock could not do, and four for the
    # notices of workers and webhooks.
    with django_assert_max_num_queries(20):
        client.get("/admin/")
