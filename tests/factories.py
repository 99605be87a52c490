"""Rows for tests. Each function takes what the test is about and makes up the rest."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from articles.models import (
    Article,
    Author,
    Byline,
    Collection,
    Image,
    PublishedArticle,
    Region,
    Slot,
    Tag,
)
from articles.publishing import publish
from articles.slugs import slugify

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
_numbers = count(1)


def make_region(name: str = "", **values: Any) -> Region:
    name = name or f"Region {next(_numbers)}"
    return Region.objects.create(name=name, slug=values.pop("slug", slugify(name)), **values)


def make_tag(name: str = "", **values: Any) -> Tag:
    name = name or f"Tag {next(_numbers)}"
    return Tag.objects.create(name=name, slug=values.pop("slug", slugify(name)), **values)


def make_author(name: str = "", **values: Any) -> Author:
    name = name or f"Author {next(_numbers)}"
    return Author.objects.create(name=name, slug=values.pop("slug", slugify(name)), **values)


def make_image(**values: Any) -> Image:
    return Image.objects.create(
        **{"url": f"https://media.example.org/{next(_numbers)}.jpg", "alt": "A hill", **values}
    )


def make_draft(
    title: str = "",
    *,
    regions: Sequence[Region] = (),
    tags: Sequence[Tag] = (),
    authors: Sequence[Author] = (),
    **values: Any,
) -> Article:
    """A draft on the desk that was never public."""
    number = next(_numbers)
    article = Article(
        **{
            "title": title or f"Article {number}",
            "body_html": f"<p>Body of article {number}.</p>",
            "language": "en",
            **values,
        }
    )
    article.save()
    for region in regions:
        article.regions.add(region)
    for tag in tags:
        article.tags.add(tag)
    for position, author in enumerate(authors):
        Byline.objects.create(article=article, author=author, position=position)
    return article


def make_published(title: str = "", **values: Any) -> PublishedArticle:
    """A public article; ``published_at`` is made up, each a minute after the one before."""
    moment = LONG_AGO + timedelta(minutes=next(_numbers))
    values.setdefault("published_at", moment)
    return publish(make_draft(title, **values))


def make_collection(
    *slots: dict[str, Any] | PublishedArticle | Article, **values: Any
) -> Collection:
    """A collection that readers have. A slot is an article that is pinned there, or the columns of
    a slot."""
    number = next(_numbers)
    collection = Collection.objects.create(
        **{"slug": f"collection-{number}", "title": "Front page", "is_public": True, **values}
    )
    for position, slot in enumerate(slots):
        if isinstance(slot, PublishedArticle):
            slot = slot.article
        columns = {"article": slot} if isinstance(slot, Article) else slot
        Slot.objects.create(collection=collection, position=position, **columns)
    return collection
