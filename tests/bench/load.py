"""Requests over connections that stay open, as fast as they are answered."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Result:
    """What a run of requests saw. Times are in seconds, bytes those of bodies."""

    statuses: dict[int, int] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    bytes: int = 0

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Connection:
    """One HTTP/1.1 connection; a leaner client than http.client, so that the load costs little
    beside what is measured."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def get(self, path: str, headers: str = "") -> tuple[int, bytes, bytes]:
        """Status, head and body of the answer. ``headers`` are whole lines, each with CRLF."""
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode())
        data = self.rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end].lower()
        start = end + 4
        if b"transfer-encoding: chunked" in head:
            body, rest = self._chunks(data[start:])
        else:
            _, _, tail = head.partition(b"content-length:")
            length = int(tail.split(b"\r\n", 1)[0] or 0)  # a 304 has none
            while len(data) < start + length:
                data += self._more()
            body, rest = data[start : start + length], data[start + length :]
        self.rest = rest
        return int(data[9:12]), data[:end], body

    def _chunks(self, data: bytes) -> tuple[bytes, bytes]:
        """The body of an answer in chunks (RFC 9112, 7.1), and what follows it."""
        body = b""
        while True:
            while (end := data.find(b"\r\n")) < 0:
                data += self._more()
            length = int(data[:end], 16)
            while len(data) < end + 2 + length + 2:
                data += self._more()
            body += data[end + 2 : end + 2 + length]
            data = data[end + 2 + length + 2 :]
            if not length:
                return body, data

    def close(self) -> None:
        self.socket.close()

    def _more(self) -> bytes:
        data = self.socket.recv(262_144)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


def run(port: int, paths: Iterator[str], number: int, *, connections: int, headers: str) -> Result:
    """``number`` requests of the paths in turn, over so many connections at once."""
    result = Result()
    lock = threading.Lock()
    turns = itertools.islice(paths, number)

    def work() -> None:
        connection = Connection(port)
        statuses: dict[int, int] = {}
        times: list[float] = []
        received = 0
        while True:
            with lock:
                path = next(turns, None)
            if path is None:
                break
            started = time.perf_counter()
            status, _, body = connection.get(path, headers)
            times.append(time.perf_counter() - started)
            statuses[status] = statuses.get(status, 0) + 1
            received += len(body)
        connection.close()
        with lock:
            result.times += times
            result.bytes += received
            for status, count in statuses.items():
                result.statuses[status] = result.statuses.get(status, 0) + count

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return result
