"""/rates/{pair}/chart.svg: a picture that a page can embed."""

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rates.chart import HEIGHT, MOST_DATES, WIDTH, draw
from tests.problems import assert_problem
from tests.rates.making import make_snapshot
from tests.rates.quoting import BASE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]

URL = f"{BASE}/USD-KGS/chart.svg"
SVG = "{http://www.w3.org/2000/svg}"


def image(response: Any) -> ET.Element:
    assert response.status_code == 200, response.content
    return ET.fromstring(response.content)


def texts(root: ET.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def path(root: ET.Element) -> list[tuple[Decimal, Decimal]]:
    [line] = [each for each in root.iter(f"{SVG}path") if each.get("class") == "line"]
    points = line.get("d", "").removeprefix("M").split("L")
    return [(Decimal(x), Decimal(y)) for x, y in (each.split() for each in points)]


def test_it_works(client: Client) -> None:
    for day, rate in (("18", "87"), ("19", "88"), ("20", "87.5")):
        make_snapshot("nbkr", f"2026-05-{day}", {"USD": rate})

    response = client.get(f"{URL}?from=2026-05-17")

    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    root = image(response)
    assert root.get("viewBox") == f"0 0 {WIDTH} {HEIGHT}"
    shown = texts(root)
    assert {"USD/KGS", "1 USD in KGS", "87.5", "2026-05-20", "2026-05-18"} <= set(shown)
    (x1, y1), (x2, y2), (x3, y3) = path(root)
    assert x1 < x2 < x3
    assert y2 < y3 < y1  # upwards is more


def test_it_tells_those_who_do_not_see_it(client: Client) -> None:
    for day, rate in (("18", "87"), ("19", "88"), ("20", "87.5")):
        make_snapshot("nbkr", f"2026-05-{day}", {"USD": rate})

    root = image(client.get(f"{URL}?from=2026-05-17"))

    assert root.get("role") == "img"
    labels = {each.get("id"): each.text for each in root if each.get("id")}
    assert set(root.get("aria-labelledby", "").split()) == set(labels)
    assert labels["title"] == "USD/KGS, 2026-05-17 to 2026-05-21"
    assert labels["description"] == (
        "One USD was worth between 87 KGS (2026-05-18) and 88 KGS (2026-05-19). The last rate is"
        " 87.5 KGS, of 2026-05-20."
    )


def test_it_has_colours_for_light_and_dark_and_nothing_from_elsewhere(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-20", {"USD": "87"})
    response = client.get(URL)
    text = response.content.decode()

    assert "@media (prefers-color-scheme: dark)" in text
    assert not re.search(r"<script|\bon\w+=|href|url\(|@import|<!ENTITY|<foreignObject", text)
    assert text.count("http") == 1  # the name of SVG
    assert "X-Frame-Options" not in response  # <object> and <iframe> may have it
    assert response["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.get(f"{BASE}/ticker")["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("rate", ["87", "0.00000001", "99999999"])
def test_a_single_rate_is_a_dot_in_the_middle(client: Client, rate: str) -> None:
    make_snapshot("nbkr", "2026-05-20", {"USD": rate})

    root = image(client.get(URL))

    [(_, y)] = path(root)
    assert 64 < y < 320
    assert [each.get("cy") for each in root.iter(f"{SVG}circle")] == [str(y)]


def test_without_rates_it_says_so(client: Client) -> None:
    root = image(client.get(URL))

    assert "No rates" in texts(root)
    [description] = [each.text for each in root if each.get("id") == "description"]
    assert description == "No rate of USD in KGS is known in this time."


def values(first: date, number: int, step: int = 1) -> list[tuple[date, Decimal]]:
    return [
        (first + timedelta(days=n * step), Decimal(8000 + n * 37 % 900).scaleb(-2))
        for n in range(number)
    ]


@pytest.mark.parametrize(
    ("days", "label"),
    [
        (1, "2026-01-01"), (6, "2026-01-07"), (10, "2026-01-03"), (30, "2026-01-08"),
        (80, "2026-01-15"), (200, "2026-02"), (365, "2026-03"), (800, "2026-07"),
        (1500, "2027"), (7300, "2030"), (18262, "2030"),
    ],
)  # fmt: skip
def test_every_range_has_dates_that_can_be_read(days: int, label: str) -> None:
    first = date(2026, 1, 1)
    last = first + timedelta(days=days)
    root = ET.fromstring(draw("USD", "KGS", values(first, 5), first=first, last=last))

    dates = [text for text in texts(root)[2:] if re.fullmatch(r"\d{4}(-\d\d){0,2}", text)]
    assert label in dates
    assert 1 <= len(dates) - 1 <= MOST_DATES  # and that of the last value


def test_lines_across_are_round_and_around_all_values() -> None:
    first = date(2026, 1, 1)
    shown = values(first, 300)
    root = ET.fromstring(draw("USD", "KGS", shown, first=first, last=first + timedelta(days=299)))
    across = [
        Decimal(each.text or "") for each in root.iter(f"{SVG}text") if each.get("dy") is not None
    ]

    assert across == sorted(across)
    assert across[0] <= min(value for _, value in shown)
    assert across[-1] >= max(value for _, value in shown)
    assert {b - a for a, b in pairwise(across)} == {Decimal(5)}
    assert all(64 <= y <= 320 and 84 <= x <= 696 for x, y in path(root))


@pytest.mark.parametrize(("years", "interval"), [(2, 1), (10, 7), (40, 28)])
def test_a_longer_range_has_not_more_points_than_can_be_seen(
    client: Client, years: int, interval: int
) -> None:
    for n in range(12):
        make_snapshot("nbkr", date(2026, 5, 1) + timedelta(days=n), {"USD": f"8{n}"})

    points = path(image(client.get(f"{URL}?from={2026 - years}-05-21")))

    assert len(points) == {1: 12, 7: 3, 28: 1}[interval]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("from=2026-05-22", "from"), ("to=x", "to"), ("interval=day", "interval"), ("a=1", "a")],
)
def test_it_refuses(client: Client, query: str, parameter: str) -> None:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert_problem(response, response.json()["code"], parameter=parameter)


@pytest.mark.parametrize("accept", ["image/svg+xml", "image/*", "*/*", "image/avif,*/*;q=0.8"])
def test_it_comes_to_those_who_take_svg(client: Client, accept: str) -> None:
    assert client.get(URL, headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize("accept", ["application/json", "text/html", "image/png"])
def test_it_comes_to_nobody_else(client: Client, accept: str) -> None:
    assert_problem(client.get(URL, headers={"Accept": accept}), "not-acceptable")


def test_it_is_not_sent_again_while_nothing_has_changed(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-20", {"USD": "87"})
    etag = client.get(URL)["ETag"]

    assert client.get(URL, headers={"If-None-Match": etag}).status_code == 304
    make_snapshot("nbkr", "2026-05-20", {"USD": "88"})
    assert client.get(URL, headers={"If-None-Match": etag}).status_code == 200


def test_head_and_options_work(client: Client) -> None:
    get, head, options = client.get(URL), client.head(URL), client.options(URL)

    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.items()) == dict(get.items())
    assert (options.status_code, options["Allow"]) == (204, "GET, HEAD, OPTIONS")


def test_it_takes_one_statement_beside_the_version(client: Client) -> None:
    make_snapshot("nbkr", "2026-05-20", {"USD": "87"})
    client.get(f"{BASE}/ticker")  # currencies and sources are in memory from now on

    with CaptureQueriesContext(connection) as queries:
        client.get(URL)

    assert len(queries) == 2
