"""The blocks a body is made of: each knows its normal form, its plain text and its JSON."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

from articles.body import blocks as shapes
from articles.body.characters import squeeze
from articles.body.embeds import Embed
from articles.body.inline import Runs, runs_html, runs_text


class Node(ABC):
    """A block."""

    __slots__ = ()

    @abstractmethod
    def html(self) -> str:
        """The block in normal form."""

    @abstractmethod
    def text(self) -> str:
        """The block's plain text; "" if it has none (a picture, an embed, a divider)."""

    @abstractmethod
    def block(self) -> shapes.Block:
        """The block as the API shows it."""

    def served_html(self) -> str:
        """The block as readers get it."""
        return self.html()

    def inside(self) -> Iterable["Node"]:
        """The blocks that stand directly in this one, in order."""
        return ()


def html_of(nodes: Iterable[Node]) -> str:
    """The normal form of several blocks."""
    return "".join(node.html() for node in nodes)


def text_of(nodes: Iterable[Node], separator: str = "\n\n") -> str:
    """The plain text of several blocks, those without text left out."""
    return separator.join(text for node in nodes if (text := node.text()))


def pictures(nodes: Iterable[Node]) -> Iterator["Picture"]:
    """Every picture in `nodes`, at whatever depth, in the order they stand."""
    for node in nodes:
        if isinstance(node, Picture):
            yield node
        else:
            yield from pictures(node.inside())


Tag = Literal["p", "h2", "h3", "h4"]


@dataclass(frozen=True, slots=True)
class Paragraph(Node):
    """A paragraph or heading; without runs only where an item or cell has to begin with one."""

    runs: Runs = ()
    tag: Tag = "p"

    def html(self) -> str:
        return f"<{self.tag}>{runs_html(self.runs)}</{self.tag}>"

    def text(self) -> str:
        return runs_text(self.runs)

    def block(self) -> shapes.ParagraphBlock | shapes.HeadingBlock:
        html, text = runs_html(self.runs), self.text()
        if self.tag == "p":
            return {"type": "paragraph", "html": html, "text": text}
        return {"type": "heading", "level": int(self.tag[1]), "html": html, "text": text}


@dataclass(frozen=True, slots=True)
class ListNode(Node):
    """A list; each item begins with a paragraph."""

    items: tuple[tuple[Node, ...], ...]
    ordered: bool = False
    start: int = 1

    def html(self) -> str:
        tag = "ol" if self.ordered else "ul"
        start = f' start="{self.start}"' if self.ordered and self.start != 1 else ""
        items = "".join(f"<li>{html_of(item)}</li>" for item in self.items)
        return f"<{tag}{start}>{items}</{tag}>"

    def text(self) -> str:
        return "\n".join(text for item in self.items if (text := text_of(item, "\n")))

    def block(self) -> shapes.ListBlock:
        return {
            "type": "list",
            "ordered": self.ordered,
            "start": self.start if self.ordered else None,
            "items": [_item(item) for item in self.items],
        }

    def inside(self) -> Iterable[Node]:
        return (node for item in self.items for node in item)


def _item(nodes: Sequence[Node]) -> shapes.ListItem:
    own = [node for node in nodes if not isinstance(node, ListNode)]
    return {
        "html": html_of(own),
        "text": text_of(own, "\n"),
        "lists": [node.block() for node in nodes if isinstance(node, ListNode)],
    }


@dataclass(frozen=True, slots=True)
class Quote(Node):
    nodes: tuple[Node, ...]

    def html(self) -> str:
        return f"<blockquote>{html_of(self.nodes)}</blockquote>"

    def text(self) -> str:
        return text_of(self.nodes)

    def block(self) -> shapes.QuoteBlock:
        return {"type": "quote", "html": html_of(self.nodes), "text": self.text()}

    def inside(self) -> Iterable[Node]:
        return self.nodes


