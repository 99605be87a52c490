"""What becomes of a post's dates, titles, slugs, excerpts, pictures and addresses."""

from datetime import UTC, datetime
from typing import Any

import pytest

from articles.models import Article, FormerUrl, PublishedArticle
from tests.articles.importing import make_line, run_import
from tests.articles.wordpress.exports import make_attachment, make_export, make_post, run_wordpress

pytestmark = pytest.mark.django_db

NO_DATE = "0000-00-00 00:00:00"


def imported(*others: str, **values: Any) -> tuple[Article, list[str]]:
    """The article that a post with these values becomes, and what is told of it."""
    report = run_wordpress(make_export(make_post(1, **values), *others))
    assert report.errors == []
    article = Article.objects.get(external_id="wordpress:old.example.org:1")
    return article, [text for _, text in report.warnings]


def is_public(article: Article) -> bool:
    return PublishedArticle.objects.filter(article=article).exists()


def test_it_works() -> None:
    article, told = imported()

    assert is_public(article)
    assert article.published_at == datetime(2026, 2, 20, 6, 15, tzinfo=UTC)
    assert (article.title, article.slug, article.summary) == ("Title 1", "title-1", "")
    assert told == []


# Dates


def test_without_a_date_in_utc_the_local_one_is_taken() -> None:
    article, told = imported(post_date_gmt=NO_DATE)

    assert article.published_at == datetime(2026, 2, 20, 6, 15, tzinfo=UTC)  # Almaty: +05:00
    assert told == ["It has no date in UTC: 2026-02-20 11:15:00 is taken to be in Asia/Almaty."]


def test_without_any_date_that_of_the_feed_is_taken() -> None:
    article, told = imported(
        post_date_gmt=NO_DATE, post_date=NO_DATE, pubDate="Fri, 20 Feb 2026 06:15:00 +0000"
    )

    assert article.published_at == datetime(2026, 2, 20, 6, 15, tzinfo=UTC)
    assert told == ["It has no date of its own: that of the feed is taken."]


@pytest.mark.parametrize("date", [NO_DATE, "", "yesterday", "2026-02-30 00:00:00", None])
def test_a_published_post_without_a_date_has_that_of_the_import(date: str | None) -> None:
    feed = "Wed, 30 Nov -0001 00:00:00 +0000"
    article, told = imported(post_date_gmt=date, post_date=date, pubDate=feed)

    assert is_public(article)
    assert article.published_at == datetime(2026, 11, 1, 12, tzinfo=UTC)
    assert told == ["It has no date, so it has the time of the import."]


@pytest.mark.parametrize("modified", ["2030-01-01 00:00:00", "2026-01-01 00:00:00", NO_DATE])
def test_a_change_in_the_future_or_before_the_publication_is_none(modified: str) -> None:
    article, _ = imported(post_modified_gmt=modified)

    assert article.updated_at == article.published_at


# States


@pytest.mark.parametrize("status", ["draft", "pending", "private", "future"])
def test_what_is_not_published_becomes_a_draft(status: str) -> None:
    article, _ = imported(status=status)

    assert not is_public(article)
    assert article.state == "draft"


@pytest.mark.parametrize("status", ["future", "publish"])
def test_a_scheduled_post_and_one_of_the_future_become_drafts_and_say_so(status: str) -> None:
    article, told = imported(status=status, post_date_gmt="2030-01-01 19:00:00")

    assert not is_public(article)
    assert article.published_at is None
    assert told == ["It was scheduled for 2030-01-01 19:00 UTC. It is a draft: schedule it here."]


@pytest.mark.parametrize("status", ["publish", "draft", "private"])
def test_what_has_a_password_is_never_public(status: str) -> None:
    article, _ = imported(status=status, post_password="enter")

    assert not is_public(article)


def test_a_password_is_told() -> None:
    _, told = imported(post_password="enter")

    assert told == ["It was protected by a password. It is a draft: nobody can read it."]


# Titles, excerpts, bodies


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("A &amp; B &#8211; C", "A & B – C"),
        ("A <em>B</em> C<sup>2</sup>", "A B C2"),
        (" A\n  B ", "A B"),
        ("5 < 6 [sic]", "5 < 6 [sic]"),
        ("A\x7fB\x85C", "ABC"),
    ],
)
def test_a_title_is_plain_text(title: str, text: str) -> None:
    assert imported(title=title)[0].title == text


def test_an_empty_title_is_made_of_the_body() -> None:
    article, told = imported(title=" ", content="")
    assert (article.title, article.body_html) == ("Untitled 1", "")
    assert told == ["It has no body.", "It has no title: “Untitled 1” is taken."]
    assert is_public(article)


def test_an_empty_title_is_the_first_words() -> None:
    article, told = imported(title="<b></b>", post_name="slug-of-its-own")

    assert article.title == "Body."
    assert told == ["It has no title: “Body.” is taken."]


def test_what_is_too_long_is_cut() -> None:
    article, told = imported(title="a" * 1001, excerpt="b" * 10_001)

    assert (len(article.title), len(article.summary)) == (1000, 10_000)
    assert told == [
        "Its excerpt was cut at 10000 characters.",
        "Its title was cut at 1000 characters.",
    ]


