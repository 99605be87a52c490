"""An export, read as it streams by: authors, terms and items, each with its line.

The XML is read by expat behind defusedxml, which refuses document types and entities. Memory is
bounded whatever the file holds: by the longest element, tag and item that are taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from articles import body
from articles.importers.wordpress.characters import Characters
from articles.importers.wordpress.export import ExportError, Person, Post, Site, Term

VERSIONS = ("1.1", "1.2")
MAX_ELEMENT = 32 * 1024 * 1024
"""Characters in one element: an item's body beyond body.MAX_LENGTH is refused alone, a longer
element with the whole file."""
MAX_TAG = 4 * 1024 * 1024
"""Bytes of a tag or comment."""
MAX_DEPTH = 100
MAX_NAMES = 10_000
"""Different names of elements and attributes: the parser keeps each."""
MAX_TERMS_OF_AN_ITEM = 1000
MAX_TEXT = 100_000
"""Characters that are kept of a text that is no body."""

Record = Site | Person | Term | Post

_WORDPRESS = re.compile(r"https?://wordpress\.org/export/[0-9.]+/")
_EXCERPT = re.compile(r"https?://wordpress\.org/export/[0-9.]+/excerpt/")
_PREFIXES = {
    "": "",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
}
_HEAD = ("wp:wxr_version", "wp:base_blog_url", "wp:base_site_url", "link", "language")
_META = ("_thumbnail_id", "_wp_attachment_image_alt", "_wp_attachment_metadata")
_PERSON = ("login", "display_name", "first_name", "last_name")
_FIELDS = {
    "wp:author": tuple(f"wp:author_{each}" for each in _PERSON),
    "wp:category": (
        "wp:category_nicename", "wp:category_parent", "wp:cat_name", "wp:category_description",
    ),
    "wp:tag": ("wp:tag_slug", "wp:tag_name", "wp:tag_description"),
    "wp:term": (
        "wp:term_taxonomy", "wp:term_slug", "wp:term_name", "wp:term_parent",
        "wp:term_description",
    ),
}  # fmt: skip
# An item's elements, and the fields of a Post that they become.
_ITEM = {
    "title": "title", "link": "link", "guid": "guid", "pubDate": "pub_date",
    "dc:creator": "creator", "content:encoded": "content", "excerpt:encoded": "excerpt",
    "wp:post_id": "id", "wp:post_type": "type", "wp:status": "status", "wp:post_name": "name",
    "wp:post_date": "date", "wp:post_date_gmt": "date_gmt", "wp:post_modified": "modified",
    "wp:post_modified_gmt": "modified_gmt", "wp:post_password": "password",
    "wp:post_parent": "parent", "wp:menu_order": "order", "wp:attachment_url": "url",
}  # fmt: skip
_FIELDS["item"] = (*_ITEM, "category")


def read_export(
    file: BinaryIO, *, progress: Callable[[int], object] = lambda position: None
) -> Iterator[Record]:
    """All that an export holds, in its order; the site comes first.

    ``progress`` is told the position in the file. Raises ExportError, with the line, when it is
    no XML, no WordPress export of a known version, or larger in some respect than one can be.
    """
    characters = Characters(file)
    target = _Target(characters.repaired)
    parser = DefusedXMLParser(target=target, encoding="utf-8", forbid_dtd=True)
    target.parser = parser.parser
    fed = 0
    try:
        for chunk in characters.chunks(progress):
            parser.feed(chunk)
            fed += len(chunk)
            if fed - target.parser.CurrentByteIndex > MAX_TAG + len(chunk):
                target.refuse(f"A tag or comment is longer than {MAX_TAG} bytes.")
            yield from target.taken()
        parser.close()
    except ParseError as error:
        raise ExportError(_told(error)) from None
    except DefusedXmlException:
        target.refuse("It declares a document type or entities, as no WordPress export does.")
    yield from target.taken()


def _told(error: Any) -> str:
    line, _ = error.position
    reason = str(error).partition(":")[0]
    if reason in ("no element found", "unclosed token", "unclosed CDATA section"):
        return (
            f"line {line}: It ends in the middle, so it was cut off on the way. Export or copy it"
            " again."
        )
    return f"line {line}: It is not well-formed XML: {reason}. Export it again, or mend this place."


class _Target:
    """Takes the parser's events, and makes records of them."""

    def __init__(self, repaired: list[int]) -> None:
        self.parser: Any = None
        self._repaired = repaired
        self._records: list[Record] = []
        self._names: dict[str, str] = {}
        self._path: list[str] = []
        self._head: dict[str, str] = {}
        self._site: Site | None = None
        self._record = ""
        self._line = 0
        self._values: dict[str, str] = {}
        self._terms: list[Term] = []
        self._meta: dict[str, str] = {}
        self._meta_key = ""
        self._comments = 0
        self._category: dict[str, str] = {}
        self._parts: list[str] | None = None
        self._length = 0

    def taken(self) -> Iterator[Record]:
        """The records that have come together since the last time."""
        records, self._records = self._records, []
        yield from records

    def refuse(self, reason: str) -> None:
        raise ExportError(f"line {self.parser.CurrentLineNumber}: {reason} So it is refused.")

    # The parser's events.

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self._names.get(tag) or self._short(tag)
        if attributes:
            for each in attributes:
                self._short(each)
        path = self._path
        if not path and name != "rss":
            raise ExportError("It is XML, but no WordPress export: those begin with <rss>.")
        if len(path) >= MAX_DEPTH:
            self.refuse(f"Its elements are nested more than {MAX_DEPTH} deep.")
        path.append(name)
        self._parts, self._length = None, 0
        depth = len(path)
        if depth == 3:
            self._begin(name)
        elif depth == 4 and self._record:
            if name in _FIELDS[self._record]:
                self._parts = []
                self._category = attributes if name == "category" else {}
            elif name == "wp:comment":
                self._comments += 1
        elif depth == 5 and path[3] == "wp:postmeta" and name in ("wp:meta_key", "wp:meta_value"):
            self._parts = []

    def data(self, text: str) -> None:
        self._length += len(text)
        if self._length > MAX_ELEMENT:
            self.refuse(f"An element has more than {MAX_ELEMENT} characters.")
        if self._parts is not None and self._length - len(text) <= self._longest():
            self._parts.append(text)

    def end(self, tag: str) -> None:
        path = self._path
        name = path.pop()
        parts, self._parts = self._parts, None
        length, self._length = self._length, 0
        if parts is not None:
            self._take(name, "".join(parts), length)
        if len(path) == 2 and name == self._record:
            self._finish()

    def close(self) -> None:
        self._require_site()

    # What comes of them.

    def _short(self, tag: str) -> str:
        """The name as exports write it, such as wp:post_id; kept, so that each is found once."""
        if tag not in self._names:
            if len(self._names) >= MAX_NAMES:
                self.refuse(f"It has more than {MAX_NAMES} different names of elements.")
            address, _, name = tag.rpartition("}")
            self._names[tag] = f"{_prefix(address.removeprefix('{'))}{name}"
        return self._names[tag]

    def _longest(self) -> int:
        return body.MAX_LENGTH if self._path[-1] == "content:encoded" else MAX_TEXT

    def _begin(self, name: str) -> None:
        if name in _FIELDS:
            self._require_site()
            self._record, self._line = name, self.parser.CurrentLineNumber
            self._values, self._terms, self._meta, self._comments = {}, [], {}, 0
        elif name in _HEAD and self._site is None:
            self._parts = []

    def _take(self, name: str, text: str, length: int) -> None:
        if len(self._path) == 2:
            self._head.setdefault(name, text.strip())
        elif name == "wp:meta_key":
            self._meta_key = text.strip()
        elif name == "wp:meta_value":
            if self._meta_key in _META:
                self._meta.setdefault(self._meta_key, text)
        elif name == "category" and self._record == "item":
            self._take_term(text)
        elif name not in self._values:
            longest = body.MAX_LENGTH if name == "content:encoded" else MAX_TEXT
            if length > longest and name == "content:encoded":
                self._values["is_too_long"] = "yes"
            self._values[name] = text[:longest]

    def _take_term(self, text: str) -> None:
        if len(self._terms) == MAX_TERMS_OF_AN_ITEM:
            self.refuse(f"An item has more than {MAX_TERMS_OF_AN_ITEM} categories and tags.")
        domain = self._category.get("domain", "category")
        slug = self._category.get("nicename", "")
        line = self.parser.CurrentLineNumber
        self._terms.append(Term(line, domain, slug.strip(), text.strip()))

    def _require_site(self) -> None:
        """Make the site of what the head says, once."""
        if self._site is not None:
            return
        version = self._head.get("wp:wxr_version")
        if version is None:
            raise ExportError(
                "It is a feed, but no WordPress export (there is no wp:wxr_version). Export it in"
                " WordPress, under Tools, Export, “All content”."
            )
        if version not in VERSIONS:
            raise ExportError(
                f"It is a WordPress export of version {version[:20]!r}; {' and '.join(VERSIONS)}"
                " can be read. Export it again with a current WordPress."
            )
        head = self._head
        address = head.get("wp:base_blog_url") or head.get("link") or head.get("wp:base_site_url")
        self._site = Site(address or "", head.get("language", ""))
        self._records.append(self._site)

    def _finish(self) -> None:
        values, self._record = self._values, (record := self._record) and ""
        match record:
            case "item":
                self._records.append(self._post())
            case "wp:author":
                login, shown, first, last = (
                    values.get(f"wp:author_{each}", "").strip() for each in _PERSON
                )
                name = shown or f"{first} {last}".strip()
                self._records.append(Person(self._line, login, name))
            case _:
                self._records.append(self._term(record))

    def _term(self, record: str) -> Term:
        values = self._values

        def value(*names: str) -> str:
            return next((values[name].strip() for name in names if values.get(name)), "")

        kinds = {"wp:category": "category", "wp:tag": "post_tag"}
        return Term(
            line=self._line,
            taxonomy=kinds.get(record) or value("wp:term_taxonomy"),
            slug=value("wp:category_nicename", "wp:tag_slug", "wp:term_slug"),
            name=value("wp:cat_name", "wp:tag_name", "wp:term_name"),
            parent=value("wp:category_parent", "wp:term_parent"),
            description=value(
                "wp:category_description", "wp:tag_description", "wp:term_description"
            ),
        )

    def _post(self) -> Post:
        written = {"id": "", "type": "post", "status": ""}
        kept = ("content:encoded", "excerpt:encoded", "wp:post_password")
        for element, name in _ITEM.items():
            if (text := self._values.get(element)) is not None:
                written[name] = text if element in kept else text.strip()
        last = self.parser.CurrentLineNumber
        repaired = tuple(line for line in self._repaired if self._line <= line <= last)
        self._repaired[:] = [line for line in self._repaired if line > last]
        return Post(
            line=self._line,
            **written,
            is_too_long="is_too_long" in self._values,
            terms=tuple(self._terms),
            meta=self._meta,
            comments=self._comments,
            repaired=repaired,
        )


def _prefix(address: str) -> str:
    if address in _PREFIXES:
        return _PREFIXES[address]
    if _WORDPRESS.fullmatch(address):
        return "wp:"
    return "excerpt:" if _EXCERPT.fullmatch(address) else "other:"
