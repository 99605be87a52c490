"""Autosave, recovery, presence, and two browsers at one article."""

import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Revision
from articles.workflow import Role
from tests.articles.roles import make_login
from tests.browser.conftest import leave, sign_in
from tests.browser.pages import Desk
from tests.factories import make_draft, make_region, make_tag

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

STATUS = "#desk-saved"


def saved(page: Page) -> None:
    expect(page.locator(STATUS)).to_contain_text("Saved at", timeout=15_000)


def test_it_works(desk: Desk) -> None:
    """What is typed is saved a few seconds later, and saved by hand on top of that."""
    article = make_draft("Water", body_html="<p>Text</p>")
    desk.open(article)

    desk.text.click()
    desk.press("Control+End")
    desk.type(" and more")
    saved(desk.page)

    article.refresh_from_db()
    assert article.body_html == "<p>Text and more</p>"
    assert article.revisions.first().kind == Revision.RevisionKind.AUTOSAVE  # type: ignore[union-attr]  # there is one
    desk.page.get_by_label("Kicker:").fill("Osh")
    assert desk.save().kicker == "Osh"


def test_a_new_article_is_made_by_its_first_autosave_and_only_once(desk: Desk) -> None:
    make_tag("Water")
    desk.open_new()
    desk.type("First words")
    tags = desk.page.locator("#id_tags_search")
    tags.fill("wat")
    expect(desk.page.get_by_role("option", name="Water")).to_be_visible()
    with desk.page.expect_response(lambda answer: answer.url.endswith("/autosave/") and answer.ok):
        tags.press("Enter")
    saved(desk.page)
    desk.page.wait_for_function("!document.getElementById('desk-saved').textContent.includes('…')")

    article = Article.objects.get()
    assert desk.page.url.endswith(reverse("admin:articles_article_change", args=[article.pk]))
    assert [tag.name for tag in article.tags.all()] == ["Water"]
    assert desk.save() == article
    assert Article.objects.count() == 1


def test_a_killed_tab_loses_nothing(context: BrowserContext, desk: Desk) -> None:
    article = make_draft("Water", body_html="<p>Text</p>")
    region = make_region("Osh")
    desk.open(article)
    desk.page.locator("#id_regions_search").fill("Osh")
    # Marked once what is typed was looked for: until then, what is there when nothing is typed.
    expect(desk.page.get_by_role("option", name="Osh", selected=True)).to_be_visible()
    # A route would let through what is under way when its page is closed.
    desk.page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no')) }")
    desk.page.locator("#id_regions_search").press("Enter")
    desk.page.get_by_label("Title:").first.fill("Water levels rise")
    desk.text.click()
    desk.press("Control+End")
    desk.type(" never saved")
    expect(desk.page.locator(STATUS)).to_contain_text("Kept on this device", timeout=15_000)
    desk.page.close()

    again = Desk(context.new_page())
    again.open(article)
    expect(again.page.locator("#desk-banner-found")).to_be_visible()
    assert again.page.get_by_label("Title:").first.input_value() == "Water"
    again.page.get_by_role("button", name="Put it back").click()

    expect(again.text).to_have_text("Text never saved")
    stored = again.save()
    assert (stored.title, stored.body_html) == ("Water levels rise", "<p>Text never saved</p>")
    assert [each.pk for each in stored.regions.all()] == [region.pk]
    again.page.reload()
    expect(again.page.locator("#desk-banner-found")).to_have_count(0)


def test_an_expired_session_loses_nothing(
    context: BrowserContext, desk: Desk, chief: User, live_server: LiveServer
) -> None:
    chief.set_password("of the chief")
    chief.save()
    sign_in(context, chief, live_server.url)
    article = make_draft("Water")
    desk.open(article)
    context.clear_cookies()

    desk.page.get_by_label("Title:").first.fill("Water levels rise")
    expect(desk.page.get_by_role("alert")).to_contain_text("You are signed out", timeout=15_000)
    article.refresh_from_db()
    assert article.title == "Water"
    with context.expect_page() as opened:
        desk.page.get_by_role("link", name="Sign in in a new tab").click()
    opened.value.get_by_label("Username").fill("chief")
    opened.value.get_by_label("Password").fill("of the chief")
    opened.value.get_by_role("button", name="Log in").click()
    expect(opened.value.locator("#content")).to_be_visible()
    opened.value.close()

    saved(desk.page)
    article.refresh_from_db()
    assert article.title == "Water levels rise"
    assert desk.save().title == "Water levels rise"


def test_what_is_scheduled_is_saved_by_hand_only(desk: Desk) -> None:
    article = make_draft("Water")
    Article.objects.filter(pk=article.pk).update(state="approved")
    desk.open(article)

    desk.page.get_by_label("Title:").first.fill("Half a sent")

    expect(desk.page.locator(STATUS)).to_contain_text("Kept on this device until you save")
    desk.page.wait_for_timeout(4_000)
    article.refresh_from_db()
    assert article.title == "Water"


def test_two_browsers_merge_what_they_changed(
    chromium: Browser, live_server: LiveServer, desk: Desk
) -> None:
    article = make_draft("Water", summary="Short", body_html="<p>One</p><p>Two</p>")
    colleague = make_login(Role.EDITOR, username="aigul")
    other = chromium.new_context(base_url=live_server.url)
    sign_in(other, colleague, live_server.url)
    theirs = Desk(other.new_page())
    desk.open(article)
    theirs.open(article)
    expect(theirs.page.locator("#desk-others")).to_contain_text("chief", timeout=15_000)
    desk.page.reload()
    expect(desk.page.locator("#desk-others")).to_contain_text("aigul")
    for page in (desk.page, theirs.page):
        page.route("**/autosave/", lambda route: route.abort())

    theirs.page.get_by_label("Title:").first.fill("Their title")
    theirs.page.get_by_label("Summary:").fill("Short, by aigul")
    theirs.save()
    desk.page.get_by_label("Summary:").fill("Short, by the chief")
    desk.text.locator("p").nth(1).click()
    desk.press("End")
    desk.type(" of mine")
    desk.send()

    page = desk.page
    expect(page.get_by_role("heading", name="Somebody else saved it too")).to_be_visible()
    expect(page.locator("#content")).to_contain_text("aigul saved this article")
    expect(page.locator("ins").first).to_contain_text("Their")
    page.get_by_role("radio", name=re.compile("The other one")).check()
    page.get_by_role("button", name="Save both changes").click()
    expect(page.locator(".messagelist .success")).to_be_visible()

    article.refresh_from_db()
    assert article.title == "Their title"
    assert article.summary == "Short, by aigul"
    assert article.body_html == "<p>One</p><p>Two of mine</p>"
    leave(other)
    other.close()
