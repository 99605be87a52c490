"""/rates/sources: who publishes, and whether that goes well."""

from datetime import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rates.models import Source
from tests.problems import assert_problem
from tests.rates.making import make_snapshot
from tests.rates.quoting import BASE, NOW, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]


def source(client: Client, slug: str) -> dict[str, Any]:
    found = {each["slug"]: each for each in read(client, "sources")["results"]}
    answer: dict[str, Any] = found[slug]
    return answer


def test_it_works(client: Client) -> None:
    Source.objects.filter(slug="nbkr").update(last_success_at=NOW, publishes_at=time(16, 30))
    make_snapshot("nbkr", "2026-05-21", {"USD": "87"})

    answer = read(client, "sources")

    slugs = [each["slug"] for each in answer["results"]]
    assert slugs == [
        "cbt", "cbu", "nbk", "nbkr", "nbkr_weekly", "nbt", "open_exchange_rates",
    ]  # fmt: skip
    bank = source(client, "nbkr")
    assert bank == {
        "slug": "nbkr",
        "name": "National Bank of the Kyrgyz Republic",
        "home_currency": "KGS",
        "quotation": "direct",
        "is_market": False,
        "url": bank["url"],
        "attribution": "National Bank of the Kyrgyz Republic, www.nbkr.kg",
        "redistributable": True,
        "time_zone": "Asia/Bishkek",
        "weekdays": [1, 2, 3, 4, 5],
        "publishes_at": "16:30",
        "is_fetched": True,
        "latest_effective_date": "2026-05-21",
        "last_attempt_at": None,
        "last_success_at": "2026-05-21T06:00:00Z",
        "stale": False,
        "stale_from": None,
        "next_expected_at": None,
        "missed_publications": 0,
    }
    feed = source(client, "open_exchange_rates")
    assert (feed["quotation"], feed["is_market"], feed["is_fetched"]) == ("indirect", True, False)
    assert (feed["latest_effective_date"], feed["missed_publications"]) == (None, 0)


def test_it_counts_the_publications_that_were_missed(client: Client) -> None:
    """Published at 16:30 for the next day: those of the 19th, 20th and 21st should be there."""
    Source.objects.filter(slug="nbkr").update(is_stale=True, stale_from=NOW)
    make_snapshot("nbkr", "2026-05-18", {"USD": "87"})

    bank = source(client, "nbkr")

    assert (bank["stale"], bank["stale_from"]) == (True, "2026-05-21T06:00:00Z")
    assert bank["missed_publications"] == 3


def test_what_went_wrong_is_for_the_newsroom_alone(client: Client) -> None:
    Source.objects.filter(slug="nbkr").update(
        last_error="GET https://bank.example/?app_id=secret failed", etag='"x"'
    )

    assert "secret" not in str(read(client, "sources"))


@pytest.mark.parametrize("field", ["last_error", "etag", "pegs", "id"])
def test_fields_are_an_allow_list(client: Client, field: str) -> None:
    assert_problem(
        client.get(f"{BASE}/sources?fields={field}"), "invalid-parameter", parameter="fields"
    )


@pytest.mark.parametrize("number", [1, 7])
def test_it_takes_three_statements_however_many_rows(client: Client, number: int) -> None:
    for slug in ("nbk", "nbkr", "cbu"):
        make_snapshot(slug, "2026-05-20", {"USD": "87"})

    with CaptureQueriesContext(connection) as queries:
        assert len(read(client, f"sources?page_size={number}")["results"]) == number

    # The version; how many there are; the rows.
    assert len(queries) == 3
