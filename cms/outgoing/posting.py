"""One POST to an address that somebody typed in.

A name is resolved once; if any of its addresses is not public, nothing is connected to; and the
connection goes to an address that was checked, so that a name server which answers otherwise the
next time changes nothing. Redirects are not followed, nothing is tried twice, and after the total
time the connection is cut from outside, however busy the server is.
"""

import socket
import ssl
import threading
import time
from collections.abc import Collection, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import SplitResult

from django.utils.translation import gettext as _

from cms.outgoing.addresses import AddressError, is_public, parse


@dataclass(frozen=True)
class Limits:
    """Seconds for all of it, and how many bytes of the answer are read."""

    seconds: float = 10
    size: int = 4096


@dataclass(frozen=True)
class Answer:
    """What came back. ``status`` is None when no answer came, and ``error`` says why; ``body`` is
    the beginning, as text; ``seconds`` is how long it took."""

    status: int | None
    body: str = ""
    retry_after: str = ""
    error: str = ""
    seconds: float = 0

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


LIMITS = Limits()


def check(url: str, *, private_hosts: Collection[str]) -> None:
    """AddressError if the address, or what its name means now, is not to be asked. A name that
    means nothing now is no mistake: the connection is checked again."""
    place = parse(url)
    if not _is_private_host(place, private_hosts):
        with suppress(OSError):
            _public_addresses(place, seconds=LIMITS.seconds)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    private_hosts: Collection[str],
    limits: Limits = LIMITS,
) -> Answer:
    """Send ``body`` there, and return what came back; never raises for what is the other side's.

    ``private_hosts`` are names, or addresses, that may be private.
    """
    started = time.monotonic()
    try:
        place = parse(url)
        if _is_private_host(place, private_hosts):
            addresses = _resolved(place, seconds=limits.seconds)
        else:
            addresses = _public_addresses(place, seconds=limits.seconds)
        left = limits.seconds - (time.monotonic() - started)
        answer = _exchange(place, addresses[0], body, headers, limits, seconds=max(0.1, left))
    except AddressError as error:
        answer = Answer(None, error=str(error))
    except (OSError, HTTPException, ValueError) as error:
        answer = Answer(None, error=_reason(error, limits))
    return Answer(
        answer.status, answer.body, answer.retry_after, answer.error, time.monotonic() - started
    )


def _is_private_host(place: SplitResult, private_hosts: Collection[str]) -> bool:
    return place.hostname in {each.lower() for each in private_hosts}


def _public_addresses(place: SplitResult, *, seconds: float) -> list[Any]:
    found = _resolved(place, seconds=seconds)
    if not all(is_public(each[4][0]) for each in found):
        said = _(
            "{host} is not on the public internet. If it is yours, name it in"
            " WEBHOOKS_PRIVATE_HOSTS."
        )
        raise AddressError(said.format(host=place.hostname))
    return found


def _resolved(place: SplitResult, *, seconds: float) -> list[Any]:
    """What getaddrinfo says, in at most so many seconds: it takes no timeout itself."""
    said: list[Any] = []

    def ask() -> None:
        try:
            port = place.port or (443 if place.scheme == "https" else 80)
            said.append(socket.getaddrinfo(place.hostname, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            said.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    if not said:
        raise TimeoutError
    if isinstance(said[0], UnicodeError):
        raise AddressError(_("The host's name cannot be a name."))
    if isinstance(said[0], OSError):
        raise said[0]
    found: list[Any] = said[0]
    return found


def _exchange(
    place: SplitResult,
    address: Any,
    body: bytes,
    headers: Mapping[str, str],
    limits: Limits,
    *,
    seconds: float,
) -> Answer:
    late = threading.Event()
    raw = socket.socket(address[0], socket.SOCK_STREAM)
    line = raw.dup()  # TLS takes over the descriptor of ``raw``

    def cut() -> None:
        late.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(seconds, cut)
    watch.daemon = True
    watch.start()
    connection = HTTPConnection(place.netloc)
    try:
        raw.settimeout(seconds)
        raw.connect(address[4])
        connection.sock = raw if place.scheme == "http" else _secured(raw, place)
        target = (place.path or "/") + (f"?{place.query}" if place.query else "")
        connection.request("POST", target, body, dict(headers))
        with closing(connection.getresponse()) as response:
            received = response.read(limits.size)
            if late.is_set():
                raise TimeoutError
            text = received.decode("utf-8", "replace").replace("\0", "�")
            return Answer(response.status, text, response.headers.get("Retry-After", ""))
    except (OSError, HTTPException, ValueError):
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        watch.cancel()
        connection.close()
        raw.close()
        line.close()


def _secured(raw: socket.socket, place: SplitResult) -> socket.socket:
    return ssl.create_default_context().wrap_socket(raw, server_hostname=place.hostname)


def _reason(error: Exception, limits: Limits) -> str:
    match error:
        case TimeoutError():
            return f"It took longer than {limits.seconds:g} seconds."
        case socket.gaierror():
            return "The name servers do not know the host."
        case ssl.SSLError():
            return f"The host has no valid certificate ({error.reason})."
        case ConnectionRefusedError():
            return "The connection was refused."
        case HTTPException():
            return f"The answer is not HTTP ({type(error).__name__})."
    return f"The connection failed ({' '.join(str(error).split())[:200]})."
