"""The first look at an export: what its posts refer to, which may stand anywhere in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from articles.importers.wordpress.export import ExportError, Person, Post, Site, Term
from articles.importers.wordpress.media import Library
from articles.importers.wordpress.reading import Record
from articles.importers.wordpress.slugs import WrittenSlug

MAX_KEPT = 200_000
"""Terms, authors and posts of each kind that are remembered."""
MAX_CHARACTERS = 50_000_000
"""Characters of their names, and of the texts of attachments, that are remembered."""

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
    ``slugs`` are of posts that are imported. ``left_out`` counts, by what it is.
    """

    site: Site
    library: Library = field(default_factory=Library)
    people: list[Person] = field(default_factory=list)
    terms: dict[TermKey, Term] = field(default_factory=dict)
    used: set[TermKey] = field(default_factory=set)
    creators: dict[str, int] = field(default_factory=dict)
    slugs: list[WrittenSlug] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    characters: int = 0

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
                _keep(found, record.line, "authors", len(found.people), record.login, record.name)
                found.people.append(record)
            case Term():
                _add_term(found, record)
            case Post():
                _add_post(found, record)
    return found


def _add_term(found: Survey, term: Term) -> None:
    key = (term.taxonomy, key_of(term))
    if key_of(term) and key not in found.terms:
        texts = (*key, term.name, term.parent, term.description)
        _keep(found, term.line, "categories and tags", len(found.terms), *texts)
        found.terms[key] = term


def _add_post(found: Survey, post: Post) -> None:
    found.left_out["comments"] += post.comments
    if post.type == "attachment":
        _keep(
            found,
            post.line,
            "attachments",
            0,
            post.url,
            post.title,
            post.excerpt,
            *post.meta.values(),
        )
        found.library.add(post)
    if not is_imported(post):
        what = _PLURALS.get(post.type, f"items of type {post.type or 'unknown'}")
        if post.type == "post":
            what = f"posts of status {post.status or 'unknown'}"
        found.left_out[what] += 1
        return
    _keep(found, post.line, "posts", len(found.slugs), post.id, post.name, post.creator)
    found.slugs.append(WrittenSlug(post.id, post.name, post.status == "publish"))
    found.creators.setdefault(post.creator, post.line)
    for term in post.terms:
        _add_term(found, term)
        found.used.add((term.taxonomy, key_of(term)))
        found.left_out["“uncategorized”"] += is_no_category(term)


def _keep(found: Survey, line: int, what: str, number: int, *texts: str) -> None:
    """Make sure that one more can be remembered."""
    found.characters += sum(map(len, texts))
    reason = f"more than {MAX_KEPT} {what}" if number >= MAX_KEPT else ""
    if found.characters > MAX_CHARACTERS:
        reason = f"names and texts of {what} that are too long to be remembered"
    if reason:
        raise ExportError(f"line {line}: It has {reason}. Export the site in parts, by year.")
