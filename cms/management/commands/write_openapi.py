from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson

from cms.api.entry import openapi_document
from cms.commands import ExplainedCommand


def rendered() -> bytes:
    """The OpenAPI document as the snapshot has it: readable, so that a change is a diff."""
    return orjson.dumps(openapi_document(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


class Command(ExplainedCommand):
    help = """Writes the OpenAPI document to a file: the snapshot that a test compares with.

Example:
  manage.py write_openapi docs/openapi.json"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        options["file"].write_bytes(rendered())
        self.stdout.write(f"Wrote {options['file']}.")
