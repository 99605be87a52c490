"""An article's life at the desk, with a real login of each role, by mouse and by keyboard alone."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, AuditEntry
from articles.workflow import Role
from tests.articles.roles import make_login
from tests.browser.conftest import leave
from tests.browser.pages import Desk
from tests.factories import make_author, make_draft, make_region, make_tag

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

SignIn = Callable[[Role], Page]


@pytest.fixture
def sign_in_as(
    chromium: Browser, live_server: LiveServer, transactional_db: None
) -> Iterator[SignIn]:
    """Signs a role in by the form, in a browser of its own."""
    contexts = []
    failures: list[str] = []

    def sign_in(role: Role) -> Page:
        login = make_login(role)
        login.set_password("a password")
        login.save()
        context = chromium.new_context(base_url=live_server.url)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on(
            "console",
            lambda message: (
                failures.append(message.text)
                if message.type == "error" and "Failed to load resource" not in message.text
                else None
            ),
        )
        page.goto("/admin/")
        page.get_by_label("Username").fill(login.username)
        page.get_by_label("Password").fill("a password")
        page.get_by_role("button", name="Log in").click()
        return page

    yield sign_in
    for context in contexts:
        leave(context)
    assert failures == []


def open_article(page: Page, article: Article) -> None:
    page.goto(reverse("admin:articles_article_change", args=[article.pk]))
    expect(page.locator(".desk-side.has-scripts")).to_be_visible()


def do(page: Page, verb: str, said: str, **values: str) -> None:
    """Open a step, fill in what it asks for, and press its button."""
    step = page.locator(f'.desk-step[data-verb="{verb}"]')
    step.locator("summary").click()
    for name, value in values.items():
        step.locator(f'[name="{verb}-{name}"]').fill(value)
    with page.expect_navigation():
        step.get_by_role("button").click()
    expect(page.locator(".messagelist")).to_contain_text(said)


def status(article: Article) -> int:
    """What a reader is answered."""
    return Client().get(f"/api/v1/articles/{article.slug}").status_code


def test_it_works(sign_in_as: SignIn) -> None:
    writer, editor, publisher = (
        sign_in_as(role) for role in (Role.WRITER, Role.EDITOR, Role.PUBLISHER)
    )
    writer.get_by_role("link", name="Write an article").click()
    desk = Desk(writer)
    writer.get_by_label("Title:").first.fill("Water in Osh")
    desk.text.click()
    desk.type("The dam holds.")
    desk.send()
    article = Article.objects.get()
    do(writer, "submit", "Submitted for review.", note="Please look")
    expect(writer.locator(".desk-steps")).to_contain_text("Nothing that you may do")

    editor.goto("/admin/")
    editor.get_by_role("link", name="Water in Osh").click()
    do(editor, "send_back", "Sent back.", note="Who says so?")
    open_article(writer, article)
    desk.text.click()
    desk.press("Control+End")
    desk.type(" So says the mayor.")
    do(writer, "submit", "Submitted for review.")
    open_article(editor, article)
    do(editor, "approve", "Approved.")
    soon = timezone.localtime() + timedelta(days=1)
    do(editor, "schedule", "Scheduled.", at=f"{soon:%Y-%m-%dT%H:%M}")
    expect(editor.locator(".desk-badges")).to_contain_text(f"{soon:%A %Y-%m-%d}")
    do(editor, "cancel_schedule", "The schedule is cancelled.")
    assert status(article) == 404
    do(editor, "publish", "Published.")
    article.refresh_from_db()
    assert status(article) == 200

    desk = Desk(editor)
    editor.get_by_label("Slug:").fill("osh-water")
    do(editor, "correct", "The correction is published.", note="A wrong name")
    answer = Client().get("/api/v1/articles/osh-water").json()
    assert [each["note"] for each in answer["corrections"]] == ["A wrong name"]
    assert Client().get("/api/v1/articles/water-in-osh").status_code in (301, 308)
    article.refresh_from_db()
    do(editor, "unpublish", "Readers no longer have it.", reason="A mistake")
    assert status(article) == 404
    open_article(publisher, article)
    do(publisher, "kill", "Killed.", reason="It was wrong")
    assert status(article) == 410
    verbs = AuditEntry.objects.exclude(verb="save").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "submit", "send_back", "submit", "approve", "schedule", "cancel_schedule", "publish",
        "correct", "unpublish", "kill",
    ]  # fmt: skip


def test_a_new_editor_publishes_on_a_schedule_without_the_mouse(sign_in_as: SignIn) -> None:
    """From login to a scheduled article with a picture and two tags, by keyboard alone."""
    make_tag("Water")
    page = sign_in_as(Role.EDITOR)
    keys = page.keyboard
    page.goto(reverse("admin:articles_article_add"))
    expect(page.locator(".ProseMirror")).to_be_visible()

    keys.press("?")  # in the title's field it is a letter
    assert page.get_by_label("Title:").first.input_value() == "?"
    keys.press("Control+A")
    keys.type("Water in Osh")
    keys.press("Control+Alt+b")
    expect(page.locator(".ProseMirror")).to_be_focused()
    keys.type("The dam holds.")
    focus(page, "#id_tags_search")
    keys.type("Wat")
    expect(page.get_by_role("option", name="Water")).to_be_visible()
    keys.press("Enter")
    keys.type("Dams")
    expect(page.get_by_role("option", name="Make “Dams”")).to_be_visible()
    keys.press("Enter")
    expect(page.locator("[data-picker=tag] li[data-choice]")).to_have_count(2)
    focus(page, "#id_lead_image_search")
    keys.press("ArrowDown")
    expect(page.get_by_role("option", name="Add a picture")).to_be_visible()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.type("https://media.example.org/dam.jpg")
    keys.press("Tab")
    keys.type("A dam")
    keys.press("Enter")
    expect(page.locator("[data-picker=image] .desk-picked li")).to_contain_text("A dam")
    with page.expect_navigation():
        keys.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()
    keys.press("Control+Alt+Enter")
    step_to(page, "schedule")
    keys.press("Enter")
    keys.press("Tab")
    keys.type("02212090")
    keys.press("ArrowRight")
    keys.type("0630PM")
    expect(page.locator(".desk-step[open] .desk-weekday")).to_contain_text("Tuesday")
    with page.expect_navigation():
        keys.press("Enter")

    article = Article.objects.get()
    assert article.state == "scheduled"
    assert article.publish_at
    assert timezone.localtime(article.publish_at).isoformat() == "2090-02-21T18:30:00+05:00"
    assert sorted(tag.name for tag in article.tags.all()) == ["Dams", "Water"]
    assert article.lead_image
    assert article.lead_image.alt == "A dam"


def focus(page: Page, selector: str) -> None:
    """Tab on until a field has the focus."""
    for _ in range(80):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        # Tab belongs to the text while one writes in it.
        in_text = page.evaluate("() => Boolean(document.activeElement.closest('.ProseMirror'))")
        page.keyboard.press("Control+Alt+t" if in_text and _ > 60 else "Tab")
    raise AssertionError(f"The keyboard does not reach {selector}.")


def step_to(page: Page, verb: str) -> None:
    for _ in range(15):
        found = "(verb) => document.activeElement.closest('[data-verb]')?.dataset.verb === verb"
        if page.evaluate(found, verb):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The keyboard does not reach {verb}.")


def test_the_byline_is_put_in_order_by_dragging_and_by_keys(desk: Desk) -> None:
    authors = [make_author(name) for name in ("Zarina", "Aybek", "Daniyar")]
    article = make_draft("Water", authors=authors, regions=[make_region("Osh")])
    desk.open(article)
    names = desk.page.locator("#id_byline .desk-picked-name")

    desk.page.locator("#id_byline li").nth(2).drag_to(desk.page.locator("#id_byline li").nth(0))
    expect(names).to_have_text(["Daniyar", "Zarina", "Aybek"])
    desk.page.get_by_role("button", name="Move Aybek up").focus()
    desk.press("Enter", "Alt+ArrowUp")
    expect(names).to_have_text(["Aybek", "Daniyar", "Zarina"])

    stored = desk.save()
    assert [each.author.name for each in stored.bylines.all()] == ["Aybek", "Daniyar", "Zarina"]


def test_keys_are_listed_on_a_question_mark(desk: Desk) -> None:
    desk.open(make_draft("Water"))
    desk.page.locator("h1").first.click()

    desk.press("?")

    expect(desk.page.get_by_role("dialog", name="Keys")).to_contain_text("Ctrl+S")
    desk.press("Escape")
    expect(desk.page.get_by_role("dialog")).to_have_count(0)


def test_the_preview_shows_what_is_typed(desk: Desk) -> None:
    desk.open(make_draft("Water"))
    desk.page.get_by_label("Title:").first.fill("Water rises")

    with desk.page.context.expect_page() as opened:
        desk.page.get_by_role("button", name="Preview").click()

    expect(opened.value.locator("body")).to_contain_text('"title":"Water rises"')
