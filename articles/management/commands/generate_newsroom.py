from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from tqdm import tqdm

from articles import generator
from cms.commands import ExplainedCommand


class Command(ExplainedCommand):
    help = """Fills an empty newsroom with made-up articles of 60 words, to measure with: regions,
tags and authors, public articles with their slugs and revisions. All of it or nothing. A million
take some minutes and about 10 GB of disk; it says first how much it needs. Searches, facets and
suggestions know of them with --searchable, or after `manage.py refresh_search`.

Examples:
  manage.py generate_newsroom --articles 10000 --searchable
  manage.py generate_newsroom --articles 1000000"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--articles", type=int, required=True, help="how many")
        parser.add_argument(
            "--searchable", action="store_true", help="let searches find them: some 2 ms more each"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        number = options["articles"]
        if number < 1:
            raise CommandError("Ask for one article or more, such as --articles 10000.")
        if not generator.newsroom_is_empty():
            raise CommandError(
                "This newsroom has articles, regions, tags or authors. Name an empty database in"
                " DATABASE_URL: made-up articles never stand beside real ones."
            )
        self.stdout.write(
            f"{number} articles need about {_size(number * generator.BYTES_AN_ARTICLE)} of disk"
            " where the database is, and as much again for its log while they are written."
        )
        self.stdout.flush()
        with tqdm(total=number, disable=None, desc="Generating", unit="articles") as bar:
            generator.generate(
                number,
                now=timezone.now(),
                progress=bar.update,
                is_searchable=options["searchable"],
            )
        self.stdout.write(f"{number} articles are public.")


def _size(number: int) -> str:
    megabytes = number / 1_000_000
    return f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{megabytes:.0f} MB"
