"""Errors: RFC 9457 problems, whatever went wrong and wherever it did."""

import logging
import re
from typing import Any

import orjson
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from rest_framework.response import Response

from cms.api import entry
from cms.api.caching import headers as caching_headers
from cms.api.problems import KINDS, ProblemError
from tests.cms.endpoints import ENDPOINTS, PAGES
from tests.problems import assert_problem

URL = "/api/v1"
CODES = [
    "invalid-parameter", "unknown-parameter", "repeated-parameter", "not-found", "gone",
    "method-not-allowed", "not-acceptable", "unsupported-media-type", "too-large",
    "uri-too-long", "unauthenticated", "forbidden", "conflict", "precondition-failed",
    "precondition-required", "throttled", "unavailable", "internal-error", "bad-host",
    "malformed-body", "invalid-body",
]  # fmt: skip
UNKNOWN = ["/nothing", "/api", "/api/v2/articles", "/api/v1/nothing", "/api/v1/articles/a/b",
           "/robots.txt", "/problems", "/problems/nope", "/problems/GONE", "/static/nothing.js",
           "//evil.example", "/desk", "/Ж", "/%0a", "/%00", "/%ff", "/api/v1/a/%0a"]  # fmt: skip
WRONG_METHODS = ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "FROB"]


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("path", UNKNOWN)
def test_it_works(client: Client, path: str, debug: bool) -> None:
    with override_settings(DEBUG=debug):
        response = client.get("/", PATH_INFO=path) if path[:2] == "//" else client.get(path)

    problem = assert_problem(response, "not-found")
    assert problem["type"] == "/problems/not-found"
    assert problem["errors"] == []
    assert set(problem) == {"type", "title", "status", "detail", "instance", "code", "errors"}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "FROB"])
def test_an_unknown_address_is_not_found_for_any_method(client: Client, method: str) -> None:
    assert_problem(client.generic(method, "/api/v1/nothing"), "not-found")


def test_the_instance_is_the_path_and_leads_to_no_other_host(client: Client) -> None:
    def instance(path: str) -> str:
        return str(client.get("/", PATH_INFO=path).json()["instance"])

    assert instance("/api/v1/nothing") == "/api/v1/nothing"
    assert instance("//evil.example/x") == "/%2Fevil.example/x"
    assert instance("/api/v1/a b<c>\n") == "/api/v1/a%20b%3Cc%3E%0A"


def test_the_type_stands_under_the_public_url(client: Client) -> None:
    with override_settings(PUBLIC_URL="https://api.example.org"):
        problem = client.get("/api/v1/nothing").json()

    assert problem["type"] == "https://api.example.org/problems/not-found"
    assert problem["instance"] == "/api/v1/nothing"


@pytest.mark.parametrize("method", WRONG_METHODS)
@pytest.mark.parametrize("path", [*ENDPOINTS, *PAGES])
def test_a_wrong_method_is_told_which_are_right(client: Client, path: str, method: str) -> None:
    response = client.generic(method, path)

    assert_problem(response, "method-not-allowed")
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_a_method_override_is_ignored(client: Client, name: str) -> None:
    assert client.get(URL, headers={name: "DELETE"}).status_code == 200
    assert_problem(client.post(URL, headers={name: "GET"}), "method-not-allowed")
    assert_problem(client.post(URL, {"_method": "GET"}), "method-not-allowed")


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "*/*",
        "application/*",
        "",
        ",",
        "text/html, */*;q=0.1",
        "text/html;q=0.9, application/json;q=0.001",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
        "application/json;q=1.000",
        "application/json; q = .5",
        "*/*;q=0, application/json",
        "application/*;q=0, application/json;q=0.5",
        "application/json;q=high",
    ],
)
def test_it_answers_who_accepts_json(client: Client, accept: str) -> None:
    response = client.get(URL, headers={"Accept": accept})

    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "application/xml",
        "application/problem+json",
        "application/json;q=0",
        "application/json;q=0.000, text/html",
        "*/*;q=0",
        "application/*;q=0",
        "*/*, application/json;q=0",
        "*/*;q=1, application/*;q=0",
        "garbage",
        "*",
        "application/jsonx",
        "json",
        ";;;",
        "\xff\xfe",
        "a/b" * 2000,
    ],
)
def test_it_refuses_who_accepts_something_else_only(client: Client, accept: str) -> None:
    assert_problem(client.get(URL, headers={"Accept": accept}), "not-acceptable")


