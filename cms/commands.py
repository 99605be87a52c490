"""What the project's management commands have in common."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser, DjangoHelpFormatter


class _Verbatim(DjangoHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of a command's help, so that examples can be read and copied."""


class ExplainedCommand(BaseCommand):
    """A command whose ``help`` is several lines, with examples."""

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        kwargs["formatter_class"] = _Verbatim
        return super().create_parser(*args, **kwargs)
