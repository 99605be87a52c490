"""The HTML of a post in pieces: text, tags, comments, shortcodes, and elements that stay whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

# Elements whose content is nobody's text, or text that stays as it is written.
WHOLE = frozenset(
    ("audio", "canvas", "code", "iframe", "math", "noscript", "object", "pre", "script", "select",
     "style", "svg", "template", "textarea", "video", "xmp")
)  # fmt: skip

_TAG = re.compile(
    r"""<(?P<slash>/?)(?P<name>[a-z][a-z0-9-]*+)
    (?:[^"'<>]++|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+(?:>|\Z|(?=<))""",
    re.VERBOSE | re.IGNORECASE,
)
# Bounded and possessive, so that no text is looked through twice.
SHORTCODE = re.compile(
    r"""(?P<before>\[?)\[(?P<slash>/?)(?P<name>[A-Za-z][\w-]{0,60})
    (?P<attributes>(?:[\s=](?:[^\[\]"'<>]{1,5000}+|"[^"]{0,50000}+"|'[^']{0,50000}+'){0,200}+)?+)
    \](?P<after>\]?)""",
    re.VERBOSE | re.ASCII,
)
_ATTRIBUTE = re.compile(
    r"""(?<![\w:-])(?P<name>[a-z][\w:-]*+)\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^\s"'<>]++))""",
    re.IGNORECASE,
)
_PLACE = re.compile(r"[<\[]")


class Token(NamedTuple):
    """A piece of HTML. ``kind`` is text, tag, end (an end tag), whole, comment or shortcode."""

    kind: str
    text: str
    name: str = ""


def tokens(html: str) -> Iterator[Token]:
    """The pieces of ``html``, in order; joined, their texts are ``html`` again. Names are in lower
    case. The time is linear."""
    position = start = 0
    unclosed: set[str] = set()
    while place := _PLACE.search(html, position):
        found = _at(html, place.start(), unclosed)
        if found is None:
            position = place.end()
            continue
        if place.start() > start:
            yield Token("text", html[start : place.start()])
        yield found
        start = position = place.start() + len(found.text)
    if start < len(html):
        yield Token("text", html[start:])


def attributes_of(tag: str) -> dict[str, str]:
    """The attributes of a start tag, decoded; of two with one name the first."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(tag):
        value = match["double"] or match["single"] or match["bare"] or ""
        found.setdefault(match["name"].lower(), unescape(value).strip())
    return found


def _at(html: str, position: int, unclosed: set[str]) -> Token | None:
    """The tag, comment, whole element or shortcode that begins here; ``unclosed`` are the names of
    which no end follows."""
    if html[position] == "[":
        code = SHORTCODE.match(html, position)
        return Token("shortcode", code[0], code["name"].lower()) if code else None
    if html.startswith("<!--", position):
        end = -1 if "!" in unclosed else html.find("-->", position)
        if end < 0:
            unclosed.add("!")
            return Token("comment", "<!--")
        return Token("comment", html[position : end + 3])
    tag = _TAG.match(html, position)
    if tag is None:
        return None
    name = tag["name"].lower()
    if name in WHOLE and not tag["slash"] and (last := _end(html, name, tag.end(), unclosed)):
        return Token("whole", html[position:last], name)
    return Token("end" if tag["slash"] else "tag", tag[0], name)


def _end(html: str, name: str, position: int, unclosed: set[str]) -> int | None:
    """Where the element of this name ends, if it does."""
    if name in unclosed:
        return None
    match = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(html, position)
    if match is None:
        unclosed.add(name)
        return None
    return match.end()
