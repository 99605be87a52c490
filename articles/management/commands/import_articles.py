import os
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
from articles.importers.progress import FilePasses
from articles.importers.run import ConflictError, import_jsonl
from cms.commands import ExplainedCommand

SHOWN_ERRORS = 100


class Command(ExplainedCommand):
    help = """Imports articles from a file of JSON lines, one article a line (docs/importing.md).

Articles are known by their external_id: the same line again changes nothing. A file with an
error is refused as a whole, with the number of each bad line and what to do; the exit code is
then 1.

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
            size = file.seek(0, os.SEEK_END)
            with tqdm(
                total=2 * size, unit="B", unit_scale=True, disable=None, desc="Importing"
            ) as bar:
                passes = FilePasses(bar, size)
                try:
                    report = import_jsonl(
                        file,
                        now=timezone.now(),
                        skip_bad=options["skip_bad"],
                        dry_run=options["dry_run"],
                        progress=passes.at,
                        waiting=lambda: self.stderr.write("Waiting for another import to end."),
                    )
                except ConflictError as error:
                    raise CommandError(str(error)) from None
        self._print(report, skip_bad=options["skip_bad"], dry_run=options["dry_run"])

    def _print(self, report: Report, *, skip_bad: bool, dry_run: bool) -> None:
        shown = report.errors if skip_bad else report.errors[:SHOWN_ERRORS]
        for line, reason in shown:
            self.stderr.write(f"line {line}: {reason}")
        if len(report.errors) > len(shown):
            self.stderr.write(f"… and {len(report.errors) - len(shown)} more")
        if report.errors and not skip_bad:
            bad = "1 line" if report.skipped == 1 else f"{report.skipped} lines"
            raise CommandError(
                f"{bad} cannot be imported, so nothing was. Correct what is wrong, or leave bad"
                " lines out with --skip-bad."
            )
        if not report.lines:
            self.stderr.write("There is no line in it.")
        done = "would be " if dry_run else ""
        self.stdout.write(
            f"{report.created} {done}created, {report.updated} {done}updated,"
            f" {report.unchanged} unchanged, {report.skipped} skipped."
        )


def _opened(name: str) -> BinaryIO:
    """The file, so that it can be read twice."""
    try:
        if name == "-":
            return _kept(sys.stdin.buffer)
        file = Path(name).open("rb")  # noqa: SIM115 -- the caller closes it
        if file.seekable():
            return file
        with file:
            return _kept(file)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else error
        raise CommandError(f"{name} cannot be read: {reason}.") from None


def _kept(stream: BinaryIO) -> BinaryIO:
    """What comes out of a stream; on disk when it is large."""
    spool = tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024)  # noqa: SIM115 -- the same
    shutil.copyfileobj(stream, spool)
    return spool  # type: ignore[return-value]  # it has all of BinaryIO that is used here
