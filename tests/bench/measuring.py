"""CPU time and memory of processes, from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class CPU:
    """Seconds on the processor so far."""

    server: float
    database: float

    def since(self, other: CPU) -> CPU:
        return CPU(self.server - other.server, self.database - other.database)


def seconds_of(pid: int) -> float:
    """CPU seconds of a process, its own code and the kernel's for it: of its threads to the
    nanosecond (proc(5), schedstat), of those that have ended in hundredths (stat)."""
    gone = (FileNotFoundError, ProcessLookupError)  # it has just ended
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        tasks = list((PROC / str(pid) / "task").iterdir())
    except gone:
        return 0.0
    threads = 0
    for task in tasks:
        with suppress(*gone):
            threads += int((task / "schedstat").read_text().split()[0])
    all_of_it = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return max(threads / 1e9, all_of_it)


def descendants(pid: int) -> list[int]:
    """The process and all that it started, directly or not."""
    parents: dict[int, int] = {}
    for each in PROC.iterdir():
        if each.name.isdigit():
            try:
                stat = (each / "stat").read_text()
            except OSError:
                continue  # it has just ended
            parents[int(each.name)] = int(stat.rpartition(")")[2].split()[1])
    found = [pid]
    for each_pid in found:
        found += [child for child, parent in parents.items() if parent == each_pid]
    return found


def peak_megabytes(pids: Iterable[int]) -> float:
    """The most memory that any of the processes had resident (VmHWM)."""
    return max(
        int(line.split()[1]) / 1024
        for pid in pids
        for line in (PROC / str(pid) / "status").read_text().splitlines()
        if line.startswith("VmHWM")
    )


class Meter:
    """Reads the CPU of one server and of its sessions on the database."""

    def __init__(self, server: int, database: psycopg.Connection[tuple[int]]) -> None:
        self.server = server
        self.database = database

    def read(self) -> CPU:
        sessions = self.database.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchall()
        return CPU(
            sum(seconds_of(pid) for pid in descendants(self.server)),
            sum(seconds_of(pid) for (pid,) in sessions),
        )
