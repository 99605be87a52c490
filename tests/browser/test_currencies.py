"""The list of currencies in a browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has none
from django.urls import reverse
from playwright.sync_api import BrowserContext, expect

from rates.reference_data import make_missing

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]


@pytest.mark.parametrize("width", [390, 1280])
def test_it_works(context: BrowserContext, width: int) -> None:
    """Who cannot see it can use it: its search has a name."""
    make_missing()
    page = context.new_page()  # of its own: axe-core makes the console say things
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(reverse("admin:rates_currency_changelist"))

    found = Axe().run(page).response["violations"]
    page.get_by_role("searchbox", name="Search", exact=True).fill("UZS")
    page.keyboard.press("Enter")

    grave = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in grave] == []
    expect(page.locator("#result_list tbody tr")).to_have_count(1)
