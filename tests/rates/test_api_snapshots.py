"""/rates/snapshots: bulletins as they were published."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rates.models import Source
from tests.problems import assert_problem
from tests.rates.making import make_snapshot
from tests.rates.quoting import BASE, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]

URL = f"{BASE}/snapshots"


def listed(client: Client, query: str = "") -> list[tuple[str, str, int]]:
    results = read(client, f"snapshots?{query}")["results"]
    return [(each["source"], each["effective_date"], each["revision"]) for each in results]


def test_it_works(client: Client) -> None:
    snapshot = make_snapshot(
        "nbk",
        "2026-05-20",
        {"USD": "475.27", "RUB": ("5843.10", 1000)},
        published_at="2026-05-19T11:00:00Z",
    )

    [card] = read(client, "snapshots")["results"]

    assert card == {
        "id": snapshot.pk,
        "source": "nbk",
        "home_currency": "KZT",
        "quotation": "direct",
        "effective_date": "2026-05-20",
        "published_at": "2026-05-19T11:00:00Z",
        "fetched_at": "2026-05-19T19:00:00Z",
        "revision": 1,
        "is_current": True,
        "is_carried_forward": False,
        "is_entered_by_hand": False,
        "sha256": snapshot.sha256,
        "parser_version": 1,
    }
    rates = [
        {"currency": "RUB", "value": "5843.10", "nominal": "1000"},
        {"currency": "USD", "value": "475.27", "nominal": "1"},
    ]
    assert read(client, "snapshots?include=rates")["results"] == [{**card, "rates": rates}]
    assert read(client, f"snapshots/{snapshot.pk}") == {
        **card,
        "rates": rates,
        "revisions": [
            {
                "id": snapshot.pk,
                "revision": 1,
                "fetched_at": "2026-05-19T19:00:00Z",
                "is_current": True,
                "sha256": snapshot.sha256,
            }
        ],
    }


def test_an_old_revision_stays_readable(client: Client) -> None:
    old = make_snapshot("nbkr", "2026-05-20", {"USD": "87.45"})
    new = make_snapshot("nbkr", "2026-05-20", {"USD": "87.54"})
    make_snapshot("nbkr", "2026-05-20", {"USD": "8.754"}, status="quarantined")
    make_snapshot("cbu", "2026-05-20", {"USD": "12142.10"})

    assert listed(client, "source=nbkr") == [("nbkr", "2026-05-20", 2), ("nbkr", "2026-05-20", 1)]
    first, second = (read(client, f"snapshots/{each.pk}") for each in (old, new))
    assert (first["is_current"], first["rates"][0]["value"]) == (False, "87.45")
    assert (second["is_current"], second["rates"][0]["value"]) == (True, "87.54")
    assert [each["id"] for each in first["revisions"]] == [old.pk, new.pk]
    assert first["revisions"] == second["revisions"]


@pytest.mark.parametrize("status", ["quarantined", "withdrawn"])
def test_what_was_not_accepted_is_not_there(client: Client, status: str) -> None:
    hidden = make_snapshot("nbkr", "2026-05-20", {"USD": "874.5"}, status=status)

    assert listed(client) == []
    assert_problem(client.get(f"{URL}/{hidden.pk}"), "not-found")
    assert read(client, "snapshots")["count"] == 0


def test_what_may_not_be_redistributed_is_left_out_here_and_only_here(client: Client) -> None:
    Source.objects.filter(slug="open_exchange_rates").update(redistributable=False)
    hidden = make_snapshot("open_exchange_rates", "2026-05-20", {"KGS": "87.489064"})

    assert listed(client) == listed(client, "source=open_exchange_rates") == []
    assert_problem(client.get(f"{URL}/{hidden.pk}"), "not-found")
    assert read(client, "KGS-USD")["legs"][0]["value"] == "87.489064"

    Source.objects.filter(slug="open_exchange_rates").update(redistributable=True)
    assert listed(client) == [("open_exchange_rates", "2026-05-20", 1)]


def test_a_bulletin_entered_by_hand_says_so(client: Client) -> None:
    somebody = get_user_model().objects.create(username="asel")
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.45"}, entered_by=somebody, note="By phone.")

    [card] = read(client, "snapshots")["results"]
    assert card["is_entered_by_hand"] is True
    assert "asel" not in str(card)
    assert "phone" not in str(card)


def test_it_filters_by_source_and_by_day(client: Client) -> None:
    for day in ("18", "19", "20"):
        make_snapshot("nbkr", f"2026-05-{day}", {"USD": "87"})
    make_snapshot("cbu", "2026-05-19", {"USD": "12142"})

    assert [each[0] for each in listed(client, "source=cbu")] == ["cbu"]
    assert len(listed(client, "source=cbu,nbkr")) == 4
    assert listed(client, "source=nothing") == []
    days = [each[1] for each in listed(client, "source=nbkr&effective_after=2026-05-19")]
    assert days == ["2026-05-20", "2026-05-19"]
    days = [each[1] for each in listed(client, "source=nbkr&effective_before=2026-05-19")]
    assert days == ["2026-05-18"]
    query = "effective_after=2026-05-19&effective_before=2026-05-20&ordering=effective_date"
    assert [each[0] for each in listed(client, query)] == ["nbkr", "cbu"]


@pytest.mark.parametrize("ordering", ["-effective_date", "effective_date"])
def test_it_is_walked_by_page_and_by_cursor(client: Client, ordering: str) -> None:
    for source in ("nbkr", "cbu", "nbt"):
        for day in ("18", "19", "20"):
            make_snapshot(source, f"2026-05-{day}", {"USD": "87"})
    whole = read(client, f"snapshots?ordering={ordering}&fields=id,effective_date")["results"]
    dates = [each["effective_date"] for each in whole]
    assert dates == sorted(dates, reverse=ordering.startswith("-"))

    for walk in ("page=1", "cursor="):
        url: str | None = f"snapshots?ordering={ordering}&fields=id&page_size=2&{walk}"
        seen: list[Any] = []
        while url is not None:
            answer = read(client, url.partition("/rates/")[2] or url)
            seen += [each["id"] for each in answer["results"]]
            url = answer["next"]
        assert seen == [each["id"] for each in whole]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("source=NBKR%20", "source"),
        ("effective_after=2026-05", "effective_after"),
        ("effective_before=2026-02-30", "effective_before"),
        ("ordering=source", "ordering"),
        ("status=quarantined", "status"),
        ("fields=document", "fields"),
        ("fields=reasons", "fields"),
        ("include=document", "include"),
    ],
)
def test_it_refuses(client: Client, query: str, parameter: str) -> None:
    problem = client.get(f"{URL}?{query}").json()

    assert problem["status"] == 400
    assert [each["parameter"] for each in problem["errors"]] == [parameter]


@pytest.mark.parametrize(
    "identity", ["0", "01", "-1", "x", "1.0", "9223372036854775808", "9" * 19, "9" * 5000, "１"]
)
def test_an_id_is_a_positive_number(client: Client, identity: str) -> None:
    assert_problem(client.get(f"{URL}/{identity}"), "not-found")


@pytest.mark.parametrize("number", [1, 100])
def test_it_takes_three_statements_however_many_rows(client: Client, number: int) -> None:
    for n in range(number):
        make_snapshot("nbkr", f"2026-{n // 28 + 1:02}-{n % 28 + 1:02}", {"USD": "87"})

    with CaptureQueriesContext(connection) as queries:
        assert len(read(client, "snapshots?page_size=100")["results"]) == number
    # The version; how many there are; the rows.
    assert len(queries) == 3
    assert '"document"' not in "".join(each["sql"] for each in queries)

    with CaptureQueriesContext(connection) as queries:
        answer = read(client, "snapshots?page_size=100&include=rates&count=none")
    # The version; the rows; their rates.
    assert len(queries) == 3
    with CaptureQueriesContext(connection) as queries:
        read(client, f"snapshots/{answer['results'][0]['id']}")
    # The version; the snapshot; its rates; its revisions.
    assert len(queries) == 4