def test_an_excerpt_is_plain_text() -> None:
    article, told = imported(excerpt="<p>A <b>B</b></p>\n\n<p>C &amp; D [acme_x]</p>\nE")

    assert article.summary == "A B C & D E"
    assert told == []


@pytest.mark.parametrize("content", ["", " \n ", "<p>&nbsp;</p>", "<!-- wp:spacer /-->"])
def test_a_post_without_a_body_is_imported_and_told(content: str) -> None:
    report = run_wordpress(make_export(make_post(1, content)))

    assert is_public(Article.objects.get())
    assert report.warnings == [(12, "It has no body.")]


def test_a_picture_alone_is_a_body() -> None:
    article, told = imported(content='<img src="https://media.example.org/a.jpg">')

    assert (
        article.body_html == '<figure><img src="https://media.example.org/a.jpg" alt=""></figure>'
    )
    assert told == []


# Slugs


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("%d0%b2%d0%be%d0%b4%d0%b0", "voda"),
        ("caf%C3%A9", "cafe"),
        ("Upper_Case", "Upper_Case"),
        ("%%%", "title-of-it"),
        ("", "title-of-it"),
    ],
)
def test_a_slug_is_written_as_ours_are(name: str, slug: str) -> None:
    article, told = imported(post_name=name, title="Title of it")

    assert article.slug == slug
    assert told == []


def test_of_two_posts_with_one_slug_the_older_keeps_it_in_whatever_order() -> None:
    posts = [make_post(number, post_name="water") for number in (10, 9, 2)]
    other = make_post(4, post_name="water-2")

    report = run_wordpress(make_export(*posts, other))
    again = run_wordpress(make_export(other, *reversed(posts)))

    slugs = dict(Article.objects.values_list("external_id", "slug"))
    assert {key.rpartition(":")[2]: slug for key, slug in slugs.items() if key} == {
        "2": "water",
        "4": "water-2",
        "9": "water-3",
        "10": "water-4",
    }
    assert [text for _, text in report.warnings] == [
        "Another article has the slug “water”, so it gets “water-4”.",
        "Another article has the slug “water”, so it gets “water-3”.",
    ]
    assert (again.unchanged, again.updated) == (report.created, 0)


def test_a_published_post_keeps_its_slug_from_an_older_draft() -> None:
    run_wordpress(
        make_export(
            make_post(1, post_name="water", status="draft"), make_post(2, post_name="water")
        )
    )

    slugs = dict(Article.objects.values_list("slug", "external_id"))
    assert slugs["water"] == "wordpress:old.example.org:2"
    assert slugs["water-2"] == "wordpress:old.example.org:1"


def test_a_slug_that_an_article_from_elsewhere_has_is_numbered_the_same_each_time() -> None:
    run_import(make_line("news-1", slug="title-1"), make_line("news-2", slug="title-1-2"))

    article, told = imported()
    _, told_again = imported()

    assert article.slug == "title-1-3"
    assert told == ["Another article has the slug “title-1”, so it gets “title-1-3”."]
    assert told_again == []


# Pictures and addresses


def test_a_featured_image_that_is_missing_is_told() -> None:
    article, told = imported(meta={"_thumbnail_id": "7"})

    assert article.lead_image is None
    assert told == ["Its featured image (7) is not in the file."]


@pytest.mark.parametrize("url", ["ftp://example.org/a.jpg", "javascript:alert(1)", "a.jpg"])
def test_a_featured_image_without_a_web_address_is_told(url: str) -> None:
    article, told = imported(make_attachment(7, url), meta={"_thumbnail_id": "7"})

    assert article.lead_image is None
    assert told == [f"Its featured image has no web address: {url}"]


def test_the_size_of_an_image_is_only_taken_where_it_can_be_read() -> None:
    for metadata in ("", "O:8:stdClass", 's:5:"width";i:0;s:6:"height";i:1;'):
        picture = make_attachment(7, "https://media.example.org/a.jpg", metadata=metadata)
        article, _ = imported(picture, meta={"_thumbnail_id": "7"})
        assert article.lead_image is not None
        assert (article.lead_image.width, article.lead_image.height) == (None, None)


@pytest.mark.parametrize(
    ("link", "guid", "paths"),
    [
        ("https://old.example.org/2026/a/", "https://old.example.org/?p=1", {"/2026/a", "/?p=1"}),
        ("https://old.example.org/a", "https://old.example.org/?p=2", {"/a"}),
        ("https://old.example.org/a", "https://other.example.org/a/b/", {"/a"}),
        ("https://old.example.org/?p=1", "https://dev.example.org/?p=1", {"/?p=1"}),
        ("https://old.example.org/", "", set()),
        ("javascript:alert(1)", "http://[bad/?p=1", set()),
        ("", "", set()),
    ],
)
def test_the_old_addresses_are_kept(link: str, guid: str, paths: set[str]) -> None:
    imported(link=link, guid=guid)

    assert set(FormerUrl.objects.values_list("path", flat=True)) == paths


def test_a_site_in_a_folder_has_ids_of_its_own() -> None:
    run_wordpress(make_export(make_post(1), site="https://example.org/blog/"))

    assert Article.objects.get().external_id == "wordpress:example.org/blog:1"
