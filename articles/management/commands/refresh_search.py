from argparse import ArgumentParser
from typing import Any

from articles.models import SearchEntry
from cms.commands import ExplainedCommand


class Command(ExplainedCommand):
    help = """Brings what searches know of public articles in line with the articles: their words,
the names of their regions, tags and authors, and the words that searches are respelled by. The
worker does it for renamed ones by itself. Safe at any time; searches go on meanwhile.

Examples:
  manage.py refresh_search            all articles, some 3 ms each
  manage.py refresh_search --renamed  only those whose region, tag or author has a new name"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--renamed", action="store_true", help="only where names have changed")

    def handle(self, *args: Any, **options: Any) -> None:
        count = SearchEntry.objects.all().refresh(renamed_only=options["renamed"])
        self.stdout.write(f"{count} articles refreshed.")
