"""One POST to whoever is on the other side: where it goes, and what it is bounded by."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from cms.outgoing import posting
from cms.outgoing.posting import Answer, Limits, post

HERE = ("127.0.0.1", "localhost")
SHORT = Limits(seconds=1)


def send(url: str, *, private_hosts: tuple[str, ...] = HERE, limits: Limits = SHORT) -> Answer:
    return post(url, b"{}", {"X-Test": "yes"}, private_hosts=private_hosts, limits=limits)


@contextmanager
def listening(
    talk: Callable[[socket.socket], None], *, reads: bool = True
) -> Iterator[tuple[str, list[int]]]:
    """A server of sockets: its address, and a list that grows with every connection. It talks
    after it ``reads``, or at once."""
    server = socket.create_server(("127.0.0.1", 0))
    seen: list[int] = []

    def serve() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            seen.append(1)
            threading.Thread(target=_talk, args=(talk, client, reads), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook", seen
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def read_request(client: socket.socket) -> None:
    """All of it, if it is one: who hangs up on what was not read resets the connection."""
    received = client.recv(65_536)
    while received.startswith(b"POST") and not received.endswith(b"{}"):
        piece = client.recv(65_536)
        if not piece:
            return
        received += piece


def _talk(talk: Callable[[socket.socket], None], client: socket.socket, reads: bool) -> None:
    with client:
        try:
            if reads:
                read_request(client)
            talk(client)
        except OSError:
            pass


def test_it_works(httpserver: HTTPServer) -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        request.get_data()
        asked.append(request)
        return Response("thanks", 202, {"Retry-After": "7"})

    httpserver.expect_request("/hook", method="POST").respond_with_handler(answer)

    got = send(httpserver.url_for("/hook?a=b"))

    assert (got.status, got.body, got.retry_after, got.error) == (202, "thanks", "7", "")
    assert got.is_success
    [request] = asked
    assert request.headers["X-Test"] == "yes"
    assert request.headers["Host"] == f"localhost:{httpserver.port}"
    assert (request.query_string, request.get_data()) == (b"a=b", b"{}")


def test_a_redirect_is_not_followed(httpserver: HTTPServer) -> None:
    location = {"Location": httpserver.url_for("/other")}
    httpserver.expect_request("/hook").respond_with_data(status=307, headers=location)

    assert send(httpserver.url_for("/hook")).status == 307
    assert len(httpserver.log) == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "0"]
)
def test_no_spelling_reaches_a_listener(host: str) -> None:
    with listening(lambda client: client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")) as (url, seen):
        answer = send(url.replace("127.0.0.1", host), private_hosts=("other.internal",))

        assert answer.status is None
        assert "not on the public internet" in answer.error
        assert seen == []


def resolver(*answers: list[str]) -> Callable[..., Any]:
    """A name server that answers otherwise each time."""
    left = list(answers)

    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        addresses = left.pop(0)
        kinds = [socket.AF_INET6 if ":" in each else socket.AF_INET for each in addresses]
        pairs = zip(kinds, addresses, strict=True)
        return [(kind, socket.SOCK_STREAM, 6, "", (each, port)) for kind, each in pairs]

    return getaddrinfo


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "::ffff:127.0.0.1", "fe80::1"])
def test_a_name_that_means_a_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolver([address]))

    assert "not on the public internet" in send("http://rebound.example.org/").error


def test_a_name_of_which_one_address_is_private_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolver(["8.8.8.8", "127.0.0.1"]))

    assert "not on the public internet" in send("http://rebound.example.org/").error


def test_a_name_server_that_changes_its_answer_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Asked once, the connection goes to what was checked."""
    connected: list[Any] = []

    def connect(self: socket.socket, address: Any) -> None:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolver(["8.8.8.8"], ["127.0.0.1"]))
    monkeypatch.setattr(socket.socket, "connect", connect)

    answer = send("http://rebound.example.org:8080/")

    assert answer.error == "The connection was refused."
    assert connected == [("8.8.8.8", 8080)]


def test_a_private_host_is_asked_only_by_its_name() -> None:
    with listening(lambda client: client.sendall(b"HTTP/1.1 204 No\r\n\r\n")) as (url, seen):
        assert send(url, private_hosts=("localhost",)).status is None
        assert seen == []
        assert send(url, private_hosts=("127.0.0.1",)).status == 204


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def hang(client: socket.socket) -> None:
    time.sleep(30)


