"""Where the time of a request goes, in this process."""

from __future__ import annotations

import cProfile
import pstats
import time
from pathlib import Path

from django.test import Client

from tests.bench.scenarios import State

TIMES = 200
SHOWN = 12
ROOT = Path(__file__).resolve().parents[2]


def profile(path: str, state: State) -> list[tuple[str, float]]:
    """The functions that take most of a request by themselves, each with its share."""
    client = Client(SERVER_NAME="localhost")
    for _ in range(5):
        client.get(path)
    profiler = cProfile.Profile(time.process_time)
    for _ in range(TIMES):
        state.forget()
        profiler.enable()
        client.get(path)
        profiler.disable()
    stats = pstats.Stats(profiler)
    rows = stats.stats  # type: ignore[attr-defined]  # typeshed leaves it out
    total = sum(own for _, _, own, _, _ in rows.values())
    most = sorted(rows.items(), key=lambda item: item[1][2], reverse=True)[:SHOWN]
    return [(_name(*function), own / total) for function, (_, _, own, _, _) in most]


def _name(file: str, line: int, function: str) -> str:
    if file == "~":
        return function.strip("<>")
    path = Path(file)
    short = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    parts = short.parts
    if "site-packages" in parts:
        parts = parts[parts.index("site-packages") + 1 :]
    return f"{'/'.join(parts[-3:])}:{function}"
