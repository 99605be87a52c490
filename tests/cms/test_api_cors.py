"""CORS: open for public GETs, with the headers that a reader needs, on every answer."""

from typing import Any

import pytest
from django.test import Client

from cms.api import entry
from tests.cms.endpoints import ENDPOINTS, make_newsroom

ORIGIN = "https://www.example.org"
EXPOSED = {"ETag", "Link", "Retry-After", "RateLimit", "RateLimit-Policy"}


def assert_open(response: Any) -> None:
    assert response["Access-Control-Allow-Origin"] == "*"
    assert set(response["Access-Control-Expose-Headers"].split(", ")) == EXPOSED
    assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.django_db
@pytest.mark.parametrize("url", ENDPOINTS)
def test_it_works(client: Client, url: str) -> None:
    make_newsroom()

    for ask in (client.get, client.head):
        response = ask(url, headers={"Origin": ORIGIN})
        assert response.status_code == 200
        assert_open(response)


@pytest.mark.parametrize("url", [*ENDPOINTS, "/api/v1/nothing"])
def test_a_preflight_allows_reading_and_nothing_else(client: Client, url: str) -> None:
    response = client.options(
        url, headers={"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
    )

    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert set(response["Access-Control-Allow-Methods"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status", "headers"),
    [
        ("newsroom", 304, {"If-None-Match": "*"}),
        ("articles/", 308, {}),
        ("articles?nope=1", 400, {}),
        ("articles?a&a", 400, {}),
        ("articles", 401, {"Authorization": "Bearer x"}),
        ("articles/nothing", 404, {}),
        ("nothing", 404, {}),
        ("articles", 406, {"Accept": "text/html"}),
        ("articles?x=" + "y" * 9000, 414, {}),
    ],
)
def test_what_is_not_200_is_readable_too(
    client: Client, path: str, status: int, headers: dict[str, str]
) -> None:
    response = client.get(f"/api/v1/{path}", headers={"Origin": ORIGIN, **headers})

    assert response.status_code == status
    assert_open(response)


def test_a_crash_is_readable_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry.IndexView, "answer", lambda *_, **__: 1 / 0)

    response = client.get("/api/v1", headers={"Origin": ORIGIN})

    assert response.status_code == 500
    assert_open(response)


@pytest.mark.parametrize("url", ["/admin/login/", "/livez", "/problems/gone"])
def test_what_is_not_the_api_is_closed(client: Client, url: str) -> None:
    response = client.get(url, headers={"Origin": ORIGIN})

    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response
