"""Collections at the desk."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Collection, Slot
from articles.publishing import unpublish
from articles.workflow import Role
from tests.articles.desk import signed_in, told, url
from tests.articles.roles import make_login
from tests.factories import make_collection, make_draft, make_published, make_tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return signed_in(make_login(Role.EDITOR))


def form(*slots: dict[str, Any], **values: Any) -> dict[str, Any]:
    """What the form sends; a slot with an ``id`` is there already."""
    sent: dict[str, Any] = {
        "title": "Front page",
        "slug": "front",
        "description": "",
        "language": "",
        "is_public": "on",
        "slots-TOTAL_FORMS": len(slots),
        "slots-INITIAL_FORMS": len([slot for slot in slots if "id" in slot]),
        **values,
    }
    for place, slot in enumerate(slots):
        row = {"article": "", "rule": "", "number": 1, "position": place, **slot}
        sent |= {f"slots-{place}-{name}": value for name, value in row.items()}
    return sent


def add(client: Client, *slots: dict[str, Any], **values: Any) -> Any:
    return client.post(url("collection", "add"), form(*slots, **values), follow=True)


def said(response: Any) -> str:
    """All that the form says is wrong."""
    formset = response.context["inline_admin_formsets"][0].formset
    return f"{formset.errors} {formset.non_form_errors()}"


def front(client: Client) -> list[str]:
    results = client.get("/api/v1/collections/front").json()["results"]
    return [each["title"] for each in results]


def test_it_works(editor: Client, client: Client) -> None:
    first, second = make_published("First"), make_published("Second", tags=[make_tag("Water")])
    make_published("Third")

    response = add(
        editor,
        {"article": first.article_id, "pinned_until": "2099-01-01T12:00"},
        {"rule": "newest", "tag": second.tag_ids[0]},
        {"rule": "breaking_first", "number": 5},
    )

    assert "was added successfully" in " ".join(told(response))
    assert front(client) == ["First", "Second", "Third"]
    assert Slot.objects.get(position=0).pinned_until == datetime(2099, 1, 1, 7, tzinfo=UTC)
    page = editor.get(url("collection", "change", Collection.objects.get().pk))
    assert "<div>1. First</div><div>2. Second</div><div>3. Third</div>" in page.content.decode()
    assert editor.get(f"{url('collection')}?q=front").context["cl"].result_count == 1


def test_slots_can_change_their_order(editor: Client, client: Client) -> None:
    articles = [make_published(title) for title in ("A", "B", "C")]
    collection = make_collection(*articles, slug="front")
    slots = [
        {"id": slot.pk, "collection": collection.pk, "article": slot.article_id}
        for slot in collection.slots.all()
    ]
    for slot, position in zip(slots, (2, 0, 1), strict=True):
        slot["position"] = position

    editor.post(url("collection", "change", collection.pk), form(*slots))

    assert front(client) == ["B", "C", "A"]
    # Two that are exchanged in one save are in nobody's way.
    slots[0]["article"], slots[1]["article"] = slots[1]["article"], slots[0]["article"]
    editor.post(url("collection", "change", collection.pk), form(*slots))
    assert front(client) == ["A", "C", "B"]


@pytest.mark.parametrize(
    ("slots", "sentence"),
    [
        ([{"article": "draft"}], "Readers do not have “A draft”. Publish it first"),
        ([{"article": "public"}, {"article": "public"}], "stands in another slot already"),
        ([{"rule": "newest"}, {}], "Choose an article, or a rule that fills the slot."),
        ([{"article": "public", "number": 2}], "Choose a rule, which these narrow"),
        ([{"article": "public", "kind": "news"}], "Choose a rule, which these narrow"),
        ([{"rule": "newest", "number": 21}], "less than or equal to 20"),
        ([{"rule": "newest", "number": 0}], "greater than or equal to 1"),
        ([{"rule": "newest", "number": 20}] * 6, "hold 120 articles together"),
        (
            [{"rule": "newest", "pinned_until": "2099-01-01T12:00"}],
            "Choose the article that stays until then",
        ),
        (
            [{"article": "public", "pinned_until": "2020-01-01T12:00"}],
            "That time has passed.",
        ),
        ([{"rule": "newest", "tag": "999999"}], "not one of the available choices"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(
    editor: Client, slots: list[dict[str, Any]], sentence: str
) -> None:
    keys = {"draft": make_draft("A draft").pk, "public": make_published().article_id}
    slots = [{**slot, "article": keys.get(slot.get("article", ""), "")} for slot in slots]

    response = add(editor, *slots)

    assert sentence in said(response)
    assert not Collection.objects.exists()


def test_more_slots_than_a_page_takes_are_refused(editor: Client) -> None:
    response = add(editor, *([{"rule": "newest"}] * 51))

    assert "at most 50 forms" in said(response)
    assert not Collection.objects.exists()


def test_a_rule_that_finds_nothing_is_told(editor: Client, client: Client) -> None:
    make_published("First")

    response = add(editor, {"rule": "newest", "kind": "interview"}, {"rule": "newest"})

    assert any("Nothing stands in slot 1 now" in each for each in told(response))
    assert front(client) == ["First"]


def test_what_was_unpublished_since_is_in_nobodys_way(editor: Client, client: Client) -> None:
    article = make_published().article
    collection = make_collection(article, slug="front")
    unpublish(article)
    slot = {"id": collection.slots.get().pk, "collection": collection.pk, "article": article.pk}

    response = editor.post(
        url("collection", "change", collection.pk), form(slot, title="Renamed"), follow=True
    )

    assert any("Nothing stands in slot 1 now" in each for each in told(response))
    assert client.get("/api/v1/collections/front").json()["title"] == "Renamed"


def test_the_slug_is_anothers(editor: Client) -> None:
    make_collection(slug="front")

    response = add(editor)

    assert response.context["adminform"].form.errors["slug"]
    assert Collection.objects.count() == 1


def test_a_tag_that_a_rule_names_is_not_deleted(editor: Client) -> None:
    tag = make_tag()
    make_collection({"rule": "newest", "tag": tag})

    editor.post(url("tag", "delete", tag.pk), {"post": "yes"})

    assert Slot.objects.get().tag == tag


def test_an_editor_can_delete_one_and_a_writer_only_look(editor: Client) -> None:
    collection = make_collection(make_published(), slug="front")
    writer = signed_in(make_login(Role.WRITER))

    assert writer.get(url("collection", "change", collection.pk)).status_code == 200
    assert add(writer).status_code == 403
    assert writer.post(url("collection", "delete", collection.pk)).status_code == 403
    assert Collection.objects.exists()
    editor.post(url("collection", "delete", collection.pk), {"post": "yes"})
    assert not Collection.objects.exists()


@pytest.mark.parametrize("number", [1, 40])
def test_the_form_needs_few_statements_a_slot(editor: Client, number: int) -> None:
    tag = make_tag()
    collection = make_collection(*[{"rule": "newest", "tag": tag} for _ in range(number)])
    address = url("collection", "change", collection.pk)
    editor.get(address)

    with CaptureQueriesContext(connection) as queries:
        assert editor.get(address).status_code == 200

    # What a slot shows as chosen is one statement; the others are the same for any number.
    assert len(queries) <= 12 + number
