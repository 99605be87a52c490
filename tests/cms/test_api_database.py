"""What a reader sees of a database that fails."""

import time

import psycopg
import pytest
from django.db import DataError, InterfaceError, OperationalError, connection
from django.test import Client
from rest_framework.response import Response

from articles.api.views import TagListView
from cms.api.views import ReadView
from tests.factories import make_published, make_tag
from tests.problems import assert_problem

URL = "/api/v1/tags"


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("secret"), InterfaceError("secret")])
def test_a_database_that_does_not_answer_is_unavailable(
    client: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def answer(self: ReadView, *args: object, **kwargs: object) -> Response:
        raise error

    monkeypatch.setattr(TagListView, "answer", answer)
    response = client.get(URL)

    assert_problem(response, "unavailable")
    assert int(response["Retry-After"]) > 0
    assert b"secret" not in response.content


@pytest.mark.django_db
def test_a_query_that_takes_too_long_is_unavailable(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(self: ReadView, *args: object, **kwargs: object) -> Response:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '50ms'")
            cursor.execute("SELECT pg_sleep(5)")
        return Response()

    monkeypatch.setattr(TagListView, "answer", answer)

    assert_problem(client.get(URL), "unavailable")


@pytest.mark.django_db
def test_a_query_that_is_wrong_is_our_mistake(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(self: ReadView, *args: object, **kwargs: object) -> Response:
        raise DataError("secret")

    monkeypatch.setattr(TagListView, "answer", answer)
    response = client.get(URL)

    assert_problem(response, "internal-error")
    assert b"secret" not in response.content


def kill_connection() -> None:
    """End this process's session on the server, as a restart of PostgreSQL does."""
    pid = connection.connection.info.backend_pid
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    with psycopg.connect(**parameters, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_is_replaced_before_the_reader_notices(client: Client) -> None:
    make_published(tags=[make_tag("Energy")])
    assert client.get(URL).json()["count"] == 1

    kill_connection()

    response = client.get(URL)
    assert response.status_code == 200
    assert response.json()["count"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_dies_under_a_read_is_replaced_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_published(tags=[make_tag("Energy")])
    usual, reads = TagListView.answer, []

    def answer(self: TagListView, *args: object, **kwargs: str) -> Response:
        reads.append(1)
        if len(reads) == 1:
            kill_connection()
        return usual(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(TagListView, "answer", answer)

    response = client.get(URL)
    assert (response.status_code, len(reads)) == (200, 2)


@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_gone_is_unavailable_and_back_when_it_is(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_published(tags=[make_tag("Energy")])
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patch.setitem(connection.settings_dict, "PORT", "1")  # nothing listens there
        connection.close()
        response = client.get(URL)
        assert_problem(response, "unavailable")
        assert response["Retry-After"]
        assert client.get("/api/v1").status_code == 200
    connection.close()

    deadline = time.monotonic() + 5
    while client.get(URL).status_code != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)
