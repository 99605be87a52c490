"""CSV (RFC 4180) that is safe to open in a spreadsheet, whatever people have typed into it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from typing import Any

# What begins so is a formula (OWASP, CSV Injection), in full width too. A spreadsheet that splits
# lines at other characters than we do would find it inside a value as well.
_FORMULA = re.compile(r'(^|[;,|\t\r\n])((?:[^\S\t\r\n]|")*)(?=[=+\-@＝＋－＠])')
_CONTROL = ("\t", "\r", "\n")


class _Line:
    """What ``csv`` writes to: it hands each line on at once."""

    def write(self, line: str) -> str:
        return line


_writer: Any = csv.writer(_Line(), quoting=csv.QUOTE_ALL)


def csv_line(values: Iterable[Any]) -> str:
    """The values as a line, each in quotation marks; an apostrophe stands before what would be a
    formula. None is empty, and numbers are as they are."""
    line: str = _writer.writerow([harmless(each) for each in values])
    return line


def harmless(value: Any) -> Any:
    """A value that is no formula to a spreadsheet, and has none in it; only texts are changed."""
    if not isinstance(value, str):
        return value
    mended = _FORMULA.sub(r"\1'\2", value)
    return f"'{mended}" if mended.startswith(_CONTROL) else mended