def drip(client: socket.socket) -> None:
    client.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
    while True:
        client.sendall(b"x")
        time.sleep(0.1)


def drip_headers(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        client.sendall(b"x")
        time.sleep(0.1)


def flood(client: socket.socket) -> None:
    client.sendall(HEAD + b"Content-Length: 10000000\r\n\r\n")
    for _ in range(160):
        client.sendall(b"x" * 65_536)


def flood_headers(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(10_000):
        client.sendall(b"X-%d: %s\r\n" % (number, b"x" * 1000))


def close_early(client: socket.socket) -> None:
    client.sendall(HEAD + b"Content-Length: 100\r\n\r\nshort")


def talk_nonsense(client: socket.socket) -> None:
    client.sendall(b"SSH-2.0-OpenSSH_9.9\r\n")


@pytest.mark.parametrize("talk", [hang, drip, drip_headers])
def test_who_hangs_or_drips_is_cut_off_in_time(talk: Callable[[socket.socket], None]) -> None:
    with listening(talk) as (url, _):
        answer = send(url)

    assert answer.status is None
    assert answer.error == "It took longer than 1 seconds."
    assert answer.seconds < 3


@pytest.fixture
def secured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Of a server called localhost, whose certificate is believed."""
    authority = trustme.CA()
    believed = tmp_path / "believed.pem"
    authority.cert_pem.write_to_path(str(believed))
    monkeypatch.setenv("SSL_CERT_FILE", str(believed))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


def over_tls(talk: Callable[[Any], None], context: ssl.SSLContext) -> Callable[[Any], None]:
    def greet_and_talk(client: socket.socket) -> None:
        with context.wrap_socket(client, server_side=True) as wrapped:
            read_request(wrapped)
            talk(wrapped)

    return greet_and_talk


@pytest.mark.parametrize("talk", [hang, drip, drip_headers])
def test_so_is_who_does_it_over_https(
    talk: Callable[[socket.socket], None], secured: ssl.SSLContext
) -> None:
    with listening(over_tls(talk, secured), reads=False) as (url, _):
        answer = send(url.replace("http://127.0.0.1", "https://localhost"))

    assert answer.status is None
    assert answer.error == "It took longer than 1 seconds."
    assert answer.seconds < 3


def test_https_works(secured: ssl.SSLContext) -> None:
    def thank(client: socket.socket) -> None:
        client.sendall(HEAD + b"Content-Length: 6\r\n\r\nthanks")

    with listening(over_tls(thank, secured), reads=False) as (url, _):
        answer = send(url.replace("http://127.0.0.1", "https://localhost"))

    assert (answer.status, answer.body, answer.error) == (200, "thanks", "")


def test_of_a_flood_the_beginning_is_read() -> None:
    with listening(flood) as (url, _):
        answer = send(url, limits=Limits(seconds=5))

    assert (answer.status, answer.body) == (200, "x" * 4096)


@pytest.mark.parametrize("talk", [flood_headers, talk_nonsense, lambda client: None])
def test_what_is_no_answer_is_told_as_that(talk: Callable[[socket.socket], None]) -> None:
    with listening(talk) as (url, _):
        answer = send(url, limits=Limits(seconds=5))

    assert answer.status is None
    assert answer.error.startswith(("The answer is not HTTP", "The connection failed"))


def test_an_answer_that_ends_early_is_its_beginning() -> None:
    with listening(close_early) as (url, _):
        assert send(url).status in (200, None)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    assert send(f"http://127.0.0.1:{port}/").error == "The connection was refused."


def test_a_host_without_a_certificate_is_told() -> None:
    with listening(talk_nonsense) as (url, _):
        answer = send(url.replace("http:", "https:"))

    assert answer.error.startswith("The host has no valid certificate")


def test_a_slow_name_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(20))

    assert send("http://slow.example.org/").error == "It took longer than 1 seconds."


def test_what_is_not_text_is_shown_as_far_as_it_goes(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook").respond_with_data(b"\xff\x00ok", content_type="x/y")

    assert send(httpserver.url_for("/hook")).body == "��ok"


def test_a_name_that_means_nothing_now_is_no_mistake_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    posting.check("https://later.example.org/", private_hosts=())
    assert send("https://later.example.org/").error == "The name servers do not know the host."
