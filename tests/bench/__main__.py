"""`python -m tests.bench ARTICLES`: measure a newsroom of that size on a database of its own."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """An empty one of this name, which is removed afterwards."""
    from django.db import connection

    from cms.api.caching import forget_all

    connection.settings_dict["TEST"]["NAME"] = name
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    forget_all()
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def tell(what: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {what} …", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description="Example: make bench N=10000")
    parser.add_argument("articles", type=int, nargs="?", default=10_000)
    parser.add_argument("--requests", type=int, default=2_000, help="of each scenario")
    parser.add_argument("--different", type=int, default=0, help="for the memory that they leave")
    arguments = parser.parse_args()
    if arguments.articles < 2000:
        parser.error("page 100 of all is measured: take 2000 articles or more")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django  # after the settings are named

    django.setup()
    from tests.bench import report

    with ExitStack() as databases:
        few = None
        if arguments.articles > report.FEW:
            tell(f"generating {report.FEW} articles, to compare with")
            databases.enter_context(own_database(f"bench_{report.FEW}"))
            report.fill(report.FEW)
            few = report.newsroom()
        databases.enter_context(own_database(f"bench_{arguments.articles}"))
        tell("generating")
        generated = report.fill(arguments.articles)
        text = report.measure(
            arguments.articles,
            generated,
            requests=arguments.requests,
            different=arguments.different,
            few=few,
            tell=tell,
        )
    report.insert(PAGE, f"{arguments.articles} articles", text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
