"""Classic posts: line breaks and blank lines in the text, and not tags, make paragraphs."""

from __future__ import annotations

import re
from html import escape, unescape

from articles.importers.wordpress.embeds import is_embed, link_paragraph
from articles.importers.wordpress.tokens import Token, tokens

_BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "caption", "center", "col", "colgroup", "dd",
     "details", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
     "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "legend", "li", "main", "menu",
     "nav", "ol", "p", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
     "ul")
)  # fmt: skip
_INLINE_WHOLE = frozenset(("code", "script", "style"))
_BREAK = re.compile(r"\n[ \t\r\n\f\v]*+")
_ADDRESS = re.compile(r"[ \t]*(https?://[^\s\"'<>\[\]]+)[ \t]*")
_CODE = re.compile(r"<code([^>]*)>(.*)</code\s*>", re.DOTALL | re.IGNORECASE)
_LINE_END = re.compile(r"\A[ \t]*\n")
_PAGE = re.compile(r"<!--\s*(?:more|nextpage|noteaser)\b")


def with_breaks(html: str) -> str:
    """``html`` with a `<br>` for each line break in its text, and two for a blank line, by which
    the body parts paragraphs.

    Line breaks beside block elements, in code and in tags are none. An address alone on its line
    becomes a paragraph where it can be embedded, and a link elsewhere.
    """
    return _Lines(list(tokens(html.replace("\r\n", "\n").replace("\r", "\n")))).written()


class _Lines:
    def __init__(self, found: list[Token]) -> None:
        self.found = found
        self.parts: list[str] = []
        self.held = 0  # line breaks that count if text follows
        self.is_at_start = True
        self.is_after_break = False

    def written(self) -> str:
        for place, token in enumerate(self.found):
            if _is_block(token):
                self._block(_as_block(token))
            elif token.kind in ("text", "shortcode"):
                self._text(place, token)
            elif token.kind == "comment":
                if _PAGE.match(token.text):
                    self._hold(2)
            elif token.name == "br":
                self._break()
            else:
                self._inline(token.text)
        return "".join(self.parts)

    def _block(self, html: str) -> None:
        self.parts.append(html)
        self.held, self.is_at_start, self.is_after_break = 0, True, False

    def _hold(self, breaks: int) -> None:
        if not self.is_at_start:
            self.held = min(2, self.held + breaks)

    def _inline(self, html: str) -> None:
        self.parts.append("<br>" * self.held + html)
        self.held, self.is_at_start, self.is_after_break = 0, False, False

    def _break(self) -> None:
        """A `<br>` and the line end after it are one break."""
        self._hold(1)
        self.is_after_break = True

    def _text(self, place: int, token: Token) -> None:
        text = _LINE_END.sub("", token.text, count=1) if self.is_after_break else token.text
        lines = _BREAK.split(text)
        breaks = [match.count("\n") for match in _BREAK.findall(text)]
        for number, line in enumerate(lines):
            if number:
                self._hold(breaks[number - 1])
            address = _ADDRESS.fullmatch(line)
            if address and self._stands_alone(place, number, len(lines)):
                self._address(unescape(address[1]))
            elif line.strip() or (line and not self.is_at_start and not self.held):
                self._inline(line)

    def _stands_alone(self, place: int, number: int, count: int) -> bool:
        before = number or place == 0 or _is_edge(self.found[place - 1])
        last = place + 1 == len(self.found)
        return bool(before and (number + 1 < count or last or _is_edge(self.found[place + 1])))

    def _address(self, address: str) -> None:
        if is_embed(address):
            self._block(link_paragraph(address))
        else:
            shown = escape(address, quote=False)
            self._inline(f'<a href="{escape(address)}">{shown}</a>')


def _is_block(token: Token) -> bool:
    if token.kind == "whole":
        return token.name not in _INLINE_WHOLE or (token.name == "code" and "\n" in token.text)
    return token.kind in ("tag", "end") and token.name in _BLOCKS


def _is_edge(token: Token) -> bool:
    return _is_block(token) or token.kind == "comment" or token.name == "br"


def _as_block(token: Token) -> str:
    """Code of several lines keeps them."""
    if token.name == "code" and (code := _CODE.fullmatch(token.text)):
        return f"<pre><code{code[1]}>{code[2]}</code></pre>"
    return token.text
