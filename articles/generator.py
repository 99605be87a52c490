"""A newsroom of any size for measuring: short articles, written by COPY past the desk's verbs.

What is written is what publishing each article would have left behind: the desk's copy with its
relations, slug and revision, the public copy, its rows in ``Listing``, and, where it is asked for,
what searches know of it. The same number of articles gives the same newsroom but for its times.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from articles import body
from articles.models import (
    Article,
    Author,
    Byline,
    Kind,
    Listing,
    PublishedArticle,
    Region,
    Revision,
    SearchEntry,
    Slug,
    Tag,
)
from articles.models.article import State
from articles.revisions import Relations, content_of
from cms.changes.models import Change, Topic

BYTES_AN_ARTICLE = 12_000
"""Of disk, tables and indexes together, rounded up; measured with PostgreSQL 18."""

WORDS_A_BODY = 60
BODIES = 500
CHUNK = 5_000
MINUTES_APART = 3

_COUNTRIES = ("Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan")
_NOUNS = (
    "water", "bridge", "harvest", "railway", "budget", "school", "court", "river", "market",
    "museum", "border", "festival", "power", "winter", "road", "election", "hospital", "glacier",
    "airport", "teacher", "engineer", "orchard", "reservoir", "tariff",
)  # fmt: skip
_VERBS = (
    "opens", "grows", "waits", "returns", "changes", "begins", "ends", "rises", "falls", "moves",
    "pays", "holds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Taxonomy:
    """Ids to choose from. ``regions`` are pairs of a region and its ancestor, if it has one."""

    regions: list[tuple[int, int | None]]
    tags: list[int]
    authors: list[int]


def newsroom_is_empty() -> bool:
    """Whether there is no article, region, tag or author: the only place where articles may be
    generated."""
    return not any(model._default_manager.exists() for model in (Article, Region, Tag, Author))


def generate(
    number: int,
    *,
    now: datetime,
    progress: Callable[[int], object],
    is_searchable: bool = False,
) -> None:
    """Write ``number`` public articles, the newest published a little before ``now`` (aware), in
    one transaction; ``progress`` is told how many more are written.

    ``is_searchable``: searches, facets, suggestions and related articles know of them too, which
    takes longer than all the rest; `manage.py refresh_search` does it later.
    A hundred thousand articles leave one ``reset`` in the change log, not as many changes.
    """
    with transaction.atomic():
        taxonomy = _make_taxonomy()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL dastan.bulk = 'on'")
            first = _reserve(cursor, "articles_article_id_seq", number)
            first_public = _reserve(cursor, "articles_public_id_seq", number)
        writer = _Writer(taxonomy, now)
        for start in range(0, number, CHUNK):
            size = min(CHUNK, number - start)
            writer.write(range(start, start + size), first, first_public, total=number)
            if is_searchable:
                ids = range(first_public + start, first_public + start + size)
                SearchEntry.objects.all().rewrite(ids)
            progress(size)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL dastan.bulk = 'off'")
        Change.objects.create(
            topic=Topic.ARTICLES, action="reset", type="article", at=timezone.now()
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _reserve(cursor: Any, sequence: str, number: int) -> int:
    """The first of ``number`` values that nobody else will get."""
    cursor.execute(
        "SELECT setval(%s::regclass, nextval(%s::regclass) + %s)", [sequence, sequence, number]
    )
    [(last,)] = cursor.fetchall()
    return int(last) - number


def _make_taxonomy() -> _Taxonomy:
    regions: list[tuple[int, int | None]] = []
    for country in _COUNTRIES:
        parent = Region.objects.create(name=country, slug=country.lower())
        regions.append((parent.pk, None))
        for part in ("north", "south"):
            child = Region.objects.create(
                name=f"{country}, {part}", slug=f"{country.lower()}-{part}", parent=parent
            )
            regions.append((child.pk, parent.pk))
    tags = [
        Tag.objects.create(name=f"Topic {number}", slug=f"topic-{number}").pk
        for number in range(1, 301)
    ]
    authors = [
        Author.objects.create(name=f"Author {number}", slug=f"author-{number}").pk
        for number in range(1, 61)
    ]
    return _Taxonomy(regions, tags, authors)


class _Table:
    """Rows of a model as COPY takes them: its defaults, and what is given by column."""

    def __init__(self, model: type[models.Model], columns: Sequence[str]) -> None:
        fields = [
            field
            for field in model._meta.concrete_fields
            if not field.generated and not (field.primary_key and field.attname not in columns)
        ]
        self.template = [
            field.get_db_prep_save(field.get_default(), connection)
            if field.has_default() or field.empty_strings_allowed
            else None
            for field in fields
        ]
        self.places = {field.attname: place for place, field in enumerate(fields)}
        names = ", ".join(f'"{field.column}"' for field in fields)
        self.statement = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
        self.order = [self.places[column] for column in columns]

    def copy(self, cursor: Any, rows: Iterator[Sequence[Any]]) -> None:
        with cursor.copy(self.statement) as copy:
            for values in rows:
                row = self.template.copy()
                for place, value in zip(self.order, values, strict=True):
                    row[place] = value
                copy.write_row(row)


@dataclass(frozen=True, slots=True)
class _Draft:
    """One article before it is written."""

    key: int
    public_id: int
    slug: str
    title: str
    body: int  # its place among the bodies
    kind: str
    language: str
    published_at: datetime
    regions: list[int]
    listed_regions: list[int]
    tags: list[int]
    authors: list[int]


_CONTENT = ("title", "body_html", "kind", "language")
_DESK = ("id", *_CONTENT, "slug", "state", "public_id", "revision", "published_at", "updated_at")
_DESK_TIMES = ("created_at", "saved_at")
_PUBLIC = (
    "id", "article_id", *_CONTENT, "slug", "summary", "region_ids", "tag_ids", "author_ids",
    "blocks", "body_text", "excerpt", "word_count", "published_at", "updated_at", "revision",
)  # fmt: skip


class _Writer:
    def __init__(self, taxonomy: _Taxonomy, now: datetime) -> None:
        self.taxonomy = taxonomy
        self.now = now
        chance = random.Random(1)  # noqa: S311 -- text to measure with, the same each time
        self.bodies = [_body(chance) for _ in range(BODIES)]
        self.content_of_none = content_of(Article(), Relations([], [], []))
        self.blocks = [Jsonb(each.blocks, orjson.dumps) for each in self.bodies]
        self.tables = {
            "articles": _Table(Article, [*_DESK, *_DESK_TIMES]),
            "regions": _Table(Article.regions.through, ["article_id", "region_id"]),
            "tags": _Table(Article.tags.through, ["article_id", "tag_id"]),
            "bylines": _Table(Byline, ["article_id", "author_id", "position"]),
            "slugs": _Table(Slug, ["text", "article_id", "public_since"]),
            "public": _Table(PublishedArticle, _PUBLIC),
            "listings": _Table(Listing, ["article_id", "kind", "key", "published_at"]),
            "revisions": _Table(Revision, ["article_id", "kind", "content", "created_at"]),
        }

    def write(self, numbers: range, first: int, first_public: int, *, total: int) -> None:
        drafts = [
            self._draft(number, first + number, first_public + number, total) for number in numbers
        ]
        rows: dict[str, Iterator[Sequence[Any]]] = {
            "articles": (self._desk(each) for each in drafts),
            "regions": ((d.key, each) for d in drafts for each in d.regions),
            "tags": ((d.key, each) for d in drafts for each in d.tags),
            "bylines": ((d.key, each, n) for d in drafts for n, each in enumerate(d.authors)),
            "slugs": ((d.slug, d.key, d.published_at) for d in drafts),
            "public": (self._public(each) for each in drafts),
            "listings": (row for d in drafts for row in _listings(d)),
            "revisions": (self._revision(each) for each in drafts),
        }
        with connection.cursor() as cursor:
            for name, table in self.tables.items():
                table.copy(cursor, rows[name])

    def _draft(self, number: int, key: int, public_id: int, total: int) -> _Draft:
        chance = random.Random(number)  # noqa: S311 -- as above
        regions = self.taxonomy.regions
        # A quarter of the regions has three quarters of the articles, as in a newsroom.
        region, ancestor = regions[min(int(chance.expovariate(0.3)), len(regions) - 1)]
        tags = {self.taxonomy.tags[_skewed(chance, len(self.taxonomy.tags))] for _ in range(3)}
        author = self.taxonomy.authors[_skewed(chance, len(self.taxonomy.authors))]
        title = f"{chance.choice(_NOUNS).title()} {chance.choice(_VERBS)} near place {number}"
        first_language, *others = settings.NEWSROOM_LANGUAGES
        return _Draft(
            key=key,
            public_id=public_id,
            slug=f"{title.lower().replace(' ', '-')}",
            title=title,
            body=number % BODIES,
            kind=chance.choices(Kind.values, (80, 8, 6, 4, 1, 1))[0],
            language=chance.choice(others) if others and chance.random() < 0.25 else first_language,
            published_at=self.now - timedelta(minutes=MINUTES_APART * (total - number)),
            regions=[region],
            listed_regions=[region] if ancestor is None else [region, ancestor],
            tags=sorted(tags),
            authors=[author],
        )

    def _desk(self, draft: _Draft) -> Sequence[Any]:
        content = (draft.title, self.bodies[draft.body].html, draft.kind, draft.language)
        moment = draft.published_at
        return (draft.key, *content, draft.slug, State.PUBLISHED.value, draft.public_id, 1,
                moment, moment, moment, moment)  # fmt: skip

    def _public(self, draft: _Draft) -> Sequence[Any]:
        parsed = self.bodies[draft.body]
        content = (draft.title, parsed.served_html, draft.kind, draft.language)
        return (draft.public_id, draft.key, *content, draft.slug, parsed.summary, draft.regions,
                draft.tags, draft.authors, self.blocks[draft.body], parsed.text, parsed.excerpt,
                parsed.word_count, draft.published_at, draft.published_at, 1)  # fmt: skip

    def _revision(self, draft: _Draft) -> Sequence[Any]:
        content = self.content_of_none | {
            "title": draft.title,
            "body_html": self.bodies[draft.body].html,
            "kind": draft.kind,
            "language": draft.language,
            "slug": draft.slug,
            "region_ids": draft.regions,
            "tag_ids": draft.tags,
            "author_ids": draft.authors,
        }
        kind = Revision.RevisionKind.PUBLICATION.value
        return (draft.key, kind, Jsonb(content, orjson.dumps), draft.published_at)


def _listings(draft: _Draft) -> Iterator[Sequence[Any]]:
    for kind, keys in (
        (Listing.Kind.REGION, draft.listed_regions),
        (Listing.Kind.TAG, draft.tags),
        (Listing.Kind.AUTHOR, draft.authors),
    ):
        for key in keys:
            yield draft.public_id, kind.value, key, draft.published_at


def _skewed(chance: random.Random, number: int) -> int:
    """A place from 0 to ``number`` - 1, the first ones far more often."""
    return int(number * chance.random() ** 3)


def _body(chance: random.Random) -> body.Body:
    words = [chance.choice(_NOUNS if each % 3 else _VERBS) for each in range(WORDS_A_BODY)]
    half = WORDS_A_BODY // 2
    return body.parse(f"<p>{' '.join(words[:half])}</p><p>{' '.join(words[half:])}</p>")
