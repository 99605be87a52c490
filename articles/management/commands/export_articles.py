import contextlib
import os
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from django.core.management.base import CommandError
from tqdm import tqdm

from articles.export import (
    ArticleLines,
    articles_to_export,
    collection_lines,
    redirect_lines,
    taxonomy_lines,
)
from cms.changes.snapshot import read_snapshot
from cms.commands import ExplainedCommand


class Command(ExplainedCommand):
    help = """Exports regions, tags, authors, articles, collections and redirects, all as of one
moment, as the JSON lines that import_articles takes (docs/importing.md). Of a public
article it is the public version; logins, revisions and what the desk has changed since the
publication are left out.

Examples:
  manage.py export_articles > newsroom.jsonl
  manage.py export_articles --public-only --output public.jsonl    what readers have
  manage.py export_articles | gzip > newsroom.jsonl.gz"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--public-only", action="store_true", help="only what readers have, no drafts"
        )
        parser.add_argument(
            "--output", default="-", help="the file, replaced when all is written (standard output)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        public_only: bool = options["public_only"]
        written = 0
        with _opened(options["output"]) as file, read_snapshot():
            for line in chain(
                taxonomy_lines(public_only=public_only),
                self._articles(public_only),
                collection_lines(public_only=public_only),
                redirect_lines(public_only=public_only),
            ):
                file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
                written += 1
        self.stderr.write(f"{written} lines exported.")

    def _articles(self, public_only: bool) -> Iterator[dict[str, Any]]:
        yield from tqdm(
            ArticleLines(public_only),
            total=articles_to_export(public_only=public_only).count(),
            unit=" articles",
            disable=None,
            desc="Exporting",
        )


@contextlib.contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    """Standard output, or a new file that takes the place of the old one when it is whole."""
    if name == "-":
        try:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # the reader has had enough, such as head
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    path = Path(name)
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            try:
                yield file  # type: ignore[misc]  # it has all of BinaryIO that is used here
                file.flush()
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink()
                raise
    except OSError as error:
        raise CommandError(f"{name} cannot be written: {error.strerror}.") from None
