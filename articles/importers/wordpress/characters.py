"""The bytes of an export as characters that XML allows.

Real exports hold control characters, and text that was cut in the middle of a letter. A parser
refuses the whole file for one of them, so they are mended before it, and the lines remembered.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from articles.importers.wordpress.export import ExportError

CHUNK = 64 * 1024
MAX_REMEMBERED = 1000
"""Repaired lines that are remembered between two items; those beyond are repaired all the same."""

# https://www.w3.org/TR/xml/#charsets; a byte that is not of the encoding is a lone surrogate here.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DECLARED = re.compile(r"(\s*)<\?xml\s[^>]{0,500}\?>")
_ENCODINGS = re.compile(
    r"utf-8(-sig)?|utf-16(-[lb]e)?|ascii|iso8859-\d{1,2}|cp125\d|koi8-[ru]|mac-cyrillic"
)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "zip", b"BZh": "bzip2"}


class Characters:
    """Reads a file as UTF-8 that an XML parser takes, whatever encoding it is in.

    ``repaired`` are the lines on which something was replaced; who takes note of them clears them.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.repaired: list[int] = []
        self._file = file
        self._line = 1

    def chunks(self, progress: Callable[[int], object]) -> Iterator[bytes]:
        """The file from its beginning. Raises ExportError when it is no text of a known encoding.

        The XML declaration is left out: it names the file's own encoding, and must not follow
        white space, as it does behind many a plugin.
        """
        self._file.seek(0)
        progress(0)
        raw = self._file.read(CHUNK)
        decoder = codecs.getincrementaldecoder(_encoding(raw))(errors="surrogateescape")
        text = decoder.decode(raw)
        if declared := _DECLARED.match(text):
            text = declared[1] + text[declared.end() :]
        if (start := text.lstrip()) and not start.startswith("<"):
            raise ExportError(
                "It is not XML. Export it in WordPress, under Tools, Export, “All content”."
            )
        while raw:
            yield self._mended(text).encode()
            progress(self._file.tell())
            raw = self._file.read(CHUNK)
            text = decoder.decode(raw, final=not raw)
        yield self._mended(text).encode()

    def _mended(self, text: str) -> str:
        counted = 0

        def replacement(match: re.Match[str]) -> str:
            nonlocal counted
            self._line += text.count("\n", counted, match.start())
            counted, line = match.start(), self._line
            if len(self.repaired) < MAX_REMEMBERED and self.repaired[-1:] != [line]:
                self.repaired.append(line)
            return "\N{REPLACEMENT CHARACTER}" if match[0] >= "\ud800" else ""

        mended = _FORBIDDEN.sub(replacement, text)
        self._line += text.count("\n", counted)
        return mended


def _encoding(start: bytes) -> str:
    for magic, name in _PACKED.items():
        if start.startswith(magic):
            raise ExportError(f"It is packed ({name}). Unpack it first.")
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    declared = _DECLARATION.match(start)
    name = declared[1].decode() if declared else "utf-8"
    try:
        known = codecs.lookup(name).name
    except LookupError:
        known = ""
    if not _ENCODINGS.fullmatch(known):
        raise ExportError(f"Its encoding, “{name}”, is not known here. Save it as UTF-8.")
    return known
