"""Categories, tags and authors of an export as the newsroom's regions, tags and authors."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from articles.importers.items import TaxonomyItem
from articles.importers.wordpress.export import ExportError, Person, Post, Term
from articles.importers.wordpress.plain import plain_text
from articles.importers.wordpress.slugs import SlugsOfTerms, wanted_slug
from articles.importers.wordpress.survey import Survey, is_no_category, key_of
from articles.slugs import slugify

MAX_NAME = 200

_TAGS = ("category", "post_tag")
_CO_AUTHORS = "author"  # the taxonomy of the plugin Co-Authors Plus


class Vocabulary:
    """Which region, tag or author each term and login of a survey is.

    A category is a region when its slug is one of ``region_slugs``, or when it stands below such a
    category. ``warnings`` are (line, what was mended). Raises ExportError when one of ``named``,
    which a person asked for, is no category of the file.
    """

    def __init__(
        self, found: Survey, *, region_slugs: Collection[str], named: Iterable[str] = ()
    ) -> None:
        self.warnings: list[tuple[int, str]] = []
        self._survey = found
        self._categories = {
            slug: term for (taxonomy, slug), term in found.terms.items() if taxonomy == "category"
        }
        self._refuse_unknown(named)
        self._parents = self._without_circles()
        self._regions = SlugsOfTerms("region")
        self._tags = SlugsOfTerms("tag")
        self._tag_terms: dict[str, Term] = {}
        self._authors = SlugsOfTerms("author")
        self._people: dict[str, Person] = {}
        self._logins: dict[str, Person] = {}
        self._sort_terms({*region_slugs, *map(wanted_slug, named)})
        self._sort_people()

    def items(self) -> Iterable[TaxonomyItem]:
        """The entries that the posts need, and all regions; the newsroom's own stay as they are."""
        for key, slug in self._regions.by_key.items():
            term, parent = self._categories[key], self._parents.get(key, "")
            yield TaxonomyItem(
                line=term.line,
                kind="region",
                slug=slug,
                name=_name(term.name, slug),
                parent=self._regions.by_key.get(parent),
                description=plain_text(term.description) or None,
                keeps=True,
            )
        for key, slug in self._tags.by_key.items():
            term = self._tag_terms[key]
            yield TaxonomyItem(term.line, "tag", slug, _name(term.name, slug), keeps=True)
        for login, slug in self._authors.by_key.items():
            person = self._people[login]
            yield TaxonomyItem(person.line, "author", slug, _name(person.name, slug), keeps=True)

    def counts(self) -> dict[str, int]:
        """How many entries of each kind ``items`` gives."""
        kinds = {"regions": self._regions, "tags": self._tags, "authors": self._authors}
        return {kind: len(slugs.by_key) for kind, slugs in kinds.items()}

    def regions_of(self, post: Post) -> list[str]:
        """Slugs of the post's regions, each once, in its order."""
        keys = (key_of(term) for term in post.terms if term.taxonomy == "category")
        return _slugs(keys, self._regions)

    def tags_of(self, post: Post) -> list[str]:
        return _slugs((key_of(term) for term in post.terms if self._is_tag(term)), self._tags)

    def authors_of(self, post: Post) -> list[str]:
        """Slugs of the post's authors: those of Co-Authors Plus, or else the one of the post."""
        logins = [_login(term) for term in post.terms if term.taxonomy == _CO_AUTHORS]
        people = (self._person(login) for login in logins or [post.creator] if login)
        return list(dict.fromkeys(self._authors.by_key[person.login] for person in people))

    def _refuse_unknown(self, named: Iterable[str]) -> None:
        known = {*self._categories, *map(wanted_slug, self._categories)}
        if unknown := next((each for each in named if each not in known), None):
            some = ", ".join(list(self._categories)[:20])
            raise ExportError(f"It has no category “{unknown}”. It has these: {some}.")

    def _without_circles(self) -> dict[str, str]:
        """The category above each that has one; of a circle, the first in the file has none."""
        parents = {
            slug: term.parent
            for slug, term in self._categories.items()
            if term.parent in self._categories
        }
        settled: set[str] = set()
        for slug in self._categories:
            path: dict[str, None] = {}
            current: str | None = slug
            while current is not None and current not in settled and current not in path:
                path[current] = None
                current = parents.get(current)
            if current is not None and current in path:
                circle = list(path)[list(path).index(current) :]
                first = min(circle, key=lambda each: self._categories[each].line)
                line = self._categories[first].line
                names = " → ".join(parents[each] for each in circle)
                self.warnings.append(
                    (line, f"Categories stand below each other ({names}): “{first}” has no parent.")
                )
                del parents[first]
            settled.update(path)
        return parents

    def _sort_terms(self, region_slugs: Collection[str]) -> None:
        children: dict[str, list[str]] = {}
        for slug, parent in self._parents.items():
            children.setdefault(parent, []).append(slug)
        regions: set[str] = set()
        waiting = [slug for slug in self._categories if wanted_slug(slug) in region_slugs]
        while waiting:
            slug = waiting.pop()
            if slug not in regions:
                regions.add(slug)
                waiting += children.get(slug, [])
        _add(self._regions, [slug for slug in self._categories if slug in regions])
        for key, term in self._survey.terms.items():
            if key in self._survey.used and self._is_tag(term):
                self._tag_terms.setdefault(key_of(term), term)
        _add(self._tags, self._tag_terms)

    def _is_tag(self, term: Term) -> bool:
        if term.taxonomy not in _TAGS or is_no_category(term):
            return False
        return term.taxonomy != "category" or key_of(term) not in self._regions.by_key

    def _sort_people(self) -> None:
        for person in self._survey.people:
            if person.login:
                self._know(person)
            else:
                text = f"The author “{person.name}” has no login, so no post can be theirs."
                self.warnings.append((person.line, text))
        co_authors = {
            _login(term): term.line
            for key, term in self._survey.terms.items()
            if term.taxonomy == _CO_AUTHORS and key in self._survey.used
        }
        for login, line in {**self._survey.creators, **co_authors}.items():
            if login:
                if login not in self._people and slugify(login, fallback="-") not in self._logins:
                    self._know(Person(line, login, ""))
                person = self._person(login)
                self._authors.add(person.login, slugify(person.name, fallback=""))

    def _know(self, person: Person) -> None:
        """Take somebody in. What stands before the @ of an address is a name, where there is none:
        addresses are nobody's business."""
        if not plain_text(person.name):
            person = Person(person.line, person.login, person.login.partition("@")[0])
        self._people.setdefault(person.login, person)
        self._logins.setdefault(slugify(person.login, fallback="-"), person)

    def _person(self, login: str) -> Person:
        """Who goes by this login, or by one that differs only in what a slug has not."""
        return self._people.get(login) or self._logins[slugify(login, fallback="-")]


def _add(slugs: SlugsOfTerms, keys: Iterable[str]) -> None:
    """Give slugs, first to those that are slugs already, so that no other takes their place."""
    for key in sorted(keys, key=lambda each: wanted_slug(each) != each):
        slugs.add(key, key)


def _login(term: Term) -> str:
    return term.slug.removeprefix("cap-") or term.name


def _name(text: str, fallback: str) -> str:
    return plain_text(text)[:MAX_NAME].strip() or fallback


def _slugs(keys: Iterable[str], slugs: SlugsOfTerms) -> list[str]:
    return list(dict.fromkeys(slugs.by_key[key] for key in keys if key in slugs.by_key))
