"""The article's form as a whole: without scripts, read-only, in the dark, on a phone."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article
from tests.articles.desk import make_user
from tests.browser.bodies import EVERY_BLOCK
from tests.browser.conftest import leave, sign_in
from tests.browser.pages import Desk
from tests.factories import make_draft

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

BODY = "".join(EVERY_BLOCK.values())
# Whether anything reaches out of the window to the side, which makes a page hard to read.
_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def address(article: Article) -> str:
    return reverse("admin:articles_article_change", args=[article.pk])


def test_it_works(desk: Desk) -> None:
    """Every button says what it does, and the toolbar stays in sight."""
    desk.open(make_draft(body_html=BODY))

    buttons = desk.page.get_by_role("toolbar").get_by_role("button").all()
    assert len(buttons) > 20
    assert all(button.get_attribute("aria-label") for button in buttons)
    assert all(button.get_attribute("title") for button in buttons)
    desk.text.locator("pre").last.scroll_into_view_if_needed()
    expect(desk.button("Bold")).to_be_in_viewport()
    assert desk.text.bounding_box()["width"] < 820  # type: ignore[index]  # it is visible


def test_its_buttons_can_be_used_before_anything_was_clicked(desk: Desk) -> None:
    desk.open(make_draft(body_html="<p>Text</p>"))

    expect(desk.button("HTML")).to_have_attribute("aria-pressed", "false")
    expect(desk.button("Bold")).to_have_attribute("aria-disabled", "false")
    desk.button("Heading 2").click()

    assert desk.save().body_html == "<h2>Text</h2>"


def test_without_scripts_the_html_is_edited(
    chromium: Browser, live_server: LiveServer, chief: User
) -> None:
    article = make_draft(body_html=BODY)
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    sign_in(context, chief, live_server.url)
    page = context.new_page()

    page.goto(address(article))
    source = page.locator("textarea[name=body_html]")
    expect(source).to_be_visible()
    Desk(page).send()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Article.objects.get().body_html == BODY
    source.fill("<p>New <b>text</b></p>")
    Desk(page).send()
    expect(page.locator(".messagelist .success")).to_be_visible()

    assert Article.objects.get().body_html == "<p>New <strong>text</strong></p>"
    context.close()


def test_those_who_may_only_read_see_the_text(
    chromium: Browser, live_server: LiveServer, transactional_db: None
) -> None:
    article = make_draft(body_html=BODY)
    context = chromium.new_context(base_url=live_server.url)
    sign_in(context, make_user("reader", "view_article"), live_server.url)
    page = context.new_page()

    page.goto(address(article))

    expect(page.locator(".article-body strong").first).to_have_text("bold")
    expect(page.locator(".article-body")).not_to_contain_text("<strong>")
    expect(page.locator(".ProseMirror, textarea[name=body_html]")).to_have_count(0)
    leave(context)


def test_a_form_that_comes_back_with_an_error_keeps_the_body(desk: Desk) -> None:
    desk.page.goto(reverse("admin:articles_article_add"))
    desk.text.click()
    desk.type("Text of a form without a title")
    desk.page.locator("#article_form").evaluate("(form) => { form.noValidate = true }")

    desk.send()

    expect(desk.page.locator(".errornote")).to_be_visible()
    expect(desk.text).to_have_text("Text of a form without a title")
    assert not Article.objects.exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_can_be_read_everywhere(page: Page, scheme: str, width: int) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    desk = Desk(page)

    desk.open(make_draft(body_html=BODY))

    assert not page.evaluate(_TOO_WIDE)
    text, ground = page.locator(".ProseMirror").evaluate(
        """(text) => [text, text.parentElement.parentElement]
          .map((each, place) => getComputedStyle(each)[place ? "backgroundColor" : "color"])
          .map((colour) => Number(colour.match(/[0-9]+/)[0]))"""
    )
    assert (text > ground) is (scheme == "dark")
    assert abs(text - ground) > 120
    desk.text.locator("td").first.click()
    expect(desk.button("Row below")).to_be_visible()
    assert not page.evaluate(_TOO_WIDE)


def test_dialogs_close_by_escape_and_change_nothing(desk: Desk) -> None:
    desk.open(make_draft(body_html="<p>Text</p>"))

    for label in ("Link", "Picture", "Gallery"):
        desk.text.click()
        desk.button(label).click()
        expect(desk.page.get_by_role("dialog")).to_be_visible()
        desk.press("Escape")
        expect(desk.page.get_by_role("dialog")).to_have_count(0)
        expect(desk.text).to_be_focused()

    assert desk.written() == "<p>Text</p>"
