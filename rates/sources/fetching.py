"""GET from servers that may be slow, down, mistaken or hostile: bounded in time, size and place.

Nothing is tried twice here: whoever queues the job decides when to try again.
"""

import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from socket import SHUT_RDWR
from urllib.parse import SplitResult, urljoin, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
)
from urllib3.response import BaseHTTPResponse

from rates.sources.bulletin import MAX_BYTES

_REDIRECTS = {301, 302, 303, 307, 308}
_MOST_REDIRECTS = 3
_CHUNK = 65_536
_LONGEST_VALIDATOR = 500  # characters


class FetchError(Exception):
    """The source could not be asked; the message is a sentence for the desk.

    It names the host and not the address, which may hold a key.
    """


class NotPublishedError(FetchError):
    """The server answers, and has no bulletin for that day (yet): 404 or 410."""


@dataclass(frozen=True)
class Limits:
    """How long to wait, in seconds, and how much to read, in bytes after decompression.

    ``read`` is the longest silence; ``total`` bounds one request, however busy the server is.
    """

    connect: int = 5
    read: int = 15
    total: int = 45
    size: int = MAX_BYTES


@dataclass(frozen=True)
class Fetched:
    """A document as the server sent it, decompressed, and its validators (RFC 9110, 8.8)."""

    document: bytes
    etag: str | None
    last_modified: str | None


LIMITS = Limits()


def fetch(
    url: str,
    *,
    user_agent: str,
    etag: str | None = None,
    last_modified: str | None = None,
    limits: Limits = LIMITS,
) -> Fetched | None:
    """Return what an http or https address answers, or None if it has not changed (304) since
    the answer that had these validators.

    Redirects are followed on the same site only ("www." apart), never from https to http. Raises
    FetchError, and NotPublishedError for 404 and 410. What the document says is not looked at.
    """
    headers = {
        "User-Agent": user_agent,
        "Accept": "application/xml, text/xml, application/json, */*;q=0.1",
        "Accept-Encoding": "gzip, deflate",
    }
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    place = _place(url)
    for _ in range(_MOST_REDIRECTS + 1):
        with _answer(place, headers, limits) as response:
            if response.status not in _REDIRECTS:
                return _document(response, place, limits, conditional=bool(etag or last_modified))
            place = _redirected(place, response.headers.get("location"))
    raise FetchError(f"{place.hostname} redirects more than {_MOST_REDIRECTS} times.")


def _place(url: str) -> SplitResult:
    """Return the parts of an address that may be asked."""
    try:
        place = urlsplit(url)
        port = place.port
    except ValueError:
        raise FetchError("The source's address is not a URL.") from None
    if place.scheme not in ("http", "https") or not place.hostname or port == 0:
        raise FetchError("The source's address does not begin with http:// or https:// and a host.")
    return place


def _redirected(place: SplitResult, location: str | None) -> SplitResult:
    """Return where a redirect leads, if that is on the same site."""
    try:
        target = _place(urljoin(place.geturl(), location or ""))
    except ValueError:
        raise FetchError(f"{place.hostname} redirects to what is no address.") from None
    same_host = _site(target) == _site(place)
    same_door = (target.scheme, target.port) == (place.scheme, place.port)
    safer = (place.scheme, target.scheme) == ("http", "https")
    if not location or not same_host or not (same_door or safer):
        raise FetchError(
            f"{place.hostname} redirects elsewhere ({target.scheme}://{target.netloc}),"
            " which is not followed."
        )
    return target


def _site(place: SplitResult) -> str:
    return (place.hostname or "").removeprefix("www.")


@contextmanager
def _answer(
    place: SplitResult, headers: dict[str, str], limits: Limits
) -> Iterator[BaseHTTPResponse]:
    """Yield the answer to one GET, its body unread; every failure of it is a FetchError.

    A timeout of a socket is for each of its operations, so that a server that sends a byte now and
    then would be listened to forever: after the total time the connection is cut from outside.
    """
    connection = _connection(place, limits)
    late = threading.Event()

    def cut() -> None:
        late.set()
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(SHUT_RDWR)

    watch = threading.Timer(limits.total, cut)
    watch.daemon = True
    watch.start()
    try:
        connection.connect()
        connection.timeout = limits.read
        target = (place.path or "/") + (f"?{place.query}" if place.query else "")
        connection.request("GET", target, headers=headers, preload_content=False)
        with closing(connection.getresponse()) as response:
            yield response
        if late.is_set():  # cut within the headers, an answer looks whole and empty
            raise TimeoutError
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        reason = f"took longer than {limits.total} seconds" if late.is_set() else _reason(error)
        raise FetchError(f"{place.hostname} {reason}.") from None
    finally:
        watch.cancel()
        connection.close()


def _connection(place: SplitResult, limits: Limits) -> HTTPConnection:
    host = place.hostname or ""
    if place.scheme == "https":
        context = ssl.create_default_context()
        return HTTPSConnection(host, place.port, timeout=limits.connect, ssl_context=context)
    return HTTPConnection(host, place.port, timeout=limits.connect)


def _reason(error: Exception) -> str:
    match error:
        case NameResolutionError():
            return "is not known to the name servers"
        case NewConnectionError():  # a kind of ConnectTimeoutError, for historical reasons
            return f"cannot be connected to ({getattr(error.__cause__, 'strerror', None)})"
        case ConnectTimeoutError():
            return "cannot be reached in time"
        case ReadTimeoutError() | TimeoutError():
            return "stopped answering"
        case DecodeError():
            return "sent what it says is compressed, and is not"
        case ssl.SSLError():
            return "has no valid certificate"
    return f"cannot be asked ({' '.join(str(error).split())[:200]})"


def _document(
    response: BaseHTTPResponse, place: SplitResult, limits: Limits, *, conditional: bool
) -> Fetched | None:
    host = place.hostname
    if response.status == 304 and conditional:
        return None
    if response.status in (404, 410):
        raise NotPublishedError(f"{host} has no such bulletin ({response.status}).")
    if response.status != 200:
        raise FetchError(f"{host} answered {response.status}.")
    chunks: list[bytes] = []
    left = limits.size
    while chunk := response.read1(_CHUNK, decode_content=True):
        left -= len(chunk)
        if left < 0:
            raise FetchError(f"{host} sent more than {limits.size:,} bytes; the rest was not read.")
        chunks.append(chunk)
    return Fetched(
        b"".join(chunks),
        etag=_validator(response.headers.get("etag")),
        last_modified=_validator(response.headers.get("last-modified")),
    )


def _validator(value: str | None) -> str | None:
    """Return a validator that can be sent back, or None."""
    if value and len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable():
        return value
    return None
