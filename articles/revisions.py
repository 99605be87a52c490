"""What a revision holds: an article's content as JSON, its relations by id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils.translation import gettext

from articles.carried import hold, hold_articles, hold_picture, write_choices
from articles.models import (
    Article,
    Author,
    Byline,
    FormerName,
    Image,
    Listing,
    Region,
    Revision,
    Tag,
)
from articles.models.article import ONE_PER_LANGUAGE
from articles.models.content import CONTENT_FIELDS

_ATTRIBUTES = tuple(f"{name}_id" if name == "lead_image" else name for name in CONTENT_FIELDS)
# Revisions of before they were kept do not have them.
CHOICES = ("pinned_ids", "excluded_ids")
_MOMENTS = ("breaking_until", "expires_at")
# What belongs to the article and not to one of its versions.
_NOT_RESTORED = ("corrections", "translation_group")


_RELATIONS = """
SELECT article_id, name, related FROM (
    SELECT article_id, 'region_ids' AS name, region_id AS related, 0 AS position, id
    FROM articles_article_regions WHERE article_id = ANY(%(keys)s)
    UNION ALL SELECT article_id, 'tag_ids', tag_id, 0, id
    FROM articles_article_tags WHERE article_id = ANY(%(keys)s)
    UNION ALL SELECT article_id, 'author_ids', author_id, position, id
    FROM articles_byline WHERE article_id = ANY(%(keys)s)
    UNION ALL SELECT article_id, CASE WHEN is_excluded THEN 'excluded_ids' ELSE 'pinned_ids' END,
        other_id, position, id
    FROM articles_relatedchoice WHERE article_id = ANY(%(keys)s)
) relations ORDER BY position, id
"""


@dataclass(frozen=True, slots=True)
class Relations:
    """The ids of an article's regions, tags and authors, each in its order; and what its editor
    says of related articles: the ids of those that come first, in order, and of those that never
    come. These are None where they are to stay as they are stored."""

    region_ids: list[int]
    tag_ids: list[int]
    author_ids: list[int]
    pinned_ids: list[int] | None = None
    excluded_ids: list[int] | None = None

    def completed(self, stored: Relations | None = None) -> Relations:
        """The same, with what is stored where it says nothing; of a new article, with none."""
        pinned = (stored.pinned_ids if stored else None) or []
        excluded = (stored.excluded_ids if stored else None) or []
        return replace(
            self,
            pinned_ids=pinned if self.pinned_ids is None else self.pinned_ids,
            excluded_ids=excluded if self.excluded_ids is None else self.excluded_ids,
        )


def relations_of(articles: Sequence[Article]) -> dict[int, Relations]:
    """The relations of each article, by its primary key: one statement for any number."""
    keys = [article.pk for article in articles]
    found: dict[int, dict[str, list[int]]] = {
        key: {each.name: [] for each in fields(Relations)} for key in keys
    }
    with connection.cursor() as cursor:
        cursor.execute(_RELATIONS, {"keys": keys})
        for article, name, related in cursor:
            found[article][name].append(related)
    return {key: Relations(**found[key]) for key in keys}


def content_of(article: Article, relations: Relations) -> dict[str, Any]:
    """An article's content as JSON, from which it can be restored. Times are RFC 3339."""
    content: dict[str, Any] = {}
    for attribute in _ATTRIBUTES:
        value = getattr(article, attribute)
        if isinstance(value, datetime):
            value = value.astimezone(UTC).isoformat()
        content[attribute] = str(value) if attribute == "translation_group" and value else value
    chosen = {name: getattr(relations, name) for name in CHOICES}
    return {
        **content,
        "slug": article.slug,
        "region_ids": relations.region_ids,
        "tag_ids": relations.tag_ids,
        "author_ids": relations.author_ids,
        **{name: keys for name, keys in chosen.items() if keys is not None},
    }


def fill(article: Article, content: Mapping[str, Any]) -> Relations:
    """Let the article in memory say what ``content`` says, and return its relations; ids are those
    of the content, for ``store_version``, which looks what they are now.

    Corrections and translations stay as the article has them; so does the slug.
    """
    for attribute in _ATTRIBUTES:
        if attribute in content and attribute not in _NOT_RESTORED:
            value = content[attribute]
            if attribute in _MOMENTS and value is not None:
                value = datetime.fromisoformat(value)
            setattr(article, attribute, value)
    return Relations(
        content.get("region_ids", []),
        content.get("tag_ids", []),
        content.get("author_ids", []),
        content.get("pinned_ids"),
        content.get("excluded_ids"),
    )


def fill_as_now(article: Article, content: Mapping[str, Any]) -> Relations:
    """``fill``, with ids of what was merged as what it is now, and without those of what was
    deleted."""
    relations = fill(article, content)
    if article.lead_image_id and not Image.objects.filter(pk=article.lead_image_id).exists():
        article.lead_image_id = None
    return replace(
        relations,
        region_ids=_present(Region, relations.region_ids),
        tag_ids=_present(Tag, relations.tag_ids),
        author_ids=_present(Author, relations.author_ids),
    )


