"""The shapes of `blocks` in the API: what a native app draws a body from, without parsing HTML.

Every `html` is inner HTML in normal form.
"""

from typing import Literal, TypedDict


class TextContent(TypedDict):
    html: str
    text: str


class ParagraphBlock(TextContent):
    type: Literal["paragraph"]


class HeadingBlock(TextContent):
    type: Literal["heading"]
    level: int


class ListItem(TextContent):
    """`html` and `text` are without the lists in the item, which `lists` holds in order."""

    lists: list["ListBlock"]


class ListBlock(TypedDict):
    type: Literal["list"]
    ordered: bool
    start: int | None
    items: list[ListItem]


class QuoteBlock(TextContent):
    type: Literal["quote"]


class ImageFile(TypedDict):
    url: str
    alt: str
    width: int | None
    height: int | None


class GalleryImage(TypedDict):
    image: ImageFile
    caption: TextContent | None
    credit: str | None


class ImageBlock(GalleryImage):
    type: Literal["image"]


class GalleryBlock(TypedDict):
    type: Literal["gallery"]
    images: list[GalleryImage]


class EmbedBlock(TypedDict):
    type: Literal["embed"]
    provider: str
    url: str
    html: str


class TableCell(TextContent):
    header: bool
    colspan: int
    rowspan: int


class TableBlock(TypedDict):
    type: Literal["table"]
    rows: list[list[TableCell]]


class CodeBlock(TypedDict):
    type: Literal["code"]
    text: str
    language: str | None


class DividerBlock(TypedDict):
    type: Literal["divider"]


Block = (
    ParagraphBlock
    | HeadingBlock
    | ListBlock
    | QuoteBlock
    | ImageBlock
    | GalleryBlock
    | EmbedBlock
    | TableBlock
    | CodeBlock
    | DividerBlock
)
