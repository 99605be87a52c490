"""Lines about collections."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from articles.models import Collection, Slot
from cms.changes import clock
from cms.changes.models import Change
from tests.articles.importing import everything, make_line, refusals, run_import
from tests.factories import make_collection, make_published, make_region, make_tag

pytestmark = pytest.mark.django_db


def collection(slug: str, /, *slots: dict[str, Any], **values: Any) -> dict[str, Any]:
    line = {"slug": slug, "title": slug.title(), "is_public": True, "slots": list(slots), **values}
    return {"collection": line}


def slugs_of(client: Client, slug: str) -> list[str]:
    return [each["slug"] for each in client.get(f"/api/v1/collections/{slug}").json()["results"]]


def test_it_works(client: Client) -> None:
    until = "2099-01-01T05:00:00+05:00"
    report = run_import(
        collection(
            "front",
            {"article": "2", "pinned_until": until, "rule": "newest", "tag": "wind", "number": 2},
            {"rule": "breaking_first", "region": "osh", "kind": "opinion"},
            {"article": "1"},
            title="Front page",
            description="What is new.\r\nNow.",
            language="EN",
        ),
        {"region": {"slug": "osh", "name": "Osh"}},
        {"tag": {"slug": "wind", "name": "Wind"}},
        make_line("1", slug="one"),
        make_line("2", slug="two", status="draft"),
        make_line("3", slug="three", tags=["Wind"]),
        make_line("4", slug="four", kind="opinion", regions=["Osh"]),
    )

    assert (report.created, report.errors) == (7, [])
    page = client.get("/api/v1/collections/front").json()
    assert (page["title"], page["language"]) == ("Front page", "en")
    assert page["description"] == "What is new.\nNow."
    assert slugs_of(client, "front") == ["three", "four", "one"]
    first = Slot.objects.earliest("position")
    assert first.article is not None
    assert (first.article.external_id, first.number) == ("2", 2)
    assert first.pinned_until == datetime(2099, 1, 1, tzinfo=UTC)
    assert Change.objects.filter(topic="articles", type="collection").exists()


def test_the_same_lines_again_change_nothing() -> None:
    lines = [make_line("1"), collection("front", {"article": "1"}), collection("empty")]
    run_import(*lines)
    before = everything()

    report = run_import(*lines)

    assert (report.unchanged, report.created, report.updated) == (3, 0, 0)
    assert everything() == before


def test_what_the_desk_changed_since_stays_until_the_line_says_something_else() -> None:
    make_tag("Wind")
    line = collection("front", {"rule": "newest"}, description="Before")
    run_import(line)
    row = Collection.objects.get()
    row.title = "Arranged"
    row.save()
    Slot.objects.create(collection=row, rule="newest", position=5)

    assert run_import(line).unchanged == 1
    assert Slot.objects.count() == 2

    assert run_import(collection("front", {"rule": "newest", "tag": "wind"})).updated == 1
    row = Collection.objects.get(pk=row.pk)
    assert (row.title, row.description, row.is_public) == ("Front", "", True)
    assert [str(slot.tag) for slot in Slot.objects.all()] == ["Wind"]


def test_it_takes_the_place_of_one_that_editors_made(client: Client) -> None:
    make_collection(make_published(), {"rule": "newest"}, slug="front", language="ru")

    assert (
        run_import(make_line("1", slug="one"), collection("front", {"article": "1"})).updated == 1
    )

    assert slugs_of(client, "front") == ["one"]
    assert Collection.objects.get().language == ""


def test_until_a_line_says_so_readers_do_not_have_it(client: Client) -> None:
    run_import(collection("planned", is_public=None))

    assert client.get("/api/v1/collections/planned").status_code == 404


def test_a_time_that_is_past_is_due_at_once(client: Client) -> None:
    run_import(
        make_line("1", slug="one"),
        collection("front", {"article": "1", "pinned_until": "2020-01-01", "rule": "newest"}),
    )

    assert clock.advance() == 1

    assert Slot.objects.get().article is None


def test_an_article_of_the_newsroom_may_stand_in_it(client: Client) -> None:
    run_import(make_line("1", slug="one"))

    assert run_import(collection("front", {"article": "1"})).created == 1
    assert slugs_of(client, "front") == ["one"]


PINNED = {"article": "1"}
KNOWN = make_line("1")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([collection("a"), collection("a")], "collection.slug: “a” stands on line 2 already."),
        ([collection("a", {"article": "x"})], "collection.slots[0].article: There is no article “"),
        (
            [collection("a", PINNED, {"rule": "newest", "region": "x"})],
            "collection.slots[1].region: There is no region “x”, on a good line of this file or",
        ),
        (
            [collection("a", {"rule": "newest", "tag": "osh"})],
            "collection.slots[0].tag: There is no tag “osh”",
        ),
        ([collection("a", PINNED, PINNED)], "collection.slots: “1” stands in two slots."),
        ([collection("a", {})], "collection.slots[0].article: Choose an article, or a rule that"),
        (
            [collection("a", {"rule": "newest", "pinned_until": "2099-01-01"})],
            "collection.slots[0].pinned_until: Choose the article that stays until",
        ),
        (
            [collection("a", {**PINNED, "number": 2})],
            "collection.slots[0].rule: Choose a rule, which these narrow",
        ),
        (
            [collection("a", {"rule": "best"})],
            "collection.slots[0].rule: It must be one of: newest",
        ),
        (
            [collection("a", {"rule": "newest", "kind": "x"})],
            "collection.slots[0].kind: It must be",
        ),
        (
            [collection("a", {"rule": "newest", "number": 21})],
            "collection.slots[0].number: It must be a whole number from 1 to 20.",
        ),
        ([collection("a", {**PINNED, "x": 1})], "collection.slots[0].x: There is no such key. The"),
        (
            [collection("a", *[{"rule": "newest"}] * 51)],
            "collection.slots: It must have at most 50 entries.",
        ),
        (
            [collection("a", *[{"rule": "newest", "number": 20}] * 6)],
            "collection.slots: They hold 120 articles together. Let it be at most 100.",
        ),
        ([collection("a", slots="x")], "collection.slots: It must be a list of objects."),
        ([collection("a b")], "collection.slug: “a b” is not a slug"),
        ([collection("a", title="")], "collection.title: It must not be empty."),
        ([collection("a", language="?")], "collection.language: It must be a language tag"),
        ([collection("a", is_public=1)], "collection.is_public: It must be true or false."),
        ([collection("a", names={})], "collection.names: There is no such key. These exist: desc"),
        ([{"collection": None}], "collection: It must be an object."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(lines: list[Any], reason: str) -> None:
    make_region("Osh")

    [(line, told)] = refusals(KNOWN, *lines)

    assert (line, told[: len(reason)]) == (1 + len(lines), reason)


def test_an_article_on_a_bad_line_does_not_stand_in_it() -> None:
    bad = make_line("1", title="")

    assert [line for line, _ in refusals(bad, collection("a", PINNED))] == [1, 2]
    report = run_import(bad, collection("a", PINNED), collection("b"), skip_bad=True)
    assert ([line for line, _ in report.errors], report.created) == ([1, 2], 1)


def test_an_article_of_which_nothing_is_left_does_not_stand_in_it() -> None:
    hidden = make_line("1", body_html="<object><p>x</p></object>")

    report = run_import(hidden, collection("a", PINNED), skip_bad=True)

    assert [line for line, _ in report.errors] == [1, 2]
    assert not Collection.objects.exists()


def test_a_dry_run_writes_none() -> None:
    before = everything()

    assert run_import(KNOWN, collection("a", PINNED), dry_run=True).created == 2
    assert everything() == before
