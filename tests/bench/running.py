"""Runs the scenarios against a server, and an empty view beside them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import psycopg
from django.conf import settings
from django.db import connection

from tests.bench import load
from tests.bench.measuring import CPU, Meter, descendants, peak_megabytes
from tests.bench.scenarios import State
from tests.serving import Server, serving

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


def run(
    paths: dict[str, str],
    state: State,
    *,
    requests: int,
    connections: int = CONNECTIONS,
) -> Run:
    """``requests`` of each path in a few rounds, so that what else the machine does is shared."""
    changes = {
        "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        "WEB_WORKERS": "2",
        **state.environment,
        "SECRET_KEY": settings.SECRET_KEY,  # a cursor of ours has to be one of the server's
    }
    figures = {name: Figures() for name in (EMPTY, *paths)}
    with serving(**changes) as server, own_connection() as database:
        meter = Meter(server.pid, database)
        headers = {EMPTY: "", **{name: _headers(server, paths[name], state) for name in paths}}
        for name, path in ((EMPTY, EMPTY), *paths.items()):
            load.run(
                server.port,
                itertools.repeat(path),
                4 * connections,
                connections=connections,
                headers=headers[name],
            )
        for _ in range(ROUNDS):
            for name, path in ((EMPTY, EMPTY), *paths.items()):
                before = meter.read()
                result = load.run(
                    server.port,
                    itertools.repeat(path),
                    requests // ROUNDS,
                    connections=connections,
                    headers=headers[name],
                )
                expected = 304 if state.with_etag and name != EMPTY else 200
                assert set(result.statuses) == {expected}, (path, result.statuses)
                figures[name].add(meter.read().since(before), result)
        return Run(figures, peak_megabytes(descendants(server.pid)[1:]))


def memory_after(paths: itertools.count[int], template: str, *, requests: int) -> float:
    """The peak memory of one worker (megabytes) after so many different requests."""
    environment = {"DJANGO_SETTINGS_MODULE": "tests.bench.settings", "WEB_WORKERS": "1"}
    with serving(**environment) as server:
        different = (template.format(n=number) for number in paths)
        result = load.run(server.port, different, requests, connections=CONNECTIONS, headers="")
        assert set(result.statuses) == {200}, result.statuses
        return peak_megabytes(descendants(server.pid)[1:])


def own_connection() -> psycopg.Connection[tuple[int]]:
    """One beside the server's, on the same database."""
    values = connection.settings_dict
    return psycopg.connect(
        host=values["HOST"],
        port=values["PORT"] or None,
        user=values["USER"],
        password=values["PASSWORD"] or None,
        dbname=values["NAME"],
        autocommit=True,
    )


def _headers(server: Server, path: str, state: State) -> str:
    if not state.with_etag:
        return ""
    return f"If-None-Match: {server.get(path).headers['etag']}\r\n"
