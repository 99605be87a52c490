"""The desk's lists in a browser: tags in a dialog, confirmations, calendar, regions, comments."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.comments import add_comment
from articles.models import Article, Comment, Region
from articles.publishing import schedule
from articles.workflow import Role
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published, make_region, make_tag

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

LIST = "admin:articles_article_changelist"
PHONE = {"width": 390, "height": 844}


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return page.viewport_size is not None and width <= page.viewport_size["width"]


def test_it_works(page: Page) -> None:
    """Tags, by keyboard alone: a suggestion, a new one, saved."""
    make_tag("Water")
    make_tag("Waterways")
    article = make_draft("Wind", tags=[make_tag("Energy")])
    page.goto(reverse(LIST))

    page.get_by_role("link", name="Tags of “Wind”").focus()
    page.keyboard.press("Enter")
    field = page.get_by_role("dialog").get_by_role("combobox", name="Tags")
    expect(field).to_be_focused()
    expect(field).to_have_value("Energy")
    page.keyboard.press("End")
    page.keyboard.type(", wat")
    expect(page.locator(".desk-suggestions").get_by_role("option")).to_have_text(
        ["Water", "Waterways"]
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(field).to_have_value("Energy, Waterways, ")
    page.keyboard.type("New")
    page.keyboard.press("Enter")

    expect(page.locator(".messagelist .success")).to_have_text("Tags changed: “Wind”.")
    expect(page.locator(".field-tag_list")).to_have_text("Energy, New, Waterways")
    assert article.tags.count() == 3


def test_escape_closes_the_suggestions_then_the_dialog(page: Page) -> None:
    make_tag("Water")
    make_draft("Wind")
    page.goto(reverse(LIST))
    link = page.get_by_role("link", name="Tags of “Wind”")
    link.click()
    expect(page.get_by_role("dialog").get_by_role("combobox", name="Tags")).to_be_focused()
    page.keyboard.type("wat")
    expect(page.locator(".desk-suggestions").get_by_role("option")).to_have_count(1)

    page.keyboard.press("Escape")
    expect(page.locator(".desk-suggestions")).to_be_hidden()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(link).to_be_focused()


def test_what_is_refused_stays_in_the_dialog(page: Page) -> None:
    article = make_draft("Wind")
    page.goto(reverse(LIST))
    page.get_by_role("link", name="Tags of “Wind”").click()
    field = page.get_by_role("dialog").get_by_role("combobox", name="Tags")
    expect(field).to_be_focused()
    article.title = "Saved by a colleague"
    article.save()

    page.keyboard.type("New")
    page.keyboard.press("Enter")

    expect(page.get_by_role("dialog")).to_contain_text("saved this article since you opened it")
    expect(field).to_have_value("New")
    assert not article.tags.exists()


def test_many_are_published_after_a_look(page: Page) -> None:
    make_draft("One")
    make_draft("Two")
    page.goto(reverse(LIST))
    page.locator("#action-toggle").check()
    page.get_by_label("Action:").select_option(label="Publish…")
    page.get_by_role("button", name="Go").click()

    expect(page.locator("#desk-allowed li")).to_have_count(2)
    assert not Article.objects.filter(public__isnull=False).exists()
    page.get_by_role("button", name="Publish").click()

    expect(page.locator(".messagelist .success")).to_have_text("Published: “One”, “Two”.")
    expect(page.get_by_role("link", name="have it", exact=True)).to_have_count(2)


def test_a_filter_is_kept_and_removed(page: Page) -> None:
    make_draft("One")
    page.goto(f"{reverse(LIST)}?state__exact=draft")
    page.get_by_label("Keep this filter as").fill("My drafts")
    page.get_by_role("button", name="Keep").click()

    kept = page.get_by_role("link", name="My drafts")
    expect(kept).to_have_attribute("aria-current", "page")
    page.get_by_role("button", name="Remove the filter “My drafts”").click()
    expect(kept).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lists_and_calendar_fit_a_phone(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # width and height
    make_published(
        "A title of some length about water in the canals " * 3, tags=[make_tag("Water")]
    )
    due = make_draft("Scheduled")
    schedule(due, by=None, at=timezone.now() + timedelta(minutes=5))
    region = make_region("Kazakhstan")
    make_region("Almaty", parent=region)
    add_comment(due, by=User.objects.get(username="chief"), text="Why?" * 100)

    for address in (
        reverse(LIST),
        f"{reverse(LIST)}?q=water&state__exact=published",
        reverse("admin:articles_article_calendar"),
        reverse("admin:articles_region_changelist"),
        reverse("admin:articles_article_comments", args=[due.pk]),
        reverse("admin:articles_region_merge", args=[region.pk]),
    ):
        page.goto(address)
        assert fits(page), address
    page.goto(reverse("admin:articles_article_calendar"))
    expect(page.get_by_role("link", name="Scheduled")).to_be_visible()


def test_a_region_is_moved_by_its_buttons(page: Page) -> None:
    for name in ("Almaty", "Bishkek", "Osh"):
        make_region(name)
    page.goto(reverse("admin:articles_region_changelist"))

    page.get_by_role("button", name="Osh up").press("Enter")

    expect(page.locator(".messagelist .success")).to_have_text("Moved: Osh.")
    names = page.locator(".desk-region strong")
    expect(names).to_have_text(["Almaty", "Osh", "Bishkek"])
    assert list(Region.objects.values_list("name", flat=True)) == ["Almaty", "Osh", "Bishkek"]


def test_a_colleague_is_mentioned_by_keys(page: Page) -> None:
    make_login(Role.WRITER, username="asel")
    make_login(Role.WRITER, username="aybek")
    article = make_draft("Wind")
    page.goto(reverse("admin:articles_article_change", args=[article.pk]))

    page.get_by_label("Your comment").click()
    page.keyboard.type("Ask @a")
    expect(page.locator(".desk-suggestions").get_by_role("option")).to_have_text(["asel", "aybek"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("please")
    expect(page.get_by_label("Your comment")).to_have_value("Ask @aybek please")
    page.get_by_role("button", name="Comment", exact=True).click()

    expect(page.locator(".desk-comment mark")).to_have_text("@aybek")
    assert Comment.objects.get().mentioned.get().username == "aybek"
    page.get_by_role("button", name="Resolve").click()
    expect(page.locator(".desk-comment")).to_contain_text("Resolved")


def test_on_a_phone_a_line_says_who_does_not_have_it(page: Page) -> None:
    make_draft("Wind")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(reverse(LIST))

    cell = page.locator(".field-readers")
    expect(cell).to_have_text("do not have it")
    said = cell.evaluate("(cell) => getComputedStyle(cell, '::before').content")
    assert said == '"Readers "'
    page.set_viewport_size({"width": 1280, "height": 900})
    assert cell.evaluate("(cell) => getComputedStyle(cell, '::before').content") == "none"
