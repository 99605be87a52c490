"""A real Chromium at the desk.

Playwright's sync API keeps an event loop in this thread, in which Django's ORM refuses to work
unless it is told that nothing else runs there; so Chromium lives as long as a module, and the
permission no longer.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.articles.desk import make_user
from tests.browser.chromium import CHROMIUM, MISSING, OPTIONS
from tests.browser.pages import Desk

expect.set_options(timeout=10_000)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    assert not MISSING, MISSING
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=OPTIONS)
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def chief(transactional_db: None) -> User:
    return make_user("chief", is_superuser=True)


@pytest.fixture(scope="module")
def _used(chromium: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """One that has the desk's scripts and styles already, as an editor's has."""
    context = chromium.new_context(base_url=live_server.url)
    yield context
    context.close()


@pytest.fixture
def context(
    _used: BrowserContext, chief: User, live_server: LiveServer
) -> Iterator[BrowserContext]:
    """A browser in which the chief is signed in, and nothing else is known."""
    sign_in(_used, chief, live_server.url)
    yield _used
    leave_pages(_used)
    page = _used.new_page()
    page.goto("/livez")
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear() }")
    page.close()
    _used.clear_cookies()
    _used.clear_permissions()


# Requests that the server has begun to answer, and those that it is through with.
_BEGUN: list[int] = []
_ENDED: list[int] = []


def _note(numbers: list[int]) -> None:
    thread = threading.get_ident()
    if thread != threading.main_thread().ident:  # there is the tests' own client
        numbers.append(thread)


def _begun(**_: Any) -> None:
    _note(_BEGUN)


def _ended(**_: Any) -> None:
    _note(_ENDED)


request_started.connect(_begun)
request_finished.connect(_ended)  # after Django's own, which looks after the database


def leave(context: BrowserContext) -> None:
    """Close a browser, as ``leave_pages`` does its pages."""
    leave_pages(context)
    context.close()


def leave_pages(context: BrowserContext) -> None:
    """Close them when the server is through with all that they asked: what asks for the database
    after the test is refused it, and fails the next one."""
    for page in context.pages:
        with suppress(Error):  # a page that is being left already
            page.evaluate("() => { navigator.sendBeacon = () => true }")
        page.goto("about:blank")  # ends what the page asks later, by itself
    quiet = 0
    for _ in range(500):
        quiet = quiet + 1 if len(_BEGUN) == len(_ENDED) else 0
        if quiet == 3:
            break
        time.sleep(0.02)
    for page in context.pages:
        page.close()


def sign_in(context: BrowserContext, user: User, address: str) -> None:
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which no script fails: what it says in the console is an error of the test."""
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on(
        "console",
        lambda message: (
            failures.append(message.text)
            if message.type in ("error", "warning")
            and "Failed to load resource" not in message.text
            else None
        ),
    )
    yield page
    assert failures == []


@pytest.fixture
def desk(page: Page) -> Desk:
    return Desk(page)
