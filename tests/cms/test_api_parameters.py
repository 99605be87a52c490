"""Strict parameters: what every endpoint refuses, and how it says so."""

import pytest
from django.test import Client

from tests.cms.endpoints import ENDPOINTS, LISTS, make_newsroom
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

URL = "/api/v1/articles"


def test_it_works(client: Client) -> None:
    make_newsroom()

    for url in LISTS:
        assert client.get(f"{url}?page=1&page_size=100&count=exact").json()["count"] == 1


@pytest.mark.parametrize("url", ENDPOINTS)
@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("nope=1", "unknown-parameter", "nope"),
        ("Page=1", "unknown-parameter", "Page"),
        ("%70age%20=1", "unknown-parameter", "page "),
        ("nope", "invalid-parameter", "nope"),
        ("=x", "unknown-parameter", ""),
        ("=", "invalid-parameter", ""),
        ("a=1&a=2", "repeated-parameter", "a"),
        ("a=1&%61=1", "repeated-parameter", "a"),
        ("cursor=&cursor=", "repeated-parameter", "cursor"),
        ("a=%00", "invalid-parameter", "a"),
        ("a%00=1", "invalid-parameter", "a\N{REPLACEMENT CHARACTER}"),
        ("a=%ff%fe", "invalid-parameter", "a"),
        ("%ff=1", "invalid-parameter", "\N{REPLACEMENT CHARACTER}"),
        ("a=%ED%A0%80", "invalid-parameter", "a"),  # half of a surrogate pair
        ("a=%C0%80", "invalid-parameter", "a"),  # an overlong NUL
        ("a=1;b=2", "unknown-parameter", "a"),
        ("%zz=1", "unknown-parameter", "%zz"),
        ("a=1#", "unknown-parameter", "a"),
        ("x" * 300 + "=1", "unknown-parameter", "x" * 100),
        ("Ж=1", "unknown-parameter", "Ж"),
    ],
)
def test_every_endpoint_is_strict(
    client: Client, url: str, query: str, code: str, parameter: str
) -> None:
    make_newsroom()

    assert_problem(client.get(f"{url}?{query}"), code, parameter=parameter)


@pytest.mark.parametrize("url", [url for url in ENDPOINTS if not url.endswith("/history")])
def test_frameworks_have_no_parameters_of_their_own(client: Client, url: str) -> None:
    make_newsroom()

    assert_problem(client.get(f"{url}?format=json"), "unknown-parameter", parameter="format")


def test_bytes_that_are_not_utf8_are_refused_unescaped_too(client: Client) -> None:
    response = client.get(URL, QUERY_STRING="region=\xff\xfe")

    assert_problem(response, "invalid-parameter", parameter="region")


def test_it_says_which_parameters_there_are(client: Client) -> None:
    detail = client.get("/api/v1/tags?nope=1").json()["detail"]
    nothing = client.get("/api/v1?nope=1").json()["detail"]

    assert "count, cursor, fields, locale, ordering, page, page_size, q." in detail
    assert nothing == "nope: There is no such parameter. None exist here."


@pytest.mark.parametrize("query", ["", "&", "&&", "page=1&&page_size=2", "&page=1&"])
def test_nothing_between_two_ampersands_is_nothing(client: Client, query: str) -> None:
    assert client.get(f"{URL}?{query}").status_code == 200


NOT_NUMBERS = [
    "0", "-1", "+1", "%2B1", "01", "%201", "1%20", "1%0A", "1.0", "1e2", "1_0", "0x1", "x", "",
    "%D9%A1", "%EF%BC%91", "%C2%B2", "9" * 5000, "10001", "%00", "null", "true", "1,2", "NaN",
]  # fmt: skip


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize("name", ["page", "page_size"])
@pytest.mark.parametrize("value", NOT_NUMBERS, ids=lambda value: value[:10])
def test_a_page_is_a_number_in_ascii_digits(
    client: Client, url: str, name: str, value: str
) -> None:
    response = client.get(f"{url}?{name}={value}")

    assert_problem(response, "invalid-parameter", parameter=name)
    assert len(response.content) < 1000


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize(
    "query",
    [
        "page_size=101",
        "count=all",
        "count=Exact",
        "ordering=password",
        "ordering=--name",
        "ordering=article__title",
        "ordering=name,slug",
        "fields=password",
        "fields=slug,%20name",
        "fields=slug,",
        "fields=Slug",
        "fields=*",
        "fields=slug%0A",
    ],
)
def test_values_come_from_allow_lists(client: Client, url: str, query: str) -> None:
    name = query.partition("=")[0]

    assert_problem(client.get(f"{url}?{query}"), "invalid-parameter", parameter=name)


@pytest.mark.parametrize("name", ["region", "page", "fields", "ordering", "ids", "is_breaking"])
def test_only_a_cursor_may_be_empty(client: Client, name: str) -> None:
    for query in (name, f"{name}=", f"page_size=1&{name}="):
        assert_problem(client.get(f"{URL}?{query}"), "invalid-parameter", parameter=name)
    for query in ("cursor", "cursor="):
        assert client.get(f"{URL}?{query}").status_code == 200


@pytest.mark.parametrize("value", ["en-", "-", "e", "en_US", "en--us", "*", "en" + "-aaaaaaaa" * 9])
def test_a_language_is_a_language_tag(client: Client, value: str) -> None:
    assert_problem(
        client.get(f"/api/v1/tags?locale={value}"), "invalid-parameter", parameter="locale"
    )


@pytest.mark.parametrize("value", ["ru", "kk-Cyrl", "zh-Hant-TW", "xx", "RU"])
def test_a_language_that_nobody_wrote_in_is_no_error(client: Client, value: str) -> None:
    assert client.get(f"/api/v1/tags?locale={value}").status_code == 200
    assert client.get(f"{URL}?language={value}").json()["count"] == 0


def test_a_path_with_nul_or_broken_utf8_is_not_found(client: Client) -> None:
    for slug in ("%00", "a%00", "%ff%fe", "%ED%A0%80", "Ж", "a%20b", "a%0A", ".", "%2e%2e", "a/b"):
        assert_problem(client.get(f"{URL}/{slug}"), "not-found")
