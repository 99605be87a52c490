"""The conversation about an article at the desk."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.comments import add_comment
from articles.models import Comment
from articles.publishing import trash
from articles.workflow import Role
from tests.articles.desk import signed_in, told, url
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Any:
    return make_login(Role.EDITOR)


def say(client: Client, article: Any, text: str, **values: Any) -> Any:
    page = url("article", "comment", article.pk)
    return client.post(page, {"text": text, **values}, follow=True)


def test_it_works(editor: Any) -> None:
    client, writer = signed_in(editor), make_login(Role.WRITER)
    article = make_draft("Wind", created_by=writer)

    response = say(client, article, "Look, @writer: https://example.org/a?b=1&c=2\n<b>Now</b>")

    page = response.content.decode()
    assert "<mark>@writer</mark>" in page
    assert 'href="https://example.org/a?b=1&amp;c=2" rel="nofollow"' in page
    assert "&lt;b&gt;Now&lt;/b&gt;" in page
    assert "1 open" in page
    comment = Comment.objects.get()
    assert response.redirect_chain == [
        (f"{url('article', 'comments', article.pk)}#comment-{comment.pk}", 302)
    ]

    mine = signed_in(writer)
    response = mine.post(url("article", "comment_resolve", comment.pk), {"from": "change"})
    assert response["Location"] == (f"{url('article', 'change', article.pk)}#comment-{comment.pk}")
    page = mine.get(url("article", "comments", article.pk)).content.decode()
    assert "Resolved" in page
    assert "Reopen" in page
    mine.post(url("article", "comment_reopen", comment.pk))
    assert Comment.objects.get().resolved_at is None


def test_they_stand_on_the_articles_page(editor: Any) -> None:
    article = make_draft("Wind")
    add_comment(article, by=editor, text="Why?")

    page = signed_in(editor).get(url("article", "change", article.pk)).content.decode()

    assert "Why?" in page
    assert '<input type="hidden" name="from" value="change">' in page
    # Forms do not stand within forms.
    assert page.index("</form>", page.index('id="article_form"')) < page.index('id="comments"')


def test_a_mention_of_nobody_is_told(editor: Any) -> None:
    response = say(signed_in(editor), make_draft(), "Ask @asel")

    assert told(response) == ["Nobody at the desk is called @asel, and nobody was told."]
    assert Comment.objects.count() == 1


def test_an_attribute_of_a_link_stays_whole(editor: Any) -> None:
    make_login(Role.WRITER)

    page = say(
        signed_in(editor), make_draft(), "@writer https://example.org/?a=@writer"
    ).content.decode()

    assert "<mark>@writer</mark>" in page
    assert 'href="https://example.org/?a=%40writer"' in page


def test_what_is_refused_can_be_sent_again(editor: Any) -> None:
    client, article = signed_in(editor), make_draft()
    before = everything()
    client.post(url("article", "comment", article.pk), {"text": "y" * 5001})
    other = make_draft()
    assert "yyy" not in client.get(url("article", "comments", other.pk)).content.decode()
    other.delete()

    response = say(client, article, "x" * 5001)

    assert told(response) == ["These are 5001 characters. Say it in 5000 at most."]
    assert "x" * 5001 in response.content.decode()
    assert everything()["articles_comment"] == before["articles_comment"] == []
    assert everything()["articles_auditentry"] == before["articles_auditentry"] == []
    assert "xxx" not in client.get(url("article", "comments", article.pk)).content.decode()


@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_does_what_it_may_and_no_more(role: Role | None, editor: Any) -> None:
    login = make_login(*([role] if role else []), username="somebody")
    client, article = signed_in(login), make_published("Wind").article
    comment = add_comment(article, by=editor, text="Why?").comment
    takes_part = role in (Role.WRITER, Role.EDITOR, Role.PUBLISHER)
    judges = role in (Role.EDITOR, Role.PUBLISHER)

    page = client.get(url("article", "comments", article.pk))
    assert page.status_code == (200 if takes_part else 403)
    assert client.get(url("article", "comment_people")).status_code == page.status_code
    before = everything()
    client.post(url("article", "comment_resolve", comment.pk))
    assert (everything() == before) is not judges
    before = everything()
    client.post(url("article", "comment_reopen", comment.pk))
    assert (everything() == before) is not judges
    before = everything()
    say(client, article, "So")
    assert (everything() == before) is not takes_part


def test_made_up_addresses_change_nothing(editor: Any, client: Client) -> None:
    signed, article = signed_in(editor), make_draft()
    trashed = make_draft("Trashed")
    comment = add_comment(trashed, by=editor, text="Why?").comment
    trash(trashed, by=None)
    before = everything()

    for name in ("comment_resolve", "comment_reopen"):
        assert signed.post(url("article", name, 10**9)).status_code == 403
        assert signed.get(url("article", name, comment.pk)).status_code == 405
        signed.post(url("article", name, comment.pk))
        client.post(url("article", name, comment.pk))
    assert signed.post(url("article", "comment", 10**9), {"text": "So"}).status_code == 403
    say(signed, trashed, "So")
    client.post(url("article", "comment", article.pk), {"text": "So"})

    assert everything() == before


def test_it_suggests_who_can_be_mentioned(editor: Any) -> None:
    make_login(Role.WRITER, username="asel", first_name="Асель")
    make_login(Role.WRITER, username="gone", is_active=False)

    def suggested(query: str) -> Any:
        return signed_in(editor).get(f"{url('article', 'comment_people')}?q={query}").json()

    assert suggested("as") == suggested("Асе") == {"names": ["asel"]}
    assert suggested("") == {"names": ["asel", "editor"]}
    assert suggested("go") == suggested("%25") == {"names": []}


@pytest.mark.parametrize("number", [1, 100])
@pytest.mark.parametrize("role", [Role.EDITOR, Role.WRITER])
def test_it_needs_the_same_statements_for_any_number(editor: Any, role: Role, number: int) -> None:
    login = make_login(role, username="reader")
    client, article = signed_in(login), make_draft(created_by=login)
    for _ in range(number):
        add_comment(article, by=editor, text="Why, @editor?")
    client.get(url("article", "comments", article.pk))

    with CaptureQueriesContext(connection) as queries:
        assert client.get(url("article", "comments", article.pk)).status_code == 200

    # Session, user, permissions (two), roles (twice); the article, its comments, who is named.
    assert len(queries) <= 9, [query["sql"][:150] for query in queries]


def test_who_is_mentioned_finds_it_on_the_first_page_and_in_the_list(editor: Any) -> None:
    writer = make_login(Role.WRITER)
    article = make_draft("Wind", created_by=writer)
    make_draft("Other")
    comment = add_comment(article, by=editor, text="Why, @writer?").comment
    client = signed_in(writer)

    page = client.get("/admin/").content.decode()
    assert f'href="{url("article", "change", article.pk)}#comment-{comment.pk}"' in page
    assert "editor: Why, @writer?" in page
    assert "?mentions=me" in page
    found = client.get(f"{url('article')}?mentions=me").context["cl"].result_list
    assert [each.title for each in found] == ["Wind"]
    assert "Why, @writer?" not in signed_in(editor).get("/admin/").content.decode()
