"""Pages by number: the envelope, its ends, its links."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from tests.cms.endpoints import LISTS
from tests.factories import make_published, make_tag
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

URL = "/api/v1/articles"


def make_articles(number: int) -> None:
    for n in range(number):
        make_published(f"Number {n}")


def ask(client: Client, query: str = "", url: str = URL) -> dict[str, Any]:
    response = client.get(f"{url}?{query}")
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def place(answer: dict[str, Any]) -> tuple[Any, ...]:
    return answer["count"], answer["first"], answer["last"], len(answer["results"])


def query_of(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_it_works(client: Client) -> None:
    make_articles(5)

    first, second, third = (ask(client, f"page_size=2&page={n}") for n in (1, 2, 3))

    assert list(first) == ["count", "first", "last", "next", "previous", "results"]
    assert [place(each) for each in (first, second, third)] == [
        (5, 1, 2, 2),
        (5, 3, 4, 2),
        (5, 5, 5, 1),
    ]
    assert first["previous"] is None
    assert third["next"] is None
    assert second["next"] == "http://testserver/api/v1/articles?page_size=2&page=3"
    assert second["previous"] == "http://testserver/api/v1/articles?page_size=2&page=1"
    titles = [card["title"] for page in (first, second, third) for card in page["results"]]
    assert titles == [f"Number {n}" for n in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("url", LISTS)
def test_page_one_of_nothing_is_an_answer(client: Client, url: str) -> None:
    for query in ("", "page=1", "page_size=1"):
        answer = ask(client, query, url)
        assert (place(answer), answer["next"], answer["previous"]) == ((0, 0, 0, 0), None, None)
    answer = ask(client, "count=none", url)
    assert (place(answer), answer["next"], answer["previous"]) == ((None, 0, 0, 0), None, None)


@pytest.mark.parametrize("url", LISTS)
def test_a_page_past_the_end_is_not_found(client: Client, url: str) -> None:
    make_published()
    for query in (
        "page=2",
        "page=2&count=none",
        "page=10000&page_size=1",
        "page=100&page_size=100",
    ):
        assert_problem(client.get(f"{url}?{query}"), "not-found")


def test_a_full_last_page_has_no_next(client: Client) -> None:
    make_articles(4)

    for count in ("exact", "none"):
        assert ask(client, f"page=2&page_size=2&count={count}")["next"] is None
        assert_problem(client.get(f"{URL}?page=3&page_size=2&count={count}"), "not-found")


def test_not_counting_saves_the_count(client: Client) -> None:
    make_articles(3)

    with CaptureQueriesContext(connection) as counted:
        ask(client, "page_size=2")
    with CaptureQueriesContext(connection) as uncounted:
        answer = ask(client, "page_size=2&count=none")

    assert place(answer) == (None, 1, 2, 2)
    assert answer["next"] == "http://testserver/api/v1/articles?page_size=2&count=none&page=2"
    assert any("articles_tally" in query["sql"] for query in counted)
    assert not any("articles_tally" in query["sql"] for query in uncounted)


@pytest.mark.parametrize("query", ["page=501&page_size=20", "page=101&page_size=100", "page=501"])
def test_what_lies_too_deep_is_for_cursors(client: Client, query: str) -> None:
    problem = assert_problem(client.get(f"{URL}?{query}"), "invalid-parameter", parameter="page")

    assert "cursor" in problem["detail"]


def test_the_deepest_page_has_no_next(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_articles(7)
    monkeypatch.setattr("cms.api.pagination.MAX_DEPTH", 6)

    deepest = ask(client, "page=3&page_size=2")

    assert place(deepest) == (7, 5, 6, 2)
    assert deepest["next"] is None
    assert_problem(client.get(f"{URL}?page=4&page_size=2"), "invalid-parameter", parameter="page")


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize(
    "query",
    ["page=1&cursor=", "cursor=&page=1", "page=2&cursor", "page=0&cursor="],
)
def test_page_and_cursor_exclude_each_other(client: Client, url: str, query: str) -> None:
    assert_problem(client.get(f"{url}?{query}"), "invalid-parameter", parameter="cursor")


def test_links_keep_all_other_parameters(client: Client) -> None:
    tag = make_tag("Energy")
    for _ in range(3):
        make_published(tags=[tag])
    query = (
        "tag=energy,water&published_after=2020-01-01T00:00:00%2B05:00&fields=slug,title"
        "&ordering=published_at&page_size=1&page=2"
    )

    answer = ask(client, query)

    for link, page in ((answer["next"], "3"), (answer["previous"], "1")):
        assert query_of(link) == {**query_of(f"?{query}"), "page": [page]}
        assert ask(client, urlsplit(link).query)["first"] == int(page)


def test_link_headers_repeat_the_links(client: Client) -> None:
    make_articles(3)

    for query, rels in (
        ("page_size=1", ["next"]),
        ("page_size=1&page=2", ["next", "previous"]),
        ("page_size=1&page=3", ["previous"]),
        ("page_size=1&cursor=", ["next"]),
    ):
        response = client.get(f"{URL}?{query}")
        links = [f'<{response.json()[rel]}>; rel="{rel}"' for rel in rels]
        assert response["Link"] == ", ".join(links)
    assert "Link" not in client.get(URL)


@pytest.mark.parametrize("query", ["page_size=1", "page_size=1&cursor="])
def test_links_use_the_public_url_or_else_the_host_that_was_asked(
    client: Client, query: str
) -> None:
    make_articles(2)
    headers = {"Host": "localhost:8000"}

    by_host = client.get(f"{URL}?{query}", headers=headers)
    with override_settings(PUBLIC_URL="https://api.example.org"):
        by_setting = client.get(f"{URL}?{query}", headers=headers)

    assert by_host.json()["next"].startswith(f"http://localhost:8000{URL}?{query}")
    assert by_setting.json()["next"].startswith(f"https://api.example.org{URL}?{query}")
    assert "https://api.example.org" in by_setting["Link"]


def test_the_index_names_the_entry_points_where_the_reader_finds_them(client: Client) -> None:
    here = client.get("/api/v1").json()
    with override_settings(PUBLIC_URL="https://api.example.org"):
        there = client.get("/api/v1").json()

    assert there["articles"] == "https://api.example.org/api/v1/articles"
    for url in here.values():
        assert url.startswith("http://testserver/api/v1/")
        assert client.get(urlsplit(url).path).status_code == 200
