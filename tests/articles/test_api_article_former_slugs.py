"""What a slug answers when nothing public bears it: 301, 410, or the one and only 404."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Slug
from articles.publishing import kill, publish, unpublish
from articles.workflow import Role
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published, make_tag
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

URL = "/api/v1/articles"


def rename(article: Article, slug: str) -> Article:
    """Give the desk's copy another slug; the public one stays until it is published."""
    article.slug = slug
    article.save()
    return article


def published(slug: str) -> Article:
    return make_published(slug=slug).article


def killed(slug: str, reason: str) -> Article:
    article = published(slug)
    kill(article, by=None, reason=reason or "Withdrawn.")
    if not reason:  # as a database that was written by others may have it
        Slug.objects.filter(article=article).update(gone_reason=reason)
    return article


def answer_of(client: Client, url: str, method: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body, but for the path."""
    response = client.generic(method, url)
    path = url.partition("?")[0].encode()
    return response.status_code, dict(response.headers), response.content.replace(path, b"PATH")


def test_a_former_slug_leads_to_the_present_one(client: Client) -> None:
    publish(rename(published("former"), "present"))

    response = client.get(f"{URL}/former")

    assert response.status_code == 301
    assert response["Location"] == f"{URL}/present"
    assert response.content == b""
    assert client.get(response["Location"]).status_code == 200
    assert client.head(f"{URL}/former")["Location"] == f"{URL}/present"


def test_every_former_slug_leads_straight_to_the_present_one(client: Client) -> None:
    article = published("first")
    for slug in ("second", "third", "fourth"):
        publish(rename(article, slug))

    for slug in ("first", "second", "third"):
        response = client.get(f"{URL}/{slug}")
        assert (response.status_code, response["Location"]) == (301, f"{URL}/fourth")


def test_a_slug_that_the_article_took_back_is_the_article_again(client: Client) -> None:
    article = published("first")
    publish(rename(article, "second"))
    publish(rename(article, "first"))

    assert client.get(f"{URL}/first").status_code == 200
    assert client.get(f"{URL}/second")["Location"] == f"{URL}/first"


def test_the_redirect_keeps_the_query(client: Client) -> None:
    publish(rename(published("former"), "present"))

    response = client.get(f"{URL}/former?fields=title,slug&include=blocks")

    assert response["Location"] == f"{URL}/present?fields=title%2Cslug&include=blocks"
    assert set(client.get(response["Location"]).json()) == {"title", "slug", "blocks"}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000"])
def test_the_redirect_never_names_a_host(client: Client, host: str) -> None:
    publish(rename(published("former"), "present"))

    response = client.get(
        f"{URL}/former", headers={"Host": host, "X-Forwarded-Host": "evil.example"}
    )

    assert response["Location"] == f"{URL}/present"


def test_a_bad_parameter_at_a_former_slug_is_refused_all_the_same(client: Client) -> None:
    publish(rename(published("former"), "present"))

    assert_problem(client.get(f"{URL}/former?nope=1"), "unknown-parameter", parameter="nope")


def test_a_desk_rename_changes_nothing_until_it_is_published(client: Client) -> None:
    article = rename(published("public"), "renamed")

    assert client.get(f"{URL}/public").status_code == 200
    assert_problem(client.get(f"{URL}/renamed"), "not-found")

    publish(article)
    assert client.get(f"{URL}/public")["Location"] == f"{URL}/renamed"
    assert client.get(f"{URL}/renamed").status_code == 200


def test_a_killed_article_tells_its_public_reason(client: Client) -> None:
    killed("killed", "Withdrawn at the request of a court.")
    killed("killed-without-a-word", "")

    problem = assert_problem(client.get(f"{URL}/killed"), "gone")
    assert problem["detail"] == "Withdrawn at the request of a court."
    assert problem["errors"] == []
    assert_problem(client.get(f"{URL}/killed-without-a-word"), "gone")
    assert client.head(f"{URL}/killed").status_code == 410


def test_every_public_slug_of_a_killed_article_is_gone_and_no_other(client: Client) -> None:
    article = published("first")
    publish(rename(article, "second"))
    unpublish(article)
    rename(article, "desk-only")
    Slug.objects.filter(article=article).update(gone_reason="Withdrawn.")

    assert_problem(client.get(f"{URL}/first"), "gone")
    assert_problem(client.get(f"{URL}/second"), "gone")
    assert_problem(client.get(f"{URL}/desk-only"), "not-found")


def test_what_is_published_again_after_a_kill_is_public_and_leads_there(client: Client) -> None:
    article = killed("killed", "Withdrawn.")
    publish(rename(article, "restored"), by=make_login(Role.PUBLISHER))

    assert client.get(f"{URL}/restored").status_code == 200
    assert client.get(f"{URL}/killed")["Location"] == f"{URL}/restored"


def _never(slug: str) -> None:
    """Nothing was ever called that."""


def _draft(slug: str) -> None:
    make_draft("A draft", slug=slug, tags=[make_tag()])


def _scheduled(slug: str) -> None:
    make_draft(slug=slug, state="scheduled", publish_at=datetime(2099, 1, 1, tzinfo=UTC))


def _unpublished(slug: str) -> None:
    unpublish(published(slug))


def _former_slug_of_an_unpublished_one(slug: str) -> None:
    article = published(slug)
    publish(rename(article, f"{slug}-renamed"))
    unpublish(article)


def _reserved_by_a_published_one(slug: str) -> None:
    rename(published(f"{slug}-public"), slug)


def _let_go_of(slug: str) -> None:
    article = rename(published(f"{slug}-public"), slug)
    publish(rename(article, f"{slug}-other"))


def _killed_before_it_was_public(slug: str) -> None:
    _draft(slug)
    Slug.objects.filter(text=slug).update(gone_reason="Secret.")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
@pytest.mark.parametrize(
    "make",
    [
        _never,
        _draft,
        _scheduled,
        _unpublished,
        _former_slug_of_an_unpublished_one,
        _reserved_by_a_published_one,
        _let_go_of,
        _killed_before_it_was_public,
    ],
)
def test_whatever_is_not_public_answers_like_what_never_existed(
    client: Client, make: Callable[[str], None], method: str
) -> None:
    make("the-slug")

    # Two slugs of one length, so that even Content-Length is the same.
    for query in ("", "?fields=title", "?nope=1"):
        answer = answer_of(client, f"{URL}/the-slug{query}", method)
        assert answer == answer_of(client, f"{URL}/nonesuch{query}", method)
    if method == "GET":
        assert_problem(client.get(f"{URL}/the-slug"), "not-found")


def test_what_is_missing_costs_two_statements_whatever_it_was(client: Client) -> None:
    _draft("draft")
    publish(rename(published("former"), "present"))
    killed("killed", "Withdrawn.")

    for slug in ("draft", "former", "killed", "never"):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{URL}/{slug}")
        # The version's query, the article, the slug.
        assert len(queries) == 1 + 2, [q["sql"] for q in queries]


@pytest.mark.parametrize(
    "path",
    [
        "a" * 201,
        "a" * 5000,
        "a%00b",
        "%00",
        "%ff%fe",
        "%D9%A1",
        "%D0%B2%D0%BE%D0%B4%D0%B0",
        "water%20levels",
        "water/levels",
        "..",
        "WATER",
        "water'--",
        "water;drop",
        "%2e%2e%2fadmin",
    ],
)
def test_a_path_that_leads_nowhere_is_a_404(client: Client, path: str) -> None:
    make_published(slug="water")

    for way in ("articles", "regions", "tags", "authors"):
        problem = assert_problem(client.get(f"/api/v1/{way}/{path}"), "not-found")
        assert problem["detail"] == "There is nothing at this address."


def test_the_longest_slug_is_found(client: Client) -> None:
    make_published(slug="a" * 200)

    assert client.get(f"{URL}/{'a' * 200}").status_code == 200


def test_a_crowd_of_former_slugs_changes_no_list(client: Client) -> None:
    article = published("one")
    for number in range(5):
        publish(rename(article, f"one-{number}"))

    answer: dict[str, Any] = client.get(URL).json()

    assert answer["count"] == 1
    assert [result["slug"] for result in answer["results"]] == ["one-4"]
