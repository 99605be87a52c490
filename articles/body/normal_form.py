"""From a tree of harmless elements to blocks in normal form."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from articles.body import markup
from articles.body.addresses import link_address, page_address
from articles.body.characters import collapse, is_blank, squeeze
from articles.body.embeds import find_embed
from articles.body.inline import BREAK, MARKS, Run, Runs, joined, make_run, paragraphs
from articles.body.markup import Element
from articles.body.nodes import (
    Cell,
    Code,
    Divider,
    EmbedNode,
    Gallery,
    ListNode,
    Node,
    Paragraph,
    Picture,
    Quote,
    Table,
    Tag,
    pictures,
)
from articles.body.tables import squared

MAX_NESTING = 20
"""Lists, quotes and tables in each other at most; deeper ones become paragraphs."""

MAX_SPAN = 100

Content = Sequence[Element | str]
_LANGUAGE = re.compile(r"(?:^|\s)lang(?:uage)?-([A-Za-z0-9+#._-]{1,40})(?:\s|$)")
_INTEGER = re.compile(r"-?[0-9]{1,9}", re.ASCII)


def normalise(content: Content) -> list[Node]:
    """The blocks of a whole body, in normal form and in the order they stand."""
    flow = _Flow()
    flow.walk(content)
    return flow.finished()


class _Flow:
    """Takes mixed content in order, and gathers it into blocks."""

    def __init__(
        self,
        level: int = 0,
        href: str = "",
        marks: frozenset[str] = frozenset(),
        credited: list[str] | None = None,
    ) -> None:
        self._level = level
        self._href = href
        self._marks = marks
        self._credited = credited
        self._tag: Tag = "p"
        self._nodes: list[Node] = []
        self._runs: list[Run] = []

    def walk(self, content: Content) -> None:
        """Takes `content`, after what was taken before."""
        for node in content:
            if isinstance(node, str):
                self._runs.append(make_run(collapse(node), self._href, self._marks))
            else:
                _HANDLERS.get(node.tag, _Flow._boundary)(self, node)

    def finished(self) -> list[Node]:
        """The blocks of all that was taken."""
        self._end_paragraph()
        return self._nodes

    def _end_paragraph(self) -> None:
        if self._runs:
            for runs in paragraphs(self._runs):
                self._nodes.append(self._embed(runs) or Paragraph(runs, self._tag))
            self._runs = []

    def _embed(self, runs: Runs) -> Node | None:
        """The embed that a paragraph stands for: only an address, linked to nothing else."""
        if self._level or self._tag != "p" or len(runs) > 1:
            return None
        text, href, _ = runs[0]
        embed = find_embed(text)
        if embed and (not href or href == text or find_embed(href) == embed):
            return EmbedNode(embed)
        return None

    def _add(self, *nodes: Node) -> None:
        self._end_paragraph()
        self._nodes += nodes

    def _inside(self, content: Content) -> list[Node]:
        """The blocks of what stands inside a list, quote, table or caption."""
        flow = _Flow(self._level + 1, self._href, self._marks)
        flow.walk(content)
        return flow.finished()

    # One method for each kind of element.

    def _boundary(self, element: Element) -> None:
        self._end_paragraph()
        self.walk(element.children)
        self._end_paragraph()

    def _heading(self, element: Element) -> None:
        self._end_paragraph()
        before, self._tag = self._tag, _TAGS[element.tag]
        self._boundary(element)
        self._tag = before

    def _break(self, _: Element) -> None:
        self._runs.append(BREAK)

    def _mark(self, element: Element) -> None:
        before, self._marks = self._marks, self._marks | {element.tag}
        self.walk(element.children)
        self._marks = before

    def _link(self, element: Element) -> None:
        before, self._href = self._href, link_address(element.attributes.get("href", "")) or ""
        self.walk(element.children)
        self._href = before

    def _cite(self, element: Element) -> None:
        if self._credited is None:
            self.walk(element.children)
        elif credit := squeeze(markup.text_of(element.children)):
            self._credited.append(credit)

    def _divider(self, _: Element) -> None:
        self._add(Divider())

    def _code(self, element: Element) -> None:
        text = markup.text_of(element.children).strip("\n")
        if not is_blank(text):
            self._add(Code(text, _language(element)))

    def _quote(self, element: Element) -> None:
        if self._level >= MAX_NESTING:
            self._boundary(element)
        elif nodes := self._inside(element.children):
            self._add(Quote(tuple(nodes)))

    def _list(self, element: Element) -> None:
        if self._level >= MAX_NESTING:
            self._boundary(element)
            return
        items: list[list[Node]] = []
        for kind, group in groupby(element.children, _kind_in_list):
            if kind == "li":
                found = [self._inside(item.children) for item in group if isinstance(item, Element)]
                items += filter(None, found)
            elif nodes := self._inside(list(group)):
                if kind == "list" and items:
                    items[-1] += nodes
                else:
                    items.append(nodes)
        if items:
            ordered = element.tag == "ol"
            start = _integer(element, "start") if ordered else None
            self._add(ListNode(tuple(map(_item, items)), ordered, 1 if start is None else start))

    def _table(self, element: Element) -> None:
        if self._level >= MAX_NESTING:
            self._boundary(element)
            return
        rows: list[tuple[Cell, ...]] = []
        for part in _elements(element):
            if part.tag == "caption":
                self._boundary(part)
            else:
                rows += (tuple(map(self._cell, _elements(row))) for row in _elements(part))
        if any(cell.nodes != (Paragraph(),) for row in rows for cell in row):
            self._add(Table(squared(tuple(filter(None, rows)))))

    def _cell(self, element: Element) -> Cell:
        return Cell(
            nodes=tuple(self._inside(element.children)) or (Paragraph(),),
            header=element.tag == "th",
            colspan=_span(element, "colspan"),
            rowspan=_span(element, "rowspan"),
        )

    def _image(self, element: Element) -> None:
        src = page_address(element.attributes.get("src", ""))
        if src:
            alt = squeeze(element.attributes.get("alt", ""))
            self._add(Picture(src, alt, _size(element, "width"), _size(element, "height")))

    def _figure(self, element: Element) -> None:
        content = [node for node in element.children if not _is(node, "figcaption")]
        captions = [node for node in _elements(element) if node.tag == "figcaption"]
        flow = _Flow(self._level, self._href, self._marks)
        flow.walk(content)
        nodes = flow.finished()
        if all(map(_pictures_only, nodes)):
            nodes = _gallery(nodes)
        caption, credit, lifted = self._caption(captions)
        images = [node for node in nodes if isinstance(node, Picture)]
        if len(images) == 1 and not (images[0].caption or images[0].credit):
            place = nodes.index(images[0])
            nodes[place] = images[0].with_caption(caption, credit)
        else:
            lifted = [*_lines_of(caption, credit), *lifted]
        self._add(*nodes, *lifted)

    def _caption(self, elements: list[Element]) -> tuple[Runs, str, list[Node]]:
        """The text and the credit of captions, and the pictures that stand in them."""
        credited: list[str] = []
        flow = _Flow(self._level + 1, self._href, self._marks, credited)
        for element in elements:
            flow._boundary(element)
        nodes = flow.finished()
        return joined(_paragraphs_in(nodes)), " ".join(credited), list(pictures(nodes))

    def _division(self, element: Element) -> None:
        if "gallery" not in element.attributes.get("class", "").split():
            self._boundary(element)
            return
        flow = _Flow(self._level, self._href, self._marks)
        flow.walk(element.children)
        self._add(*_gallery(flow.finished()))


_TAGS: dict[str, Tag] = {"h2": "h2", "h3": "h3", "h4": "h4"}
_HANDLERS: dict[str, Callable[[_Flow, Element], None]] = {
    **dict.fromkeys(_TAGS, _Flow._heading),
    **dict.fromkeys(MARKS, _Flow._mark),
    "a": _Flow._link,
    "blockquote": _Flow._quote,
    "br": _Flow._break,
    "cite": _Flow._cite,
    "div": _Flow._division,
    "figure": _Flow._figure,
    "hr": _Flow._divider,
    "img": _Flow._image,
    "ol": _Flow._list,
    "pre": _Flow._code,
    "table": _Flow._table,
    "ul": _Flow._list,
}


def _is(node: Element | str, tag: str) -> bool:
    return isinstance(node, Element) and node.tag == tag


def _elements(element: Element) -> Iterator[Element]:
    return (node for node in element.children if isinstance(node, Element))


def _kind_in_list(node: Element | str) -> str:
    """What a child of a list is: an item, a list that belongs to the item before, or a stray."""
    if isinstance(node, Element) and node.tag in {"li", "ol", "ul"}:
        return "li" if node.tag == "li" else "list"
    return "stray"


def _item(nodes: list[Node]) -> tuple[Node, ...]:
    """An item that begins with a paragraph, as the editor's items do."""
    first = nodes[0]
    if not isinstance(first, Paragraph):
        return (Paragraph(), *nodes)
    return (Paragraph(first.runs), *nodes[1:])


