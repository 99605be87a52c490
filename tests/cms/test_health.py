import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.problems import assert_problem

URL = "/livez"


@pytest.mark.django_db
def test_it_works(client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(URL)

    assert (response.status_code, response.content) == (200, b"")
    assert response["Cache-Control"] == "no-store"
    assert len(queries) == 0


def test_it_takes_head(client: Client) -> None:
    assert client.head(URL).status_code == 200


def test_it_stands_behind_the_same_middleware_as_everything(client: Client) -> None:
    assert_problem(client.get(URL, headers={"Host": "evil.example"}), "bad-host")
    assert client.get(URL)["X-Content-Type-Options"] == "nosniff"


def test_it_needs_no_session(client: Client) -> None:
    response = client.get(URL)

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize(("path", "leads_to"), [("/", "/api/docs"), ("/admin", "/admin/")])
def test_a_person_is_led_to_the_page_that_was_meant(
    client: Client, path: str, leads_to: str
) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer["Location"]) == (302, leads_to)
