"""Asking a bank's server, which may be slow, down, mistaken or hostile. Real HTTP throughout."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from rates.sources.fetching import Fetched, FetchError, Limits, NotPublishedError, fetch

IMPATIENT = Limits(connect=1, read=1, total=2, size=1000)
DOCUMENT = b"<rates/>"


def ask(url: str, limits: Limits = IMPATIENT, **validators: str) -> Fetched | None:
    return fetch(url, user_agent="Dastan", limits=limits, **validators)


def refused(url: str, match: str) -> None:
    with pytest.raises(FetchError, match=match):
        ask(url)


@contextmanager
def raw_server(talk: Callable[[socket.socket], object]) -> Iterator[str]:
    """A server that says whatever ``talk`` says, HTTP or not."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                with suppress(OSError):  # the client has gone, as it should
                    talk(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        thread.join(10)


def test_it_works(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/kurs", query_string="date=2026-04-01").respond_with_data(
        DOCUMENT, headers={"ETag": 'W/"7"', "Last-Modified": "Wed, 01 Apr 2026 00:00:00 GMT"}
    )

    assert ask(httpserver.url_for("/kurs?date=2026-04-01")) == Fetched(
        DOCUMENT, etag='W/"7"', last_modified="Wed, 01 Apr 2026 00:00:00 GMT"
    )


def test_it_says_who_asks(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/", headers={"User-Agent": "Dastan"}).respond_with_data(DOCUMENT)

    assert ask(httpserver.url_for("/")) == Fetched(DOCUMENT, etag=None, last_modified=None)


def test_what_has_not_changed_is_not_sent_again(httpserver: HTTPServer) -> None:
    validators = {"If-None-Match": '"7"', "If-Modified-Since": "Wed, 01 Apr 2026 00:00:00 GMT"}
    httpserver.expect_request("/", headers=validators).respond_with_data(status=304)

    answer = ask(httpserver.url_for("/"), etag='"7"', last_modified="Wed, 01 Apr 2026 00:00:00 GMT")

    assert answer is None


def test_not_modified_is_no_answer_to_who_has_nothing(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(status=304)

    refused(httpserver.url_for("/"), "^localhost answered 304.$")


@pytest.mark.parametrize("status", [404, 410])
def test_a_day_without_a_bulletin_is_known(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/").respond_with_data("no", status=status)

    with pytest.raises(NotPublishedError, match=rf"localhost has no such bulletin \({status}\)"):
        ask(httpserver.url_for("/"))


@pytest.mark.parametrize("status", [204, 206, 400, 403, 429, 500, 502, 503])
def test_any_other_status_is_a_failure(httpserver: HTTPServer, status: int) -> None:
    httpserver.expect_request("/").respond_with_data(DOCUMENT, status=status)

    refused(httpserver.url_for("/"), f"^localhost answered {status}.$")


# Size


def test_no_more_than_the_limit_is_read(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/just").respond_with_data(b"x" * 1000)
    httpserver.expect_request("/over").respond_with_data(b"x" * 1001)

    answer = ask(httpserver.url_for("/just"))

    assert answer is not None
    assert len(answer.document) == 1000
    refused(httpserver.url_for("/over"), "localhost sent more than 1,000 bytes")


def test_fifty_megabytes_are_not_read_to_the_end() -> None:
    sent = []

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n")
        for _ in range(500):
            connection.sendall(b"x" * 100_000)
            sent.append(100_000)

    with raw_server(talk) as url, pytest.raises(FetchError, match="more than 2,000,000 bytes"):
        fetch(url, user_agent="Dastan")

    assert sum(sent) < 20_000_000  # what was on its way when the connection was cut


def test_a_compressed_document_is_unpacked(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(
        gzip.compress(b"x" * 999), headers={"Content-Encoding": "gzip"}
    )

    answer = ask(httpserver.url_for("/"))

    assert answer is not None
    assert answer.document == b"x" * 999


def test_the_limit_is_of_what_was_compressed(httpserver: HTTPServer) -> None:
    """50 MB that travel as 50 kB."""
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 60_000
    httpserver.expect_request("/").respond_with_data(bomb, headers={"Content-Encoding": "gzip"})

    refused(httpserver.url_for("/"), "localhost sent more than 1,000 bytes")


def test_what_only_says_that_it_is_compressed_is_refused(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(DOCUMENT, headers={"Content-Encoding": "gzip"})

    refused(httpserver.url_for("/"), "localhost sent what it says is compressed, and is not")


def test_an_answer_that_breaks_off_is_refused() -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rates>")

    with raw_server(talk) as url:
        refused(url, "127.0.0.1 cannot be asked .*IncompleteRead")


@pytest.mark.parametrize(
    "said",
    [b"", b"220 mail.example.org ESMTP\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 70_000],
    ids=["nothing", "mail", "endless header"],
)
def test_what_is_no_http_is_refused(said: bytes) -> None:
    with raw_server(lambda connection: connection.sendall(said)) as url:
        refused(url, "127.0.0.1 cannot be asked")


# Time


def test_silence_is_not_waited_for() -> None:
    start = time.monotonic()
    with raw_server(lambda connection: connection.recv(1)) as url:
        refused(url, "127.0.0.1 stopped answering")

    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "]
)
def test_a_byte_now_and_then_is_not_listened_to_forever(start: bytes) -> None:
    """Within the body or still within the headers: each byte comes in time, the whole does not."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(start)
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.2)

    began = time.monotonic()
    with raw_server(talk) as url:
        refused(url, "127.0.0.1 took longer than 2 seconds")

    assert time.monotonic() - began < 8


def test_a_server_that_is_down_is_told() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]

    refused(f"http://127.0.0.1:{port}/", "^127.0.0.1 cannot be connected to .Connection refused.")


def test_a_host_that_is_unknown_is_told() -> None:
    refused("http://bank.invalid/", "^bank.invalid is not known to the name servers.$")


def test_a_server_without_a_certificate_is_not_believed(httpserver: HTTPServer) -> None:
    """It does not speak TLS at all."""
    refused(
        httpserver.url_for("/").replace("http:", "https:"), "localhost has no valid certificate"
    )


# Redirects


def test_a_redirect_on_the_same_site_is_followed(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/old").respond_with_data(status=301, headers={"Location": "new?a=1"})
    httpserver.expect_request("/new", query_string="a=1").respond_with_data(DOCUMENT)

    answer = ask(httpserver.url_for("/old"))

    assert answer is not None
    assert answer.document == DOCUMENT


@pytest.mark.parametrize(
    "location",
    [
        "http://elsewhere.example/",
        "//elsewhere.example/",
        "http://localhost.elsewhere.example/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:1/",
        "ftp://localhost/",
        "file:///etc/passwd",
        "",
    ],
)
def test_a_redirect_elsewhere_is_not_followed(httpserver: HTTPServer, location: str) -> None:
    httpserver.expect_request("/").respond_with_data(status=302, headers={"Location": location})

    refused(httpserver.url_for("/"), "which is not followed|does not begin with http")
    assert len(httpserver.log) == 1


def test_a_redirect_to_what_is_no_address_is_refused() -> None:
    said = b"HTTP/1.1 302 Found\r\nLocation: http://[broken\r\nContent-Length: 0\r\n\r\n"

    with raw_server(lambda connection: connection.sendall(said)) as url:
        refused(url, "127.0.0.1 redirects to what is no address")


def test_a_redirect_without_a_target_is_refused(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(status=302)

    refused(httpserver.url_for("/"), "not followed")


def test_a_ring_of_redirects_ends(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(status=302, headers={"Location": "/"})

    refused(httpserver.url_for("/"), "localhost redirects more than 3 times")
    assert len(httpserver.log) == 4


# Addresses and keys


@pytest.mark.parametrize(
    "url", ["ftp://bank.example/", "file:///etc/passwd", "bank.example", "", "http://", "http://[x"]
)
def test_only_http_is_spoken(url: str) -> None:
    refused(url, "address is not a URL|does not begin with http")


def test_an_error_does_not_tell_the_key(httpserver: HTTPServer) -> None:
    """Errors stand in the admin and in logs; the key is in the address's query, or in its path."""

    def refuse(request: Request) -> Response:
        return Response(status=401)

    httpserver.expect_request("/v6/SECRET/latest").respond_with_handler(refuse)

    for url in (
        httpserver.url_for("/v6/SECRET/latest?app_id=SECRET"),
        "http://bank.invalid/v6/SECRET/latest?app_id=SECRET",
        "http://127.0.0.1:1/v6/SECRET/latest?app_id=SECRET",
    ):
        with pytest.raises(FetchError) as caught:
            ask(url)
        assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("etag", ["x" * 501, "caf\xe9"])
def test_a_validator_that_cannot_be_sent_back_is_dropped(httpserver: HTTPServer, etag: str) -> None:
    httpserver.expect_request("/").respond_with_data(DOCUMENT, headers={"ETag": etag})

    answer = ask(httpserver.url_for("/"))

    assert answer is not None
    assert answer.etag is None
