"""The article's list and form at the desk."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localtime

from articles.admin.forms import ArticleForm
from articles.models import Article, Byline, PublishedArticle
from articles.publishing import publish, trash, unpublish
from tests.articles.desk import (
    article_form,
    choose,
    confirm,
    errors,
    make_user,
    signed_in,
    told,
    url,
)
from tests.articles.importing import everything
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
def desk() -> Client:
    return signed_in(make_user("chief", is_superuser=True))


def test_it_works(desk: Client, client: Client) -> None:
    region, tag, image = make_region("Osh"), make_tag("Water"), make_image()
    authors = [make_author("Zarina"), make_author("Aybek")]

    response = desk.post(
        url("article", "add"),
        article_form(
            title="Water levels rise",
            body_html='<p onclick="x()">The reservoir is <b>full</b></p>',
            regions=[region.pk],
            tags=[tag.pk],
            lead_image=image.pk,
            authors=[author.pk for author in authors],
            canonical_url="example.org/water",
        ),
        follow=True,
    )

    assert "was added successfully" in told(response)[0]
    article = Article.objects.get()
    assert (article.slug, article.state) == ("water-levels-rise", "draft")
    assert article.created_by is not None
    # The body is stored in its normal form.
    assert article.body_html == "<p>The reservoir is <strong>full</strong></p>"
    assert article.canonical_url == "https://example.org/water"
    assert client.get("/api/v1/articles/water-levels-rise").status_code == 404

    response = confirm(desk, "publish", article)

    assert told(response) == ["Published: “Water levels rise”."]
    answer = client.get("/api/v1/articles/water-levels-rise").json()
    assert [each["name"] for each in answer["authors"]] == ["Zarina", "Aybek"]
    assert answer["regions"] == [{"slug": "osh", "name": "Osh"}]


def test_saving_changes_nothing_for_readers(desk: Client, client: Client) -> None:
    public = make_published("As published", slug="a", tags=[make_tag("Water")])
    before = everything()
    answer = client.get("/api/v1/articles/a").json()
    article = public.article

    response = desk.post(
        url("article", "change", article.pk),
        article_form(
            title="As saved",
            slug="b",
            body_html="<p>New</p>",
            tags=[make_tag("New").pk],
            based_on=article.save_number,
        ),
    )

    assert response.status_code == 302
    article.refresh_from_db()
    assert (article.title, article.slug, article.public.title) == ("As saved", "b", "As published")
    assert client.get("/api/v1/articles/a").json() == answer
    assert client.get("/api/v1/articles/b").status_code == 404
    assert client.get("/api/v1/tags/new").status_code == 404
    for table in ("articles_publishedarticle", "articles_listing"):
        assert everything()[table] == before[table]


def test_saving_what_was_opened_changes_nothing(desk: Client) -> None:
    html = (
        "<h2>Water</h2><p>Text</p><ul><li><p>One</p><ul><li><p>Two</p></li></ul></li></ul><hr>"
        "<pre><code>a &lt;/p&gt;&lt;p&gt;\n\nb</code></pre>"
        "<blockquote><p>A</p><p>B</p></blockquote>"
        "<table><tbody><tr><td><p>A</p><p>B</p></td></tr></tbody></table><p>End</p>"
    )
    article = make_draft("Title", slug="a", body_html=html)
    assert article.body_html.count("<p>") == 8
    page = desk.get(url("article", "change", article.pk))
    form = page.context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    before = Article.objects.values().get()

    # Each block is on a line of its own; a browser sends line breaks as CRLF.
    assert "<h2>Water</h2>\n<p>Text</p>\n<ul>" in sent["body_html"]
    sent["body_html"] = sent["body_html"].replace("\n", "\r\n")
    desk.post(
        url("article", "change", article.pk),
        article_form(**{name: "" if value is None else value for name, value in sent.items()}),
    )

    after = Article.objects.values().get()
    assert {**after, "saved_at": None} == {**before, "saved_at": None}


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"title": ""}, "title", "This field is required."),
        ({"title": " \u00a0 "}, "title", "This field is required."),
        ({"title": "a\0b"}, "title", "Null characters are not allowed."),
        ({"slug": "taken"}, "slug", "Another article holds the slug “taken”. Choose another one."),
        ({"slug": "a b"}, "slug", "“a b” is not a slug: use 1 to 200 ASCII letters, digits,"),
        ({"slug": "x" * 201}, "slug", "Ensure this value has at most 200 characters"),
        ({"language": "english!"}, "language", "Use a BCP 47 tag such as en or ru."),
        ({"kind": "blog"}, "kind", "Select a valid choice."),
        ({"canonical_url": "javascript:alert(1)"}, "canonical_url", "Enter a valid URL."),
        ({"regions": [999]}, "regions", "Select a valid choice."),
        ({"tags": [999]}, "tags", "Select a valid choice."),
        ({"lead_image": "999"}, "lead_image", "Select a valid choice."),
    ],
)
def test_its_form_says_what_is_wrong(
    desk: Client, values: dict[str, Any], field: str, message: str
) -> None:
    make_draft(slug="taken")
    before = everything()

    found = errors(desk.post(url("article", "add"), article_form(**values)))

    assert list(found) == [field]
    assert message in " ".join(found[field])
    assert everything() == before


def test_an_author_stands_in_a_byline_once(desk: Client) -> None:
    author = make_author()

    errors(desk.post(url("article", "add"), article_form(authors=[author.pk, author.pk])))

    assert (Article.objects.count(), Byline.objects.count()) == (0, 0)


def test_who_takes_the_slug_at_the_last_moment_gets_it(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_draft("Theirs", slug="taken")
    monkeypatch.setattr(ArticleForm, "clean_slug", lambda form: form.cleaned_data["slug"])
    before = everything()

    response = desk.post(
        url("article", "add"), article_form(slug="taken", body_html="<p>An hour of work</p>")
    )

    assert errors(response)["__all__"] == [
        "Another article holds the slug “taken”. Choose another one."
    ]
    assert "An hour of work" in response.content.decode()
    assert everything() == before


def test_titles_are_text_and_no_markup(desk: Client) -> None:
    article = make_draft("<script>alert(1)</script>")

    page = desk.get(url("article")).content.decode()
    asked = choose(desk, "publish", article).content.decode()
    response = confirm(desk, "publish", article)

    assert "<script>alert(1)" not in asked
    assert "<script>alert(1)" not in page + response.content.decode()


def test_what_is_public_cannot_be_deleted(desk: Client) -> None:
    article = make_published().article
    before = everything()

    page = desk.get(url("article", "change", article.pk)).content.decode()
    assert url("article", "delete", article.pk) not in page
    for response in (
        desk.get(url("article", "delete", article.pk)),
        desk.post(url("article", "delete", article.pk), {"post": "yes"}),
    ):
        assert response.status_code == 403
    # The list has no such action, whoever asks for it.
    desk.post(
        url("article"),
        {"action": "delete_selected", "_selected_action": [article.pk], "post": "yes"},
    )

    assert everything() == before


def test_what_is_in_the_trash_can_be_deleted(desk: Client) -> None:
    article = make_published().article
    unpublish(article)
    before = everything()
    assert desk.post(url("article", "delete", article.pk), {"post": "yes"}).status_code == 403
    assert everything() == before
    trash(article, by=None)

    response = desk.post(url("article", "delete", article.pk), {"post": "yes"})

    assert response.status_code == 302
    assert Article.objects.count() == 0


def test_breaking_news_and_articles_end_at_a_time_of_the_newsrooms_clock(desk: Client) -> None:
    until = datetime(2026, 3, 1, 10, 30, 15, 7, tzinfo=UTC)
    article = make_draft("Wind", is_breaking=True, breaking_until=until)
    page = url("article", "change", article.pk)
    form = desk.get(page).context["adminform"].form
    shown = form["breaking_until"].field.widget.format_value(form["breaking_until"].value())
    sent = {"title": "Wind", "is_breaking": "on", "breaking_until": shown}

    desk.post(page, article_form(based_on=0, expires_at="2027-01-01T08:00", **sent))

    article.refresh_from_db()
    assert article.breaking_until == until  # nobody typed another one
    assert article.expires_at is not None
    assert localtime(article.expires_at).isoformat()[:16] == "2027-01-01T08:00"
    number = article.save_number

    response = desk.post(page, article_form(based_on=number, expires_at="soon", **sent))

    assert "expires_at" in errors(response)
    article.refresh_from_db()
    assert article.save_number == number


def test_fields_that_are_read_only_cannot_be_sent(desk: Client) -> None:
    article = make_draft()

    desk.post(
        url("article", "change", article.pk),
        article_form(
            based_on=article.save_number,
            state="published",
            revision=7,
            external_id="x",
            published_at="2020-01-01",
            public_id=1,
            created_by=1,
        ),
    )

    article.refresh_from_db()
    assert (article.state, article.revision, article.external_id) == ("draft", 0, None)
    assert (article.published_at, article.public_id, article.created_by) == (None, None, None)
    assert not PublishedArticle.objects.exists()


def test_its_form_opens_whatever_is_stored(desk: Client) -> None:
    article = make_published(published_at=datetime(1600, 1, 1, tzinfo=UTC)).article
    publish(article)

    assert desk.get(url("article", "change", article.pk)).status_code == 200
    assert desk.get(url("article", "add")).status_code == 200
    assert desk.get(url("article", "history", article.pk)).status_code == 200
    assert desk.get(url("article", "change", 10**9)).status_code == 302
    assert desk.get("/admin/articles/article/x/change/").status_code == 302


def test_fields_have_a_newsrooms_names_in_russian(desk: Client) -> None:
    """Django's own word for "summary" is one of accountants."""
    page = desk.get(url("article", "add"), headers={"Accept-Language": "ru"}).content.decode()
    assert "Лид" in page
    assert "раткая статистика" not in page
