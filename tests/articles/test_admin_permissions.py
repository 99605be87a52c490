"""Who may do what at the desk."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from articles.admin.article_form import SavedArticleForm
from articles.models import Article, AuditEntry, RelatedChoice
from articles.publishing import approve, delete_for_good, schedule, trash, untrash
from articles.saving import save
from articles.workflow import Role
from tests.articles.desk import article_form, errors, make_user, signed_in, told, url
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
        url("article", "change", article.pk),
        article_form(title="Changed", state="published", based_on=article.save_number),
    )
    assert response.status_code == 302
    article.refresh_from_db()
    assert (article.title, article.is_public) == ("Changed", False)


def test_a_writer_leaves_the_articles_of_others_alone(writer: Client) -> None:
    article = make_draft("Theirs", created_by=make_login(Role.WRITER, username="other"))
    before = everything()

    response = writer.get(url("article", "change", article.pk))
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    for key in (article.pk, article.pk + 1):
        assert writer.get(url("article", "history", key)).status_code == 404
    response = writer.post(url("article", "change", article.pk), article_form(title="Changed"))
    assert response.status_code == 302
    response = act(writer, "trash", article)

    *opened, chosen = told(response)
    assert all("doesn’t exist" in each for each in opened)  # as if it were not there
    assert "is not in this list any more" in chosen
    assert everything() == before


def test_a_writer_sees_their_own_articles_and_what_is_published(writer: Client) -> None:
    me = User.objects.get(username="writer")
    make_draft("My draft", created_by=me)
    public = make_published("Public as it stands").article
    changed = make_published("Public").article
    changed.title = "Public, and changed since"
    changed.save()
    make_draft("Secret draft")
    approved = make_draft("My approved one", created_by=me)
    approve(approved, by=None)

    def shown(client: Client) -> set[str]:
        return {each.title for each in client.get(url("article")).context["cl"].result_list}

    def found(client: Client) -> set[str]:
        answer = client.get(
            "/admin/autocomplete/",
            {"app_label": "articles", "model_name": "relatedchoice", "field_name": "other"},
        )
        return {each["text"] for each in answer.json()["results"]}

    mine = {"My draft", "My approved one", "Public as it stands"}
    assert shown(writer) == found(writer) == mine
    assert writer.get(url("article", "change", public.pk)).status_code == 200
    assert writer.get(url("article", "history", public.pk)).status_code == 200
    assert writer.get(url("article", "change", changed.pk)).status_code == 302
    everybody = signed_in(make_login(Role.WRITER, Role.EDITOR, username="both"))
    everything_there = mine | {"Public, and changed since", "Secret draft"}
    assert shown(everybody) == found(everybody) == everything_there


def test_a_writer_pins_nothing_that_they_do_not_see(writer: Client) -> None:
    me = User.objects.get(username="writer")
    article, secret = make_draft("Mine", created_by=me), make_draft("Secret draft")
    form = article_form(based_on=0) | {
        "related_choices-TOTAL_FORMS": 1,
        "related_choices-0-other": secret.pk,
        "related_choices-0-position": 0,
        "related_choices-0-article": article.pk,
    }
    page = url("article", "change", article.pk)

    response = writer.post(page, form)

    assert response.status_code == 200
    assert "Secret draft" not in response.content.decode()
    assert not RelatedChoice.objects.exists()
    # What an editor has pinned stays.
    choice = RelatedChoice.objects.create(article=article, other=secret)
    form |= {"related_choices-INITIAL_FORMS": 1, "related_choices-0-id": choice.pk}
    assert writer.post(page, form).status_code == 302
    assert RelatedChoice.objects.get().other == secret


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


def test_a_form_says_on_which_version_it_is_based(editor: Client) -> None:
    article = make_draft("As opened")
    before = everything()

    response = editor.post(url("article", "change", article.pk), article_form(title="Mine"))

    assert response.status_code == 200
    assert "does not say which version you changed" in response.content.decode()
    assert "Mine" in response.content.decode()
    assert everything() == before


@pytest.mark.parametrize("change", ["save", "delete", "submit"])
def test_what_happens_at_the_last_moment_loses_nothing_that_was_typed(
    editor: Client, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Between the check of the form and the save a colleague was faster."""
    article = make_draft("As opened")

    def late(mine: Article, **arguments: Any) -> Any:
        theirs = Article.objects.get(pk=mine.pk)
        if change == "save":
            theirs.title = "Saved by a colleague"
            theirs.save()
        elif change == "delete":
            theirs.delete()
        else:
            schedule(theirs, by=None, at=timezone.now() + timedelta(hours=1))
            arguments["by"] = make_login(Role.WRITER)
        return save(mine, **arguments)

    monkeypatch.setattr("articles.admin.articles.save", late)
    response = editor.post(
        url("article", "change", article.pk),
        article_form(body_html="<p>An hour of work</p>", based_on=article.save_number),
    )

    if change == "save":  # the page on which both changes meet
        assert response.status_code == 409
        assert "Saved by a colleague" in response.content.decode()
    else:
        assert errors(response)["__all__"]
    assert "An hour of work" in response.content.decode()


def test_what_is_deleted_while_its_form_is_open_is_told(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_draft("As opened")
    check = SavedArticleForm.clean

    def late(form: Any) -> Any:
        Article.objects.filter(pk=article.pk).delete()
        return check(form)

    monkeypatch.setattr(SavedArticleForm, "clean", late)
    response = editor.post(
        url("article", "change", article.pk), article_form(based_on=article.save_number)
    )

    assert errors(response)["__all__"] == [
        "Somebody has deleted this article. Copy what you changed."
    ]


def test_what_is_taken_out_of_the_trash_at_the_last_moment_is_not_deleted(
    publisher: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_draft("Old")
    trash(article, by=None)

    def late(trashed: Article, **arguments: Any) -> None:
        untrash(Article.objects.get(pk=trashed.pk), by=None)
        delete_for_good(trashed, **arguments)

    monkeypatch.setattr("articles.admin.articles.delete_for_good", late)
    response = publisher.post(url("article", "delete", article.pk), {"post": "yes"}, follow=True)

    assert told(response) == ["Cannot delete for good: it is not in the trash."]
    assert Article.objects.exists()


def test_a_second_translation_in_one_language_is_told(editor: Client) -> None:
    group = uuid.uuid4()
    make_draft("One", language="en", translation_group=group)
    article = make_draft("Раз", language="ru", translation_group=group)
    before = everything()

    response = editor.post(
        url("article", "change", article.pk), article_form(language="en", based_on=0)
    )

    [sentence] = errors(response)["__all__"]
    assert sentence.startswith("There is a translation in the language “en” already.")
    assert everything() == before
