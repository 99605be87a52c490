"""Who may do what at the desk."""

from typing import Any

import pytest
from django.test import Client

from articles.models import Article, AuditEntry
from articles.workflow import Role
from tests.articles.desk import article_form, make_user, signed_in, told, url
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published, make_tag

pytestmark = pytest.mark.django_db

VIEW = ("view_article", "view_author", "view_region", "view_tag", "view_image", "view_byline")


@pytest.fixture
def reader() -> Client:
    """May look at everything, and has no role."""
    return signed_in(make_user("reader", *VIEW, "change_article", "add_article"))


@pytest.fixture
def writer() -> Client:
    return signed_in(make_login(Role.WRITER))


@pytest.fixture
def editor() -> Client:
    return signed_in(make_login(Role.EDITOR))


@pytest.fixture
def publisher() -> Client:
    return signed_in(make_login(Role.PUBLISHER))


@pytest.fixture
def outsider() -> Client:
    """Is in the right group, but has no leave to come in."""
    return signed_in(make_login(Role.EDITOR, username="outsider", is_staff=False))


def act(client: Client, action: str, article: Article) -> Any:
    return client.post(
        url("article"),
        {"action": action, "_selected_action": [article.pk], "confirmed": "yes"},
        follow=True,
    )


def actions(client: Client) -> list[str]:
    form = client.get(url("article")).context["action_form"]
    return [name for name, _ in form.fields["action"].choices if name] if form else []


def test_it_works(editor: Client) -> None:
    article = make_draft()

    assert actions(editor) == ["publish", "unpublish", "retag", "trash"]
    act(editor, "publish", article)
    assert Article.objects.get().is_public
    act(editor, "unpublish", article)
    assert not Article.objects.get().is_public
    entry = AuditEntry.objects.filter(verb="unpublish").get()
    assert (entry.by_name, entry.address, entry.article_key) == ("editor", "127.0.0.1", article.pk)


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


def test_a_writer_writes_and_does_not_publish(writer: Client) -> None:
    writer.post(url("article", "add"), article_form(title="Mine", state="published"))
    article, public = Article.objects.get(), make_published().article
    assert (article.state, article.created_by and article.created_by.username) == (
        "draft",
        "writer",
    )

    assert actions(writer) == ["retag", "trash"]
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


def test_a_writer_leaves_the_articles_of_others_alone(writer: Client) -> None:
    article = make_draft("Theirs", created_by=make_login(Role.WRITER, username="other"))
    before = everything()

    assert writer.get(url("article", "change", article.pk)).status_code == 200
    response = writer.post(url("article", "change", article.pk), article_form(title="Changed"))
    assert response.status_code == 403
    response = act(writer, "trash", article)

    assert told(response) == [
        "“Theirs”: You cannot trash it: a writer's own articles only; an editor or a publisher can."
    ]
    assert everything() == before


def test_only_a_publisher_takes_out_of_the_trash_and_deletes(
    editor: Client, publisher: Client
) -> None:
    article = make_draft("Old")
    act(editor, "trash", article)
    assert "Old" not in editor.get(url("article")).content.decode()
    assert "Old" in editor.get(f"{url('article')}?trash=yes").content.decode()
    before = everything()
    act(editor, "untrash", article)
    assert editor.post(url("article", "delete", article.pk), {"post": "yes"}).status_code == 403
    assert everything() == before

    assert actions(publisher) == ["publish", "unpublish", "retag", "trash"]
    publisher.post(
        f"{url('article')}?trash=yes",
        {"action": "untrash", "_selected_action": [article.pk], "confirmed": "yes"},
    )
    article.refresh_from_db()
    assert article.trashed_at is None
    act(editor, "trash", article)
    publisher.post(url("article", "delete", article.pk), {"post": "yes"})
    assert not Article.objects.exists()


def test_a_stale_form_is_told_and_nothing_is_lost(editor: Client) -> None:
    article = make_draft("As opened")
    page = editor.get(url("article", "change", article.pk))
    based_on = page.context["adminform"].form["based_on"].value()
    assert b'name="based_on"' in page.content
    article.title = "Saved by a colleague"
    article.save()
    before = everything()

    response = editor.post(
        url("article", "change", article.pk), article_form(title="Mine", based_on=based_on)
    )

    assert response.status_code == 409
    assert "saved this article since you opened it." in response.content.decode()
    assert "Mine" in response.content.decode()
    assert everything() == before


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
        client.post(url("article"), {"action": "publish", "_selected_action": [article.pk]}),
        client.post(url("article"), {"action": "unpublish", "_selected_action": [public.pk]}),
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
