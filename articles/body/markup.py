"""HTML as it comes, in; a small tree of harmless elements, out.

Three steps. `_Tidier` reads the tags as the HTML standard's tokenizer does and writes them again
with few names, few attributes and bounded nesting: the sanitiser's cost grows with the square of
the nesting. `nh3` (an HTML5 parser and allow-list in Rust) repairs the structure as browsers do
and drops whatever is not on the list: safety rests on it. Its output, which is regular, is read
into a tree.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape

import nh3

from articles.body.addresses import LONGEST
from articles.body.characters import printable
from articles.body.embeds import find_embed, frame_address

MAX_DEPTH = 100
"""Open elements at most; what is nested deeper loses its tags, not its text."""

_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href"},
    "code": {"class"},
    "div": {"class"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start"},
    "pre": {"class"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_FORMATTING = {"a", "code", "em", "s", "strong", "u"}
_INLINE = _FORMATTING | {"cite", "sub", "sup"}
_VOID = {"br", "hr", "img"}
_BLOCKS = {
    "blockquote", "caption", "div", "figcaption", "figure", "h2", "h3", "h4", "hr", "li", "ol",
    "p", "pre", "table", "tbody", "td", "th", "tr", "ul",
}  # fmt: skip
_PAUSE = "wbr"  # parts long texts for the sanitiser's sake; never reaches the tree
_HIDDEN = {
    "applet", "audio", "button", "canvas", "datalist", "math", "noembed", "noframes", "noscript",
    "object", "script", "select", "style", "svg", "template", "textarea", "title", "video", "xmp",
}  # fmt: skip
_RAW_TEXT = (
    "iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title", "xmp",
)  # fmt: skip
_NAMES = {name: name for name in _INLINE | _VOID | _BLOCKS} | {
    "b": "strong", "i": "em", "ins": "u", "del": "s", "strike": "s",
    "kbd": "code", "samp": "code", "tt": "code",
    "h1": "h2", "h5": "h4", "h6": "h4", "dir": "ul", "menu": "ul", "listing": "pre",
    "dt": "p", "dd": "p", "thead": "tbody", "tfoot": "tbody", "image": "img",
} | dict.fromkeys((
    "address", "article", "aside", "body", "center", "details", "dialog", "dl", "fieldset",
    "footer", "form", "frameset", "header", "hgroup", "html", "legend", "main", "nav",
    "optgroup", "option", "search", "section", "summary",
), "div")  # fmt: skip

_SANITIZER = nh3.Cleaner(
    tags=_INLINE | _VOID | _BLOCKS | {_PAUSE},
    clean_content_tags=_HIDDEN,
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)

# The standard's states "attribute name" to "after attribute value", then "tag name" and comments.
# Possessive, because a tag is never read in a second way: that keeps the time linear.
_NAME = r"[^\s/>][^\s/>=]*+"
_VALUE = r"""(?:"[^"]*+"?+|'[^']*+'?+|[^\s>"'][^\s>]*+|(?=>))"""
_ATTRIBUTE = re.compile(rf"(?P<name>{_NAME})(?:\s*+=\s*+(?P<value>{_VALUE}))?+", re.ASCII)
_TAG = re.compile(
    rf"""<(?:!--(?:-?>|.*?(?:--!?>|\Z))
    |(?P<slash>/?)(?P<name>[a-z][^\s/>]*+)
        (?P<attributes>(?:[\s/]++|{_NAME}(?:\s*+=\s*+{_VALUE})?+)*+)(?:(?P<end>>)|\Z)
    |[!?/][^>]*+(?:>|\Z))""",
    re.VERBOSE | re.ASCII | re.IGNORECASE | re.DOTALL,
)
_RAW_TEXT_ENDS = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE | re.ASCII) for name in _RAW_TEXT
}
_REFERENCE = re.compile("&(?:#[0-9a-zA-Z]{1,10};?|[0-9a-zA-Z]{1,40};)")
_LONG_TEXT = 4000


