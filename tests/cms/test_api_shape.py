"""The shape of an answer: ``fields`` keeps only those, ``include`` adds the heavy ones."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.api.views import DetailView, ListView
from tests.cms.endpoints import DETAILS, LISTS, make_newsroom
from tests.cms.test_openapi import views
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

ARTICLES, ARTICLE = LISTS[0], DETAILS[0]
HEAVY = {"excerpt", "body_html", "blocks", "body_text", "corrections", "highlights"}
HEAVY_OF_ONE = {"blocks", "body_text"}


def shown(client: Client, url: str, query: str = "") -> dict[str, Any]:
    """The one thing that is listed, or the thing itself."""
    response = client.get(f"{url}?{query}")
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer["results"][0] if "results" in answer else answer


def names_of(url: str) -> list[str]:
    path = url if url in views() else url.rpartition("/")[0] + "/{slug}"
    view = views()[path]
    assert issubclass(view, (ListView, DetailView))
    return view.serializer_class.field_names()


@pytest.mark.parametrize("url", [*LISTS, *DETAILS])
def test_it_works(client: Client, url: str) -> None:
    make_newsroom()
    everything = shown(client, url, "fields=" + ",".join(names_of(url)))
    assert list(everything) == names_of(url)

    for name in names_of(url):
        assert shown(client, url, f"fields={name}") == {name: everything[name]}


@pytest.mark.parametrize(("url", "heavy"), [(ARTICLES, HEAVY), (ARTICLE, HEAVY_OF_ONE)])
def test_what_is_heavy_comes_on_request(client: Client, url: str, heavy: set[str]) -> None:
    make_newsroom()
    usual = shown(client, url)
    assert set(usual) == set(names_of(url)) - heavy

    for name in heavy:
        more = shown(client, url, f"include={name}")
        assert set(more) == set(usual) | {name}
        assert {**usual, name: more[name]} == more
    assert set(shown(client, url, "include=" + ",".join(sorted(heavy)))) == set(usual) | heavy


def test_fields_and_include_add_up_in_the_usual_order(client: Client) -> None:
    make_newsroom()

    assert list(shown(client, ARTICLES, "fields=title,slug&include=excerpt")) == [
        "slug",
        "title",
        "excerpt",
    ]
    assert list(shown(client, ARTICLES, "fields=excerpt,excerpt")) == ["excerpt"]


@pytest.mark.parametrize("url", [*LISTS, *DETAILS])
@pytest.mark.parametrize("value", ["article_id", "version", "id,nope", "slug,", ",", "external_id"])
def test_fields_are_an_allow_list(client: Client, url: str, value: str) -> None:
    make_newsroom()

    response = client.get(f"{url}?fields={value}")

    problem = assert_problem(response, "invalid-parameter", parameter="fields")
    assert "slug" in problem["detail"]


@pytest.mark.parametrize("url", [*LISTS[1:], *DETAILS[1:]])
def test_include_is_unknown_where_nothing_is_heavy(client: Client, url: str) -> None:
    make_newsroom()

    assert_problem(client.get(f"{url}?include=slug"), "unknown-parameter", parameter="include")


@pytest.mark.parametrize("value", ["title", "nope", "excerpt,"])
def test_include_takes_only_what_is_heavy(client: Client, value: str) -> None:
    assert_problem(
        client.get(f"{ARTICLES}?include={value}"), "invalid-parameter", parameter="include"
    )


def test_the_database_reads_only_what_is_shown(client: Client) -> None:
    make_newsroom()
    for url in (ARTICLES, ARTICLE):
        with CaptureQueriesContext(connection) as queries:
            shown(client, url, "fields=title")
        [rows] = [each["sql"] for each in queries if '"title"' in each["sql"]]
        for column in ("body_html", "body_text", "blocks", "excerpt", "summary", "corrections"):
            assert column not in rows


def test_fields_change_neither_the_order_nor_the_count(client: Client) -> None:
    make_newsroom()
    for url in LISTS:
        whole, part = (client.get(f"{url}?{query}").json() for query in ("", "fields=slug"))
        assert part["count"] == whole["count"] == 1
        assert [each["slug"] for each in part["results"]] == [
            each["slug"] for each in whole["results"]
        ]
