"""Runs the scenarios against a server, and an empty view beside them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from django.conf import settings

from tests.bench import load
from tests.bench.measuring import CPU, Meter, descendants, peak_megabytes
from tests.bench.scenarios import State
from tests.serving import Server, environment, serving

ROUNDS = 4
CONNECTIONS = 16
EMPTY = "/empty"


@dataclass
class Figures:
    """What a request of one scenario cost, in milliseconds but for bytes."""

    server: float = 0
    database: float = 0
    requests: int = 0
    bytes: int = 0
    times: list[float] = field(default_factory=list)

    def add(self, spent: CPU, result: load.Result) -> None:
        self.server += spent.server * 1000
        self.database += spent.database * 1000
        self.requests += len(result.times)
        self.bytes += result.bytes
        self.times += result.times

    @property
    def server_each(self) -> float:
        return self.server / self.requests

    @property
    def database_each(self) -> float:
        return self.database / self.requests

    def percentile(self, share: float) -> float:
        return load.Result(times=self.times).percentile(share) * 1000


@dataclass
class Run:
    """The figures of one server by scenario, the empty view among them; its worker's memory."""

    figures: dict[str, Figures]
    megabytes: float

    def ratio(self, name: str) -> float:
        return self.figures[name].server_each / self.figures[EMPTY].server_each


@dataclass
class Asked:
    """A server and its database, and what its scenarios have cost so far."""

    server: Server
    meter: Meter
    paths: dict[str, str]
    headers: dict[str, str]
    expected: dict[str, int]
    figures: dict[str, Figures]

    def warm(self, connections: int) -> None:
        for name in self.paths:
            self._load(name, 4 * connections, connections)

    def ask(self, name: str, requests: int, connections: int) -> None:
        before = self.meter.read()
        result = self._load(name, requests, connections)
        self.figures[name].add(self.meter.read().since(before), result)

    def _load(self, name: str, requests: int, connections: int) -> load.Result:
        path = self.paths[name]
        result = load.run(
            self.server.port,
            itertools.repeat(path),
            requests,
            connections=connections,
            headers=self.headers[name],
        )
        assert set(result.statuses) == {self.expected[name]}, (path, result.statuses)
        return result

    def run(self) -> Run:
        return Run(self.figures, peak_megabytes(descendants(self.server.pid)[1:]))


@contextmanager
def asked(paths: dict[str, str], state: State, url: str) -> Iterator[Asked]:
    """A server on the database at ``url``, to be asked for these paths and for an empty view."""
    paths = {EMPTY: EMPTY, **paths}
    changes = {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "WEB_WORKERS": "2",
        "SECRET_KEY": settings.SECRET_KEY,  # a cursor of ours has to be one of the server's
        "DATABASE_URL": url,
        **state.environment,
    }
    with serving(**changes) as server, psycopg.connect(url, autocommit=True) as database:
        headers = {name: _headers(server, path, state) for name, path in paths.items()}
        expected = {name: 304 if headers[name] else 200 for name in paths}
        figures = {name: Figures() for name in paths}
        yield Asked(server, Meter(server.pid, database), paths, headers, expected, figures)


@dataclass(frozen=True, slots=True)
class Newsroom:
    """Where its database is, and the paths to be asked for there."""

    url: str
    paths: dict[str, str]


def run(
    paths: dict[str, str], state: State, *, requests: int, connections: int = CONNECTIONS
) -> Run:
    """``requests`` of each path in a few rounds, so that what else the machine does is shared."""
    with asked(paths, state, database_url()) as one:
        one.warm(connections)
        for _ in range(ROUNDS):
            for name in one.paths:
                one.ask(name, requests // ROUNDS, connections)
        return one.run()


def compare(few: Newsroom, many: Newsroom, state: State, *, requests: int) -> tuple[Run, Run]:
    """The same pages of two newsrooms, in turn, each from a server of its own."""
    with asked(few.paths, state, few.url) as one, asked(many.paths, state, many.url) as other:
        for each in (one, other):
            each.warm(CONNECTIONS)
        for _ in range(ROUNDS):
            for name in one.paths:
                for each in (one, other):
                    each.ask(name, requests // ROUNDS, CONNECTIONS)
        return one.run(), other.run()


def memory_after(paths: itertools.count[int], template: str, *, requests: int) -> float:
    """The peak memory of one worker (megabytes) after so many different requests."""
    environment = {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "WEB_WORKERS": "1"}
    with serving(**environment) as server:
        different = (template.format(n=number) for number in paths)
        result = load.run(server.port, different, requests, connections=CONNECTIONS, headers="")
        assert set(result.statuses) == {200}, result.statuses
        return peak_megabytes(descendants(server.pid)[1:])


def database_url() -> str:
    """Where this process's database is."""
    return environment()["DATABASE_URL"]


def _headers(server: Server, path: str, state: State) -> str:
    if path == EMPTY or not state.with_etag:
        return ""
    return f"If-None-Match: {server.get(path).headers['etag']}\r\n"
