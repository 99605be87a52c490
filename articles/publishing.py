"""What moves an article to the public and back: one function a verb.

The admin, the clock, the importers and the API all call these. Each runs in one transaction,
locks the articles it changes in the order of their ids, and leaves the numbering of the change
to the commit (cms/changes).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from articles import body
from articles.models import (
    Article,
    Byline,
    Listing,
    PublishedArticle,
    Revision,
    SearchEntry,
    Slug,
)
from articles.models.article import State
from articles.models.content import CONTENT_FIELDS

_UPSERTED = [
    field.attname
    for field in PublishedArticle._meta.concrete_fields
    if field.attname not in ("id", "article_id")
]

# Several times faster than bulk_update, with the articles' locks held.
_STORE_PUBLICATION = """
UPDATE articles_article a
SET public_id = p.id, published_at = p.published_at, updated_at = p.updated_at,
    revision = p.revision, version = p.version, state = 'published', publish_at = NULL,
    clock_error = ''
FROM articles_publishedarticle p WHERE p.article_id = a.id AND a.id = ANY(%s)
RETURNING a.id, a.version
"""


class NotPublishableError(ValidationError):
    """The article cannot be published as it is; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class Relations:
    """The ids of an article's regions, tags and authors, each in its order."""

    region_ids: list[int]
    tag_ids: list[int]
    author_ids: list[int]


def publish(
    article: Article,
    *,
    by: AbstractBaseUser | None = None,
    at: datetime | None = None,
    substantive: bool = True,
) -> PublishedArticle:
    """Make the stored desk's copy the public one, and return that; ``article`` is refreshed.

    See ``publish_many`` for what is promised and raised.
    """
    [published] = publish_many([article], by=by, at=at, substantive=substantive)
    article.refresh_from_db()
    return published


def publish_many(
    articles: Iterable[Article],
    *,
    by: AbstractBaseUser | None = None,
    at: datetime | None = None,
    substantive: bool = True,
    bodies: Mapping[str, body.Body] | None = None,
) -> list[PublishedArticle]:
    """Publish what is stored of these articles, all or none, and return the public rows in the
    order of the articles' ids.

    ``by`` is who does it, None being the system; ``at`` is when (aware; now). A first publication
    keeps a ``published_at`` that lies in the past, as importers set it; every further one leaves
    it. ``updated_at`` moves to ``at`` when the change is ``substantive``, or where it is not set.
    ``bodies`` are those that the caller has parsed already, by their normal form.
    Raises NotPublishableError for an article without a title, and ValidationError when another
    article holds a slug; then nothing has changed.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        locked = _lock(article.pk for article in articles)
        _refuse_unpublishable(locked)
        Listing.objects.share_tree()
        relations = relations_of(locked)
        _give_public_ids(locked)
        for article in locked:
            _stamp(article, moment, substantive=substantive)
        Slug.objects.reserve(locked)
        Slug.objects.filter(
            text__in=[article.slug for article in locked], public_since=None
        ).update(public_since=moment)
        published = [
            _public_copy(article, relations[article.pk], bodies or {}) for article in locked
        ]
        PublishedArticle.objects.bulk_create(
            published,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=_UPSERTED,
            batch_size=500,
        )
        Listing.objects.rewrite([row.pk for row in published])
        SearchEntry.objects.rewrite([row.pk for row in published])
        _write_revisions(locked, relations, by=by, at=moment)
        _store_publication(locked, published)
    return published


def unpublish(article: Article, *, by: AbstractBaseUser | None = None) -> bool:
    """Take the article from the public; the desk's copy stays, as a draft.

    Returns whether it was public. ``id``, ``revision`` and ``published_at`` stay with the
    article, for when it is published again.
    """
    with transaction.atomic():
        _lock([article.pk])
        Listing.objects.share_tree()
        public = PublishedArticle.objects.filter(article=article)
        was_public = bool(public)
        if was_public:
            Listing.objects.filter(article__in=public).delete()
            public.delete()
            Article.objects.filter(pk=article.pk).update(state=State.DRAFT)
    article.refresh_from_db()
    return was_public


def relations_of(articles: Sequence[Article]) -> dict[int, Relations]:
    """The relations of each article, by its primary key: three statements for any number."""
    keys = [article.pk for article in articles]
    found: dict[str, dict[int, list[int]]] = {}
    for name, through, order in (
        ("region_id", Article.regions.through, "pk"),
        ("tag_id", Article.tags.through, "pk"),
        ("author_id", Byline, "position"),
    ):
        found[name] = defaultdict(list)
        rows = through._default_manager.filter(article__in=keys).order_by(order, "pk")
        for key, related in rows.values_list("article_id", name):
            found[name][key].append(related)
    return {
        key: Relations(found["region_id"][key], found["tag_id"][key], found["author_id"][key])
        for key in keys
    }


def _lock(keys: Iterable[int]) -> list[Article]:
    # FOR NO KEY UPDATE: who only inserts a row that points here need not wait.
    return list(
        Article.objects.filter(pk__in=list(keys)).order_by("pk").select_for_update(no_key=True)
    )


def _refuse_unpublishable(articles: Sequence[Article]) -> None:
    for article in articles:
        if not article.title.strip():
            raise NotPublishableError(
                "An article without a title cannot be published. Give it one."
            )


def _give_public_ids(articles: Sequence[Article]) -> None:
    new = [article for article in articles if article.public_id is None]
    if not new:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('articles_public_id_seq') FROM generate_series(1, %s)", [len(new)]
        )
        for article, (public_id,) in zip(new, cursor.fetchall(), strict=True):
            article.public_id = public_id


def _stamp(article: Article, at: datetime, *, substantive: bool) -> None:
    """Move the article's own fields to what they are after the publication."""
    if article.published_at is None or article.published_at > at:
        article.published_at = at
    if article.updated_at is None:
        article.updated_at = article.published_at
    elif substantive and article.revision > 0:
        article.updated_at = max(at, article.updated_at)
    article.revision += 1
    article.state = State.PUBLISHED
    article.publish_at = None
    article.clock_error = ""


