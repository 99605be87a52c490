"""Corrections, schedules, and where an article stood before: `corrections`, `publish_at`,
`expires_at`, `former_slugs`, `former_urls`, `gone_reason`, `empty_body`."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, FormerUrl, Slug
from articles.models.article import State
from articles.models.former_url import path_of
from articles.publishing import kill, publish
from tests.articles.importing import everything, make_line, refusals, run_import
from tests.factories import make_draft, make_published

pytestmark = pytest.mark.django_db


def test_corrections_show_as_they_were_given(client: Client) -> None:
    corrections = [
        {"at": "2026-02-21T05:00:00+05:00", "note": "It was 40, not 14."},
        {"at": "2026-02-22", "note": "The name is Asel."},
    ]

    run_import(make_line(corrections=corrections))

    assert client.get("/api/v1/articles/title-1").json()["corrections"] == [
        {"at": "2026-02-21T00:00:00Z", "note": "It was 40, not 14."},
        {"at": "2026-02-21T19:00:00Z", "note": "The name is Asel."},
    ]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"corrections": [{"note": "x"}]}, "corrections[0].at: It is missing."),
        ({"corrections": [{"at": "2026-01-01"}]}, "corrections[0].note: It is missing."),
        (
            {"corrections": [{"at": "2026-01-01", "note": "x"}, {"at": "2099-01-01", "note": "x"}]},
            "corrections[1].at: It lies in the future. Give a past time.",
        ),
        ({"corrections": {"at": "2026-01-01"}}, "corrections: It must be a list of objects."),
        ({"corrections": [{"at": "2026-01-01", "note": "x"}] * 101}, "corrections: It must have"),
        ({"status": "scheduled"}, "publish_at: It is missing."),
        ({"publish_at": "2099-01-01"}, "publish_at: Only what is “scheduled” has it."),
        ({"gone_reason": "x"}, "gone_reason: Only a “draft” can be gone."),
        ({"expires_at": "soon"}, "expires_at: It takes a date such as"),
        ({"former_slugs": ["a b"]}, "former_slugs: “a b” is not a slug"),
        ({"former_slugs": "a"}, "former_slugs: It must be a list of strings."),
        ({"former_slugs": ["a"] * 101}, "former_slugs: It must have at most 100 entries."),
        ({"former_urls": ["old/wind"]}, "former_urls: It must be an http or https URL."),
        ({"former_urls": ["//old/wind"]}, "former_urls: It must be an http or https URL."),
        ({"former_urls": ["javascript:x"]}, "former_urls: It must be an http or https URL."),
        ({"former_urls": ["/\0"]}, "former_urls: An address has no control"),
        ({"former_urls": ["https://example.org/\ud800"]}, "former_urls: An address has no control"),
        ({"former_urls": ["http://[::1"]}, "former_urls: It must be an http or https URL."),
        ({"former_urls": ["/" + "ж" * 400]}, "former_urls: A path has at most 2000 characters"),
        ({"empty_body": True}, "body_html: It has text, but empty_body says that it is empty."),
        ({"empty_body": "yes"}, "empty_body: It must be true or false."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(values: Any, reason: str) -> None:
    make_published()

    [(_, told)] = refusals(make_line(**values))

    assert told.startswith(reason)


def test_a_scheduled_article_is_published_by_the_clock(client: Client) -> None:
    line = make_line(status="scheduled", publish_at="2026-11-02", published_at=None)
    run_import(line, make_line("2", status="scheduled", publish_at="2099-01-01", published_at=None))
    assert Article.objects.filter(state=State.SCHEDULED).count() == 2

    found = client.get("/api/v1/articles").json()["results"]

    assert [(each["slug"], each["published_at"]) for each in found] == [
        ("title-1", "2026-11-01T19:00:00Z")
    ]


def test_a_schedule_that_the_next_line_drops_is_dropped() -> None:
    run_import(make_line(status="scheduled", publish_at="2099-01-01", published_at=None))

    run_import(make_line(status="draft", published_at=None))

    article = Article.objects.get()
    assert (article.state, article.publish_at) == (State.DRAFT, None)


def test_an_article_without_a_body_says_so(client: Client) -> None:
    report = run_import(
        make_line(body_html="", empty_body=True), make_line("2", body_html=None, empty_body=True)
    )

    assert report.errors == []
    article = client.get("/api/v1/articles/title-1").json()
    assert (article["body_html"], article["excerpt"]) == ("", "")


def test_former_slugs_lead_to_the_article(client: Client) -> None:
    line = make_line(slug="wind", former_slugs=["wind-old", "wind"])
    run_import(line)

    response = client.get("/api/v1/articles/wind-old")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/articles/wind")
    assert client.get("/api/v1/articles/wind").status_code == 200
    before = everything()
    assert run_import(line).unchanged == 1
    assert everything() == before


def test_a_former_slug_of_a_draft_leads_nowhere_until_it_is_public(client: Client) -> None:
    run_import(make_line(status="draft", slug="wind", former_slugs=["wind-old"]))
    assert client.get("/api/v1/articles/wind-old").status_code == 404

    publish(Article.objects.get())

    assert client.get("/api/v1/articles/wind-old").status_code == 301


def test_a_former_slug_of_another_article_is_refused() -> None:
    make_draft(slug="taken")

    assert refusals(make_line(former_slugs=["taken"])) == [
        (1, "former_slugs: Another article holds “taken”. Choose another one.")
    ]
    assert refusals(make_line(slug="a"), make_line("2", former_slugs=["a"])) == [
        (2, "former_slugs: “a” stands on line 1 already. Change one.")
    ]


def test_one_that_is_gone_for_good_says_why(client: Client) -> None:
    line = make_line(status="draft", slug="wind", former_slugs=["old"], gone_reason="Withdrawn.")
    run_import(line)

    for slug in ("wind", "old"):
        response = client.get(f"/api/v1/articles/{slug}")
        assert (response.status_code, response.json()["detail"]) == (410, "Withdrawn.")
    run_import(make_line(status="draft", slug="wind"))
    assert client.get("/api/v1/articles/wind").status_code == 404
    assert not Slug.objects.exclude(gone_reason=None).exists()


def test_the_reason_of_what_was_killed_here_stays(client: Client) -> None:
    line = make_line(status="draft", slug="wind", gone_reason="Withdrawn.")
    run_import(make_line(slug="wind"))
    kill(Article.objects.get(), by=None, reason="A court said so.")

    run_import(line)

    assert client.get("/api/v1/articles/wind").json()["detail"] == "A court said so."


def test_former_urls_are_kept_by_their_paths() -> None:
    urls = ["https://old.example.org/2019/05/ветер/?x=1#top", "/?p=12", "/2019/05/%D0%B2/"]
    run_import(make_line(former_urls=urls))

    assert {row.path for row in FormerUrl.objects.all()} == {
        "/2019/05/%D0%B2%D0%B5%D1%82%D0%B5%D1%80?x=1",
        "/?p=12",
        "/2019/05/%D0%B2",
    }
    run_import(make_line(former_urls=["/?p=12"]))
    assert [row.path for row in FormerUrl.objects.all()] == ["/?p=12"]


def test_a_former_url_that_two_articles_claim_stays_with_the_first() -> None:
    report = run_import(make_line(former_urls=["/a"]), make_line("2", former_urls=["/a/", "/b"]))

    assert report.warnings == [(2, "former_urls: Another article had “/a/” first, and keeps it.")]
    assert dict(FormerUrl.objects.values_list("path", "article__external_id")) == {
        "/a": "1",
        "/b": "2",
    }


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://example.org", "/"),
        ("https://example.org/?p=1", "/?p=1"),
        ("/a/b/", "/a/b"),
        ("/a%2fb", "/a/b"),
        ("/%d0%b2", "/%D0%B2"),
        ("/в", "/%D0%B2"),
        ("/a b", "/a%20b"),
        ("/a?q=%26&b", "/a?q=%26&b"),
    ],
)
def test_addresses_that_mean_the_same_have_one_spelling(address: str, path: str) -> None:
    assert path_of(address) == path
    assert path_of(path) == path


def test_times_of_what_is_to_come_may_lie_ahead() -> None:
    run_import(make_line(is_breaking=True, breaking_until="2099-01-01", expires_at="2099-01-02"))

    article = Article.objects.get()
    assert article.breaking_until == datetime(2098, 12, 31, 19, tzinfo=UTC)
    assert article.expires_at == datetime(2099, 1, 1, 19, tzinfo=UTC)