def _pictures_only(node: Node) -> list[Picture]:
    """The pictures in a block that shows nothing else, be it a list or table of them; else []."""
    return [] if node.text() else list(pictures([node]))


def _gallery(nodes: list[Node]) -> list[Node]:
    """The pictures of `nodes` as one gallery, then the rest; a gallery needs two."""
    images: list[Picture] = []
    rest: list[Node] = []
    for node in nodes:
        found = _pictures_only(node)
        images += found
        rest += [] if found else [node]
    return [Gallery(tuple(images)), *rest] if len(images) > 1 else [*images, *rest]


def _lines_of(caption: Runs, credit: str) -> list[Node]:
    """A caption that has no picture, as paragraphs."""
    lines = [caption] if caption else []
    return [Paragraph(runs) for runs in (*lines, *paragraphs([Run(credit)]))]


def _paragraphs_in(nodes: Sequence[Node]) -> Iterator[Runs]:
    """The text of blocks, at whatever depth, as paragraphs."""
    for node in nodes:
        if isinstance(node, Paragraph):
            if node.runs:
                yield node.runs
        elif isinstance(node, Code):
            yield from paragraphs([Run(collapse(node.code))])
        elif not isinstance(node, Picture):
            yield from _paragraphs_in(tuple(node.inside()))


def _integer(element: Element, name: str) -> int | None:
    value = element.attributes.get(name, "").strip()
    return int(value) if _INTEGER.fullmatch(value) else None


def _size(element: Element, name: str) -> int | None:
    """A width or height in pixels, if there is a sensible one."""
    value = _integer(element, name)
    return value if value is not None and 0 < value < 100_000 else None


def _span(element: Element, name: str) -> int:
    return max(1, min(_integer(element, name) or 1, MAX_SPAN))


def _language(element: Element) -> str:
    """The language that the class of a `pre`, or of the code in it, names; else ""."""
    for candidate in (*(node for node in _elements(element) if node.tag == "code"), element):
        if match := _LANGUAGE.search(candidate.attributes.get("class", "")):
            return match[1]
    return ""