def _present(model: type[Region | Tag | Author], ids: Sequence[int]) -> list[int]:
    """What these ids are today, once each and in their order."""
    moved = FormerName.objects.present_keys(model.listing_kind, ids)
    wanted = dict.fromkeys(moved.get(each, each) for each in ids)
    there = set(model._default_manager.filter(pk__in=wanted).values_list("pk", flat=True))
    return [each for each in wanted if each in there]


def with_present_ids(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same content with the ids of what was merged since as they are now."""
    renamed = {**{key: [] for key in CHOICES}, **content}
    for name, kind in (
        ("region_ids", Listing.Kind.REGION),
        ("tag_ids", Listing.Kind.TAG),
        ("author_ids", Listing.Kind.AUTHOR),
    ):
        ids = content.get(name, [])
        moved = FormerName.objects.present_keys(kind, ids)
        renamed[name] = list(dict.fromkeys(moved.get(each, each) for each in ids))
    return renamed


def write_relations(article: Article, relations: Relations) -> None:
    """Give the stored article these regions, tags, authors and related articles, in this order."""
    region_rows, tag_rows = Article.regions.through, Article.tags.through
    for through in (region_rows, tag_rows, Byline):
        through._default_manager.filter(article=article).delete()
    region_rows._default_manager.bulk_create(
        region_rows(article_id=article.pk, region_id=key) for key in relations.region_ids
    )
    tag_rows._default_manager.bulk_create(
        tag_rows(article_id=article.pk, tag_id=key) for key in relations.tag_ids
    )
    Byline.objects.bulk_create(
        Byline(article_id=article.pk, author_id=key, position=position)
        for position, key in enumerate(relations.author_ids)
    )
    if relations.pinned_ids is not None or relations.excluded_ids is not None:
        chosen = [(key, False) for key in relations.pinned_ids or []]
        write_choices(article, [*chosen, *((key, True) for key in relations.excluded_ids or [])])


def write_revisions(
    articles: Sequence[Article],
    relations: Mapping[int, Relations],
    *,
    kind: str,
    by: AbstractBaseUser | None,
    at: datetime,
    note: str = "",
) -> list[Revision]:
    """Keep what the articles say now, one revision for each."""
    return Revision.objects.bulk_create(
        [
            Revision(
                article=article,
                kind=kind,
                number=article.save_number,
                content=content_of(article, relations[article.pk]),
                created_at=at,
                created_by_id=by.pk if by else None,
                note=note,
            )
            for article in articles
        ],
        batch_size=500,
    )


def keep_stored(article: Article, relations: Relations) -> Revision:
    """The revision of what a stored, locked article with these relations says now; written, as
    the system's, where a script changed it without one."""
    kept = Revision.objects.filter(article=article, number=article.save_number).first()
    if kept is not None and _says(kept, content_of(article, relations)):
        return kept
    [revision] = write_revisions(
        [article],
        {article.pk: relations},
        kind=Revision.RevisionKind.SAVE,
        by=None,
        # The latest of its number, although an update of the rows alone moves no time.
        at=max(article.saved_at, kept.created_at) if kept else article.saved_at,
        note="Saved by a program",
    )
    return revision


def _says(revision: Revision, content: Mapping[str, Any]) -> bool:
    """Whether a revision says this, as far as its fields go; translations are kept elsewhere."""
    names = (revision.content.keys() & content.keys()) - {"translation_group"}
    kept = {name: revision.content[name] for name in names}
    stored = {name: content[name] for name in names}
    return kept == stored or with_present_ids(kept) == with_present_ids(stored)


def store_version(
    article: Article,
    relations: Relations,
    *,
    state: str,
    kind: str,
    by: AbstractBaseUser | None,
    at: datetime,
    note: str = "",
) -> Revision:
    """Store what a locked article says in memory as its next version, in this state.

    ValidationError when it has a translation in its language already. In the caller's transaction:
    what it carries is held until its end, so that nobody merges or deletes it meanwhile.
    """
    number = article.save_number + 1
    relations = _held(article, relations)
    _save(article)
    write_relations(article, relations)
    Article.objects.filter(pk=article.pk).update(state=state, save_number=number)
    article.state, article.save_number = state, number
    [revision] = write_revisions(
        [article], {article.pk: relations}, kind=kind, by=by, at=at, note=note
    )
    return revision


def _save(article: Article) -> None:
    try:
        article.save()
    except IntegrityError as error:
        if ONE_PER_LANGUAGE not in str(error):
            raise
        raise ValidationError(
            {
                "language": gettext(
                    "There is a translation in the language “{language}” already. Choose another"
                    " language, or change the other translation first."
                ).format(language=article.language)
            },
            code="language-taken",
        ) from error


def _held(article: Article, relations: Relations) -> Relations:
    """The relations as they are now, and the lead picture, locked so that they stay there."""
    article.lead_image_id = hold_picture(article.lead_image_id)
    return Relations(
        hold(Region, relations.region_ids),
        hold(Tag, relations.tag_ids),
        hold(Author, relations.author_ids),
        None if relations.pinned_ids is None else hold_articles(relations.pinned_ids),
        None if relations.excluded_ids is None else hold_articles(relations.excluded_ids),
    )
