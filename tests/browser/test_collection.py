"""The order of a collection's slots in a browser: by drag, by buttons, by keys."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from articles.models import Collection
from tests.factories import make_collection, make_published

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def make_front() -> Collection:
    return make_collection(*(make_published(title) for title in "ABC"), slug="front")


def open_form(page: Page, collection: Collection) -> list[Locator]:
    """Opens it, and returns the slots as they stand then, whatever happens to them."""
    page.goto(reverse("admin:articles_collection_change", args=[collection.pk]))
    slots = [page.locator(f"#slots-{number}") for number in range(3)]
    expect(handle(slots[0])).to_be_visible()
    return slots


def handle(slot: Locator) -> Locator:
    return slot.get_by_role("button", name="Move this slot: drag it")


def saved(page: Page, collection: Collection) -> str:
    page.locator("input[name=_continue]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    return "".join(slot.article.title for slot in collection.slots.all() if slot.article)


def test_it_works_by_drag(page: Page) -> None:
    collection = make_front()
    slots = open_form(page, collection)

    handle(slots[2]).scroll_into_view_if_needed()
    start = handle(slots[2]).bounding_box()
    target = slots[0].bounding_box()
    assert start
    assert target
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 5, target["y"] + target["height"] - 20, steps=8)
    page.mouse.move(start["x"] + 5, target["y"] + 5, steps=8)
    page.mouse.up()

    expect(page.get_by_role("status")).to_have_text("Slot 1 of 3")
    assert saved(page, collection) == "CAB"


def test_a_drag_that_the_browser_cancels_is_over(page: Page) -> None:
    slots = open_form(page, make_front())
    handle(slots[2]).scroll_into_view_if_needed()
    start, target = handle(slots[2]).bounding_box(), slots[0].bounding_box()
    assert start
    assert target
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.evaluate("document.dispatchEvent(new PointerEvent('pointercancel'))")

    page.mouse.move(start["x"] + 5, target["y"] + 5, steps=8)

    expect(page.get_by_role("status")).to_have_text("Slot 3 of 3")
    expect(page.locator(".inline-related:not(.empty-form)").nth(2)).to_have_id("slots-2")


def test_buttons_do_no_harm_where_there_are_no_fields(page: Page) -> None:
    slots = open_form(page, make_front())
    errors: list[object] = []

    def note(error: object) -> None:
        errors.append(error)

    page.on("pageerror", note)
    page.evaluate(
        "document.querySelectorAll(\"input[name$='-position']\").forEach((each) => each.remove())"
    )

    slots[1].get_by_role("button", name="Move this slot up").click()

    expect(page.get_by_role("status")).to_have_text("Slot 1 of 3")
    assert errors == []


def test_it_works_by_keys_and_says_where_the_slot_stands(page: Page) -> None:
    collection = make_front()
    slots = open_form(page, collection)
    handle(slots[0]).focus()

    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("status")).to_have_text("Slot 2 of 3")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")

    expect(page.get_by_role("status")).to_have_text("Slot 3 of 3")
    expect(handle(slots[0])).to_be_focused()
    assert saved(page, collection) == "BCA"


def test_it_works_by_buttons(page: Page) -> None:
    collection = make_front()
    slots = open_form(page, collection)

    slots[0].get_by_role("button", name="Move this slot down").click()
    slots[2].get_by_role("button", name="Move this slot up").click()

    assert saved(page, collection) == "BCA"


def test_a_new_slot_stands_last_and_can_be_moved(page: Page) -> None:
    collection = make_front()
    open_form(page, collection)

    page.get_by_role("button", name="Add another Slot").click()
    added = page.locator("#slots-3")
    added.locator("select[name=slots-3-rule]").select_option("newest")
    handle(added).press("ArrowUp")

    assert saved(page, collection) == "ABC"
    assert [slot.rule for slot in collection.slots.all()] == ["", "", "newest", ""]


@pytest.mark.parametrize("width", [390, 1280])
def test_it_can_be_used_everywhere(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})

    slots = open_form(page, make_front())

    assert not page.evaluate(_TOO_WIDE)
    expect(slots[0].locator(".field-position")).to_be_hidden()
    expect(slots[0].get_by_role("button", name="Move this slot up")).to_be_visible()
