"""The original of a translation, read beside the translation's form."""

import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # has none
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, FloatRect, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article
from tests.browser.bodies import EVERY_BLOCK
from tests.browser.conftest import leave, sign_in
from tests.browser.pages import Desk
from tests.factories import make_draft

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def make_translation(body_html: str = "<p>The wind blows.</p>") -> Article:
    group = uuid.uuid4()
    make_draft("Wind park", body_html=body_html, translation_group=group)
    return make_draft("Ветропарк", language="ru", translation_group=group)


def boxes(page: Page) -> tuple[FloatRect, FloatRect]:
    text = page.locator(".ProseMirror").bounding_box()
    pane = page.locator(".desk-original").bounding_box()
    assert text is not None
    assert pane is not None
    return text, pane


def test_it_works(desk: Desk) -> None:
    """It is read beside the editor, and stays in sight while one writes; nothing is lost."""
    page = desk.page
    page.set_viewport_size({"width": 1440, "height": 900})
    desk.open(make_translation("".join(EVERY_BLOCK.values())))
    shown = page.get_by_role("region", name="The original", exact=True)
    expect(shown).to_be_hidden()

    page.get_by_text("The original beside it (en)").click()

    expect(shown.get_by_role("heading", name="Wind park")).to_be_visible()
    expect(shown.locator("strong").first).to_have_text("bold")
    text, pane = boxes(page)
    assert text["x"] + text["width"] <= pane["x"]
    assert not page.evaluate(_TOO_WIDE)
    desk.text.click()
    desk.type("Ветер дует. ")
    expect(page.locator(".desk-original")).to_be_in_viewport()
    assert "Ветер дует." in desk.save().body_html


def test_on_a_phone_it_stands_below(desk: Desk) -> None:
    page = desk.page
    page.set_viewport_size({"width": 390, "height": 844})
    desk.open(make_translation())

    page.get_by_text("The original beside it (en)").click()

    expect(page.get_by_text("The wind blows.").last).to_be_visible()
    text, pane = boxes(page)
    assert pane["y"] >= text["y"] + text["height"]
    assert not page.evaluate(_TOO_WIDE)


def test_it_is_asked_for_again_when_it_could_not_be_shown(desk: Desk) -> None:
    page = desk.page
    desk.open(make_translation())
    label = page.get_by_text("The original beside it (en)")
    page.route("**/text/", lambda route: route.abort())

    label.click()
    expect(page.get_by_text("The original cannot be shown now.")).to_be_visible()
    page.unroute("**/text/")
    label.click()
    label.click()

    expect(page.get_by_text("The wind blows.").last).to_be_visible()


def test_everybody_can_read_it(context: BrowserContext) -> None:
    page = context.new_page()  # of its own: axe-core makes the console say things
    Desk(page).open(make_translation("".join(EVERY_BLOCK.values())))
    page.get_by_text("The original beside it (en)").click()
    expect(page.get_by_role("heading", name="Wind park")).to_be_visible()

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]

    assert [
        (each["id"], [n["html"][:150] for n in each["nodes"]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ] == []


def test_it_speaks_russian(chromium: Browser, live_server: LiveServer, chief: User) -> None:
    article = make_translation()
    context = chromium.new_context(base_url=live_server.url, locale="ru-RU")
    sign_in(context, chief, live_server.url)
    page = context.new_page()
    page.goto(reverse("admin:articles_article_change", args=[article.pk]))

    page.get_by_text("Оригинал рядом (en)").click()

    expect(page.get_by_role("region", name="Оригинал", exact=True)).to_contain_text("Wind park")
    leave(context)
