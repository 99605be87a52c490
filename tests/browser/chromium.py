"""Which Chromium is used, and how."""

import os
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP *.example.org ~NOTFOUND",  # pictures of the outside world
]

REQUIRED = os.environ.get("REQUIRE_ALL") == "1"
MISSING = "" if CHROMIUM.exists() else f"{CHROMIUM} is missing. On Debian: apt-get install chromium"


def leave_out(items: list[pytest.Item]) -> list[pytest.Item]:
    """The browser tests among `items`, taken out of them where there is no Chromium.

    None if nothing may be left out: then each of them fails, and says what is missing.
    """
    if not MISSING or REQUIRED:
        return []
    left_out = [item for item in items if item.get_closest_marker("browser")]
    items[:] = [item for item in items if item not in left_out]
    return left_out
