"""What the commands that import a file have in common."""

import os
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import CommandError
from django.utils import timezone
from tqdm import tqdm

from articles.importers.items import Report
from articles.importers.progress import FilePasses
from articles.importers.run import ConflictError
from cms.commands import ExplainedCommand

SHOWN = 100


class ImportCommand(ExplainedCommand):
    """Imports the articles of one file, or of standard input; shows how far it is, and reports.

    A subclass says how, in ``import_file``; how often that goes through the file, in ``passes``;
    and what the file is made of, in ``unit``.
    """

    passes = 2
    unit = "line"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file, or - for standard input")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument(
            "--skip-bad", action="store_true", help="leave out what has an error, and name it"
        )

    def import_file(
        self,
        file: BinaryIO,
        *,
        now: datetime,
        progress: Callable[[int], object],
        waiting: Callable[[], object],
        options: dict[str, Any],
    ) -> Report:
        """Import a seekable file, telling ``progress`` the position in it and
        ``waiting`` when another import has to end first. ConflictError and CommandError are shown.
        """
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        with _opened(options["file"]) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            with tqdm(
                total=self.passes * size, unit="B", unit_scale=True, disable=None, desc="Importing"
            ) as bar:
                try:
                    report = self.import_file(
                        file,
                        now=timezone.now(),
                        progress=FilePasses(bar, size).at,
                        waiting=lambda: self.stderr.write("Waiting for another import to end."),
                        options=options,
                    )
                except ConflictError as error:
                    raise CommandError(str(error)) from None
        self._print(report, skip_bad=options["skip_bad"], dry_run=options["dry_run"])

    def _print(self, report: Report, *, skip_bad: bool, dry_run: bool) -> None:
        self._list(report.errors, "", shown=len(report.errors) if skip_bad else SHOWN)
        if report.errors and not skip_bad:
            bad = f"1 {self.unit}" if report.skipped == 1 else f"{report.skipped} {self.unit}s"
            raise CommandError(
                f"{bad} cannot be imported, so nothing was. Correct what is wrong, or leave bad"
                f" {self.unit}s out with --skip-bad."
            )
        self._list(report.warnings, "warning: ", shown=len(report.warnings))
        if not report.lines:
            self.stderr.write(f"There is no {self.unit} in it.")
        done = "would be " if dry_run else ""
        self.stdout.write(
            f"{report.created} {done}created, {report.updated} {done}updated,"
            f" {report.unchanged} unchanged, {report.skipped} skipped."
        )
        for said, counts in (("In the file", report.found), ("Left out", report.left_out)):
            if counts:
                listed = ", ".join(f"{what} {number}" for what, number in counts.items())
                self.stdout.write(f"{said}: {listed}.")

    def _list(self, told: list[tuple[int, str]], kind: str, *, shown: int) -> None:
        for line, reason in told[:shown]:
            self.stderr.write(f"line {line}: {kind}{reason}")
        if len(told) > shown:
            self.stderr.write(f"… and {len(told) - shown} more")


def _opened(name: str) -> BinaryIO:
    """The file, so that it can be read more than once."""
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
