"""Previews at the desk."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles.models import Article, Preview
from articles.preview import make_preview, token_of
from articles.saving import save
from articles.workflow import Role
from tests.articles.desk import make_user, signed_in, told, url
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def login() -> User:
    return make_login(Role.WRITER)


@pytest.fixture
def writer(login: User) -> Client:
    return signed_in(login)


@pytest.fixture
def article(login: User) -> Article:
    article = Article(title="Water", body_html="<p>Text</p>", language="en")
    save(article, by=login, based_on=0)
    return article


def test_it_works(writer: Client, article: Article, client: Client, settings: Any) -> None:
    """One button leads to the front end's page, and without one to the JSON."""
    settings.PREVIEW_URL_TEMPLATE = "https://www.example.org/{language}/preview/{token}"

    page = writer.post(url("article", "look", article.pk))["Location"]

    token = token_of(Preview.objects.get())
    assert page == f"https://www.example.org/en/preview/{token}"
    assert client.get(f"/api/v1/previews/{token}").json()["title"] == "Water"
    settings.PREVIEW_URL_TEMPLATE = ""
    page = writer.post(url("article", "look", article.pk))["Location"]
    assert client.get(page).json()["title"] == "Water"
    # The second look uses the first one's.
    assert Preview.objects.count() == 1


def test_one_that_ends_soon_is_not_used_again(writer: Client, article: Article) -> None:
    writer.post(url("article", "look", article.pk))
    Preview.objects.update(expires_at=timezone.now() + timedelta(hours=1))

    writer.post(url("article", "look", article.pk))

    assert Preview.objects.count() == 2


def test_it_shows_this_revision_or_the_latest(
    writer: Client, login: User, article: Article, client: Client
) -> None:
    for shows, days in (("this", "1"), ("latest", "30")):
        response = writer.post(
            url("article", "previews", article.pk), {"shows": shows, "days": days}, follow=True
        )
        assert told(response) == ["Whoever has its address can read it."]
    article.title = "Water rises"
    save(article, by=login, based_on=article.save_number)

    latest, this = writer.get(url("article", "previews", article.pk)).context["rows"]

    assert client.get(this["json"]).json()["title"] == "Water"
    assert client.get(latest["json"]).json()["title"] == "Water rises"
    lives = [each["preview"].expires_at - timezone.now() for each in (this, latest)]
    assert [round(life / timedelta(days=1)) for life in lives] == [1, 30]

    response = writer.post(
        url("article", "revoke", article.pk), {"preview": latest["preview"].pk}, follow=True
    )
    assert told(response) == ["It shows nothing any more."]
    assert client.get(latest["json"]).status_code == 404
    assert client.get(this["json"]).status_code == 200


@pytest.mark.parametrize("days", ["", "x", "0", "400", "-1"])
def test_how_long_is_one_of_the_choices(writer: Client, article: Article, days: str) -> None:
    before = everything()

    response = writer.post(
        url("article", "previews", article.pk), {"shows": "latest", "days": days}, follow=True
    )

    assert told(response) == ["Choose for how long it shows something."]
    assert everything() == before


@pytest.mark.parametrize("persona", ["other", "reader", "rates", "nobody", "visitor"])
def test_who_may_not_makes_and_revokes_none(
    persona: str, client: Client, login: User, article: Article
) -> None:
    preview = make_preview(article, by=login)
    who = {
        "other": lambda: signed_in(make_login(Role.WRITER, username="other")),
        "reader": lambda: signed_in(make_user("reader", "view_article")),
        "rates": lambda: signed_in(make_login(Role.RATES_EDITOR)),
        "nobody": lambda: signed_in(make_user("nobody")),
        "visitor": lambda: client,
    }[persona]()
    before = everything()

    for page, values in (
        ("look", {}),
        ("previews", {"shows": "latest", "days": "7"}),
        ("revoke", {"preview": preview.pk}),
    ):
        assert who.post(url("article", page, article.pk), values).status_code in (302, 403, 404)
    response = who.get(url("article", "previews", article.pk))
    assert response.status_code in (302, 403, 404)
    assert token_of(preview) not in response.content.decode()
    assert everything() == before


def test_a_preview_of_another_article_is_not_revoked(
    writer: Client, article: Article, client: Client
) -> None:
    other = make_preview(make_draft("Theirs"), by=None)
    before = everything()

    for wanted in (other.pk, "", "x", "9" * 30):
        response = writer.post(
            url("article", "revoke", article.pk), {"preview": wanted}, follow=True
        )
        assert told(response) == ["There is no such preview of this article."]
    assert everything() == before


@pytest.mark.parametrize("number", [1, 100])
def test_its_list_needs_the_same_statements_for_any_number(
    writer: Client, login: User, article: Article, number: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(number):
        make_preview(article, by=login)
    writer.get(url("article", "previews", article.pk))

    # Session, user, permissions, article, its standing, roles; previews, the latest revision.
    with django_assert_max_num_queries(9):
        page = writer.get(url("article", "previews", article.pk))

    assert len(page.context["rows"]) == number
