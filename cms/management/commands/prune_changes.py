from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from cms.changes.pruning import prune
from cms.commands import ExplainedCommand


class Command(ExplainedCommand):
    help = """Deletes old changes from the change log; the worker does it once a day. What a
consumer, such as the webhooks, has not read yet stays. A phone that has not asked for longer than
that is told to start again.

Examples:
  manage.py prune_changes             those older than CHANGES_KEPT_DAYS
  manage.py prune_changes --days 7    those older than a week"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days", type=_days, default=settings.CHANGES_KEPT_DAYS, help="how old they may get"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        number = prune(now=timezone.now(), days=options["days"])
        self.stdout.write(f"{number} changes deleted.")


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 36_500):
        raise ValueError(text)
    return int(text)


_days.__name__ = "number of days (1 to 36500)"
