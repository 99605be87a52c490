"""`python -m tests.bench ARTICLES`: measure a newsroom of that size on a database of its own."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description="Example: make bench N=10000")
    parser.add_argument("articles", type=int, nargs="?", default=10_000)
    parser.add_argument("--requests", type=int, default=2_000, help="of each scenario")
    parser.add_argument("--different", type=int, default=0, help="for the memory that they leave")
    arguments = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django  # after the settings are named

    django.setup()
    from django.db import connection

    from tests.bench import report

    connection.settings_dict["TEST"]["NAME"] = f"bench_{arguments.articles}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        text = report.measure(
            arguments.articles, requests=arguments.requests, different=arguments.different
        )
    finally:
        connection.creation.destroy_test_db("dastan", verbosity=0)
    report.insert(PAGE, f"{arguments.articles} articles", text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