@dataclass(slots=True)
class Element:
    """A harmless element: its name, its attributes, and in order what it holds."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)


def read(html: str) -> list[Element | str]:
    """The content of `html` as elements from a short list of names and printable text.

    Addresses have a harmless scheme or none at all; classes are as written. The nesting is
    at most a little over `MAX_DEPTH`. The time is linear in the length of `html`.
    """
    return _tree(_SANITIZER.clean(_Tidier().tidy(printable(html))))


def text_of(nodes: list[Element | str]) -> str:
    """The text in `nodes`, white space as written, with a line feed for each `br`."""
    parts = []
    for node in nodes:
        if isinstance(node, str):
            parts.append(node)
        else:
            parts.append("\n" if node.tag == "br" else text_of(node.children))
    return "".join(parts)


def _tokens(html: str) -> Iterator[tuple[str, str, str]]:
    """The tokens of `html` in order: ("", text, ""), ("<", name, attributes) or ("</", name, "").

    Comments, declarations, a tag that never ends, and the content of raw text elements are
    left out. Names are in lower case; text and attributes are as written.
    """
    position = 0
    while match := _TAG.search(html, position):
        if match.start() > position:
            yield "", html[position : match.start()], ""
        position = match.end()
        if match["end"] is None:
            continue
        name = match["name"].lower()
        yield "<" + match["slash"], name, match["attributes"]
        if name in _RAW_TEXT_ENDS and not match["slash"]:
            end = _RAW_TEXT_ENDS[name].search(html, position)
            position = end.start() if end else len(html)
    if position < len(html):
        yield "", html[position:], ""


def _attributes(written: str, wanted: set[str]) -> dict[str, str]:
    """The wanted attributes, as written but for quotes; of two with one name the first."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(written):
        name = match["name"].lower()
        if name in wanted and name not in found:
            value = match["value"] or ""
            if value[:1] in {'"', "'"}:
                value = value[1:-1]
            if len(value) <= LONGEST or len(_decoded(value)) <= LONGEST:
                found[name] = value.replace('"', "&quot;")
    return found


def _decoded(value: str) -> str:
    """An attribute's value with its character references resolved (in `&copy=1` there is none)."""
    return _REFERENCE.sub(lambda match: unescape(match[0]), value)


