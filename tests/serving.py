"""The real server, in processes of its own, on the database of this one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers on ``port`` of this machine; ``pid`` is its first process."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, **headers: str) -> Answer:
        """The answer on a connection of its own. Underscores in headers' names become hyphens."""
        return ask(self.port, path, **headers)

    def workers(self) -> list[int]:
        """The processes that the first one has started."""
        path = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        if path.exists():
            return [int(pid) for pid in path.read_text().split()]
        return [pid for pid, parent in _parents().items() if parent == self.pid]


def ask(port: int, path: str, **headers: str) -> Answer:
    client = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        client.request("GET", path, headers={"Host": "localhost", **named})
        response = client.getresponse()
        sent = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, sent, response.read())
    finally:
        client.close()


def environment(**changes: str) -> dict[str, str]:
    """That of a server in production on this process's database."""
    values = {key: str(value) for key, value in connection.settings_dict.items()}
    where = urlencode({"host": values["HOST"], "port": values["PORT"] or "5432"})
    login = ":".join(quote(part, safe="") for part in (values["USER"], values["PASSWORD"]) if part)
    return {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "cms.settings",
        "DATABASE_URL": f"postgres://{login}@/{values['NAME']}?{where}",
        "SECRET_KEY": "k3-" + "0123456789abcdefghij" * 3,
        "ALLOWED_HOSTS": "localhost,127.0.0.1,two.localhost",
        "PUBLIC_URL": "http://localhost",
        **changes,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(**changes: str) -> Iterator[Server]:
    """`manage.py serve` with these changes of the environment, until it answers."""
    port = free_port()
    with running("serve", **{"PORT": str(port), "WEB_WORKERS": "1", **changes}) as process:
        deadline = time.monotonic() + 60
        while True:
            try:
                ask(port, "/livez")
                break
            except OSError:
                assert process.poll() is None, "the server has ended"
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.05)
        yield Server(port, process.pid)


@contextmanager
def running(*command: str, **changes: str) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py` with these arguments, ended afterwards with all that it started."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=environment(**changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _parents() -> dict[int, int]:
    found = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                stat = (each / "stat").read_text()
            except OSError:
                continue  # it has just ended
            found[int(each.name)] = int(stat.rpartition(")")[2].split()[1])
    return found
