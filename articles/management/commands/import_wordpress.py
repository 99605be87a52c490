from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from articles.importers.command import ImportCommand
from articles.importers.items import Report
from articles.importers.values import check_language
from articles.importers.wordpress.export import ExportError
from articles.importers.wordpress.importing import PASSES, import_wordpress
from articles.importers.wordpress.media import Library, write_list
from cms import languages


class Command(ImportCommand):
    help = """Imports the posts of a WordPress export (docs/migrating-from-wordpress.md), with their
authors, categories, tags and old addresses. Drafts, scheduled, private and protected posts become
drafts. Pages, menus and comments are left out and counted; pictures stay where they are.

Posts are known by their site and id: the same file again changes nothing. A file with an error is
refused as a whole, with the line and what to do; the exit code is then 1. What was mended or left
out of a post is told as a warning, with the line.

Examples:
  manage.py import_wordpress export.xml --dry-run      tell what would be done
  manage.py import_wordpress export.xml
  manage.py import_wordpress export.xml --skip-bad     import the good posts, name the others
  manage.py import_wordpress export.xml --region-category kazakhstan --region-category uzbekistan
  manage.py import_wordpress export.xml --media-csv media.csv
  zcat export.xml.gz | manage.py import_wordpress -"""

    passes = PASSES
    unit = "post"

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--region-category",
            action="append",
            default=[],
            metavar="SLUG",
            help="a category that becomes a region, with all below it; may be given several times."
            " Those whose slug is a region of the newsroom become so anyway",
        )
        parser.add_argument(
            "--media-csv",
            metavar="FILE",
            help="write a list of the site's pictures and files, for the media library",
        )
        parser.add_argument(
            "--language",
            default="",
            metavar="TAG",
            help="the language of the posts (BCP 47); else that of the site",
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
        try:
            outcome = import_wordpress(
                file,
                now=now,
                region_categories=options["region_category"],
                language=_language(options["language"]),
                skip_bad=options["skip_bad"],
                dry_run=options["dry_run"],
                progress=progress,
                waiting=waiting,
            )
        except ExportError as error:
            raise CommandError(f"{options['file']} cannot be imported. {error}") from None
        is_refused = outcome.report.errors and not options["skip_bad"]
        if options["media_csv"] and not options["dry_run"] and not is_refused:
            _write_media(outcome.library, options["media_csv"])
        return outcome.report


def _write_media(library: Library, name: str) -> None:
    try:
        with Path(name).open("w", newline="", encoding="utf-8") as file:
            write_list(library.attachments.values(), file)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else error
        raise CommandError(
            f"The posts are imported, but {name} cannot be written: {reason}. Run it again with"
            " another --media-csv."
        ) from None


def _language(tag: str) -> str:
    if not tag:
        return ""
    try:
        check_language(tag)
    except ValidationError as error:
        raise CommandError(f"--language: {' '.join(error.messages)}") from None
    return languages.canonical(tag)
