"""The history of an article at the desk."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Article, Revision
from articles.publishing import publish, submit, unpublish
from articles.saving import save
from articles.workflow import Role
from tests.articles.desk import make_user, signed_in, told, url
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import LONG_AGO, make_draft, make_image, make_region, make_tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def login() -> User:
    return make_login(Role.EDITOR)


@pytest.fixture
def editor(login: User) -> Client:
    return signed_in(login)


def saved(article: Article, login: User, **values: Any) -> Revision:
    for name, value in values.items():
        setattr(article, name, value)
    article.refresh_from_db(fields=["save_number"])
    return save(article, by=login, based_on=article.save_number)


def compare(client: Client, a: Revision, b: Revision) -> Any:
    return client.get(url("article", "compare", a.article_id), {"a": a.pk, "b": b.pk})


def test_it_works(editor: Client, login: User, client: Client) -> None:
    """What was public when; two side by side; back to the first one."""
    article = make_draft("Water", slug="water", body_html="<p>The old dam holds.</p>")
    first = saved(article, login, kicker="Osh")
    hour = timedelta(hours=1)
    publish(article, by=login, at=LONG_AGO)
    saved(article, login, title="Water rises", body_html="<p>The new dam holds.</p>")
    publish(article, by=login, at=LONG_AGO + hour)
    unpublish(article, by=login, at=LONG_AGO + 2 * hour)
    last = saved(article, login, title="Water falls")

    page = editor.get(url("article", "history", article.pk))

    rows = {row["revision"].pk: row["public"] for row in page.context["rows"]}
    times = [(each.since - LONG_AGO, each.until - LONG_AGO) for each in rows.values() if each]
    assert sorted(times) == [(0 * hour, hour), (hour, 2 * hour)]
    two = compare(editor, last, first).content.decode()
    assert "Water<ins> falls</ins>" in two
    assert "The <del>old</del> dam holds." in two
    assert "The <ins>new</ins> dam holds." in two

    response = editor.post(
        url("article", "restore", article.pk), {"revision": first.pk}, follow=True
    )

    assert "Readers see nothing of it" in told(response)[0]
    article.refresh_from_db()
    assert (article.title, article.kicker) == ("Water", "Osh")
    assert client.get("/api/v1/articles/water").status_code == 404


def test_differences_are_names_and_no_markup(editor: Client, login: User) -> None:
    article = make_draft("Water")
    first = saved(article, login)
    tag, region, image = make_tag("<i>Water</i>"), make_region("Osh"), make_image(alt="A hill")
    article.tags.add(tag)
    article.regions.add(region)
    values = {"title": "<script>alert(1)</script>", "lead_image": image, "is_breaking": True}
    third = saved(article, login, **values)
    Revision.objects.filter(pk=third.pk).update(
        content={**third.content, "body_html": "<p onclick=x>New</p><script>alert(1)</script>"}
    )

    two = compare(editor, first, third).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in two
    assert "<script>alert" not in two
    assert "onclick" not in two
    assert "&lt;i&gt;Water&lt;/i&gt;" in two
    assert "Osh" in two
    assert "A hill (https://media.example.org/" in two


def test_it_wants_two_revisions_of_this_article(editor: Client, login: User) -> None:
    first, other = saved(make_draft(), login, kicker="a"), saved(make_draft(), login, kicker="b")

    assert compare(editor, first, other).status_code == 404
    assert compare(editor, first, first).status_code == 404
    for query in ("", "?a=x&b=y", f"?a={first.pk}&b={10**30}", "?a=%00"):
        page = url("article", "compare", first.article_id) + query
        assert editor.get(page).status_code == 404
    assert editor.get(url("article", "history", 10**9)).status_code == 404


def test_a_revision_of_another_article_is_not_restored(editor: Client, login: User) -> None:
    article, other = make_draft("Mine"), saved(make_draft("Other"), login, kicker="b")
    before = everything()

    for revision in (str(other.pk), "", "x", "9" * 30):
        response = editor.post(
            url("article", "restore", article.pk), {"revision": revision}, follow=True
        )
        assert told(response)
    assert editor.get(url("article", "restore", article.pk)).status_code == 405

    assert everything() == before


@pytest.mark.parametrize("persona", ["writer", "reader", "nobody", "visitor"])
def test_who_may_not_restores_nothing(persona: str, client: Client, login: User) -> None:
    """A writer of an article that is in review, those who only read, and those who do not."""
    writer = make_login(Role.WRITER)
    article = make_draft("Water", created_by=writer)
    revision = saved(article, login, title="Changed")
    submit(article, by=None)
    who = {
        "writer": lambda: signed_in(writer),
        "reader": lambda: signed_in(make_user("reader", "view_article")),
        "nobody": lambda: signed_in(make_user("nobody")),
        "visitor": lambda: client,
    }[persona]()
    before = everything()

    response = who.post(url("article", "restore", article.pk), {"revision": revision.pk})

    assert response.status_code in (302, 403)
    for page in ("history", "compare"):
        expected = 200 if persona in ("writer", "reader") else (302, 403)
        status = who.get(url("article", page, article.pk)).status_code
        if page == "history":
            assert status == expected or status in (302, 403)
        else:
            assert status != 200
    assert everything() == before


@pytest.mark.parametrize("number", [2, 1000])
def test_it_needs_the_same_statements_for_any_number(
    editor: Client, login: User, number: int, django_assert_max_num_queries: Any
) -> None:
    article = make_draft()
    publish(article, by=login)
    content = article.revisions.get().content
    Revision.objects.bulk_create(
        Revision(
            article=article,
            kind=("publication", "save")[each % 2],
            number=each,
            content=content,
            created_at=LONG_AGO + timedelta(minutes=each),
            created_by=login,
        )
        for each in range(number)
    )
    editor.get(url("article", "history", article.pk))

    # Session, user, its permissions and its roles', article, count, revisions, publications,
    # withdrawals.
    with django_assert_max_num_queries(10):
        page = editor.get(url("article", "history", article.pk))

    assert len(page.context["rows"]) == min(number + 1, 50)


def test_of_a_colleagues_article_a_writer_reads_what_readers_had(login: User) -> None:
    article = make_draft("Water", created_by=login)
    draft = saved(article, login, body_html="<p>The source is Ivan.</p>")
    last = saved(article, login, body_html="<p>The dam holds.</p>")
    publish(article, by=login)
    publication = article.revisions.get(kind="publication")
    writer = signed_in(make_login(Role.WRITER))

    page = writer.get(url("article", "history", article.pk))

    assert [row["revision"] for row in page.context["rows"]] == [publication]
    assert compare(writer, draft, last).status_code == 404
    assert compare(writer, draft, publication).status_code == 404
    assert compare(signed_in(login), draft, publication).status_code == 200
    assert "Ivan" in compare(signed_in(login), draft, publication).content.decode()


def test_versions_side_by_side_name_no_article_that_one_may_not_read(login: User) -> None:
    writer = make_login(Role.WRITER)
    article, secret = make_draft("Mine", created_by=writer), make_draft("Secret source")
    first = saved(article, writer, kicker="Osh")
    article.related_choices.create(other=secret, position=0)
    second = saved(article, writer, kicker="Almaty")

    assert "Secret source" not in compare(signed_in(writer), first, second).content.decode()
    assert "Secret source" in compare(signed_in(login), first, second).content.decode()
