"""The pictures and files of an export, by id, and their list for the media library."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import TextIO

from articles.importers.items import LeadImage
from articles.importers.wordpress.export import ExportError, Post
from cms.spreadsheets import csv_line

MAX_ATTACHMENTS = 100_000
"""They stay in memory, as a post may name any of them."""
MAX_TEXT = 10_000
"""Characters that are kept of a caption or an alternative text."""

COLUMNS = ("id", "url", "title", "alt", "caption", "width", "height", "post_id", "date")

# The beginning of PHP's serialised metadata; of its sizes, the first is the file's own.
_SIZE = re.compile(r'"width";i:([1-9][0-9]{0,4});s:6:"height";i:([1-9][0-9]{0,4});')
_PICTURES = {"avif", "bmp", "gif", "heic", "jpeg", "jpg", "png", "svg", "tif", "tiff", "webp"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the site's media library. ``parent`` is the id of the post it was uploaded to."""

    id: str
    url: str
    title: str
    alt: str
    caption: str
    parent: str
    order: int
    width: int | None
    height: int | None
    date: str

    def figure(self) -> str:
        """The picture as HTML."""
        size = f' width="{self.width}" height="{self.height}"' if self.width else ""
        caption = f"<figcaption>{self.caption}</figcaption>" if self.caption else ""
        image = f'<img src="{escape(self.url)}" alt="{escape(self.alt)}"{size}>'
        return f"<figure>{image}{caption}</figure>"

    def is_picture(self) -> bool:
        return self.url.partition("?")[0].rpartition(".")[2].lower() in _PICTURES


@dataclass(slots=True)
class Library:
    """The attachments of an export, by id."""

    attachments: dict[str, Attachment] = field(default_factory=dict)
    by_parent: dict[str, list[Attachment]] = field(default_factory=dict)

    def add(self, post: Post) -> None:
        """Take an item of the type attachment; the first of an id counts."""
        if len(self.attachments) >= MAX_ATTACHMENTS:
            raise ExportError(
                f"line {post.line}: It has more than {MAX_ATTACHMENTS} attachments. Export the site"
                " in parts, by year."
            )
        attachment = _attachment(post)
        if attachment.url and self.attachments.setdefault(post.id, attachment) is attachment:
            self.by_parent.setdefault(attachment.parent, []).append(attachment)

    def uploaded_to(self, post_id: str) -> list[Attachment]:
        """The pictures that were uploaded to a post, as WordPress orders them in a gallery."""
        found = [each for each in self.by_parent.get(post_id, ()) if each.is_picture()]
        return sorted(found, key=lambda each: (each.order, _number(each.id)))

    def lead_image(self, attachment_id: str, *, caption: str) -> LeadImage | None:
        """The picture of this id as a lead image, with its caption as plain text."""
        found = self.attachments.get(attachment_id)
        if found is None:
            return None
        return LeadImage(found.url, found.alt, caption, "", found.width, found.height)


def write_list(attachments: Iterable[Attachment], file: TextIO) -> None:
    """Write the attachments as CSV (RFC 4180), a line each, under the names of COLUMNS.

    Times are in UTC. What a spreadsheet would take for a formula gets an apostrophe first.
    """
    file.write(csv_line(COLUMNS))
    for each in attachments:
        texts = (each.title, each.alt, each.caption)
        size = (each.width or "", each.height or "")
        file.write(csv_line((each.id, each.url, *texts, *size, each.parent, each.date)))


def _attachment(post: Post) -> Attachment:
    size = _SIZE.search(post.meta.get("_wp_attachment_metadata", ""))
    return Attachment(
        id=post.id,
        url=(post.url or post.guid)[:2000],
        title=post.title[:MAX_TEXT],
        alt=" ".join(post.meta.get("_wp_attachment_image_alt", "").split())[:MAX_TEXT],
        caption=post.excerpt.strip()[:MAX_TEXT],
        parent=post.parent,
        order=_number(post.order),
        width=int(size[1]) if size else None,
        height=int(size[2]) if size else None,
        date=post.date_gmt,
    )


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text, re.ASCII) else 0
