"""What an experiment saw, as a page that says when, where and on what it was made."""

import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "proofs"


def write(
    name: str,
    *,
    promise: str,
    n: int,
    unit: str,
    figures: Mapping[str, object],
    details: str = "",
) -> Path:
    """Write docs/proofs/NAME.md, with ``details`` (Markdown) at its end, and return its path."""
    rows = "\n".join(f"| {what} | {figure} |" for what, figure in figures.items())
    path = FOLDER / f"{name}.md"
    path.write_text(
        f"# Proof: {name}\n\n{promise}\n\n"
        f"Written by `make prove NAME={name} N={n}` on {datetime.now(UTC):%Y-%m-%d}, at commit"
        f" {commit()}, on {machine()}, with N = {n} {unit}.\n\n"
        f"| seen | figure |\n|---|---|\n{rows}\n" + (f"\n{details}" if details else "")
    )
    return path


def commit() -> str:
    """The commit that is checked out, and whether files differ from it."""

    def git(*arguments: str) -> str:
        result = subprocess.run(
            ["git", *arguments], capture_output=True, text=True, cwd=FOLDER.parent, check=False
        )
        return result.stdout.strip()

    dirty = " with changes" if git("status", "--porcelain", "--untracked-files=no") else ""
    return (git("rev-parse", "--short", "HEAD") or "unknown") + dirty


def machine() -> str:
    """What this runs on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, Python"
        f" {platform.python_version()}, PostgreSQL {version}"
    )
