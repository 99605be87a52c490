"""GET /sync: a copy of everything public, and how it is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.merging import merge
from articles.models import Author, Collection, Image, PublishedArticle, Region, Tag
from articles.publishing import kill, publish, unpublish
from cms.changes.sync import pages
from tests.articles.copying import URL, Phone, newsroom
from tests.factories import (
    make_author,
    make_collection,
    make_draft,
    make_image,
    make_published,
    make_region,
    make_tag,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(client: Client) -> Phone:
    return Phone(client)


def test_it_works(phone: Phone) -> None:
    newsroom()

    assert phone.sync() == [
        "upsert image None",
        "upsert image None",
        "upsert region kazakhstan",
        "upsert region almaty",
        "upsert tag dams",
        "upsert author asel",
        "upsert article water",
    ]
    assert phone.sync() == []


def test_an_article_has_what_the_api_shows_of_it(phone: Phone) -> None:
    published = newsroom()
    phone.sync()

    data = phone.held["article"][published.pk]
    shown = phone.ask("/api/v1/articles/water")
    for name in set(data) - {"id", "region_ids", "tag_ids", "author_ids", "lead_image_id"}:
        assert data[name] == shown[name]
    assert [phone.held["region"][pk]["slug"] for pk in data["region_ids"]] == ["almaty"]
    assert phone.held["tag"][data["tag_ids"][0]]["names"] == {"ru": "Плотины"}
    assert phone.held["image"][data["lead_image_id"]]["url"] == shown["lead_image"]["url"]


def test_a_new_article_brings_what_is_public_only_by_it(phone: Phone) -> None:
    tag = make_tag("Dams")
    phone.sync()

    make_published("One", tags=[tag])
    assert phone.sync() == ["upsert tag dams", "upsert article one"]
    make_published("Two", tags=[tag])
    assert phone.sync() == ["upsert article two"]


@pytest.mark.parametrize("way", ["unpublish", "kill"])
def test_what_is_withdrawn_takes_along_what_nothing_else_carries(phone: Phone, way: str) -> None:
    published = newsroom()
    make_published("Other", regions=[Region.objects.get(slug="kazakhstan")])
    phone.sync()

    if way == "kill":
        kill(published.article, by=None, reason="A court said so.")
    else:
        unpublish(published.article)

    assert phone.sync() == [
        "delete article water",
        "delete author None",
        "delete tag None",
        "delete region None",
        "delete image None",
        "delete image None",
    ]


def test_what_the_clock_withdraws_is_told(phone: Phone) -> None:
    past = timezone.now() + timedelta(milliseconds=1)
    make_published("Brief", expires_at=past)

    assert phone.sync() == []
    assert phone.held["article"] == {}


def test_a_rename_is_one_item(phone: Phone) -> None:
    tag = make_tag("Dams")
    for number in range(5):
        make_published(f"Article {number}", tags=[tag])
    phone.sync()

    tag.name = "Dams and locks"
    tag.save()

    assert phone.sync() == ["upsert tag dams"]


def test_only_the_latest_change_of_an_object_is_told(phone: Phone) -> None:
    phone.sync()
    published = make_published("Water")
    for _ in range(3):
        publish(published.article)

    assert phone.sync() == ["upsert article water"]
    unpublish(published.article)
    publish(published.article)
    unpublish(published.article)
    assert phone.sync() == ["delete article water"]


def test_versions_grow(phone: Phone) -> None:
    published = make_published("Water")
    first = phone.ask(URL)["items"][0]["version"]
    publish(published.article)
    second = phone.ask(URL)["items"][0]["version"]
    phone.take_over(phone.ask(URL))
    unpublish(published.article)

    assert first < second < phone.ask(f"{URL}?token={phone.token}")["items"][0]["version"]


def test_a_merge_is_told_of_both(phone: Phone) -> None:
    one, other = make_tag("One"), make_tag("Other")
    make_published("First", tags=[one])
    make_published("Second", tags=[other])
    phone.sync()

    merge(one, into=other, by=None)

    assert phone.sync() == ["upsert article first", "delete tag None"]


def test_a_moved_region_shows_and_hides_those_above(phone: Phone) -> None:
    old, new = make_region("Old"), make_region("New")
    place = make_region("Place", parent=old)
    make_published("News", regions=[place])
    phone.sync()

    place.parent = new
    place.save()

    assert phone.sync() == ["upsert region new", "upsert region place", "delete region None"]


def test_what_is_listed_by_hand_comes_and_goes(phone: Phone) -> None:
    region = make_region("Place")
    phone.sync()

    Region.objects.filter(pk=region.pk).update(is_listed=True)
    assert phone.sync() == ["upsert region place"]
    Region.objects.filter(pk=region.pk).update(is_listed=False)
    assert phone.sync() == ["delete region None"]


def test_another_picture_of_an_author_is_told(phone: Phone) -> None:
    newsroom()
    phone.sync()

    Author.objects.update(picture=make_image())

    assert phone.sync() == ["upsert image None", "upsert author asel", "delete image None"]
    Image.objects.filter(pk=PublishedArticle.objects.get().lead_image_id or 0).update(alt="A dam")
    assert phone.sync() == ["upsert image None"]


def test_a_collection_comes_with_its_articles_and_after_each_change_of_one(phone: Phone) -> None:
    first = make_published(slug="first")
    collection = make_collection(make_draft(slug="draft"), {"rule": "newest"}, slug="front")
    make_collection(slug="secret", is_public=False)
    phone.sync()
    [held] = phone.held["collection"].values()
    assert held["article_ids"] == [first.pk]

    second = make_published(slug="second")
    assert phone.sync() == ["upsert article second", "upsert collection front"]
    assert phone.held["collection"][collection.pk]["article_ids"] == [second.pk]

    collection.is_public = False
    collection.save()
    assert phone.sync() == ["delete collection None"]
    Collection.objects.all().delete()
    assert phone.sync() == []


def test_what_only_drafts_carry_is_never_told(phone: Phone) -> None:
    phone.sync()
    region, above = make_region("Secret region"), make_region("Above it")
    tag, author = make_tag("Secret tag"), make_author("Secret author", picture=make_image())
    make_draft(regions=[region], tags=[tag], authors=[author], lead_image=make_image())
    Tag.objects.update(name="Another secret")
    region.parent = above
    region.save()
    Author.objects.update(picture=make_image())
    Image.objects.update(alt="Secret")
    other = make_tag("Another")
    merge(tag, into=other, by=None)
    other.delete()

    assert phone.sync() == []


def test_the_slug_of_what_only_drafts_carry_any_more_is_not_told(phone: Phone) -> None:
    tag = make_tag("Dams")
    article = make_published("Water", tags=[tag]).article
    phone.sync()
    unpublish(article)
    tag.name, tag.slug = "Secret", "secret"
    tag.save()

    page = phone.ask(f"{URL}?token={phone.token}")
    assert "secret" not in str(page)
    assert phone.sync() == ["delete article water", "delete tag None"]


def test_a_first_walk_takes_in_what_happens_meanwhile(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 2)
    published = [make_published(f"Article {number}") for number in range(5)]
    page = phone.ask(URL)
    phone.take_over(page)
    assert (len(page["items"]), page["has_more"]) == (2, True)

    unpublish(published[0].article)
    unpublish(published[4].article)
    make_published("Late", tags=[make_tag("New")])
    published[1].article.title = "Changed"
    published[1].article.save()
    publish(published[1].article)

    phone.sync()
    assert [each["title"] for each in phone.held["article"].values()] == [
        "Changed", "Article 2", "Article 3", "Late",
    ]  # fmt: skip


def test_heavy_parts_come_when_they_are_asked_for(phone: Phone) -> None:
    make_published("Water")

    [item] = phone.ask(f"{URL}?include=blocks,body_text")["items"]
    assert item["data"]["body_text"].startswith("Body of article")
    assert item["data"]["blocks"][0]["type"] == "paragraph"
    assert "excerpt" not in item["data"]
    [item] = phone.ask(URL)["items"]
    assert "blocks" not in item["data"]


def test_it_costs_as_many_queries_for_one_object_as_for_many(phone: Phone) -> None:
    def queries(url: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            phone.ask(url)
        return len(captured)

    def another() -> None:
        make_published(
            regions=[make_region()],
            tags=[make_tag()],
            authors=[make_author(picture=make_image())],
            lead_image=make_image(),
        )

    newsroom()
    make_collection({"rule": "newest"})
    one_walk = queries(URL)
    token = phone.ask(URL)["next_token"]
    another()
    one_delta = queries(f"{URL}?token={token}")
    for _ in range(10):  # all of it in one page
        another()

    # The head; of each type its public rows; of the collection its slots and what they find.
    assert queries(URL) == one_walk <= 10
    # The token, what is reset, the latest, all; the taxonomy behind them; six types; the
    # collection.
    assert queries(f"{URL}?token={token}") == one_delta <= 26


def test_while_nothing_changes_the_answer_is_a_304(phone: Phone) -> None:
    newsroom()
    phone.sync()
    url = f"{URL}?token={phone.token}"
    first = phone.client.get(url)
    assert first.json() == {"items": [], "has_more": False, "next_token": phone.token}

    again = phone.client.get(url, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_a_cdn_is_not_to_keep_it(client: Client, settings: Any) -> None:
    settings.PURGE_BACKEND = "varnish"

    assert "CDN-Cache-Control" not in client.get(URL)
    assert "CDN-Cache-Control" in client.get("/api/v1/articles")
