"""Walks by cursor: there and back, whatever is written meanwhile, and only in their own list."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, override_settings

from articles.models import PublishedArticle, Region
from articles.publishing import publish, unpublish
from tests.factories import LONG_AGO, make_author, make_published, make_region, make_tag
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

URL = "/api/v1/articles"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORDERINGS = [
    *(("articles", each) for each in ("-published_at", "published_at", "-updated_at")),
    *((things, each) for things in ("tags", "authors") for each in ("name", "-article_count")),
    *(("regions", each) for each in ("order", "name", "-article_count")),
]


def ask(client: Client, url: str) -> dict[str, Any]:
    """The answer; of a link, on this host."""
    parts = urlsplit(url)
    response = client.get(f"{parts.path}?{parts.query}")
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def slugs(answer: dict[str, Any]) -> list[str]:
    return [result["slug"] for result in answer["results"]]


def walk(client: Client, url: str, meanwhile: Callable[[], object] = lambda: None) -> list[str]:
    """The slugs of all pages of a walk; ``meanwhile`` happens between each two of them."""
    seen: list[str] = []
    link: str | None = url
    while link is not None:
        answer = ask(client, link)
        seen += slugs(answer)
        link = answer["next"]
        meanwhile()
    return seen


def walk_back(client: Client, url: str) -> list[str]:
    """The slugs of a walk to its end and back to its start, as seen on the way back."""
    answer = ask(client, url)
    while answer["next"] is not None:
        answer = ask(client, answer["next"])
    seen = slugs(answer)
    while answer["previous"] is not None:
        answer = ask(client, answer["previous"])
        seen = slugs(answer) + seen
    return seen


def make_ties() -> None:
    """Rows of which many have the same time, number of articles, order or name."""
    tags = [make_tag(f"Name {n % 3}", slug=f"tag-{n}") for n in range(7)]
    authors = [make_author(f"Name {n % 3}", slug=f"author-{n}") for n in range(7)]
    regions = [make_region(f"Name {n % 3}", slug=f"region-{n}", order=n % 2) for n in range(7)]
    for n in range(9):
        make_published(
            slug=f"article-{n}",
            tags=tags[n % 3 :],
            authors=authors[n % 3 :],
            regions=regions[n % 3 :],
            published_at=NOON if n < 7 else LONG_AGO,
        )


def test_it_works(client: Client) -> None:
    for n in range(5):
        make_published(slug=f"article-{n}")

    first = ask(client, f"{URL}?cursor=&page_size=2")
    second = ask(client, first["next"])
    third = ask(client, second["next"])

    for answer in (first, second, third):
        assert (answer["count"], answer["first"], answer["last"]) == (None, None, None)
    assert [slugs(each) for each in (first, second, third)] == [
        ["article-4", "article-3"],
        ["article-2", "article-1"],
        ["article-0"],
    ]
    assert (first["previous"], third["next"]) == (None, None)
    assert slugs(ask(client, third["previous"])) == slugs(second)
    assert slugs(ask(client, second["previous"])) == slugs(first)
    assert ask(client, second["previous"])["previous"] is None
    assert ask(client, f"{URL}?cursor=&page_size=2&count=exact")["count"] == 5


@pytest.mark.parametrize(("things", "ordering"), ORDERINGS)
@pytest.mark.parametrize("page_size", [1, 2, 3, 100])
def test_both_walks_show_each_row_once_in_every_order(
    client: Client, things: str, ordering: str, page_size: int
) -> None:
    make_ties()
    url = f"/api/v1/{things}?ordering={ordering}&page_size={page_size}"

    by_cursor = walk(client, f"{url}&cursor=")
    by_page = walk(client, url)

    assert len(by_cursor) == len(set(by_cursor)) == (9 if things == "articles" else 7)
    assert by_cursor == by_page == walk_back(client, f"{url}&cursor=")


@pytest.mark.parametrize("filters", ["region=region-3", "tag=tag-3", "author=author-3",
                                     "language=en", "region=region-3&tag=tag-3,tag-4"])  # fmt: skip
@pytest.mark.parametrize("ordering", ["-published_at", "published_at", "-updated_at"])
def test_a_filtered_walk_shows_each_article_once(
    client: Client, filters: str, ordering: str
) -> None:
    make_ties()
    url = f"{URL}?ordering={ordering}&page_size=2&{filters}"

    by_cursor = walk(client, f"{url}&cursor=")

    assert len(by_cursor) == len(set(by_cursor)) == 9
    assert by_cursor == walk(client, url) == walk_back(client, f"{url}&cursor=")


def test_what_is_published_meanwhile_moves_nothing(client: Client) -> None:
    make_ties()
    url = f"{URL}?cursor=&page_size=2"
    before = walk(client, url)

    seen = walk(client, url, meanwhile=lambda: make_published(published_at=datetime.now(UTC)))

    assert seen == before


def test_what_is_withdrawn_meanwhile_moves_nothing_else(client: Client) -> None:
    make_ties()
    url = f"{URL}?cursor=&page_size=2"
    before = walk(client, url)
    first = ask(client, url)
    on_edge, ahead = before[1], before[4]  # where the cursor stands, and in the middle of page 3
    for slug in (on_edge, ahead):
        unpublish(PublishedArticle.objects.get(slug=slug).article)

    seen = slugs(first) + walk(client, first["next"])

    assert seen == [slug for slug in before if slug != ahead]


def test_it_goes_back_from_an_end_that_vanished(client: Client) -> None:
    for n in range(4):
        make_published(slug=f"article-{n}")
    second = ask(client, ask(client, f"{URL}?cursor=&page_size=2")["next"])
    third = ask(client, f"{URL}?cursor=&page_size=3")["next"]
    unpublish(PublishedArticle.objects.get(slug="article-0").article)

    beyond = ask(client, third)
    back = ask(client, beyond["previous"])

    assert (slugs(beyond), beyond["next"]) == ([], None)
    assert slugs(back) == ["article-3", "article-2", "article-1"]
    for slug in ("article-3", "article-2"):
        unpublish(PublishedArticle.objects.get(slug=slug).article)
    before = ask(client, second["previous"])
    assert (slugs(before), before["previous"]) == ([], None)
    assert slugs(ask(client, before["next"])) == ["article-1"]


@pytest.mark.parametrize("ordering", ["-article_count", "order"])
def test_it_goes_back_from_an_end_that_vanished_in_a_mixed_order(
    client: Client, ordering: str
) -> None:
    for n in range(3):
        make_region(slug=f"region-{n}", is_listed=True)
    url = f"/api/v1/regions?cursor=&page_size=2&ordering={ordering}"
    link = ask(client, url)["next"]
    Region.objects.filter(slug="region-2").delete()

    beyond = ask(client, link)

    assert slugs(beyond) == []
    assert slugs(ask(client, beyond["previous"])) == ["region-0", "region-1"]


def test_a_walk_of_nothing_ends_at_once(client: Client) -> None:
    answer = ask(client, f"{URL}?cursor=&count=exact")

    assert (answer["count"], answer["results"]) == (0, [])
    assert (answer["next"], answer["previous"]) == (None, None)


def cursor_of(client: Client, url: str = f"{URL}?cursor=&page_size=1") -> str:
    return str(parse_qs(urlsplit(ask(client, url)["next"]).query)["cursor"][0])


def test_a_walk_may_change_its_page_size_and_its_fields(client: Client) -> None:
    make_ties()
    everything = walk(client, f"{URL}?cursor=&page_size=100")
    cursor = cursor_of(client)

    for change in ("page_size=5", "fields=slug", "include=excerpt", "count=exact", "count=none"):
        answer = ask(client, f"{URL}?cursor={cursor}&{change}")
        assert slugs(answer) == everything[1 : 1 + len(answer["results"])]
        assert slugs(answer)


@pytest.mark.parametrize(
    "other",
    [
        f"{URL}?ordering=published_at",
        f"{URL}?ordering=-updated_at",
        f"{URL}?language=en",
        f"{URL}?tag=tag-3",
        f"{URL}?published_after=2020-01-01",
        f"{URL}?exclude_ids=1",
        "/api/v1/tags?ordering=name",
        "/api/v1/tags?",
        "/api/v1/regions?",
    ],
)
def test_a_cursor_of_another_list_is_refused(client: Client, other: str) -> None:
    make_ties()
    assert cursor_of(client, f"{other}&cursor=&page_size=1")

    response = client.get(f"{other}&cursor={cursor_of(client)}&page_size=1")

    assert_problem(response, "invalid-parameter", parameter="cursor")


def test_a_cursor_that_was_made_up_is_refused(client: Client) -> None:
    make_ties()
    cursor = cursor_of(client)
    assert client.get(f"{URL}?cursor={cursor}").status_code == 200
    made_up = [
        "x", "0", "null", "W10", "MTIz", "%F0%9F%98%80", "%D9%A1", "%20", "=", "==", "A" * 5000,
        cursor[:-1], cursor[1:], cursor + "A", cursor + "=", cursor + "%3D%3D", cursor + "%0A",
        cursor.swapcase(), cursor[::-1], cursor[:30], f"{cursor}{cursor}", f"%20{cursor}",
        cursor[:5] + "." + cursor[5:], "../..",
    ]  # fmt: skip
    for position in range(0, len(cursor), 3):
        other = "B" if cursor[position] == "A" else "A"
        made_up.append(cursor[:position] + other + cursor[position + 1 :])

    for each in made_up:
        response = client.get(f"{URL}?cursor={each}")
        assert_problem(response, "invalid-parameter", parameter="cursor")


def test_a_cursor_of_another_server_is_refused(client: Client) -> None:
    make_ties()
    with override_settings(SECRET_KEY="another"):
        cursor = cursor_of(client)

    assert_problem(client.get(f"{URL}?cursor={cursor}"), "invalid-parameter", parameter="cursor")


def test_an_article_that_is_published_again_meanwhile_stays_in_its_place(client: Client) -> None:
    make_ties()
    url = f"{URL}?cursor=&page_size=2"
    before = walk(client, url)
    again = PublishedArticle.objects.get(slug=before[-1]).article

    assert walk(client, url, meanwhile=lambda: publish(again)) == before
