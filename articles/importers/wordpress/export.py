"""What stands in a WordPress export (WXR), as it stands there: nothing is judged here."""

from __future__ import annotations

from dataclasses import dataclass, field


class ExportError(Exception):
    """The file as a whole cannot be imported; the message says why and, where there is one, on
    which line."""


@dataclass(frozen=True, slots=True)
class Site:
    """The site that was exported: ``url`` is its address, ``language`` as its feed names it."""

    url: str
    language: str


@dataclass(frozen=True, slots=True)
class Person:
    """An author in the file's head. ``login`` is what posts call the author."""

    line: int
    login: str
    name: str


@dataclass(frozen=True, slots=True)
class Term:
    """A category (``category``), a tag (``post_tag``) or an entry of another taxonomy.

    ``parent`` is the slug of the category above, or "".
    """

    line: int
    taxonomy: str
    slug: str
    name: str
    parent: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """An item of any type: a post, a page, an attachment, an entry of a menu.

    Dates are as written; ``repaired`` are the lines of it on which characters were replaced that
    XML does not allow. ``is_too_long`` tells that ``content`` is cut.
    """

    line: int
    id: str
    type: str
    status: str
    title: str = ""
    link: str = ""
    guid: str = ""
    creator: str = ""
    content: str = ""
    is_too_long: bool = False
    excerpt: str = ""
    date: str = ""
    date_gmt: str = ""
    modified: str = ""
    modified_gmt: str = ""
    pub_date: str = ""
    name: str = ""
    password: str = ""
    parent: str = ""
    order: str = ""
    url: str = ""
    terms: tuple[Term, ...] = ()
    meta: dict[str, str] = field(default_factory=dict)
    comments: int = 0
    repaired: tuple[int, ...] = ()
