"""What every test stands on: a log that numbers at once, and caches that believe no other test."""

import os
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.client import ClientHandler
from django.test.signals import setting_changed

from cms.api.caching import forget_all
from cms.changes.models import Change, LogHead
from tests import varnish
from tests.browser import chromium

if "TEST_DATABASE" in os.environ:
    # Two runs at once on one machine: each with a database of its own.
    connection.settings_dict["TEST"]["NAME"] = f"test_{os.environ['TEST_DATABASE']}"


def _forget_answers(**_: object) -> None:
    """What was answered under other settings is not believed."""
    forget_all()


setting_changed.connect(_forget_answers)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=[*chromium.leave_out(items), *varnish.leave_out(items)])


def pytest_report_header() -> list[str]:
    missing = {"browser tests": chromium, "tests with Varnish": varnish}
    return [
        f"{tests} are left out: {each.MISSING}"
        for tests, each in missing.items()
        if each.MISSING and not each.REQUIRED
    ]


NUMBER_AT_ONCE = "SET CONSTRAINTS changes_requeue, changes_number IMMEDIATE"


@pytest.fixture(autouse=True)
def _change_log(request: pytest.FixtureRequest) -> None:
    """In a test that never commits, number changes at the end of each statement; and renew the
    epoch, since the numbers of a rolled-back test come again."""
    by_fixture = {"db", "transactional_db"} & set(request.fixturenames)
    if not by_fixture and request.node.get_closest_marker("django_db") is None:
        return
    request.getfixturevalue("_django_db_helper")  # the database first, however it was asked for
    Change.objects.all().delete()  # the flush after an earlier test was recorded too
    LogHead.objects.update(epoch=uuid.uuid4(), number=0, articles=0, taxonomy=0, rates=0)
    with connection.cursor() as cursor:
        # No flush empties the queue of jobs: its tables are not Django's to manage.
        cursor.execute("DELETE FROM procrastinate_jobs")
        if connection.in_atomic_block:
            cursor.execute(NUMBER_AT_ONCE)


def let_flushes_empty_the_audit() -> None:
    """A test that commits ends with a flush, which the audit would refuse."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_auditentry DISABLE TRIGGER pgtrigger_keep_all_89d05")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        let_flushes_empty_the_audit()


@pytest.fixture(autouse=True)
def _caches() -> Iterator[None]:
    forget_all()
    yield
    cache.clear()


@pytest.fixture(scope="session")
def _handler() -> ClientHandler:
    """One for all tests: each would load the middleware, and with it all static files, anew."""
    return ClientHandler(enforce_csrf_checks=False)


@pytest.fixture
def client(_handler: ClientHandler) -> Client:
    """An anonymous reader; a crash in a view answers as it would answer a reader."""
    reader = Client(raise_request_exception=False)
    reader.handler = _handler
    return reader
