"""The block editor's posts: comments such as `<!-- wp:paragraph -->` part them into blocks.

The grammar is that of https://developer.wordpress.org/block-editor/explanations/architecture/data-flow/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

from articles.importers.wordpress.embeds import link_paragraph
from articles.importers.wordpress.notes import Notes

MAX_DEPTH = 50
"""Blocks in each other at most; deeper ones are as if they had no comments."""

_DELIMITER = re.compile(
    r"<!--\s{1,20}(?P<end>/?)wp:(?P<name>[a-z][a-z0-9_-]{0,60}(?:/[a-z][a-z0-9_-]{0,60})?)(?=\s)"
)
# What WordPress fills in when a page is shown: nothing of it is the post's own.
_DYNAMIC = frozenset(
    ("comments", "comments-query-loop", "navigation", "post-comments", "query", "social-links",
     "terms-query")
)  # fmt: skip
_LAYOUT = frozenset(
    ("freeform", "more", "nextpage", "paragraph", "separator", "shortcode", "spacer")
)
_CLASSIC = frozenset(("classic", "freeform", "shortcode"))

# Each is only looked for as far as the next one: that keeps the time linear.
_FIGCAPTION = re.compile(
    r"<figcaption[^<>]*>([^<]*(?:<(?!/?figcaption)[^<]*)*)</figcaption>", re.IGNORECASE
)
_BUTTON = re.compile(r"<a\s[^<>]*\bwp-block-file__button\b[^<>]*>[^<]*</a>", re.IGNORECASE)
_PREFORMATTED = re.compile(r"</?pre\b[^<>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
_BACKGROUND = re.compile(r"background-image:\s*url\(\s*[\"']?(?:&quot;)?([^\"')\s&]+)")
_PICTURE = re.compile(r"<(?:img|video)\b", re.IGNORECASE)

Convert = Callable[[str], str]


@dataclass(slots=True)
class _Open:
    name: str
    attributes: dict[str, Any]
    parts: list[str] = field(default_factory=list)


def converted(html: str, *, classic: Convert, shortcodes: Convert, notes: Notes) -> str:
    """``html`` without block comments, each block as the body takes it.

    ``classic`` converts what stands outside of blocks, ``shortcodes`` what a block holds. A post
    without blocks is classic as a whole.
    """
    return _Converter(classic, shortcodes, notes).converted(html)


class _Converter:
    def __init__(self, classic: Convert, shortcodes: Convert, notes: Notes) -> None:
        self.classic = classic
        self.shortcodes = shortcodes
        self.notes = notes
        self.written: list[str] = []
        self.open: list[_Open] = []
        self.too_deep = 0

    def converted(self, html: str) -> str:
        position = 0
        while match := _DELIMITER.search(html, position):
            end = html.find("-->", match.end())
            if end < 0:
                break
            self._text(html[position : match.start()])
            position = end + 3
            inside = html[match.end() : end].strip()
            self._delimiter(match["name"].removeprefix("core/"), bool(match["end"]), inside)
        self._text(html[position:])
        while self.open:
            self._close()
        return "".join(self.written)

    def _text(self, html: str) -> None:
        if self.open:
            self.open[-1].parts.append(html)
        elif html.strip():
            self.written.append(self.classic(html))

    def _delimiter(self, name: str, is_end: bool, inside: str) -> None:
        if is_end:
            self._end(name)
        elif inside.endswith("/"):
            self._void(name, _attributes(inside[:-1]))
        elif len(self.open) < MAX_DEPTH:
            self.open.append(_Open(name, _attributes(inside)))
        else:
            self.too_deep += 1

    def _end(self, name: str) -> None:
        if self.too_deep:
            self.too_deep -= 1
        elif any(each.name == name for each in self.open):
            while self._close() != name:
                pass

    def _void(self, name: str, attributes: dict[str, Any]) -> None:
        if name == "block":
            name = f"block (reusable, {attributes.get('ref', 'unknown')})"
        if name == "separator":
            self._text("<hr>")
        elif name not in _LAYOUT and not any(each.name in _DYNAMIC for each in self.open):
            self.notes.leave_out("block", name)

    def _close(self) -> str:
        block = self.open.pop()
        html = self._html(block)
        if self.open:
            self.open[-1].parts.append(html)
        else:
            self.written.append(self.shortcodes(html))
        return block.name

    def _html(self, block: _Open) -> str:
        content = "".join(block.parts)
        name = block.name
        if name in _DYNAMIC:
            if not any(each.name in _DYNAMIC for each in self.open):
                self.notes.leave_out("block", name)
            return ""
        if name in _CLASSIC:
            return self.classic(content)
        if name == "embed" or name.startswith("core-embed/"):
            return _embed(content, block.attributes)
        if name in ("more", "nextpage", "spacer"):
            return ""
        if handler := _HANDLERS.get(name):
            return handler(content, block.attributes)
        return content


def _attributes(written: str) -> dict[str, Any]:
    try:
        values = json.loads(written) if written else {}
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _embed(content: str, attributes: dict[str, Any]) -> str:
    found = _ADDRESS.search(unescape(_FIGCAPTION.sub("", content)))
    address = attributes.get("url") or (found and found[0])
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        return content
    captions = "".join(f"<p>{each}</p>" for each in _FIGCAPTION.findall(content))
    return link_paragraph(address) + captions


def _file(content: str, _: dict[str, Any]) -> str:
    """The link to a file, without the button that leads there too."""
    return _BUTTON.sub("", content)


def _verse(content: str, _: dict[str, Any]) -> str:
    lines = _PREFORMATTED.sub("", content).strip("\r\n").replace("\n", "<br>")
    return f"<p>{lines}</p>"


def _cover(content: str, attributes: dict[str, Any]) -> str:
    """The picture behind the text comes before it; newer covers have it as an `<img>`."""
    if _PICTURE.search(content):
        return content
    style = _BACKGROUND.search(content)
    address = attributes.get("url") or (style and style[1])
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        return content
    if attributes.get("backgroundType") == "video":
        return link_paragraph(address) + content
    alt = attributes.get("alt")
    alt = escape(alt) if isinstance(alt, str) else ""
    return f'<figure><img src="{escape(address)}" alt="{alt}"></figure>{content}'


_HANDLERS: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "cover": _cover,
    "file": _file,
    "verse": _verse,
}
