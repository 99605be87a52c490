"""Measures, and writes the figures down."""

from __future__ import annotations

import itertools
import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.utils import timezone

from articles import generator
from rates.demo import loading
from tests.bench.counting import counts
from tests.bench.profiling import profile
from tests.bench.running import EMPTY, Newsroom, Run, compare, database_url, memory_after, run
from tests.bench.scenarios import ALL_COLD, NAIVE, STATES, cursors, scenarios, statements
from tests.proofs.report import commit, machine

FEW = 10_000  # articles, with which a larger newsroom is compared
HEAD = (
    "| scenario | server (ms) | × empty | database (ms) | statements | bytes"
    " | p50 (ms) | p99 (ms) |"
)


def measure(
    articles: int,
    generated: float,
    *,
    requests: int,
    different: int,
    few: Newsroom | None,
    tell: Callable[[str], object],
) -> str:
    """Run everything against the newsroom of so many articles that is there, and return the
    figures as Markdown.

    ``generated`` is how long it took to make (seconds), ``few`` a newsroom of ``FEW`` articles to
    compare with; ``tell`` is told what is done next.
    """
    paths = scenarios()
    sections: list[str] = []
    runs: dict[str, Run] = {}
    for state in STATES:
        tell(state.name)
        runs[state.name] = run(paths, state, requests=requests)
        asked = {name: statements(path, state) for name, path in paths.items()}
        sections.append(f"**{state.name}**\n\n{_table(runs[state.name], asked)}")
    tell("the naive way")
    if articles > FEW:  # among a million, sixteen at once take longer than a statement may
        how = ", 20 requests over one connection"
        naive = run(NAIVE, STATES[0], requests=20, connections=1)
    else:
        how = ""
        naive = run(NAIVE, STATES[0], requests=max(100, requests // 10))
    sections.append(f"**the naive way**{how}\n\n{_table(naive, {})}")
    counted = counts()
    sections.append(f"**counts**\n\n{_counts(counted)}")
    compared = ""
    if few is not None:
        tell("cursor")
        of_few, of_many = compare(few, newsroom(), ALL_COLD, requests=requests)
        worst = max(_cursor_ratios(of_few, of_many).values())
        compared = f"\n| a cursor's page, against {FEW} articles (×) | {worst:.2f} | 1.2 | 1.0 |"
        sections.append(f"**cursor**, all cold\n\n{_cursors(of_few, of_many)}")
    megabytes = max(each.megabytes for each in runs.values())
    if different:
        tell(f"{different} different requests")
        template = f"{paths['list of a region']}&exclude_ids={{n}}&cursor="  # without a count
        megabytes = memory_after(itertools.count(1), template, requests=different)
        sections.append(
            f"**memory** of one worker after {different} different requests: {megabytes:.0f} MB"
        )
    for state in (STATES[0], STATES[3]):
        rows = profile(paths["list of a region"], state)
        told = "\n".join(f"| `{name}` | {share:.1%} |" for name, share in rows)
        head = "| function | share |\n|---|---|"
        sections.append(f"**profile** of the list of a region, {state.name}\n\n{head}\n{told}")
    kept = max(cost for name, (_, cost) in counted.items() if "kept" in name)
    reached = _reached(runs, kept, megabytes, different) + compared
    return "\n\n".join([_told(articles, requests, different, generated), reached, *sections])


def fill(articles: int) -> float:
    """Generate so many articles, and rates for the ticker; return how long the articles took
    (seconds)."""
    started = time.monotonic()
    generator.generate(articles, now=timezone.now(), progress=lambda number: None)
    generated = time.monotonic() - started
    loading.load(now=timezone.now(), period=timedelta(days=30))
    return generated


def newsroom() -> Newsroom:
    """The one in the database that this process is connected to, with the cursor's pages."""
    return Newsroom(database_url(), cursors())


def _cursor_ratios(few: Run, many: Run) -> dict[str, float]:
    """What each page costs server and database together, among many articles against few."""

    def cost(done: Run, name: str) -> float:
        return done.figures[name].server_each + done.figures[name].database_each

    return {name: cost(many, name) / cost(few, name) for name in many.figures if name != EMPTY}


def _cursors(few: Run, many: Run) -> str:
    rows = [
        f"| {name} | {few.figures[name].server_each:.2f} | {few.figures[name].database_each:.2f} |"
        f" {many.figures[name].server_each:.2f} | {many.figures[name].database_each:.2f} |"
        f" {ratio:.2f} |"
        for name, ratio in _cursor_ratios(few, many).items()
    ]
    head = f"| page | {FEW} articles: server (ms) | database (ms) | here: server | database | × |"
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])


