"""What a public read stands on: one snapshot, and a connection that is replaced when it died."""

import threading

import pytest
from django.db import InternalError, connection, connections
from django.test import Client

from articles.models import Tag
from cms.changes.models import LogHead
from cms.changes.snapshot import current_head, read_snapshot
from tests.factories import make_published, make_tag
from tests.problems import assert_problem

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def in_another_connection(work: str, *parameters: int) -> None:
    """Run a statement as somebody else, and commit it."""

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(work, parameters)
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_it_works() -> None:
    make_tag("Energy")

    with read_snapshot() as head:
        assert head == current_head()
        assert head.number == LogHead.objects.get().number > 0
        assert head.next_due is None

    with pytest.raises(LookupError):
        current_head()


def test_it_shows_nothing_that_was_committed_after_its_head_was_read() -> None:
    make_tag("Energy")

    with read_snapshot() as head:
        in_another_connection("UPDATE articles_tag SET name = 'Power'")
        assert Tag.objects.get().name == "Energy"
        assert LogHead.objects.get().number == head.number

    assert Tag.objects.get().name == "Power"


def test_nothing_can_be_written_in_it() -> None:
    with pytest.raises(InternalError, match="read-only"), read_snapshot():
        make_tag("Energy")

    assert not Tag.objects.exists()
    make_tag("Water")  # and afterwards it can again
    assert Tag.objects.count() == 1


def test_a_connection_that_the_server_ended_is_replaced_unnoticed(client: Client) -> None:
    make_published("Still here")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [process] = cursor.fetchone()
    in_another_connection("SELECT pg_terminate_backend(%s, 5000)", process)

    answer = client.get("/api/v1/articles")

    assert answer.status_code == 200
    assert answer.json()["count"] == 1


def test_a_read_that_takes_too_long_is_unavailable_and_not_a_crash(client: Client) -> None:
    make_published()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '150ms'")
    locked, done = threading.Event(), threading.Event()

    def lock() -> None:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE articles_publishedarticle")
            locked.set()
            done.wait(10)
            cursor.execute("ROLLBACK")
        connections.close_all()

    thread = threading.Thread(target=lock)
    thread.start()
    locked.wait(10)
    answer = client.get("/api/v1/articles")
    done.set()
    thread.join()
    connection.close()

    problem = assert_problem(answer, "unavailable")
    assert int(answer["Retry-After"]) > 0
    assert "statement" not in problem["detail"]
