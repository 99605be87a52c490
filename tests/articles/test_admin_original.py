"""The original beside the form of its translation."""

import uuid
from typing import Any

import pytest
from django.test import Client

from articles.models import Article
from articles.publishing import trash
from articles.workflow import Role
from tests.articles.desk import make_user, signed_in, url
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return signed_in(make_login(Role.EDITOR))


def pair(**of_original: Any) -> tuple[Article, Article]:
    """An original in English and its translation into Russian."""
    group = uuid.uuid4()
    values = {"title": "Wind park", "body_html": "<p>It <em>turns</em>.</p>", **of_original}
    original = make_draft(translation_group=group, **values)
    return original, make_draft("Ветропарк", language="ru", translation_group=group)


def offered(client: Client, article: Article) -> dict[str, str] | None:
    found: dict[str, str] | None = client.get(url("article", "change", article.pk)).context[
        "translated_from"
    ]
    return found


def test_it_works(editor: Client) -> None:
    original, translation = pair(summary="")

    found = offered(editor, translation)

    assert "› Ветропарк" in " ".join(
        editor.get(url("article", "change", translation.pk)).content.decode().split()
    ).replace("&rsaquo;", "›")
    assert found is not None
    assert found["language"] == "en"
    assert found["page"] == url("article", "change", original.pk)
    page = editor.get(found["text"])
    assert page.status_code == 200
    said = page.content.decode()
    assert '<article lang="en">' in said
    assert "<h3>Wind park</h3>" in said
    assert '<p class="desk-original-summary">It turns.</p>' in said
    assert "<p>It <em>turns</em>.</p>" in said


def test_what_is_no_translation_has_no_original(editor: Client) -> None:
    original, _ = pair()

    assert offered(editor, original) is None
    assert offered(editor, make_draft("Alone")) is None
    assert editor.get(url("article", "add")).context["translated_from"] is None


def test_what_is_in_the_trash_is_not_offered(editor: Client) -> None:
    original, translation = pair()
    trash(original, by=None)

    assert offered(editor, translation) is None


def test_who_may_not_read_the_original_is_not_offered_it_nor_given_it() -> None:
    writer = make_login(Role.WRITER)
    original, translation = pair()
    Article.objects.filter(pk=translation.pk).update(created_by=writer)
    client = signed_in(writer)

    assert offered(client, translation) is None
    refused = client.get(url("article", "text", original.pk))

    assert refused.status_code == 403
    assert "turns" not in refused.content.decode()
    Article.objects.filter(pk=original.pk).update(created_by=writer)
    assert client.get(url("article", "text", original.pk)).status_code == 200


def test_others_of_the_desk_and_of_outside_are_refused() -> None:
    original, _ = pair()
    page = url("article", "text", original.pk)

    assert Client().get(page).status_code == 302
    for user in (
        make_user("tagger", "view_tag"),
        make_login(Role.RATES_EDITOR),
    ):
        assert signed_in(user).get(page).status_code == 403
    outsider = make_login(Role.EDITOR, username="outsider", is_staff=False)
    assert signed_in(outsider).get(page).status_code == 302


def test_it_is_only_read(editor: Client) -> None:
    original, _ = pair()

    assert editor.post(url("article", "text", original.pk), {}).status_code == 405
    assert editor.get(url("article", "text", original.pk + 1000)).status_code == 403


def test_nothing_in_it_runs(editor: Client) -> None:
    original, _ = pair(summary="<img src=x onerror=alert(1)>")
    Article.objects.filter(pk=original.pk).update(
        title="<script>alert(1)</script>",
        body_html="<p onclick='alert(1)'>Text</p><script>alert(1)</script>",
    )

    said = editor.get(url("article", "text", original.pk)).content.decode()

    assert "<p>Text</p>" in said
    assert "<script" not in said
    assert "onclick" not in said
    assert "<img" not in said


def test_it_needs_few_statements(editor: Client, django_assert_max_num_queries: Any) -> None:
    group = uuid.uuid4()
    original = make_published(translation_group=group).article
    for language in ("ru", "kk", "uz", "ky", "tg"):
        translation = make_draft(language=language, translation_group=group)
    editor.get(url("article", "change", translation.pk))

    with django_assert_max_num_queries(25):
        assert offered(editor, translation) is not None
    with django_assert_max_num_queries(7):
        editor.get(url("article", "text", original.pk))
