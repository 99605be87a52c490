"""What readers of the demo newsroom find: the table that was written before the search."""

import sys
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from tests.articles.search_queries import QUERIES

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sql,
    pytest.mark.xdist_group("search_table"),
]

SHARE = 0.95


@pytest.fixture(scope="module", autouse=True)
def _newsroom(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Loaded once, and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        call_command("load_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


def first_of(client: Client, text: str, language: str | None) -> str | None:
    values = {"q": text, "fields": "title", "page_size": "1"}
    if language is not None:
        values["language"] = language
    response = client.get("/api/v1/articles", values)
    assert response.status_code == 200, response.content
    return next((each["title"] for each in response.json()["results"]), None)


def test_what_must_come_first_does(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    missed = []
    for query in QUERIES:
        first = first_of(client, query.text, query.language)
        if not query.expects(first):
            missed.append(f"{query.text}: {first}, not {query.first}")

    share = 1 - len(missed) / len(QUERIES)
    told = f"\n{share:.0%} of {len(QUERIES)} searches show first what they must\n"
    with capsys.disabled():
        sys.stdout.write(told + "".join(f"  {each}\n" for each in missed))
    assert share >= SHARE, missed


def test_the_table_is_of_two_languages_and_of_every_kind() -> None:
    cyrillic = [query for query in QUERIES if any("а" <= letter <= "я" for letter in query.text)]

    assert len(QUERIES) >= 60
    assert len(cyrillic) >= 20
    assert len({query.text for query in QUERIES}) == len(QUERIES)
    for sign in ('"', " -", " or "):
        assert any(sign in query.text for query in QUERIES)