LISTS = ("list of a region", "page 100 of all", "cursor in the middle", "tag and dates")


def _reached(runs: dict[str, Run], kept: float, megabytes: float, different: int) -> str:
    """The figures that have a limit, the worst scenario of each, beside it and the aim."""
    asked = f"after {different} different requests" if different else "after these scenarios"
    rows = ["| the worst of | measured | at most | aim |", "|---|---|---|---|"]
    for what, state, names, limit, aim in (
        ("hot, list or article", "hot", (*LISTS, "article"), 2.2, 1.7),
        ("matching ETag", "matching ETag", (*LISTS, "article"), 2.0, 1.5),
        ("response cache cold, list of 20", "response cache cold", LISTS, 9, 6),
        ("all cold, list of 20", "all cold", LISTS, 28, 15),
    ):
        worst = max(runs[state].ratio(name) for name in names)
        rows.append(f"| {what} (× empty) | {worst:.1f} | {limit} | {aim} |")
    rows.append(f"| a count of all or of one region (ms of database) | {kept:.2f} | 5 | 1 |")
    rows.append(f"| memory of one worker {asked} (MB) | {megabytes:.0f} | 300 | 150 |")
    return "\n".join(rows)


def _told(articles: int, requests: int, different: int, seconds: float) -> str:
    asked = f" DIFFERENT={different}" if different else ""
    return (
        f"Written by `make bench N={articles}{asked}` on {datetime.now(UTC):%Y-%m-%d}, at commit"
        f" {commit()}, on {machine()}, load {os.getloadavg()[0]:.1f} at its start. Generating took"
        f" {seconds:.0f} s. {requests} requests a scenario, over 16 connections to 2 processes,"
        " without compression."
    )


def _table(done: Run, asked: dict[str, int]) -> str:
    rows = [HEAD, "|---|---|---|---|---|---|---|---|"]
    for name, each in done.figures.items():
        shown = "empty view" if name == EMPTY else name
        rows.append(
            f"| {shown} | {each.server_each:.2f} | {done.ratio(name):.1f} |"
            f" {each.database_each:.2f} | {asked.get(name, '')} | {each.bytes // each.requests} |"
            f" {each.percentile(0.5):.1f} | {each.percentile(0.99):.1f} |"
        )
    rows.append(f"\nPeak memory of a process: {done.megabytes:.0f} MB.")
    return "\n".join(rows)


def _counts(counted: dict[str, tuple[int, float]]) -> str:
    rows = [f"| {name} | {number} | {cost:.2f} |" for name, (number, cost) in counted.items()]
    return "\n".join(["| count | number | database (ms) |", "|---|---|---|", *rows])


def insert(page: Path, heading: str, text: str) -> None:
    """Put the section of this heading, the page's last part, in the place of what it was."""
    whole = page.read_text()
    section = f"## {heading}\n\n{text}\n"
    pattern = rf"^## {re.escape(heading)}\n.*?(?=^## |\Z)"
    if re.search(pattern, whole, re.MULTILINE | re.DOTALL):
        whole = re.sub(pattern, lambda _: section + "\n", whole, flags=re.MULTILINE | re.DOTALL)
    else:
        whole = f"{whole.rstrip()}\n\n{section}"
    page.write_text(whole.rstrip() + "\n")
