from datetime import datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser

from articles.audit import csv_lines, entries
from cms.commands import ExplainedCommand
from cms.moments import parse_moment


class Command(ExplainedCommand):
    help = """Writes the audit as CSV: who did what to which article, when (UTC), and from where.

Examples:
  manage.py export_audit > audit.csv
  manage.py export_audit --since 2026-11-01 --until 2026-12-01
  manage.py export_audit --article 1234     an article by its number in the admin"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", help="only from this date or RFC 3339 time on")
        parser.add_argument("--until", help="only before this date or RFC 3339 time")
        parser.add_argument("--article", type=int, help="only of this article")

    def handle(self, *args: Any, **options: Any) -> None:
        found = entries(
            since=_moment("since", options["since"]),
            until=_moment("until", options["until"]),
            article=options["article"],
        )
        for line in csv_lines(found):
            self.stdout.write(line, ending="")


def _moment(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return parse_moment(text)
    except ValueError as error:
        raise CommandError(f"--{name}: {error}") from None
