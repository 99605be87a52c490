"""What the open page asks the server for: autosaves, presence, choices, slugs, conflicts."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Article, Image, Revision, Tag
from articles.publishing import submit
from articles.workflow import Role
from tests.articles.desk import article_form, signed_in, url
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_published,
    make_region,
    make_tag,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def login() -> User:
    return make_login(Role.EDITOR)


@pytest.fixture
def editor(login: User) -> Client:
    return signed_in(login)


@pytest.fixture
def writer() -> Client:
    return signed_in(make_login(Role.WRITER))


def autosave(client: Client, article: Article, **values: Any) -> Any:
    return client.post(url("article", "autosave", article.pk), article_form(**values))


def test_it_works(editor: Client) -> None:
    article, tag = make_draft("Water"), make_tag()

    answer = autosave(editor, article, title="Water rises", tags=[tag.pk], based_on=0).json()

    article.refresh_from_db()
    revision = article.revisions.get(kind=Revision.RevisionKind.AUTOSAVE)
    assert (article.title, answer["number"]) == ("Water rises", article.save_number)
    assert (revision.created_by and revision.created_by.username) == "editor"
    assert 'data-verb="publish"' in answer["side"]
    again = autosave(editor, article, title="Water rises again", based_on=answer["number"])
    assert again.json()["number"] == answer["number"] + 1


def test_the_first_of_a_new_article_makes_it(writer: Client) -> None:
    answer = writer.post(url("article", "autosave_new"), article_form(title="Mine")).json()

    article = Article.objects.get()
    assert answer["key"] == article.pk
    assert answer["page"] == url("article", "change", article.pk)
    assert answer["urls"]["autosave"] == url("article", "autosave", article.pk)
    assert article.created_by
    assert article.created_by.username == "writer"


def test_a_colleagues_save_is_not_overwritten(editor: Client) -> None:
    article = make_draft("As opened")
    article.title = "Theirs"
    article.save()
    before = everything()

    answer = autosave(editor, article, title="Mine", based_on=0)

    assert answer.status_code == 409
    assert "saved this article since you opened it" in answer.json()["error"]
    assert everything() == before


def test_what_is_wrong_is_told_and_nothing_is_saved(editor: Client) -> None:
    article = make_draft("Water")
    make_draft(slug="taken")
    before = everything()

    for values, message in (
        ({"title": ""}, "title: This field is required."),
        ({"slug": "taken"}, "slug: Another article holds the slug “taken”."),
        ({"expires_at": "2026-02-30T10:00"}, "expires_at: There is no such time"),
        ({"tags": ["x"]}, "tags: “x” is not a valid value."),
    ):
        answer = autosave(editor, article, based_on=0, **values)
        assert answer.status_code == 422
        assert message in answer.json()["error"]
    assert everything() == before


def test_a_writer_autosaves_only_what_is_theirs_and_a_draft(writer: Client) -> None:
    theirs = make_draft("Theirs", created_by=make_login(Role.WRITER, username="other"))
    mine = make_draft("Mine", created_by=User.objects.get(username="writer"))
    submit(mine, by=mine.created_by)
    before = everything()

    for article in (theirs, mine):
        answer = autosave(writer, article, title="Changed", based_on=0)
        assert answer.status_code == 403
    assert everything() == before


def test_colleagues_see_each_other(editor: Client, login: User) -> None:
    article = make_draft()
    other = signed_in(make_login(Role.PUBLISHER))
    other.post(url("article", "presence", article.pk))

    answer = editor.post(url("article", "presence", article.pk)).json()

    assert [each["name"] for each in answer["others"]] == ["publisher"]
    page = editor.get(url("article", "change", article.pk)).content.decode()
    assert "publisher" in page
    other.post(url("article", "presence", article.pk), {"closed": "yes"})
    assert editor.post(url("article", "presence", article.pk)).json()["others"] == []


def test_it_finds_what_can_be_picked(editor: Client) -> None:
    for name in ("Groundwater", "Water", "Waterways", "Energy"):
        make_tag(name)
    make_author("Zarina", role="Editor")
    make_image(alt="A canal", url="https://example.org/canal.jpg")
    make_region("Osh")

    def found(kind: str, typed: str) -> list[str]:
        answer = editor.get(url("article", "choices", kind), {"q": typed}).json()
        return [each["name"] for each in answer["choices"]]

    assert found("tag", "WATER") == ["Water", "Waterways", "Groundwater"]
    assert len(found("tag", "")) == 4
    assert found("author", "zar") == ["Zarina"]
    assert found("region", "os") == ["Osh"]
    assert found("image", "canal.jpg") == ["A canal"]
    assert found("tag", "a\0b") == []
    assert editor.get(url("article", "choices", "user")).status_code == 404


def test_it_makes_what_is_missing_once(writer: Client) -> None:
    for _ in range(2):
        answer = writer.post(url("article", "choices", "tag"), {"name": " Water  levels "})
        assert answer.json()["choice"]["name"] == "Water levels"
    assert Tag.objects.get().slug == "water-levels"

    picture = {"url": "https://example.org/a.jpg", "alt": "A hill"}
    assert writer.post(url("article", "choices", "image"), picture).status_code == 200
    assert Image.objects.get().alt == "A hill"
    before = everything()
    for kind, values, status in (
        ("tag", {"name": " "}, 422),
        ("tag", {"name": "a\0b"}, 422),
        ("image", {"url": "javascript:alert(1)"}, 422),
        ("region", {"name": "Osh"}, 403),
        ("author", {"name": "Zarina"}, 403),
    ):
        answer = writer.post(url("article", "choices", kind), values)
        assert answer.status_code == status
        assert answer.json()["error"]
    assert everything() == before


def test_it_says_which_slug_a_title_gets(editor: Client) -> None:
    make_draft(slug="voda-v-oshe")

    answer = editor.get(url("article", "slug"), {"title": "Вода в Оше"}).json()

    assert answer == {"slug": "voda-v-oshe-2"}


def test_the_byline_keeps_its_order(editor: Client) -> None:
    first, second = make_author("Zarina"), make_author("Aybek")
    article = make_draft("Water", authors=[first, second])

    page = editor.get(url("article", "change", article.pk)).content.decode()
    assert page.index("Zarina") < page.index("Aybek")
    autosave(editor, article, authors=[second.pk, first.pk], based_on=0)

    assert [each.author.name for each in article.bylines.all()] == ["Aybek", "Zarina"]


def test_times_are_those_of_the_newsroom(editor: Client) -> None:
    article = make_draft("Water")

    autosave(editor, article, expires_at="2090-02-21T18:30", based_on=0)

    article.refresh_from_db()
    assert article.expires_at
    assert article.expires_at.isoformat() == "2090-02-21T13:30:00+00:00"
    page = editor.get(url("article", "change", article.pk)).content.decode()
    assert 'value="2090-02-21T18:30"' in page


def test_both_changes_are_merged_on_the_page_of_conflicts(editor: Client) -> None:
    """What does not clash is kept from both; what clashes is chosen; the form saves the rest."""
    article = make_draft("Title", summary="Short", body_html="<p>One</p><p>Two</p>")
    tag = make_tag("Mine")
    theirs = signed_in(make_login(Role.PUBLISHER))
    opened = {"title": "Title", "summary": "Short", "slug": article.slug, "based_on": 0}
    theirs.post(
        url("article", "change", article.pk),
        article_form(**{**opened, "summary": "Theirs", "body_html": "<p>One!</p><p>Two</p>"}),
    )
    before = everything()

    page = editor.post(
        url("article", "change", article.pk),
        article_form(
            **{**opened, "summary": "Mine <b>", "body_html": "<p>One</p><p>Two!</p>"}, tags=[tag.pk]
        ),
    )

    assert page.status_code == 409
    assert everything() == before
    content = page.content.decode()
    assert "publisher saved this article" in content
    assert "Mine &lt;b&gt;" in content
    [clash] = page.context["clashes"]
    assert (clash["field"], clash["mine"], clash["theirs"]) == ("summary", "Mine <b>", "Theirs")
    merged: dict[str, Any] = {}
    for name, value in page.context["merged"]:
        merged.setdefault(name, []).append(value)
    sent = {**merged, "based_on": page.context["number"], "summary": clash["theirs"]}
    looked = editor.post(url("article", "change", article.pk), {**sent, "_look": "1"})
    assert "not saved yet" in looked.content.decode()
    assert everything() == before
    assert editor.post(url("article", "change", article.pk), sent).status_code == 302
    article.refresh_from_db()
    assert (article.summary, article.body_html) == ("Theirs", "<p>One!</p><p>Two!</p>")
    assert list(article.tags.all()) == [tag]


def test_its_form_needs_the_same_statements_however_much_there_is(
    editor: Client, django_assert_max_num_queries: Any
) -> None:
    article = make_published(
        regions=[make_region()], tags=[make_tag()], authors=[make_author()], lead_image=make_image()
    ).article
    editor.get(url("article", "change", article.pk))
    for number in range(100):
        article.tags.add(make_tag())
        Revision.objects.create(
            article=article, kind="save", number=number, content={}, created_at=article.saved_at
        )

    with django_assert_max_num_queries(25):
        editor.get(url("article", "change", article.pk))
