import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rates.models import Currency, Source
from tests.problems import assert_problem
from tests.rates.making import make_snapshot
from tests.rates.quoting import BASE, NOW, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]

FEED = "open_exchange_rates"
DAY_BEFORE = {
    "KGS": "87.489064", "KZT": "500", "TJS": "9.422261", "UZS": "12150", "TMT": "3.499563",
}  # fmt: skip


def lines(client: Client, query: str = "") -> list[str]:
    return [each["display"]["text"] for each in read(client, f"ticker?{query}")["results"]]


def test_it_works(client: Client) -> None:
    make_snapshot("nbt", "2026-05-19", {"USD": "9.3371"})
    snapshot = make_snapshot("nbt", "2026-05-20", {"USD": "9.3450"})

    assert read(client, "ticker") == {
        "results": [
            {
                "base": "TJS",
                "quote": "USD",
                "rate": "0.1070090958",
                "change": {
                    "absolute": "-0.0000905390171",
                    "percent": "-0.08453718566",
                    "direction": "down",
                    "since": "2026-05-19",
                },
                "effective_date": "2026-05-20",
                "published_at": None,
                "fetched_at": "2026-05-19T19:00:00Z",
                "stale": False,
                "next_expected_at": None,
                "source": "nbt",
                "method": "inverse",
                "legs": [
                    {
                        "base": "USD",
                        "quote": "TJS",
                        "value": "9.3450",
                        "nominal": "1",
                        "source": "nbt",
                        "snapshot": snapshot.pk,
                        "revision": 1,
                        "effective_date": "2026-05-20",
                    }
                ],
                "display": {
                    "rate": "0.10701",
                    "percent": "-0.08%",
                    "text": "TJS/USD = 0.10701 -0.08%",
                },
            }
        ]
    }


def test_a_market_feed_gives_the_sites_five_lines(client: Client) -> None:
    make_snapshot(FEED, "2026-05-20", DAY_BEFORE)
    make_snapshot(FEED, "2026-05-21", {**DAY_BEFORE, "TJS": "9.440197"})

    assert lines(client) == [
        "KGS/USD = 0.01143 0%",
        "KZT/USD = 0.00200 0%",
        "TJS/USD = 0.10593 -0.19%",
        "UZS/USD = 0.00008 0%",
        "TMT/USD = 0.28575 0%",
    ]


def test_without_an_earlier_rate_the_line_ends_after_the_rate(client: Client) -> None:
    make_snapshot(FEED, "2026-05-20", DAY_BEFORE)

    [answer] = read(client, "ticker?base=KGS")["results"]

    assert answer["change"] == dict.fromkeys(["absolute", "percent", "direction", "since"])
    assert answer["display"] == {
        "rate": "0.01143",
        "percent": None,
        "text": "KGS/USD = 0.01143",
    }


def test_it_shows_the_editors_list_in_their_order(client: Client) -> None:
    make_snapshot(FEED, "2026-05-20", {**DAY_BEFORE, "EUR": "0.8664"})
    Currency.objects.filter(code__in=["KZT", "TJS", "UZS"]).update(is_on_ticker=False)
    Currency.objects.filter(code="EUR").update(is_on_ticker=True, order=0)

    assert lines(client) == ["EUR/USD = 1.15420", "KGS/USD = 0.01143", "TMT/USD = 0.28575"]


def test_it_shows_other_pairs_on_request_in_the_order_asked_for(client: Client) -> None:
    make_snapshot("nbk", "2026-05-20", {"USD": "475.27", "EUR": "548.47", "RUB": "5.84"})

    assert lines(client, "base=USD,RUB,EUR&quote=KZT") == [
        "USD/KZT = 475.27000",
        "RUB/KZT = 5.84000",
        "EUR/KZT = 548.47000",
    ]
    assert lines(client, "quote=KZT") == []
    assert lines(client, "base=EUR") == ["EUR/USD = 1.15402"]


