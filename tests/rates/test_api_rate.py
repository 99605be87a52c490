"""/rates/{pair}: one pair, now or on a day."""

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rates.models import Source
from tests.problems import assert_problem
from tests.rates.making import make_snapshot
from tests.rates.quoting import BASE, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]


def on(client: Client, pair: str, day: str) -> dict[str, Any]:
    answer: dict[str, Any] = read(client, f"{pair}?on={day}")
    return answer


def test_it_works(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-19", {"USD": "87.4000"})
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.4500"})

    answer = read(client, "USD-KGS")

    assert (answer["base"], answer["quote"], answer["rate"]) == ("USD", "KGS", "87.45")
    assert answer["method"] == "published"
    assert answer["legs"][0]["value"] == "87.4500"
    assert answer["display"]["text"] == "USD/KGS = 87.45000 0.06%"
    [of_the_ticker] = read(client, "ticker?base=USD&quote=KGS")["results"]
    assert answer == of_the_ticker


def test_a_cross_names_both_legs_and_where_they_are_from(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.4500"})
    make_snapshot("nbkr_weekly", "2026-05-16", {"JPY": ("55.12", 100)})

    answer = read(client, "JPY-USD")

    assert answer["method"] == "cross"
    assert answer["rate"] == "0.006303030303"
    legs = [
        {key: leg[key] for key in ("base", "quote", "value", "nominal", "source", "effective_date")}
        for leg in answer["legs"]
    ]
    assert legs == [
        {
            "base": "JPY",
            "quote": "KGS",
            "value": "55.12",
            "nominal": "100",
            "source": "nbkr_weekly",
            "effective_date": "2026-05-16",
        },
        {
            "base": "USD",
            "quote": "KGS",
            "value": "87.4500",
            "nominal": "1",
            "source": "nbkr",
            "effective_date": "2026-05-20",
        },
    ]
    assert (answer["effective_date"], answer["source"]) == ("2026-05-20", "nbkr")


def test_a_day_has_the_rate_in_force_then_and_says_from_when_it_is(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-15", {"USD": "86.0000"})
    make_snapshot("nbkr", "2026-05-16", {"USD": "87.0000"})
    make_snapshot("nbkr", "2026-05-19", {"USD": "88.0000"})

    assert on(client, "USD-KGS", "2026-05-15")["rate"] == "86"
    saturday, sunday = (on(client, "USD-KGS", f"2026-05-{day}") for day in (16, 17))
    assert saturday == sunday
    assert (sunday["rate"], sunday["effective_date"]) == ("87", "2026-05-16")
    assert sunday["change"]["since"] == "2026-05-15"
    assert on(client, "USD-KGS", "2026-05-21")["rate"] == "88"


def test_tomorrow_has_one_where_it_is_already_published(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-21", {"USD": "87.0000"})
    make_snapshot("nbkr", "2026-05-22", {"USD": "88.0000"})
    make_snapshot("nbt", "2026-05-20", {"USD": "9.3450"})

    assert read(client, "USD-KGS")["rate"] == "87"
    assert on(client, "USD-KGS", "2026-05-22")["rate"] == "88"
    assert on(client, "USD-TJS", "2026-05-22")["effective_date"] == "2026-05-20"
    problem = assert_problem(
        client.get(f"{BASE}/USD-KGS?on=2026-05-23"), "invalid-parameter", parameter="on"
    )
    assert "the last day there is is 2026-05-22" in problem["detail"]


def test_today_is_a_day_even_where_nothing_is_published_for_it(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-19", {"USD": "87.0000"})

    assert on(client, "USD-KGS", "2026-05-21")["effective_date"] == "2026-05-19"
    assert_problem(client.get(f"{BASE}/USD-KGS?on=2026-05-22"), "invalid-parameter", parameter="on")
    with time_machine.travel("2026-05-21T19:00:00Z", tick=False):  # midnight in Almaty
        assert on(client, "USD-KGS", "2026-05-22")["effective_date"] == "2026-05-19"


def test_a_pair_that_cannot_be_derived_says_which_leg_is_missing(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-19", {"USD": "87.0000"})
    make_snapshot("cbu", "2026-05-19", {"EUR": "13984.32"})

    for path, sentence in {
        "KGS-GEL": "KGS-GEL cannot be derived: no bulletin in force quotes GEL.",
        "USD-EUR": "USD-EUR cannot be derived: no source has both legs: USD is quoted by nbkr; EUR"
        " is quoted by cbu.",
        "KGS-USD?on=2026-05-18": "KGS-USD cannot be derived on 2026-05-18: no bulletin in force"
        " quotes KGS or USD.",
    }.items():
        problem = assert_problem(client.get(f"{BASE}/{path}"), "not-found")
        assert problem["detail"] == sentence


def test_a_withdrawn_bulletin_leaves_the_one_before(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-19", {"USD": "87.0000"})
    wrong = make_snapshot("nbkr", "2026-05-20", {"USD": "88.0000"})
    assert read(client, "USD-KGS")["rate"] == "88"

    wrong.status, wrong.is_current = "withdrawn", False
    wrong.save(update_fields=["status", "is_current"])

    assert read(client, "USD-KGS")["rate"] == "87"


def test_a_past_day_is_not_stale_because_its_source_is_now(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-14", {"USD": "87.0000"})
    Source.objects.filter(slug="nbkr").update(
        is_stale=True,
        stale_from="2026-05-18T06:00:00Z",
        next_expected_at="2026-05-17T06:00:00Z",
    )

    assert read(client, "USD-KGS")["stale"] is True
    for day, stale in (("16", False), ("17", False), ("18", True), ("21", True)):
        assert on(client, "USD-KGS", f"2026-05-{day}")["stale"] is stale
    assert on(client, "USD-KGS", "2026-05-20")["next_expected_at"] is None
    assert on(client, "USD-KGS", "2026-05-21")["next_expected_at"] == "2026-05-17T06:00:00Z"


def test_the_rate_at_a_peg_is_named_so(client: Client) -> None:
    make_snapshot("cbt", "2026-05-20", {"USD": "3.5"})

    answer = read(client, "TMT-USD")

    assert (answer["rate"], answer["method"]) == ("0.2857142857", "peg")


def test_a_sparkline_is_heavy(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.0000"})

    assert "sparkline" not in read(client, "USD-KGS")
    assert read(client, "USD-KGS?include=sparkline&fields=base") == {
        "base": "USD",
        "sparkline": [{"period": "2026-05-20", "rate": "87"}],
    }


@pytest.mark.parametrize(
    "pair", ["KGS-KGS", "KGS-XXQ", "XXQ-KGS", "XXQ-XXQ", "kgs-usd", "KGS-usd", "Kgs-Usd"]
)
def test_it_refuses_what_is_no_pair(client: Client, pair: str) -> None:
    for path in (pair, f"{pair}/history", f"{pair}/chart.svg"):
        assert_problem(client.get(f"{BASE}/{path}"), "invalid-parameter", parameter="pair")


@pytest.mark.parametrize(
    "pair", ["KGSUSD", "KGS", "KGS-USDT", "KGS_USD", "KGS-US1", "КГС-USD", "KGS-USD-EUR", "%00"]
)
def test_what_does_not_look_like_a_pair_is_no_address(client: Client, pair: str) -> None:
    assert_problem(client.get(f"{BASE}/{pair}"), "not-found")


DAYS = [
    "today", "2026-5-21", "20260521", "2026-02-30", "2026-13-01", "0000-01-01", "2026-05-21T00:00Z",
    " 2026-05-21", "2026-05-21 ", "٢٠٢٦-٠٥-٢١", "1e400", "-1", "9" * 5000, "10000-01-01",
]  # fmt: skip


@pytest.mark.parametrize("day", DAYS)
def test_it_refuses_what_is_no_day(client: Client, day: str) -> None:
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.0000"})

    response = client.get(f"{BASE}/USD-KGS", {"on": day})

    assert_problem(response, "invalid-parameter", parameter="on")


@pytest.mark.parametrize("day", ["0001-01-01", "1900-02-28", "2026-05-19"])
def test_a_day_before_the_first_bulletin_has_no_rate(client: Client, day: str) -> None:
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.0000"})

    assert_problem(client.get(f"{BASE}/USD-KGS?on={day}"), "not-found")


def test_the_last_day_of_the_calendar_has_not_come(client: Client) -> None:
    assert_problem(client.get(f"{BASE}/USD-KGS?on=9999-12-31"), "invalid-parameter", parameter="on")


def test_it_takes_three_statements(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-19", {"USD": "87.0000", "EUR": "101"})
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.4500", "EUR": "101.5"})
    read(client, "ticker")  # currencies and sources are in memory from now on

    for pair in ("USD-KGS", "EUR-USD"):
        with CaptureQueriesContext(connection) as queries:
            read(client, pair)
        # The version; the bulletins in force; the earlier ones.
        assert len(queries) == 3
