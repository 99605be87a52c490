"""/rates/{pair}/history: points, intervals, aggregates, fillings."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.problems import assert_problem
from tests.rates.making import make_snapshot
from tests.rates.quoting import BASE, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]


def points(client: Client, query: str = "", pair: str = "USD-KGS") -> list[tuple[str, str]]:
    results = read(client, f"{pair}/history?{query}")["results"]
    return [(each["period"], each["rate"]) for each in results]


def make_days(rates: Mapping[str, object], source: str = "nbkr", currency: str = "USD") -> None:
    for day, rate in rates.items():
        make_snapshot(source, f"2026-{day}", {currency: rate})


def test_it_works(client: Client) -> None:
    make_days({"05-15": "87.0000", "05-16": "87.4500", "05-19": ("8801.5000", 100)})

    assert read(client, "USD-KGS/history") == {
        "base": "USD",
        "quote": "KGS",
        "results": [
            {"period": "2026-05-15", "rate": "87"},
            {"period": "2026-05-16", "rate": "87.45"},
            {"period": "2026-05-19", "rate": "88.015"},
        ],
    }
    assert points(client, pair="KGS-USD") == [
        ("2026-05-15", "0.01149425287"),
        ("2026-05-16", "0.01143510577"),
        ("2026-05-19", "0.01136169971"),
    ]


def test_both_ends_are_included(client: Client) -> None:
    make_days({f"05-{day}": day for day in range(10, 20)})

    shown = points(client, "from=2026-05-12&to=2026-05-14")
    assert [rate for _, rate in shown] == ["12", "13", "14"]
    assert points(client, "from=2026-05-12&to=2026-05-12") == [("2026-05-12", "12")]
    assert points(client, "from=2026-06-01&to=2026-07-01") == []


def test_without_a_range_it_is_the_year_up_to_today(client: Client) -> None:
    make_snapshot("nbkr", "2025-05-20", {"USD": "80"})
    make_snapshot("nbkr", "2025-05-21", {"USD": "81"})
    make_days({"05-21": "87", "05-22": "88"})

    assert [rate for _, rate in points(client)] == ["81", "87"]
    assert [rate for _, rate in points(client, "to=2026-05-20")] == ["80", "81"]


def test_a_range_may_end_later_than_what_is_published(client: Client) -> None:
    make_days({"05-21": "87", "05-22": "88"})

    assert [rate for _, rate in points(client, "to=2030-01-01&from=2026-05-22")] == ["88"]
    assert points(client, "to=9999-12-31&from=9990-01-01&fill=previous") == []


def test_only_what_counts_is_shown(client: Client) -> None:
    make_days({"05-15": "87"})
    make_snapshot("nbkr", "2026-05-15", {"USD": "88"})
    make_snapshot("nbkr", "2026-05-18", {"USD": "880"}, status="quarantined")
    make_snapshot("nbkr", "2026-05-19", {"USD": "8"}, status="withdrawn")

    assert points(client) == [("2026-05-15", "88")]


MAY = {
    "04-30": "80", "05-01": "81", "05-04": "83", "05-05": "82", "05-08": "84", "05-11": "90",
    "05-18": "70",
}  # fmt: skip


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("day", [(f"2026-{day}", rate) for day, rate in MAY.items()]),
        (
            "week",  # begins on Monday
            [
                ("2026-04-27", "81"),
                ("2026-05-04", "84"),
                ("2026-05-11", "90"),
                ("2026-05-18", "70"),
            ],
        ),
        ("month", [("2026-04-01", "80"), ("2026-05-01", "70")]),
        ("year", [("2026-01-01", "70")]),
    ],
)
def test_an_interval_has_its_last_rate(
    client: Client, interval: str, expected: list[tuple[str, str]]
) -> None:
    make_days(MAY)

    assert points(client, f"interval={interval}") == expected
    assert points(client, f"interval={interval}&aggregate=last") == expected


def test_an_average_is_of_the_direction_shown(client: Client) -> None:
    make_days({"05-04": "80", "05-05": "100", "05-06": "90", "05-11": "1"})

    assert points(client, "interval=week&aggregate=average") == [
        ("2026-05-04", "90"),
        ("2026-05-11", "1"),
    ]
    # The average of the three inverses, which is not the inverse of the average.
    assert points(client, "interval=week&aggregate=average", "KGS-USD")[0][1] == "0.0112037037"


def test_an_average_is_exact_before_it_is_rounded(client: Client) -> None:
    make_days({"05-04": "1.0000000005", "05-05": "1.0000000015"})

    # Each would round to even, to 1 and 1.000000002; their average is 1.000000001.
    assert points(client, "interval=week&aggregate=average") == [("2026-05-04", "1.000000001")]


def ohlc(client: Client, query: str, pair: str = "USD-KGS") -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = read(client, f"{pair}/history?aggregate=ohlc&{query}")[
        "results"
    ]
    return results


def test_candles_have_four_rates_and_their_number(client: Client) -> None:
    make_days(MAY)

    assert ohlc(client, "interval=week&from=2026-05-04&to=2026-05-17") == [
        {
            "period": "2026-05-04",
            "open": "83",
            "high": "84",
            "low": "82",
            "close": "84",
            "points": 3,
        },
        {
            "period": "2026-05-11",
            "open": "90",
            "high": "90",
            "low": "90",
            "close": "90",
            "points": 1,
        },
    ]
    [week] = ohlc(client, "interval=week&from=2026-05-04&to=2026-05-09", "KGS-USD")
    assert (week["high"], week["low"]) == ("0.01219512195", "0.0119047619")  # the other way round
    assert [each["points"] for each in ohlc(client, "interval=day")] == [1] * len(MAY)


def test_gaps_are_filled_on_request(client: Client) -> None:
    make_days({"05-15": "87", "05-16": "88", "05-19": "90"})

    assert points(client, "from=2026-05-15&fill=none") == points(client, "from=2026-05-15")
    assert points(client, "from=2026-05-14&to=2026-05-21&fill=previous") == [
        ("2026-05-15", "87"),
        ("2026-05-16", "88"),
        ("2026-05-17", "88"),
        ("2026-05-18", "88"),
        ("2026-05-19", "90"),
        ("2026-05-20", "90"),
        ("2026-05-21", "90"),
    ]


def test_a_range_that_begins_in_a_gap_begins_with_the_rate_in_force(client: Client) -> None:
    make_days({"04-01": "87", "05-19": "90"})

    filled = points(client, "from=2026-05-18&to=2026-05-19&fill=previous")
    assert filled == [("2026-05-18", "87"), ("2026-05-19", "90")]
    assert points(client, "from=2026-05-18&to=2026-05-18&fill=previous") == [("2026-05-18", "87")]


def test_nothing_is_filled_into_days_that_nobody_knows(client: Client) -> None:
    make_days({"05-21": "87"})
    assert points(client, "from=2026-05-21&to=2026-06-30&fill=previous") == [("2026-05-21", "87")]

    make_days({"05-23": "88"})
    shown = points(client, "from=2026-05-21&to=2026-06-30&fill=previous")
    assert shown == [("2026-05-21", "87"), ("2026-05-22", "87"), ("2026-05-23", "88")]


def test_longer_gaps_repeat_the_last_rate_whatever_the_aggregate(client: Client) -> None:
    make_days({"01-30": "80", "01-31": "90", "04-01": "100"})

    for aggregate, january in (("last", "90"), ("average", "85")):
        query = f"interval=month&fill=previous&aggregate={aggregate}&to=2026-04-30"
        assert points(client, query) == [
            ("2026-01-01", january),
            ("2026-02-01", "90"),
            ("2026-03-01", "90"),
            ("2026-04-01", "100"),
        ]
    filled = ohlc(client, "interval=month&fill=previous&to=2026-04-30")[1]
    assert filled == {
        "period": "2026-02-01",
        "open": "90",
        "high": "90",
        "low": "90",
        "close": "90",
        "points": 0,
    }


def test_years_and_weeks_are_filled_too(client: Client) -> None:
    make_snapshot("nbkr", "2024-02-29", {"USD": "80"})
    make_days({"05-04": "85", "05-18": "87"})

    assert points(client, "from=2024-01-01&interval=year&fill=previous") == [
        ("2024-01-01", "80"),
        ("2025-01-01", "80"),
        ("2026-01-01", "87"),
    ]
    assert points(client, "from=2026-05-06&interval=week&fill=previous") == [
        ("2026-05-04", "85"),
        ("2026-05-11", "85"),
        ("2026-05-18", "87"),
    ]


def test_a_source_that_comes_later_takes_over_from_then_on(client: Client) -> None:
    make_days({"05-01": "80", "05-04": "81", "05-06": "82"}, "open_exchange_rates", "KGS")
    make_days({"05-05": "90", "05-07": "91"})

    assert points(client) == [
        ("2026-05-01", "80"),
        ("2026-05-04", "81"),
        ("2026-05-05", "90"),
        ("2026-05-07", "91"),
    ]
    # The bank's of the 5th was in force on the 6th.
    assert points(client, "from=2026-05-06&to=2026-05-06") == []
    assert read(client, "USD-KGS?on=2026-05-06")["source"] == "nbkr"


def test_a_currency_that_a_bank_drops_is_told_by_the_next_one(client: Client) -> None:
    make_days({"05-01": "475", "05-06": "476"}, "nbk")
    make_snapshot("nbk", "2026-05-04", {"EUR": "548"})
    make_days({"05-03": "500", "05-04": "501", "05-05": "502", "05-07": "503"}, "cbu", "KZT")
    for day in ("03", "04", "05", "07"):
        make_snapshot("cbu", f"2026-05-{day}", {"KZT": "2", "USD": "1002"})

    shown = points(client, pair="USD-KZT")
    assert shown == [
        ("2026-05-01", "475"),
        ("2026-05-04", "501"),
        ("2026-05-05", "501"),
        ("2026-05-06", "476"),
    ]


def test_a_pair_of_which_nobody_knows_has_no_points(client: Client) -> None:
    assert read(client, "KGS-GEL/history") == {"base": "KGS", "quote": "GEL", "results": []}
    assert points(client, "fill=previous", "KGS-GEL") == []


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("from=2026-05-21&to=2026-05-20", "from"),
        ("from=2027-01-01", "from"),  # later than today, where the range would end
        ("from=1976-05-20&to=2026-05-21", "from"),
        ("from=0001-01-01", "from"),
        ("from=2026-02-30", "from"),
        ("to=tomorrow", "to"),
        ("interval=hour", "interval"),
        ("interval=DAY", "interval"),
        ("aggregate=median", "aggregate"),
        ("fill=next", "fill"),
        ("format=xml", "format"),
        ("fields=results", "fields"),
        ("page=2", "page"),
        ("on=2026-05-20", "on"),
    ],
)
def test_it_refuses(client: Client, query: str, parameter: str) -> None:
    response = client.get(f"{BASE}/USD-KGS/history?{query}")

    assert response.status_code == 400
    problem = assert_problem(response, response.json()["code"], parameter=parameter)
    assert problem["code"] in ("invalid-parameter", "unknown-parameter")


def test_fifty_years_are_not_too_many(client: Client) -> None:
    make_days({"05-20": "87"})

    assert points(client, "from=1976-05-21&to=2026-05-21") == [("2026-05-20", "87")]
    filled = points(client, "from=1976-05-21&to=2026-05-21&interval=year&fill=previous")
    assert filled == [("2026-01-01", "87")]


@pytest.mark.parametrize("pair", ["USD-KGS", "JPY-USD", "EUR-USD", "KGS-GEL"])
@pytest.mark.parametrize("days", [1, 100])
def test_it_takes_one_statement_however_many_points(client: Client, pair: str, days: int) -> None:
    for day in range(days):
        month, rest = divmod(day, 28)
        date = f"2026-0{month + 1}-{rest + 1:02}"
        make_snapshot("nbkr", date, {"USD": "87", "EUR": "101"})
        make_snapshot("nbkr_weekly", date, {"JPY": "0.55"})
    read(client, "ticker")  # currencies and sources are in memory from now on

    with CaptureQueriesContext(connection) as queries:
        results = read(client, f"{pair}/history?fill=previous&to=2026-05-21")["results"]

    # The version; the points.
    assert len(queries) == 2
    assert bool(results) == (pair != "KGS-GEL")