def test_a_pair_that_nobody_knows_is_left_out(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.4500"})

    assert lines(client) == ["KGS/USD = 0.01144"]
    assert lines(client, "base=GEL,KGS") == ["KGS/USD = 0.01144"]


def test_it_prefers_the_source_that_the_list_names(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.4500"})
    make_snapshot(FEED, "2026-05-20", DAY_BEFORE)
    assert read(client, "ticker?base=KGS")["results"][0]["source"] == "nbkr"

    Currency.objects.filter(code="KGS").update(ticker_source=Source.objects.get(slug=FEED))

    assert read(client, "ticker?base=KGS")["results"][0]["source"] == FEED
    assert read(client, "USD-KGS")["source"] == FEED
    assert read(client, "convert?from=KGS&to=USD")["source"] == FEED
    assert read(client, "KGS-USD/history")["results"] == [
        {"period": "2026-05-20", "rate": "0.01142999998"}
    ]


def test_tomorrows_bulletin_is_not_served_before_midnight_of_its_bank(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-21", {"USD": "87.0000"})
    make_snapshot("nbkr", "2026-05-22", {"USD": "88.0000"})

    assert lines(client, "base=USD&quote=KGS") == ["USD/KGS = 87.00000"]
    with time_machine.travel("2026-05-21T17:59:59Z", tick=False):
        assert lines(client, "base=USD&quote=KGS") == ["USD/KGS = 87.00000"]
    with time_machine.travel("2026-05-21T18:00:00Z", tick=False):  # 00:00 in Bishkek
        assert lines(client, "base=USD&quote=KGS") == ["USD/KGS = 88.00000 1.15%"]


@pytest.mark.parametrize("status", ["quarantined", "withdrawn"])
def test_what_was_not_accepted_is_not_served(client: Client, status: str) -> None:
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.4500"})
    make_snapshot("nbkr", "2026-05-21", {"USD": "874.5000"}, status=status)

    assert lines(client, "base=USD&quote=KGS") == ["USD/KGS = 87.45000"]


def test_a_new_revision_takes_the_place_of_the_old_one(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.4500"})
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.5400"})

    [answer] = read(client, "ticker?base=USD&quote=KGS")["results"]
    assert answer["rate"] == "87.54"
    assert answer["legs"][0]["revision"] == 2
    assert answer["change"]["since"] is None  # a revision is no earlier date


def test_a_change_is_told_until_the_next_one_comes(client: Client) -> None:
    """On Sunday and Monday, whose bulletins repeat Saturday's, the move is still Saturday's."""
    make_snapshot("nbk", "2026-05-15", {"USD": "470.00"})
    make_snapshot("nbk", "2026-05-16", {"USD": "475.27"})
    for day in ("2026-05-17", "2026-05-18"):
        make_snapshot("nbk", day, {"USD": "475.27"}, is_carried_forward=True)
    [monday] = read(client, "ticker?base=USD&quote=KZT")["results"]

    assert monday["effective_date"] == "2026-05-18"
    assert monday["change"] == {
        "absolute": "5.27",
        "percent": "1.121276596",
        "direction": "up",
        "since": "2026-05-15",
    }

    make_snapshot("nbk", "2026-05-19", {"USD": "475.27", "EUR": "548.47"})
    [tuesday] = read(client, "ticker?base=USD&quote=KZT")["results"]
    assert (tuesday["change"]["direction"], tuesday["change"]["since"]) == ("flat", "2026-05-16")


def test_the_earlier_rate_is_of_the_latest_bulletin_that_has_the_currency(client: Client) -> None:
    make_snapshot("nbk", "2026-05-18", {"USD": "470.00", "EUR": "540"})
    make_snapshot("nbk", "2026-05-19", {"EUR": "548.47"})
    make_snapshot("nbk", "2026-05-20", {"USD": "475.27", "EUR": "548.47"})

    dollar, euro = read(client, "ticker?base=USD,EUR&quote=KZT")["results"]
    assert dollar["change"]["since"] == "2026-05-18"
    assert (euro["change"]["since"], euro["change"]["direction"]) == ("2026-05-19", "flat")


def test_a_sparkline_has_the_last_thirty_points(client: Client) -> None:
    for day in range(1, 13):
        for month in ("03", "04", "05"):
            make_snapshot("nbkr", f"2026-{month}-{day:02}", {"USD": f"{month}{day:02}"})

    [answer] = read(client, "ticker?base=USD&quote=KGS&include=sparkline")["results"]

    assert len(answer["sparkline"]) == 30
    assert answer["sparkline"][0] == {"period": "2026-03-07", "rate": "307"}
    assert answer["sparkline"][-1] == {"period": "2026-05-12", "rate": "512"}
    history = read(client, "USD-KGS/history?from=2026-03-07")
    assert answer["sparkline"] == history["results"]


def test_a_sparkline_of_two_bulletins_moves_with_either(client: Client) -> None:
    make_snapshot("nbkr_weekly", "2026-05-09", {"JPY": "0.50"})
    make_snapshot("nbkr_weekly", "2026-05-16", {"JPY": "0.60"})
    for day, dollar in (("2026-05-15", "100"), ("2026-05-18", "120"), ("2026-05-19", "60")):
        make_snapshot("nbkr", day, {"USD": dollar})

    [answer] = read(client, "ticker?base=JPY&include=sparkline")["results"]

    assert answer["sparkline"] == [
        {"period": "2026-05-15", "rate": "0.005"},
        {"period": "2026-05-16", "rate": "0.006"},
        {"period": "2026-05-18", "rate": "0.005"},
        {"period": "2026-05-19", "rate": "0.01"},
    ]
    assert answer["change"] == {
        "absolute": "0.005",
        "percent": "100",
        "direction": "up",
        "since": "2026-05-18",
    }
    assert [leg["source"] for leg in answer["legs"]] == ["nbkr_weekly", "nbkr"]
    history = read(client, "JPY-USD/history")
    assert history["results"] == answer["sparkline"]


def test_a_dead_feed_leaves_its_rates_served_and_stale(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-14", {"USD": "87.4500"})
    make_snapshot("nbkr_weekly", "2026-05-16", {"JPY": "0.60"})
    Source.objects.filter(slug="nbkr").update(
        is_stale=True, stale_from=NOW, next_expected_at="2026-05-14T10:30:00Z"
    )
    Source.objects.filter(slug="nbkr_weekly").update(next_expected_at="2026-05-22T10:30:00Z")

    som, yen = read(client, "ticker?base=KGS,JPY")["results"]

    assert (som["rate"], som["stale"]) == ("0.01143510577", True)
    assert som["next_expected_at"] == "2026-05-14T10:30:00Z"
    assert yen["stale"] is True  # one of its legs is
    assert yen["next_expected_at"] == "2026-05-14T10:30:00Z"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("base=XXQ", "base"),
        ("base=KGS,XXQ", "base"),
        ("base=kgs", "base"),
        ("base=KGS,", "base"),
        ("base=KGS,USD", "base"),
        ("base=KGS&quote=KGS", "base"),
        ("quote=XXQ", "quote"),
        ("quote=US", "quote"),
        ("base=" + ",".join(["KGS"] * 21), "base"),
        ("include=legs", "include"),
        ("fields=nope", "fields"),
        ("on=2026-05-20", "on"),
        ("page=1", "page"),
    ],
)
def test_it_refuses(client: Client, query: str, parameter: str) -> None:
    problem = client.get(f"{BASE}/ticker?{query}").json()

    assert problem["status"] == 400
    assert parameter in [each["parameter"] for each in problem["errors"]]


def test_it_tells_all_that_is_wrong_at_once(client: Client) -> None:
    problem = assert_problem(
        client.get(f"{BASE}/ticker?base=XXQ,KGS,XXZ&quote=XXY"), "invalid-parameter"
    )
    assert [each["parameter"] for each in problem["errors"]] == ["base", "base", "quote"]


@pytest.mark.parametrize("number", [1, 20])
def test_it_takes_four_statements_however_many_pairs(client: Client, number: int) -> None:
    codes = list(
        Currency.objects.exclude(code__in=["KGS", "USD"]).values_list("code", flat=True)[:number]
    )
    for day in ("2026-05-19", "2026-05-20"):
        make_snapshot(FEED, day, dict.fromkeys(codes, "12.5"))
    read(client, "ticker")  # currencies and sources are in memory from now on

    with CaptureQueriesContext(connection) as queries:
        answer = read(client, f"ticker?base={','.join(codes)}&include=sparkline")

    # The version; the bulletins in force; the earlier ones; the sparklines.
    assert len(queries) == 4
    assert len(answer["results"]) == number
    with CaptureQueriesContext(connection) as queries:
        read(client, f"ticker?base={','.join(codes)}&fields=rate")
    assert len(queries) == 2


def test_it_is_not_sent_again_while_nothing_has_changed(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-19", {"USD": "87.0000"})
    etag = client.get(f"{BASE}/ticker")["ETag"]
    again = client.get(f"{BASE}/ticker", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")

    make_snapshot("nbkr", "2026-05-20", {"USD": "87.4500"})

    fresh = client.get(f"{BASE}/ticker", headers={"If-None-Match": etag})
    assert fresh.status_code == 200
    assert fresh.json()["results"][0]["rate"] == "0.01143510577"