class _Tidier:
    """Writes a body again, well nested, in the few names that the sanitiser lets pass."""

    def __init__(self) -> None:
        self._written: list[str] = []
        self._open: list[str] = []
        self._too_deep: Counter[str] = Counter()
        self._hidden = ""
        self._hidden_depth = 0
        self._text_length = 0

    def tidy(self, html: str) -> str:
        """`html` with at most `MAX_DEPTH` elements open at any point, each known by name."""
        for kind, value, attributes in _tokens(html):
            if self._hidden:
                self._hide(kind, value)
            elif not kind:
                self._text(value)
            elif value in _HIDDEN:
                self._begin_hiding(kind, value, attributes)
            elif value == "iframe":
                self._frame(kind, attributes)
            elif name := _NAMES.get(value):
                if kind == "<":
                    self._start(name, attributes)
                else:
                    self._end(name)
        return "".join(self._written)

    def _begin_hiding(self, kind: str, name: str, attributes: str) -> None:
        empty = name in {"svg", "math"} and attributes.endswith("/")
        if kind == "<" and not empty:
            self._hidden, self._hidden_depth = name, 1

    def _hide(self, kind: str, name: str) -> None:
        if kind and name == self._hidden:
            self._hidden_depth += 1 if kind == "<" else -1
            if not self._hidden_depth:
                self._hidden = ""

    def _text(self, text: str) -> None:
        self._text_length += len(text)
        if self._text_length <= _LONG_TEXT:
            self._written.append(text.replace("<", "&lt;"))
            return
        plain = printable(unescape(text))
        for start in range(0, len(plain), _LONG_TEXT):
            self._written.append(f"<{_PAUSE}>")
            self._written.append(escape(plain[start : start + _LONG_TEXT], quote=False))
        self._text_length = len(plain) % _LONG_TEXT

    def _frame(self, kind: str, written: str) -> None:
        if kind != "<":
            return
        found = _attributes(written, {"data-url", "src"})
        page = find_embed(_decoded(found.get("data-url", "")))
        address = page.url if page else frame_address(_decoded(found.get("src", "")))
        if address:
            self._start("p", "")
            self._start("a", f'href="{escape(address)}"')
            self._text(escape(address))
            self._end("p")

    def _start(self, name: str, attributes: str) -> None:
        self._end_implied(name)
        if name not in _VOID:
            if len(self._open) >= MAX_DEPTH:
                self._too_deep[name] += 1
                return
            self._open.append(name)
        self._write_start(name, attributes)

    def _write_start(self, name: str, attributes: str) -> None:
        wanted = _ATTRIBUTES.get(name) if attributes else None
        kept = _attributes(attributes, wanted) if wanted else {}
        pairs = "".join(f' {key}="{value}"' for key, value in kept.items())
        self._written.append(f"<{name}{pairs}>")
        self._text_length = 0

    def _end_implied(self, name: str) -> None:
        """Ends what a start tag of this name ends: a paragraph, the item or cell before it."""
        if name not in _BLOCKS:
            if name == "a" and "a" in self._open:
                self._end("a")
            return
        if "p" in self._open:
            self._end("p")
        if name in _SIBLINGS:
            self._close_nearest(*_SIBLINGS[name])

    def _end(self, name: str) -> None:
        if self._too_deep[name]:
            self._too_deep[name] -= 1
        elif name in self._open:
            self._close_nearest({name}, _BARRIERS.get(name, _CELLS))

    def _close_nearest(self, names: set[str], barriers: set[str]) -> None:
        """Closes the innermost open element of `names`, unless a barrier stands in between."""
        for place in range(len(self._open) - 1, -1, -1):
            name = self._open[place]
            if name in names:
                self._close(place)
                return
            if name in barriers:
                return

    def _close(self, place: int) -> None:
        """Closes the open element at `place` and what is open in it.

        Formatting that ends among other things (`<b><i></b></i>`) is left to the sanitiser.
        """
        if self._open[place] in _FORMATTING:
            closing = [self._open.pop(place)]
        else:
            closing = self._open[place:][::-1]
            del self._open[place:]
        self._written.extend(f"</{name}>" for name in closing)
        self._text_length = 0
        if not self._open:
            self._too_deep.clear()


_CELLS = {"td", "th", "caption", "table"}
# Which open elements an end tag does not reach past; elsewhere `_CELLS`.
_BARRIERS: dict[str, set[str]] = {
    "caption": {"table"},
    "li": _CELLS | {"ol", "ul"},
    "table": set(),
    "tbody": {"table"},
    "td": {"table"},
    "th": {"table"},
    "tr": {"table"},
}
# Which open element a start tag ends, and what it does not reach past.
_SIBLINGS: dict[str, tuple[set[str], set[str]]] = {
    "li": ({"li"}, _BARRIERS["li"]),
    "tbody": ({"caption", "tbody"}, {"table"}),
    "td": ({"td", "th", "caption"}, {"table", "tr"}),
    "th": ({"td", "th", "caption"}, {"table", "tr"}),
    "tr": ({"tr", "caption"}, {"table", "tbody"}),
    "h2": ({"h2", "h3", "h4"}, _BLOCKS - {"h2", "h3", "h4"}),
    "h3": ({"h2", "h3", "h4"}, _BLOCKS - {"h2", "h3", "h4"}),
    "h4": ({"h2", "h3", "h4"}, _BLOCKS - {"h2", "h3", "h4"}),
}


def _tree(html: str) -> list[Element | str]:
    """The tree of the sanitiser's output, whose every tag is known, closed and in its place."""
    root = Element("")
    path = [root]
    for kind, value, written in _tokens(html):
        children = path[-1].children
        if not kind:
            children.append(printable(unescape(value)))
        elif kind == "</":
            if len(path) > 1:
                path.pop()
        elif value != _PAUSE:
            wanted = _ATTRIBUTES.get(value) if written else None
            found = _attributes(written, wanted) if wanted else {}
            attributes = {name: printable(unescape(text)) for name, text in found.items()}
            element = Element(value, attributes)
            children.append(element)
            if value not in _VOID:
                path.append(element)
    return root.children
