from collections.abc import Callable
from datetime import datetime
from typing import Any, BinaryIO

from articles.importers.command import ImportCommand
from articles.importers.items import Report
from articles.importers.run import import_jsonl


class Command(ImportCommand):
    help = """Imports articles, regions, tags, authors, collections and redirects from a file of
JSON lines, one a line (docs/importing.md).

Articles are known by their external_id, redirects by where they lead from, the others by their
slug: the same line again changes
nothing. A file with an error is refused as a whole, with the number of each bad line and what to
do; the exit code is then 1.

Examples:
  manage.py import_articles articles.jsonl
  manage.py import_articles articles.jsonl --dry-run     tell what would be done
  manage.py import_articles articles.jsonl --skip-bad    import the good lines, name the others
  zcat articles.jsonl.gz | manage.py import_articles -"""

    def import_file(
        self,
        file: BinaryIO,
        *,
        now: datetime,
        progress: Callable[[int], object],
        waiting: Callable[[], object],
        options: dict[str, Any],
    ) -> Report:
        return import_jsonl(
            file,
            now=now,
            skip_bad=options["skip_bad"],
            dry_run=options["dry_run"],
            progress=progress,
            waiting=waiting,
        )
