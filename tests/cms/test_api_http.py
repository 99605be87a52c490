"""Over real HTTP, by the server that readers get: what no test client can show."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import orjson
import pytest
from django.conf import settings

from tests.problems import assert_problem

URL = "/api/v1"
OPENAPI = "/api/v1/openapi.json"


class Answer:
    """An answer as it came over the wire, looking like Django's to ``assert_problem``."""

    def __init__(self, response: HTTPResponse) -> None:
        self.status_code = response.status
        self.headers = response.headers
        self.content = response.read()

    def __getitem__(self, name: str) -> str:
        return str(self.headers[name])

    def json(self) -> object:
        return orjson.loads(self.content)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """granian on a free port, as ``make serve`` starts it, for endpoints that need no rows."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    environment = {**os.environ, "PORT": str(number), "WEB_WORKERS": "1"}
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(number, server)
        yield number
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server stopped"
        try:
            if ask(port, "GET", "/livez").status_code == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer within 30 s")


def ask(port: int, method: str, path: str, headers: dict[str, str] | None = None) -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, headers=headers or {})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def raw(port: int, request: bytes) -> bytes:
    """All that comes back for these bytes, until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request.replace(b"\n", b"\r\n"))
        return b"".join(iter(lambda: connection.recv(65536), b""))


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_it_works(port: int) -> None:
    answer = ask(port, "GET", URL)

    assert answer.status_code == 200
    assert answer["Content-Length"] == str(len(answer.content))


@pytest.mark.parametrize(
    "path",
    [URL, OPENAPI, "/api/v1/nothing", f"{URL}?a&a", f"{URL}/", "/api/docs", "/problems/gone"],
)
def test_head_sends_no_byte_of_a_body(port: int, path: str) -> None:
    request = f"HEAD {path} HTTP/1.1\nHost: 127.0.0.1:{port}\nConnection: close\n\n".encode()

    head, _, body = raw(port, request).partition(b"\r\n\r\n")

    get = ask(port, "GET", path)
    assert status_of(head) == get.status_code
    assert body == b""
    if "Content-Length" in get.headers and b"content-length" in head.lower():
        assert f"content-length: {get['Content-Length']}".encode() in head.lower()


def test_a_connection_stays_usable_after_head_304_and_errors(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    etag = ask(port, "GET", URL)["ETag"]
    try:
        for method, path, headers, status in [
            ("HEAD", OPENAPI, {}, 200),
            ("GET", URL, {"If-None-Match": etag}, 304),
            ("HEAD", f"{URL}?nope=1", {}, 400),
            ("POST", f"{URL}/", {}, 308),
            ("OPTIONS", URL, {}, 204),
            ("DELETE", URL, {}, 405),
            ("GET", URL, {}, 200),
        ]:
            connection.request(method, path, headers=headers)
            answer = Answer(connection.getresponse())
            assert answer.status_code == status, (method, path)
            assert bool(answer.content) == (method in ("GET", "DELETE") and status != 304)
    finally:
        connection.close()


@pytest.mark.parametrize("method", ["TRACE", "POST", "PUT", "PATCH", "DELETE", "FROB"])
def test_a_wrong_method_is_a_problem(port: int, method: str) -> None:
    for path in (URL, "/api/docs", "/problems/gone", "/livez"):
        answer = ask(port, method, path)
        assert_problem(answer, "method-not-allowed")
        assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_a_url_of_16_kib_is_a_problem(port: int) -> None:
    assert_problem(ask(port, "GET", f"{URL}?x=" + "y" * 16 * 1024), "uri-too-long")


def test_1001_parameters_are_a_problem(port: int) -> None:
    query = "&".join(f"p{n}=" for n in range(1001))

    assert_problem(ask(port, "GET", f"{URL}?{query}"), "invalid-parameter")


def test_a_body_that_is_announced_too_large_is_refused_unread(port: int) -> None:
    answer = ask_announcing(port, 9_999_999_999)

    assert status_of(answer) == 413
    assert b'"code":"too-large"' in answer


def ask_announcing(port: int, length: int) -> bytes:
    """The answer to a request that announces a body and waits before sending it."""
    head = f"POST {URL} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head.encode())
        answer = b""
        while b'"errors"' not in answer:
            answer += connection.recv(65536)
        return answer


@pytest.mark.parametrize(
    ("path", "location"),
    [
        (b"/api/v1/articles/?a=%0d%0ab", b"/api/v1/articles?a=%0d%0ab"),
        (b"/api//evil.example/", b"/api//evil.example"),
        (b"/api/\\evil.example/", b"/api/%5Cevil.example"),
        (
            b"/api/v1/a%0aLocation:%20http://evil.example/",
            b"/api/v1/a%0ALocation:%20http://evil.example",
        ),
        (b"http://evil.example/api/v1/articles/", b"/api/v1/articles"),
    ],
)
def test_a_trailing_slash_never_leads_to_another_host(
    port: int, path: bytes, location: bytes
) -> None:
    answer = raw(port, b"POST " + path + b" HTTP/1.1\nHost: localhost\nConnection: close\n\n")

    headers = answer.partition(b"\r\n\r\n")[0].lower().split(b"\r\n")
    assert status_of(answer) == 308
    assert [each for each in headers if each.startswith(b"location")] == [
        b"location: " + location.lower()
    ]


@pytest.mark.parametrize("path", ["//evil.example/", "/api/v1/articles%00", "/%ff", "/nothing"])
def test_an_unknown_address_is_a_problem(port: int, path: str) -> None:
    assert_problem(ask(port, "GET", path), "not-found")


@pytest.mark.parametrize("host", ["evil.example", "localhost, evil.example", ""])
def test_a_bad_host_is_a_problem(port: int, host: str) -> None:
    assert_problem(ask(port, "GET", URL, {"Host": host}), "bad-host")


def test_two_hosts_are_a_bad_host(port: int) -> None:
    answer = raw(
        port,
        f"GET {URL} HTTP/1.1\nHost: localhost\nHost: evil.example\nConnection: close\n\n".encode(),
    )

    assert status_of(answer) == 400


def test_headers_in_several_lines_are_one_list(port: int) -> None:
    etag = ask(port, "GET", URL)["ETag"]
    lines = f'If-None-Match: "a"\nIf-None-Match: {etag}\nConnection: close\n\n'

    answer = raw(port, f"GET {URL} HTTP/1.1\nHost: 127.0.0.1:{port}\n{lines}".encode())

    assert status_of(answer) == 304


@pytest.mark.parametrize("credential", ["", "Bearer x"])
def test_a_credential_is_refused(port: int, credential: str) -> None:
    answer = ask(port, "GET", URL, {"Authorization": credential})

    assert_problem(answer, "unauthenticated")
    assert answer["WWW-Authenticate"] == "Bearer"
