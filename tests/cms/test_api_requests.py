"""What a request meets before any view: host, trailing slash, credentials, limits."""

from typing import Any

import pytest
from django.test import Client, override_settings

from tests.cms.endpoints import ENDPOINTS, PAGES, make_newsroom
from tests.problems import assert_problem

URL = "/api/v1"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FROB"]


def test_it_works(client: Client) -> None:
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize("method", METHODS)
def test_a_trailing_slash_leads_to_the_path_without_it(client: Client, method: str) -> None:
    response = client.generic(method, "/api/v1/articles/?region=a%2Cb&page=2")

    assert response.status_code == 308
    assert response["Location"] == "/api/v1/articles?region=a%2Cb&page=2"
    assert response.content == b""


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/api/v1/articles/", "/api/v1/articles"),
        ("/api/v1/nothing/", "/api/v1/nothing"),
        ("/api/v1/articles///", "/api/v1/articles"),
        ("/api//evil.example/", "/api//evil.example"),
        ("/api/\\evil.example/", "/api/%5Cevil.example"),
        (
            "/api/v1/a\nLocation: http://evil.example/",
            "/api/v1/a%0ALocation:%20http://evil.example",
        ),
        ("/api/v1/a\r\n\r\nb/", "/api/v1/a%0D%0A%0D%0Ab"),
        ("/api/v1/a\0/", "/api/v1/a%00"),
        ("/api/v1/Ж/".encode().decode("latin-1"), "/api/v1/%D0%96"),
        ("/api/v1/\xff/", "/api/v1/%25FF"),  # Django has made it the text %FF
        ("/api/v1/100%/", "/api/v1/100%25"),
        ("/api/v1/a?b#c/", "/api/v1/a%3Fb%23c"),
    ],
)
def test_a_redirect_stays_on_this_host(client: Client, path: str, location: str) -> None:
    response = client.get("/", PATH_INFO=path)

    assert (response.status_code, response["Location"]) == (308, location)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("next=http://evil.example/", "next=http://evil.example/"),
        ("a=%0d%0a", "a=%0d%0a"),
        ("a=\r\nb", "a=%0D%0Ab"),
        ("a=\xff", "a=%FF"),
    ],
)
def test_a_redirect_keeps_the_query_as_it_was(client: Client, query: str, shown: str) -> None:
    response = client.get("/api/v1/articles/", QUERY_STRING=query)

    assert (response.status_code, response["Location"]) == (308, f"/api/v1/articles?{shown}")


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//api/v1/articles/", "/api/", "/problems/gone/"]
)
def test_nothing_outside_the_api_is_redirected(client: Client, path: str) -> None:
    assert_problem(client.get("/", PATH_INFO=path), "not-found")


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    "path", [*ENDPOINTS, *PAGES, "/", "/admin/", "/api/v1/articles/", "/nothing"]
)
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "a b", "localhost:x"])
def test_a_host_that_is_not_ours_is_a_problem(
    client: Client, path: str, host: str, debug: bool
) -> None:
    with override_settings(DEBUG=debug):
        assert_problem(client.get(path, headers={"Host": host}), "bad-host")


def test_a_forwarded_host_is_not_believed(client: Client) -> None:
    response = client.get("/api/v1", headers={"X-Forwarded-Host": "evil.example"})

    assert b"evil" not in response.content


CREDENTIALS = [
    "",
    "Bearer",
    "Bearer x",
    "Basic Zm9vOmJhcg==",
    "x",
    "Bearer \xff",
    "Token " + "a" * 4000,
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*ENDPOINTS, "/api/docs"])
@pytest.mark.parametrize("credential", CREDENTIALS)
def test_every_credential_is_refused_everywhere(client: Client, path: str, credential: str) -> None:
    make_newsroom()
    assert client.get(path).status_code == 200

    response = client.get(path, headers={"Authorization": credential})

    assert_problem(response, "unauthenticated")
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "query",
    ["/nothing", "/articles/nothing", "/articles?nope=1", "/articles?page=0", "/articles?a&a"],
)
@pytest.mark.parametrize("method", METHODS)
def test_a_credential_is_refused_before_anything_else_is(
    client: Client, query: str, method: str
) -> None:
    response = client.generic(method, f"/api/v1{query}", headers={"Authorization": "Bearer x"})

    assert response.status_code == 401


@pytest.mark.django_db
def test_a_credential_is_refused_where_the_answer_is_known_to_the_client(client: Client) -> None:
    etag = client.get(URL)["ETag"]

    headers = {"Authorization": "Bearer x", "If-None-Match": etag}
    assert_problem(client.get(URL, headers=headers), "unauthenticated")


def url_of_length(length: int) -> str:
    return f"{URL}?x=".ljust(length, "y")


def test_a_url_has_at_most_8_kib(client: Client) -> None:
    assert_problem(client.get(url_of_length(8192)), "unknown-parameter")
    assert_problem(client.get(url_of_length(8193)), "uri-too-long")
    assert_problem(client.get("/" + "x" * 8192), "uri-too-long")
    assert_problem(client.get("/" + "x" * 8191), "not-found")


@pytest.mark.parametrize("method", METHODS)
def test_a_url_of_16_kib_is_a_problem_for_any_method(client: Client, method: str) -> None:
    assert client.generic(method, url_of_length(16 * 1024)).status_code == 414


def test_there_are_at_most_100_parameters(client: Client) -> None:
    def ask(number: int) -> Any:
        return client.get(f"{URL}?" + "&".join(f"p{n}=1" for n in range(number)))

    assert len(assert_problem(ask(100), "unknown-parameter")["errors"]) == 100
    assert "100 parameters" in assert_problem(ask(101), "invalid-parameter")["detail"]
    assert_problem(ask(1001), "invalid-parameter")


def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    def ask(length: str) -> Any:
        return client.post(URL, CONTENT_LENGTH=length)

    assert_problem(ask("1048576"), "method-not-allowed")
    assert_problem(ask("1048577"), "too-large")
    assert_problem(ask("9" * 5000), "too-large")
    for nonsense in ("-1", "x", "²", "1.5"):
        assert_problem(ask(nonsense), "malformed-body")
