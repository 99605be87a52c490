import shutil
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import CommandError
from django.utils import timezone
from tqdm import tqdm

from articles.importers.items import Report
from articles.importers.run import import_jsonl
from cms.commands import ExplainedCommand

SHOWN_ERRORS = 100


class Command(ExplainedCommand):
    help = """Imports articles from a file of JSON lines, one article a line (docs/importing.md).

Articles are known by their external_id: the same line again changes nothing. A file with an
error is refused as a whole, with the number of each bad line and what to do.

Examples:
  manage.py import_articles articles.jsonl
  manage.py import_articles articles.jsonl --dry-run     tell what would be done
  manage.py import_articles articles.jsonl --skip-bad    import the good lines, name the others
  zcat articles.jsonl.gz | manage.py import_articles -"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file, or - for standard input")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument(
            "--skip-bad", action="store_true", help="leave out the lines that have an error"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with _opened(options["file"]) as file:
            size = file.seek(0, 2)
            with tqdm(
                total=2 * size, unit="B", unit_scale=True, disable=None, desc="Importing"
            ) as bar:
                passes = _Passes(bar, size)
                report = import_jsonl(
                    file,
                    now=timezone.now(),
                    skip_bad=options["skip_bad"],
                    dry_run=options["dry_run"],
                    progress=passes.at,
                )
        self._print(report, skip_bad=options["skip_bad"], dry_run=options["dry_run"])

    def _print(self, report: Report, *, skip_bad: bool, dry_run: bool) -> None:
        refused = bool(report.errors) and not skip_bad
        for line, reason in report.errors[:SHOWN_ERRORS]:
            self.stderr.write(f"line {line}: {reason}")
        if len(report.errors) > SHOWN_ERRORS:
            self.stderr.write(f"… and {len(report.errors) - SHOWN_ERRORS} more")
        if refused:
            raise CommandError(
                f"{len(report.errors)} lines cannot be imported, so nothing was. Correct them, or"
                " leave them out with --skip-bad."
            )
        done = "would be " if dry_run else ""
        self.stdout.write(
            f"{report.created} {done}created, {report.updated} {done}updated,"
            f" {report.unchanged} unchanged, {len(report.errors)} skipped."
        )


class _Passes:
    """Moves a bar over the two passes through one file."""

    def __init__(self, bar: "tqdm[Any]", size: int) -> None:
        self.bar = bar
        self.size = size
        self.base = 0
        self.position = 0

    def at(self, position: int) -> None:
        if position < self.position:
            self.base = self.size
        self.position = position
        self.bar.update(self.base + position - self.bar.n)


def _opened(name: str) -> BinaryIO:
    if name == "-":
        # Read twice, so it is kept until then; out of memory when it is large.
        spool = tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024)  # noqa: SIM115 -- by the caller
        shutil.copyfileobj(sys.stdin.buffer, spool)
        return spool  # type: ignore[return-value]  # it has all of BinaryIO that is used here
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from None