def _public_copy(
    article: Article, relations: Relations, bodies: Mapping[str, body.Body]
) -> PublishedArticle:
    """The public row of an article that has its public id and its times by now."""
    parsed = bodies.get(article.body_html) or body.parse(article.body_html)
    content = {name: getattr(article, name) for name in CONTENT_FIELDS if name != "lead_image"}
    content["body_html"] = parsed.served_html
    content["summary"] = article.summary.strip() or parsed.summary
    breaking_until = article.breaking_until if article.is_breaking else None
    dues = [due for due in (article.expires_at, breaking_until) if due is not None]
    content.update(
        id=article.public_id,
        published_at=article.published_at,
        updated_at=article.updated_at,
        revision=article.revision,
        lead_image_id=article.lead_image_id,
    )
    return PublishedArticle(
        **content,
        article=article,
        slug=article.slug,
        region_ids=relations.region_ids,
        tag_ids=relations.tag_ids,
        author_ids=relations.author_ids,
        image_ids=[article.lead_image_id] if article.lead_image_id else [],
        blocks=parsed.blocks,
        body_text=parsed.text,
        excerpt=parsed.excerpt,
        word_count=parsed.word_count,
        due_at=min(dues, default=None),
    )


def _write_revisions(
    articles: Sequence[Article],
    relations: dict[int, Relations],
    *,
    by: AbstractBaseUser | None,
    at: datetime,
) -> None:
    Revision.objects.bulk_create(
        [
            Revision(
                article=article,
                kind=Revision.RevisionKind.PUBLICATION,
                content=content_of(article, relations[article.pk]),
                created_at=at,
                created_by_id=by.pk if by else None,
            )
            for article in articles
        ],
        batch_size=500,
    )


def content_of(article: Article, relations: Relations) -> dict[str, Any]:
    """An article's content as JSON, from which it can be restored. Times are RFC 3339."""
    content: dict[str, Any] = {}
    for name in CONTENT_FIELDS:
        attribute = f"{name}_id" if name == "lead_image" else name
        value = getattr(article, attribute)
        if isinstance(value, datetime):
            value = value.isoformat()
        content[attribute] = str(value) if name == "translation_group" and value else value
    return {
        **content,
        "slug": article.slug,
        "region_ids": relations.region_ids,
        "tag_ids": relations.tag_ids,
        "author_ids": relations.author_ids,
    }


def _store_publication(articles: Sequence[Article], published: Sequence[PublishedArticle]) -> None:
    """Tell the desk's rows what was published, and the objects the version that a trigger set."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE_PUBLICATION, [[article.pk for article in articles]])
        versions = dict(cursor.fetchall())
    for article, row in zip(articles, published, strict=True):
        article.version = row.version = versions[article.pk]


def link_translations(articles: Iterable[Article], *, group: uuid.UUID) -> None:
    """Make these articles translations of each other, for the public at once where they are.

    IntegrityError when two of the group are in one language.
    """
    with transaction.atomic():
        keys = [article.pk for article in _lock(article.pk for article in articles)]
        Article.objects.filter(pk__in=keys).update(translation_group=group)
        PublishedArticle.objects.filter(article__in=keys).update(translation_group=group)