@dataclass(frozen=True, slots=True)
class Picture(Node):
    """A figure with one image; its caption and credit are not part of the plain text."""

    src: str
    alt: str = ""
    width: int | None = None
    height: int | None = None
    caption: Runs = ()
    credit: str = ""

    def html(self) -> str:
        size = f' width="{self.width}"' if self.width else ""
        size += f' height="{self.height}"' if self.height else ""
        image = f'<img src="{escape(self.src)}" alt="{escape(self.alt)}"{size}>'
        credit = f"<cite>{escape(self.credit, quote=False)}</cite>" if self.credit else ""
        caption = " ".join(filter(None, (runs_html(self.caption), credit)))
        return f"<figure>{image}{caption and f'<figcaption>{caption}</figcaption>'}</figure>"

    def text(self) -> str:
        return ""

    def block(self) -> shapes.ImageBlock:
        return {"type": "image", **self.image()}

    def image(self) -> shapes.GalleryImage:
        """The picture as a gallery shows it."""
        caption: shapes.TextContent | None = None
        if self.caption:
            caption = {"html": runs_html(self.caption), "text": runs_text(self.caption)}
        return {
            "image": {
                "url": self.src,
                "alt": self.alt,
                "width": self.width,
                "height": self.height,
            },
            "caption": caption,
            "credit": self.credit or None,
        }

    def with_caption(self, caption: Runs, credit: str) -> "Picture":
        """The same picture with this caption and credit."""
        return replace(self, caption=caption, credit=credit)


@dataclass(frozen=True, slots=True)
class Gallery(Node):
    """Two pictures or more."""

    pictures: tuple[Picture, ...]

    def html(self) -> str:
        return f'<div class="gallery">{html_of(self.pictures)}</div>'

    def text(self) -> str:
        return ""

    def block(self) -> shapes.GalleryBlock:
        return {"type": "gallery", "images": [picture.image() for picture in self.pictures]}

    def inside(self) -> Iterable[Node]:
        return self.pictures


@dataclass(frozen=True, slots=True)
class EmbedNode(Node):
    """An item at a provider: stored as a paragraph with its address, served as its player."""

    embed: Embed

    def html(self) -> str:
        address = escape(self.embed.url)
        return f'<p><a href="{address}">{escape(self.embed.url, quote=False)}</a></p>'

    def served_html(self) -> str:
        return self.embed.frame()

    def text(self) -> str:
        return ""

    def block(self) -> shapes.EmbedBlock:
        return {
            "type": "embed",
            "provider": self.embed.provider,
            "url": self.embed.url,
            "html": self.embed.frame(),
        }


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; it holds at least one paragraph, which may be empty."""

    nodes: tuple[Node, ...]
    header: bool = False
    colspan: int = 1
    rowspan: int = 1

    def html(self) -> str:
        """The cell in normal form."""
        tag = "th" if self.header else "td"
        spans = f' colspan="{self.colspan}"' if self.colspan > 1 else ""
        spans += f' rowspan="{self.rowspan}"' if self.rowspan > 1 else ""
        return f"<{tag}{spans}>{html_of(self.nodes)}</{tag}>"

    def text(self) -> str:
        """The cell's plain text on one line."""
        return squeeze(text_of(self.nodes))

    def block(self) -> shapes.TableCell:
        """The cell as the API shows it."""
        return {
            "html": html_of(self.nodes),
            "text": self.text(),
            "header": self.header,
            "colspan": self.colspan,
            "rowspan": self.rowspan,
        }


Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Table(Node):
    """Rows of cells; in plain text a row is a line, its cells parted by tabs."""

    rows: Rows

    def html(self) -> str:
        rows = "".join(f"<tr>{''.join(cell.html() for cell in row)}</tr>" for row in self.rows)
        return f"<table><tbody>{rows}</tbody></table>"

    def text(self) -> str:
        lines = ("\t".join(cell.text() for cell in row).strip("\t") for row in self.rows)
        return "\n".join(line for line in lines if line)

    def block(self) -> shapes.TableBlock:
        return {"type": "table", "rows": [[cell.block() for cell in row] for row in self.rows]}

    def inside(self) -> Iterable[Node]:
        return (node for row in self.rows for cell in row for node in cell.nodes)


@dataclass(frozen=True, slots=True)
class Code(Node):
    """Preformatted text, white space as written."""

    code: str
    language: str = ""

    def html(self) -> str:
        language = f' class="language-{self.language}"' if self.language else ""
        return f"<pre><code{language}>{escape(self.code, quote=False)}</code></pre>"

    def text(self) -> str:
        return self.code

    def block(self) -> shapes.CodeBlock:
        return {"type": "code", "text": self.code, "language": self.language or None}


@dataclass(frozen=True, slots=True)
class Divider(Node):
    def html(self) -> str:
        return "<hr>"

    def text(self) -> str:
        return ""

    def block(self) -> shapes.DividerBlock:
        return {"type": "divider"}