def crash(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def answer(self: Any, request: Any, **kwargs: str) -> Response:
        raise error

    monkeypatch.setattr(entry.IndexView, "answer", answer)


@pytest.mark.parametrize("debug", [False, True])
def test_a_crash_shows_no_internals_but_an_id_that_the_log_has_too(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, debug: bool
) -> None:
    crash(monkeypatch, RuntimeError("the secret is 1234"))

    with override_settings(DEBUG=debug):
        response = client.get(URL)

    problem = assert_problem(response, "internal-error")
    assert problem["request_id"] == response["X-Request-ID"]
    assert b"secret" not in response.content
    assert b"RuntimeError" not in response.content
    [record] = [each for each in caplog.records if problem["request_id"] in each.getMessage()]
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None
    assert "the secret is 1234" in str(record.exc_info[1])


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("path", ["/api/docs", "/problems/gone"])
def test_a_crash_in_a_page_is_a_problem_too(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str, debug: bool
) -> None:
    def render(self: Any, *args: Any) -> str:
        raise RuntimeError("secret")

    monkeypatch.setattr("django.template.base.Template.render", render)
    with override_settings(DEBUG=debug):
        response = client.get(path)

    assert_problem(response, "internal-error")
    assert b"secret" not in response.content


@pytest.mark.parametrize("debug", [False, True])
def test_a_crash_in_rendering_or_in_a_middleware_is_a_problem_too(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, debug: bool
) -> None:
    with override_settings(DEBUG=debug):
        with monkeypatch.context() as patch:
            patch.setattr(entry.IndexView, "document", lambda *_: {"secret": object()})
            in_rendering = client.get(URL)
        with monkeypatch.context() as patch:
            patch.setattr(caching_headers, "etag_of", lambda body: 1 / 0)
            in_middleware = client.get(URL)

    for response in (in_rendering, in_middleware):
        problem = assert_problem(response, "internal-error")
        assert problem["request_id"] == response["X-Request-ID"]
        assert problem["request_id"] in caplog.text
        assert b"secret" not in response.content
        assert b"ZeroDivision" not in response.content


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Http404("secret"), "not-found"),
        (PermissionDenied("secret"), "forbidden"),
        (SuspiciousOperation("secret"), "malformed-body"),
        (ProblemError("gone", "A court said so."), "gone"),
        (RecursionError("secret"), "internal-error"),
        (UnicodeDecodeError("utf-8", b"secret", 0, 1, "secret"), "internal-error"),
    ],
)
def test_what_a_view_raises_becomes_its_problem(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    crash(monkeypatch, error)

    response = client.get(URL)

    assert_problem(response, code)
    assert b"secret" not in response.content


def test_html_that_anything_answers_with_becomes_a_problem(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(self: Any, request: HttpRequest, **kwargs: str) -> HttpResponse:
        return HttpResponse("<h1>secret</h1>", status=int(request.headers["X-Status"]))

    monkeypatch.setattr(entry.IndexView, "answer", answer)
    codes = {"403": "forbidden", "409": "malformed-body", "418": "malformed-body",
             "500": "internal-error", "502": "internal-error", "503": "unavailable"}  # fmt: skip
    for status, code in codes.items():
        response = client.get(URL, headers={"X-Status": status})
        assert_problem(response, code)
        assert b"secret" not in response.content


@pytest.mark.parametrize("code", KINDS)
def test_every_problem_has_a_page_that_says_how_to_mend_it(client: Client, code: str) -> None:
    response = client.get(f"/problems/{code}")

    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    text = response.content.decode()
    assert KINDS[code].title.replace("'", "&#x27;") in text
    assert KINDS[code].remedy.replace("'", "&#x27;") in text
    assert not re.search(r"(src|href)=\"https?:", text)


def test_the_codes_are_those_of_the_contract() -> None:
    text = (settings.BASE_DIR / "docs" / "openapi.json").read_bytes()

    enum = orjson.loads(text)["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    assert enum == sorted(KINDS)
    assert set(KINDS) == set(CODES)


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", f"{URL}?nope=1", f"{URL}?a&a", f"{URL}?x=" + "y" * 9000, "/nope"]
)
def test_head_has_the_headers_of_a_problem_and_no_body(client: Client, path: str) -> None:
    get, head = client.get(path), client.head(path)

    assert head.status_code == get.status_code >= 400
    assert head.content == b""
    assert int(head["Content-Length"]) == len(get.content)
    assert head["Content-Type"] == get["Content-Type"]
