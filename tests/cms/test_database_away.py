"""While the database is away: what was right is still shown, for a while; the rest is a 503."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client

from articles.publishing import publish, unpublish
from cms.api.caching import STALE_IF_ERROR_SECONDS
from cms.api.caching.responses import responses
from cms.changes import availability
from tests.factories import make_published
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/api/v1/articles"


@contextmanager
def database_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody listens where the database was."""
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patch.setitem(connection.settings_dict, "PORT", "1")
        connection.close()
        yield
    connection.close()


@pytest.fixture(autouse=True)
def _there_again() -> Iterator[None]:
    yield
    availability._note(is_away=False)


def test_it_works(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_published("Wind")
    known = client.get(URL)
    assert "Age" not in known

    with database_away(monkeypatch):
        shown = client.get(URL)
        assert (shown.status_code, shown.content) == (200, known.content)
        assert shown["Age"] == "0"
        assert shown["ETag"] == known["ETag"]
        unknown = client.get(f"{URL}?page_size=3")
        assert_problem(unknown, "unavailable")
        assert int(unknown["Retry-After"]) > 0
        again = client.get(URL, headers={"If-None-Match": known["ETag"]})
        assert (again.status_code, again["Age"]) == (304, "0")
        assert client.get("/api/v1").status_code == 200

    deadline = time.monotonic() + 5
    while client.get(f"{URL}?page_size=3").status_code != 200:
        assert time.monotonic() < deadline, "it has to be well by itself within 5 s"
        time.sleep(0.05)
    assert "Age" not in client.get(URL)


def test_its_age_is_told_and_bounded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_published("Wind")
    client.get(URL)
    [answer] = [responses.get(key) for key in list(responses._values)]
    assert answer is not None

    with database_away(monkeypatch):
        answer.seen_right -= 90
        assert client.get(URL)["Age"] == "90"
        answer.seen_right -= STALE_IF_ERROR_SECONDS
        assert_problem(client.get(URL), "unavailable")


def test_what_was_taken_back_is_not_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    article = make_published("Wind").article
    client.get(f"{URL}/wind")
    client.get(URL)
    unpublish(article)
    assert client.get(URL).json()["count"] == 0

    with database_away(monkeypatch):
        assert client.get(URL).json()["count"] == 0
        assert_problem(client.get(f"{URL}/wind"), "unavailable")


def test_nobody_waits_in_vain(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a failed connection one request a second tries again, all others are told at once."""
    tries = []
    usual = connections["default"].get_new_connection

    def get_new_connection(parameters: Any) -> Any:
        tries.append(1)
        return usual(parameters)

    monkeypatch.setattr(connections["default"], "get_new_connection", get_new_connection)
    with database_away(monkeypatch):
        for _ in range(20):
            assert_problem(client.get(URL), "unavailable")
        assert len(tries) == 1
        with monkeypatch.context() as patch:
            patch.setattr(availability, "RETRY_SECONDS", 0.0)
            availability._note(is_away=True)
            client.get(URL)
        assert len(tries) == 2


def test_a_version_that_cannot_be_prepared_is_read_all_the_same(client: Client) -> None:
    """As behind a connection pooler that forgets prepared statements."""
    article = make_published("Wind").article
    client.get(URL)
    client.get(URL)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    article.title = "Storm"
    article.save()
    publish(article)

    assert client.get(URL).json()["results"][0]["title"] == "Storm"
    assert client.get(URL).json()["results"][0]["title"] == "Storm"


def test_what_becomes_due_is_done_before_a_kept_answer_is_shown(client: Client) -> None:
    article = make_published("Wind", expires_at=None).article
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        article.refresh_from_db()
        article.expires_at = "2030-01-01T00:01:00Z"
        article.save()
        publish(article)
        assert client.get(URL).json()["count"] == 1
        assert client.get(URL).json()["count"] == 1
        clock.shift(61)
        assert client.get(URL).json()["count"] == 0


def test_the_log_tells_it_once_and_not_for_each_request(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with database_away(monkeypatch):
        for _ in range(5):
            assert client.get(URL).status_code == 503

    [told] = [each for each in caplog.records if each.levelname == "ERROR"]
    assert told.getMessage().startswith("database unavailable: ")
