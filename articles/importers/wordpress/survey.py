"""The first look at an export: what its posts refer to, which may stand anywhere in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from articles.importers.wordpress.export import ExportError, Person, Post, Site, Term
from articles.importers.wordpress.media import Library
from articles.importers.wordpress.reading import Record

MAX_KEPT = 200_000
"""Terms, authors and posts of each kind that are remembered."""

IMPORTED = frozenset(("draft", "future", "pending", "private", "publish"))
"""The statuses of posts that are imported; trash and automatic drafts are nobody's work."""

# What WordPress puts a post into that has no category, in the languages of newsrooms nearby.
_NO_CATEGORY = frozenset(
    ("bez-kategorii", "bez-rubriki", "без-категории", "без-рубрики", "uncategorised",
     "uncategorized")
)  # fmt: skip
_PLURALS = {
    "page": "pages",
    "attachment": "attachments",
    "nav_menu_item": "entries of menus",
    "revision": "revisions",
    "wp_block": "reusable blocks",
}
TermKey = tuple[str, str]  # taxonomy and slug


@dataclass(slots=True)
class Survey:
    """What a whole export holds.

    ``terms`` are those of its head, and those that only posts name; ``used`` those of posts that
    are imported. ``creators`` are what such posts call their authors, with the first line.
    ``slugs`` are (post id, slug as WordPress writes it). ``left_out`` counts, by what it is.
    """

    site: Site
    library: Library = field(default_factory=Library)
    people: list[Person] = field(default_factory=list)
    terms: dict[TermKey, Term] = field(default_factory=dict)
    used: set[TermKey] = field(default_factory=set)
    creators: dict[str, int] = field(default_factory=dict)
    slugs: list[tuple[str, str]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def site_name(self) -> str:
        """The site's host, and its path where it has one: its articles' ids begin with it."""
        try:
            parts = urlsplit(self.site.url)
            host = parts.netloc.rpartition("@")[2].lower()
        except ValueError:
            host = ""
        if not host:
            raise ExportError("It does not say which site it is of: wp:base_blog_url is missing.")
        return host + parts.path.rstrip("/")


def is_imported(post: Post) -> bool:
    return post.type == "post" and post.status in IMPORTED


def key_of(term: Term) -> str:
    """By what posts know a term: its slug, or its name where an old export gives no slug."""
    return term.slug or term.name


def is_no_category(term: Term) -> bool:
    """Whether this stands for having no category."""
    return term.taxonomy == "category" and unquote(key_of(term)).lower() in _NO_CATEGORY


def survey(records: Iterable[Record]) -> Survey:
    """Go through an export once. Raises ExportError when it holds more than can be kept."""
    found = Survey(Site("", ""))
    for record in records:
        match record:
            case Site():
                found.site = record
            case Person():
                _keep(len(found.people), record.line, "authors")
                found.people.append(record)
            case Term():
                _add_term(found, record)
            case Post():
                _add_post(found, record)
    return found


def _add_term(found: Survey, term: Term) -> None:
    _keep(len(found.terms), term.line, "categories and tags")
    if term.slug or term.name:
        found.terms.setdefault((term.taxonomy, key_of(term)), term)


def _add_post(found: Survey, post: Post) -> None:
    found.left_out["comments"] += post.comments
    if post.type == "attachment":
        found.library.add(post)
    if not is_imported(post):
        what = _PLURALS.get(post.type, f"items of type {post.type or 'unknown'}")
        if post.type == "post":
            what = f"posts of status {post.status or 'unknown'}"
        found.left_out[what] += 1
        return
    _keep(len(found.slugs), post.line, "posts")
    found.slugs.append((post.id, post.name))
    found.creators.setdefault(post.creator, post.line)
    for term in post.terms:
        _add_term(found, term)
        found.used.add((term.taxonomy, key_of(term)))
        found.left_out["“uncategorized”"] += is_no_category(term)


def _keep(number: int, line: int, what: str) -> None:
    if number >= MAX_KEPT:
        raise ExportError(
            f"line {line}: It has more than {MAX_KEPT} {what}. Export the site in parts, by year."
        )
