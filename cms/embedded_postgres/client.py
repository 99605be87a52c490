"""What a client sees of the server: whether it answers."""

import enum
import socket
import struct
from pathlib import Path

_STARTUP = b"user\0postgres\0database\0postgres\0\0"
_REQUEST = struct.pack("!ii", 8 + len(_STARTUP), 3 << 16) + _STARTUP  # protocol 3.0
_CANNOT_CONNECT_NOW = b"C57P03\0"


class Answer(enum.Enum):
    """What came back from the socket."""

    NONE = "nobody listens"
    NOT_NOW = "starting up or shutting down"
    ACCEPTING = "accepting connections"


def ask(path: Path, *, seconds: float = 2) -> Answer:
    """Knocks at the socket, without libpq: PG* variables of the caller play no part in it.

    Any answer but "not now", such as "too many connections", is that of a server that is up.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knock:
        knock.settimeout(seconds)
        try:
            knock.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return Answer.NONE
        except BlockingIOError:
            return Answer.ACCEPTING  # its queue is full: it is there, and busy
        try:
            knock.sendall(_REQUEST)
            reply = knock.recv(4096)
        except (ConnectionError, TimeoutError):
            return Answer.NOT_NOW
    if not reply or (reply.startswith(b"E") and _CANNOT_CONNECT_NOW in reply):
        return Answer.NOT_NOW
    return Answer.ACCEPTING
