"""What the public reads is written here: publish, and what changes public rows in place."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from articles import body
from articles.models import (
    Article,
    AuditEntry,
    Listing,
    Origin,
    PublishedArticle,
    Revision,
    SearchEntry,
    Slug,
)
from articles.models.audit import NOWHERE
from articles.models.content import CONTENT_FIELDS
from articles.publishing.allowed import deleted_meanwhile, lock, lock_allowed
from articles.publishing.times import NotPublishableError, refuse_embargoed, refuse_expired
from articles.revisions import Relations, relations_of, write_revisions
from articles.workflow import State, Verb

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


def publish(
    article: Article,
    *,
    by: AbstractBaseUser | None = None,
    at: datetime | None = None,
    substantive: bool = True,
    note: str = "",
    origin: Origin = NOWHERE,
) -> PublishedArticle:
    """Make the stored desk's copy the public one, and return that; ``article`` is refreshed.

    See ``publish_many`` for what is promised and raised.
    """
    published = publish_many(
        [article], by=by, at=at, substantive=substantive, note=note, origin=origin
    )
    if not published:
        raise deleted_meanwhile(Verb.PUBLISH)
    article.refresh_from_db()
    return published[0]


def publish_many(
    articles: Iterable[Article],
    *,
    by: AbstractBaseUser | None = None,
    at: datetime | None = None,
    substantive: bool = True,
    bodies: Mapping[str, body.Body] | None = None,
    note: str = "",
    origin: Origin = NOWHERE,
) -> list[PublishedArticle]:
    """Publish what is stored of these articles, all or none, and return the public rows in the
    order of the articles' ids.

    ``by`` is who does it, None being the system; ``at`` is when (aware; now). A first publication
    keeps a ``published_at`` that lies in the past, as importers set it; every further one leaves
    it. ``updated_at`` moves to ``at`` when the change is ``substantive``, or where it is not set.
    ``bodies`` are those that the caller has parsed already, by their normal form; ``note`` is
    kept with the revisions, ``origin`` with the audit.
    Raises NotAllowed as ``articles.workflow`` has it, and before the end of an embargo;
    NotPublishableError for an article without a title, or one that a person would publish after
    it expired; ValidationError when another article holds a slug. Then nothing has changed.
    """
    moment = at or timezone.now()
    with transaction.atomic():
        locked, standings = lock_allowed(Verb.PUBLISH, (each.pk for each in articles), by=by)
        published = bring_out(
            locked, by=by, at=moment, substantive=substantive, bodies=bodies or {}, note=note
        )
        killed = [key for key, standing in standings.items() if standing.is_killed]
        if killed:
            Slug.objects.filter(article__in=killed).update(gone_reason=None)
            Article.objects.filter(pk__in=killed).update(killed_at=None)
        AuditEntry.objects.record(Verb.PUBLISH, locked, by=by, at=moment, origin=origin)
    return published


def bring_out(
    locked: Sequence[Article],
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    substantive: bool,
    bodies: Mapping[str, body.Body],
    note: str = "",
) -> list[PublishedArticle]:
    """Make the public rows of locked articles, for a verb that has checked who does it."""
    refuse_untitled(locked)
    refuse_embargoed(locked, at=at)
    if by is not None:
        refuse_expired(locked, at=at)
    Listing.objects.share_tree()
    relations = relations_of(locked)
    _give_public_ids(locked)
    for article in locked:
        _stamp(article, at, substantive=substantive)
    Slug.objects.reserve(locked)
    Slug.objects.filter(text__in=[article.slug for article in locked], public_since=None).update(
        public_since=at
    )
    published = [public_copy(article, relations[article.pk], bodies) for article in locked]
    PublishedArticle.objects.bulk_create(
        published,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=_UPSERTED,
        batch_size=500,
    )
    Listing.objects.rewrite([row.pk for row in published])
    SearchEntry.objects.rewrite([row.pk for row in published])
    write_revisions(
        locked, relations, kind=Revision.RevisionKind.PUBLICATION, by=by, at=at, note=note
    )
    _store_publication(locked, published)
    return published


def refuse_untitled(articles: Sequence[Article]) -> None:
    """NotPublishableError when one of the articles has no title."""
    for article in articles:
        if not article.title.strip():
            raise NotPublishableError(
                gettext("An article without a title cannot be published. Give it one.")
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


def public_copy(
    article: Article, relations: Relations, bodies: Mapping[str, body.Body]
) -> PublishedArticle:
    """The public row, not stored yet, of an article that has its public id and its times."""
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
        keys = [article.pk for article in lock(article.pk for article in articles)]
        Article.objects.filter(pk__in=keys).update(translation_group=group)
        PublishedArticle.objects.filter(article__in=keys).update(translation_group=group)
