"""Who may do what at the desk."""

from typing import Any

import pytest
from django.test import Client

from articles.models import Article
from tests.articles.desk import article_form, make_user, signed_in, url
from tests.articles.importing import everything
from tests.factories import make_draft, make_published, make_tag

pytestmark = pytest.mark.django_db

VIEW = ("view_article", "view_author", "view_region", "view_tag", "view_image", "view_byline")


@pytest.fixture
def reader() -> Client:
    """May look at everything."""
    return signed_in(make_user("reader", *VIEW))


@pytest.fixture
def writer() -> Client:
    """May write articles, but not publish them."""
    return signed_in(make_user("writer", *VIEW, "add_article", "change_article", "add_byline"))


@pytest.fixture
def editor() -> Client:
    """May publish, too."""
    return signed_in(make_user("editor", *VIEW, "change_article", "publish_article"))


@pytest.fixture
def outsider() -> Client:
    """Has a login, but is not of the staff."""
    return signed_in(make_user("outsider", *VIEW, "publish_article", is_staff=False))


def act(client: Client, action: str, article: Article) -> Any:
    return client.post(url("article"), {"action": action, "_selected_action": [article.pk]})


def actions(client: Client) -> list[str]:
    form = client.get(url("article")).context["action_form"]
    return [name for name, _ in form.fields["action"].choices if name] if form else []


def test_it_works(editor: Client) -> None:
    article = make_draft()

    assert actions(editor) == ["publish", "unpublish"]
    act(editor, "publish", article)
    assert Article.objects.get().is_public
    act(editor, "unpublish", article)
    assert not Article.objects.get().is_public


def test_who_may_only_look_changes_nothing(reader: Client) -> None:
    article, public, tag = make_draft(), make_published().article, make_tag()
    before = everything()

    assert actions(reader) == []
    for page in (
        url("article"),
        url("article", "change", article.pk),
        url("article", "change", public.pk),
        url("tag"),
        url("tag", "change", tag.pk),
        url("region"),
        url("author"),
        url("image"),
    ):
        assert reader.get(page).status_code == 200
    act(reader, "publish", article)
    act(reader, "unpublish", public)
    for page, form in (
        (url("article", "add"), article_form()),
        (url("article", "change", article.pk), article_form(title="Changed")),
        (url("article", "delete", article.pk), {"post": "yes"}),
        (url("tag", "add"), {"name": "New", "slug": "new", "names": "{}"}),
        (url("tag", "change", tag.pk), {"name": "New", "slug": "new", "names": "{}"}),
        (url("tag", "delete", tag.pk), {"post": "yes"}),
    ):
        assert reader.post(page, form).status_code == 403

    assert everything() == before


def test_who_may_write_does_not_publish(writer: Client) -> None:
    article, public = make_draft(), make_published().article

    assert actions(writer) == []
    before = everything()
    act(writer, "publish", article)
    act(writer, "unpublish", public)
    assert everything() == before

    response = writer.post(
        url("article", "change", article.pk), article_form(title="Changed", state="published")
    )
    assert response.status_code == 302
    article.refresh_from_db()
    assert (article.title, article.is_public) == ("Changed", False)


@pytest.mark.parametrize("persona", ["outsider", "client"])
def test_nobody_else_comes_in(persona: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(persona)
    article, public = make_draft(), make_published().article
    before = everything()

    for response in (
        client.get(url("article")),
        client.get(url("article", "change", article.pk)),
        client.post(url("article", "add"), article_form()),
        client.post(url("article", "delete", article.pk), {"post": "yes"}),
        act(client, "publish", article),
        act(client, "unpublish", public),
    ):
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")
    assert everything() == before


def test_a_hand_made_post_needs_the_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("chief", is_superuser=True))
    article = make_draft()

    assert act(client, "publish", article).status_code == 403
    assert not Article.objects.get().is_public
