"""A new editor's first article, tried without docs: each step is found by words on the page."""

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article
from articles.workflow import Role
from tests.articles.roles import make_login
from tests.browser.conftest import leave
from tests.factories import make_region, make_tag

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

# An editor who reads each label first: seconds for each step, beside what the pages take.
READING = 6


class Editor:
    """Who presses and fills in what has these words, and counts how often."""

    def __init__(self, page: Page | Locator) -> None:
        self.page = page
        self.steps = 0

    def press(self, role: Any, name: str) -> None:
        self.page.get_by_role(role, name=name).first.click()
        self.steps += 1

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label).first.fill(text)
        self.steps += 1

    def pick(self, label: str, typed: str, option: str) -> None:
        self.fill(label, typed)
        self.press("option", option)


def test_it_works(chromium: Browser, live_server: LiveServer, transactional_db: None) -> None:
    """From login to a published article with a picture, two tags and a schedule, in 3 minutes."""
    login = make_login(Role.EDITOR)
    login.set_password("a password")
    login.save()
    make_tag("Water")
    make_region("Osh")
    context = chromium.new_context(base_url=live_server.url)
    context.route("https://media.example.org/**", lambda route: route.abort())
    page = context.new_page()
    editor = Editor(page)
    begun = time.monotonic()

    page.goto("/admin/")
    editor.fill("Username", login.username)
    editor.fill("Password", "a password")
    editor.press("button", "Log in")
    editor.press("link", "Write an article")
    editor.fill("Title:", "Water in Osh")
    editor.fill("Summary:", "The dam holds.")
    page.locator(".ProseMirror").click()
    page.keyboard.type("The dam holds, says the mayor.")
    editor.pick("Regions:", "Osh", "Osh")
    editor.pick("Tags:", "Wat", "Water")
    editor.pick("Tags:", "Dams", "Make “Dams”")
    editor.pick("Lead picture:", "", "Add a picture by its address")
    asked = Editor(page.get_by_role("dialog"))
    asked.fill("Address", "https://media.example.org/dam.jpg")
    asked.fill("Alternative text", "A dam")
    page.keyboard.press("Enter")
    expect(page.locator("[data-picker=image] .desk-picked li")).to_contain_text("A dam")
    soon = timezone.localtime() + timedelta(hours=2)
    page.locator('.desk-step[data-verb="schedule"] summary').click()
    page.locator('[name="schedule-at"]').fill(f"{soon:%Y-%m-%dT%H:%M}")
    editor.press("button", "Save and: Schedule")
    expect(page.locator(".messagelist")).to_contain_text("Scheduled.")
    expect(page.locator(".desk-checklist")).to_contain_text("Nothing is missing.")
    taken = time.monotonic() - begun
    leave(context)

    steps = editor.steps + asked.steps + 5  # those above that are not counted
    assert taken + READING * steps < 180
    article = Article.objects.get()
    address = f"/api/v1/articles/{article.slug}"
    assert Client().get(address).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=False):
        answer = Client().get(address).json()
    assert answer["title"] == "Water in Osh"
    assert answer["lead_image"]["alt"] == "A dam"
    assert [tag["name"] for tag in answer["tags"]] == ["Water", "Dams"]
