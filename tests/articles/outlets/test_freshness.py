"""A change changes exactly the documents that show what it changed, and no other one's ETag."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Collection, PublishedArticle, Slot, Tag
from articles.outlets.sitemaps import MAX_URLS
from articles.publishing import publish, unpublish
from cms.changes.models import Change
from tests.factories import (
    make_author,
    make_collection,
    make_draft,
    make_published,
    make_region,
    make_tag,
)

pytestmark = pytest.mark.django_db

FEEDS = ("rss.xml", "atom.xml", "feed.json", "ninjs.json")
NARROWED = ("tag=tag-0", "tag=tag-1", "region=place", "author=asel", "language=en", "language=ru")
GROUP = "00000000-0000-0000-0000-000000000001"


class Documents:
    """Every document of the outlets, by its address, and the ETag that it has now."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def addresses(self) -> list[str]:
        feeds = [f"/feeds/{feed}?{query}" for feed in FEEDS for query in NARROWED]
        forms = [
            f"/api/v1/articles/{slug}/{form}"
            for slug in Article.objects.values_list("slug", flat=True)
            for form in ("ninjs", "json-ld")
        ]
        pages = [
            f"/api/v1/collections/{slug}"
            for slug in Collection.objects.values_list("slug", flat=True)
        ]
        return [*(f"/feeds/{feed}" for feed in FEEDS), *feeds, *forms, *pages, self.sitemap()]

    def sitemap(self) -> str:
        """The part in which the articles of a test stand."""
        newest = PublishedArticle.objects.latest("id")
        return f"/sitemap-{(newest.pk - 1) // MAX_URLS + 1}.xml"

    def etags(self) -> dict[str, str]:
        responses = {url: self.client.get(url) for url in self.addresses()}
        return {url: response.get("ETag", "") for url, response in responses.items()}

    def showing(self, text: str) -> set[str]:
        """The addresses of the documents in which a text stands."""
        return {url for url in self.addresses() if text.encode() in self.client.get(url).getvalue()}


def make_newsroom() -> list[Article]:
    region, author = make_region("Place"), make_author("Asel")
    tags = [make_tag(f"Tag {number}") for number in range(2)]
    articles = [
        make_published(
            f"Title{number}x",
            slug=f"slug{number}x",
            language=("en", "ru")[number % 2],
            tags=[tags[number % 2]] if number % 3 else [],
            regions=[region] if number % 2 else [],
            authors=[author] if number % 4 == 0 else [],
            published_at=datetime(2026, 1, 1 + number, tzinfo=UTC),
            translation_group=GROUP if number in (2, 3) else None,
        )
        for number in range(8)
    ]
    make_draft("Draft")
    make_collection(articles[5], articles[0], slug="pinned")
    make_collection({"rule": "newest", "tag": tags[1], "number": 2}, slug="by-tag")
    make_collection({"rule": "newest", "number": 3}, slug="newest", language="en")
    return [article.article for article in articles]


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {url for url in before.keys() | after.keys() if before.get(url) != after.get(url)}


def retitle(article: Article) -> None:
    article.refresh_from_db()
    article.title += "!"
    article.save()
    publish(article)


@pytest.mark.parametrize("seed", range(4))
def test_an_edited_article_changes_what_shows_it(client: Client, seed: int) -> None:
    article = random.Random(seed).choice(make_newsroom())
    documents = Documents(client)
    shown = documents.showing(article.title) | {documents.sitemap()}
    before, last = documents.etags(), Change.objects.count()

    retitle(article)

    assert changed(before, documents.etags()) == shown
    assert Change.objects.count() == last + 1


@pytest.mark.parametrize("slug", ["tag-0", "tag-1"])
def test_a_renamed_tag_changes_what_names_it(client: Client, slug: str) -> None:
    make_newsroom()
    documents = Documents(client)
    tag = Tag.objects.get(slug=slug)
    named = documents.showing(tag.name)
    before = documents.etags()

    tag.name = "Renamed"
    tag.save()

    assert changed(before, documents.etags()) == named == documents.showing("Renamed")


def rename(page: Collection) -> None:
    page.title = "Renamed"
    page.save()


def exchange(page: Collection) -> None:
    for slot in page.slots.all():
        Slot.objects.filter(pk=slot.pk).update(position=9 - slot.position)


def hide(page: Collection) -> None:
    Collection.objects.filter(pk=page.pk).update(is_public=False)


def fill(page: Collection) -> None:
    page.slots.create(rule="newest", position=9)


@pytest.mark.parametrize("slug", ["pinned", "by-tag", "newest"])
@pytest.mark.parametrize("act", [rename, exchange, hide, fill])
def test_an_edited_collection_changes_itself_only(
    client: Client, act: Callable[[Collection], None], slug: str
) -> None:
    make_newsroom()
    documents = Documents(client)
    page = Collection.objects.get(slug=slug)
    before, last = documents.etags(), Change.objects.count()

    act(page)

    # A slot that is moved where it stood alone is no news to readers.
    same = act is exchange and page.slots.count() == 1
    assert changed(before, documents.etags()) == (
        set() if same else {f"/api/v1/collections/{slug}"}
    )
    told = Change.objects.order_by("id")[last:].values_list("type", "slug")
    assert set(told) == {("collection", slug)}


def nothing_for_readers(articles: Iterable[Article]) -> list[Callable[[], Any]]:
    first, *_ = articles

    def save_only() -> None:
        first.refresh_from_db()
        first.title = "Edited on the desk"
        first.save()

    return [save_only, lambda: make_draft("Another"), lambda: make_tag("Unused")]


def test_what_readers_do_not_see_changes_nothing(client: Client) -> None:
    acts = nothing_for_readers(make_newsroom())
    documents = Documents(client)
    before = documents.etags()

    for act in acts:
        act()
        after = {url: etag for url, etag in documents.etags().items() if url in before}
        assert changed(before, after) == set()


def test_an_unpublished_translation_leaves_the_other_one(client: Client) -> None:
    articles = make_newsroom()
    documents = Documents(client)
    assert "/feeds/rss.xml?language=ru" in documents.showing("slug2x")
    before = documents.etags()
    showing = documents.showing("slug2x")

    unpublish(articles[2])

    assert documents.showing("slug2x") <= {
        url for url in documents.addresses() if "slug2x" in url
    }  # what a problem repeats of its own address
    assert changed(before, documents.etags()) >= showing
