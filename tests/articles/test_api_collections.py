"""/api/v1/collections/{slug}"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.merging import merge
from articles.models import Article, Collection, Slot
from articles.publishing import delete_for_good, kill, publish, trash, unpublish
from articles.workflow import Role
from cms.api.caching import forget_all
from cms.changes.models import Change
from tests.articles.roles import make_login
from tests.factories import make_collection, make_draft, make_published, make_region, make_tag
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NEWEST, BREAKING_FIRST = Slot.Rule.NEWEST, Slot.Rule.BREAKING_FIRST


def front(client: Client, query: str = "") -> list[str]:
    """The titles on the front page."""
    answer = client.get(f"/api/v1/collections/front{query}").json()
    return [each["title"] for each in answer["results"]]


def rule(rule: str = NEWEST, **values: Any) -> dict[str, Any]:
    return {"rule": rule, **values}


def test_it_works(client: Client) -> None:
    first, second = make_published("First"), make_published("Second")
    make_published("Third")
    make_collection(second, first, rule(), slug="front", language="en", description="All of it")

    answer = client.get("/api/v1/collections/front").json()

    head = {name: value for name, value in answer.items() if name != "results"}
    assert head == {
        "slug": "front",
        "title": "Front page",
        "description": "All of it",
        "language": "en",
    }
    assert [each["title"] for each in answer["results"]] == ["Second", "First", "Third"]
    [card] = client.get(f"/api/v1/articles?ids={second.pk}").json()["results"]
    assert answer["results"][0] == card


def test_its_articles_have_the_shape_that_is_asked_for(client: Client) -> None:
    make_collection(make_published("First", body_html="<p>Text</p>"), slug="front")

    one = client.get("/api/v1/collections/front?fields=title&include=body_text").json()

    assert one["results"] == [{"title": "First", "body_text": "Text"}]
    wrong = client.get("/api/v1/collections/front?fields=titel")
    assert_problem(wrong, "invalid-parameter", parameter="fields")
    wrong = client.get("/api/v1/collections/front?page=2")
    assert_problem(wrong, "unknown-parameter", parameter="page")


def test_what_readers_do_not_have_is_not_there(client: Client) -> None:
    make_collection(make_published(), slug="planned", is_public=False)

    for slug in ("planned", "never"):
        assert_problem(client.get(f"/api/v1/collections/{slug}"), "not-found")


def test_an_empty_one_is_empty(client: Client) -> None:
    make_collection(slug="front")

    assert front(client) == []


def test_no_article_stands_twice(client: Client) -> None:
    pinned = make_published("Pinned")
    for number in range(4):
        make_published(f"Newest {number}")
    make_collection(rule(number=2), rule(), pinned, rule(number=20), slug="front")

    assert front(client) == ["Newest 3", "Newest 2", "Newest 1", "Pinned", "Newest 0"]


def test_rules_find_the_newest_of_what_they_are_narrowed_to(client: Client) -> None:
    country = make_region("Kazakhstan")
    city, water = make_region("Almaty", parent=country), make_tag("Water")
    make_published("About us", kind="page")
    make_published("Both", regions=[city], tags=[water])
    make_published("Country", regions=[country])
    make_published("Water", tags=[water], kind="opinion")
    make_published("Вода", tags=[water], language="ru")

    def found(language: str = "", **values: Any) -> list[str]:
        Collection.objects.all().delete()
        make_collection(rule(number=10, **values), slug="front", language=language)
        return front(client)

    assert found() == ["Вода", "Water", "Country", "Both"]
    assert found(region=country) == ["Country", "Both"]
    assert found(region=city) == ["Both"]
    assert found(tag=water) == ["Вода", "Water", "Both"]
    assert found(tag=water, language="en") == ["Water", "Both"]
    assert found(region=country, tag=water) == ["Both"]
    assert found(kind="opinion") == ["Water"]
    assert found(kind="page") == ["About us"]


def test_a_rule_that_finds_nothing_leaves_its_place_to_the_next(client: Client) -> None:
    make_collection(rule(kind="interview"), make_published("First"), rule(), slug="front")

    assert front(client) == ["First"]


def test_breaking_news_come_first_until_their_own_end(client: Client) -> None:
    make_published("Old", is_breaking=True, breaking_until=NOON)
    for number in range(3):
        make_published(f"Newest {number}")
    make_published("Breaking too", is_breaking=True)
    make_published("Last")
    make_collection(rule(BREAKING_FIRST, number=4), slug="front")

    with time_machine.travel(NOON - timedelta(seconds=1)):
        assert front(client) == ["Breaking too", "Old", "Last", "Newest 2"]
    with time_machine.travel(NOON + timedelta(seconds=1)):
        assert front(client) == ["Breaking too", "Last", "Newest 2", "Newest 1"]


def test_an_article_is_pinned_until_its_time(client: Client) -> None:
    pinned = {"article": make_published("Pinned").article, "pinned_until": NOON}
    make_published("Newest")
    make_collection(dict(pinned, rule=NEWEST), slug="front")
    make_collection(pinned, slug="other")
    url = "/api/v1/collections/other"

    with time_machine.travel(NOON - timedelta(seconds=1)):
        assert front(client) == ["Pinned"]
        assert len(client.get(url).json()["results"]) == 1
    last = Change.objects.count()
    with time_machine.travel(NOON + timedelta(seconds=1)):
        assert front(client) == ["Newest"]
        assert client.get(url).json()["results"] == []
    told = Change.objects.order_by("id")[last:].values_list("type", "action", "slug")
    assert set(told) == {("collection", "upsert", "front"), ("collection", "upsert", "other")}
    assert [(slot.rule, slot.article) for slot in Slot.objects.all()] == [(NEWEST, None)]


def test_the_worker_takes_it_down_on_time(client: Client) -> None:
    make_collection(
        {"article": make_published().article, "pinned_until": NOON, "rule": NEWEST}, slug="front"
    )

    with time_machine.travel(NOON + timedelta(seconds=1)):
        call_command("worker", "--once")

    assert Slot.objects.get().article is None


def test_a_pinned_one_and_a_rule_share_a_slot(client: Client) -> None:
    pinned = make_published("Pinned")
    for number in range(3):
        make_published(f"Newest {number}")
    make_collection({"article": pinned.article, "rule": NEWEST, "number": 3}, slug="front")

    assert front(client) == ["Pinned", "Newest 2", "Newest 1"]
    unpublish(pinned.article)
    assert front(client) == ["Newest 2", "Newest 1", "Newest 0"]


def _killed(article: Article) -> None:
    kill(article, by=make_login(Role.PUBLISHER), reason="A court.")


def _expired(article: Article) -> None:
    article.expires_at = datetime(2026, 1, 2, tzinfo=UTC)
    article.save()
    publish(article, by=None)


@pytest.mark.parametrize("leave", [unpublish, _killed, _expired])
def test_what_is_not_public_any_more_leaves_at_once(client: Client, leave: Any) -> None:
    pinned, other = make_published("Pinned").article, make_published("Other")
    make_collection(pinned, other, rule(number=5), slug="front")
    assert front(client) == ["Pinned", "Other"]

    leave(pinned)

    assert front(client) == ["Other"]


def test_a_pinned_draft_stands_there_once_it_is_public(client: Client) -> None:
    draft = make_draft("Draft")
    make_collection(draft, make_published("Public"), slug="front")
    assert front(client) == ["Public"]

    publish(draft)

    assert front(client) == ["Draft", "Public"]


def test_a_slot_outlives_its_article(client: Client) -> None:
    draft = make_draft()
    make_collection({"article": draft, "rule": NEWEST}, slug="front")
    trash(draft, by=None)
    delete_for_good(draft, by=None)

    assert Slot.objects.get().article is None


def test_rules_follow_what_was_merged(client: Client) -> None:
    water, waters = make_tag("Water"), make_tag("Waters")
    osh, same = make_region("Osh"), make_region("Oš")
    make_published("One", tags=[waters])
    make_published("Two", regions=[same])
    make_collection(rule(tag=waters), rule(region=same), slug="front")

    merge(waters, into=water, by=None)
    merge(same, into=osh, by=None)

    assert front(client) == ["One", "Two"]


def test_every_change_of_a_slot_is_one_of_its_collection() -> None:
    collection, other = make_collection(slug="one"), make_collection(slug="two")
    article = make_published().article
    seen: set[int] = set()

    def told() -> set[str]:
        rows = Change.objects.filter(type="collection").exclude(pk__in=seen)
        slugs = {row.slug for row in rows}
        seen.update(row.pk for row in rows)
        return slugs

    told()
    slot = Slot.objects.create(collection=collection, article=article)
    assert told() == {"one"}
    Slot.objects.update(position=3)
    assert told() == {"one"}
    Slot.objects.update(position=3)
    assert told() == set()
    Slot.objects.filter(pk=slot.pk).update(collection=other)
    assert told() == {"one", "two"}
    Slot.objects.all().delete()
    assert told() == {"two"}
    version = Collection.objects.get(slug="one").version
    collection.refresh_from_db()
    collection.title = "Renamed"
    collection.save()
    assert told() == {"one"}
    assert Collection.objects.get(slug="one").version > version


@pytest.mark.parametrize("number", [1, 25])
def test_it_needs_the_same_statements_for_any_number(client: Client, number: int) -> None:
    tag = make_tag("Water")
    articles = [make_published(tags=[tag]) for _ in range(2 * number)]
    rules = [rule(BREAKING_FIRST, tag=tag, kind=["", "news"][n % 2]) for n in range(number)]
    make_collection(*articles[:number], *rules, slug="front")
    front(client)
    forget_all()

    with CaptureQueriesContext(connection) as queries:
        assert len(front(client)) == 2 * number

    # The version; the collection, its slots, the pinned ones, what the rules find, the articles.
    assert len(queries) == 6
