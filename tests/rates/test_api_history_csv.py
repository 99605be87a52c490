"""/rates/{pair}/history as CSV: the same points, streamed."""

import csv
import gzip
import io
from datetime import date, timedelta
from typing import Any

import brotli
import pytest
from django.test import Client

from tests.problems import assert_problem
from tests.rates.making import make_snapshot
from tests.rates.quoting import BASE, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]

URL = f"{BASE}/USD-KGS/history"


@pytest.fixture(autouse=True)
def _rates() -> None:
    make_snapshot("nbkr", "2026-05-19", {"USD": "87.0000"})
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.4500"})


def body(response: Any) -> str:
    assert response.status_code == 200, response
    text: str = response.getvalue().decode()
    return text


def test_it_works(client: Client) -> None:
    response = client.get(f"{URL}?format=csv")

    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == (
        'attachment; filename="USD-KGS-2025-05-21-2026-05-21.csv"'
    )
    assert body(response) == "period,rate\r\n2026-05-19,87\r\n2026-05-20,87.45\r\n"


def test_candles_have_columns_of_their_own(client: Client) -> None:
    assert body(client.get(f"{URL}?format=csv&aggregate=ohlc&interval=week")) == (
        "period,open,high,low,close,points\r\n2026-05-18,87,87.45,87,87.45,2\r\n"
    )


def test_it_has_what_the_json_has(client: Client) -> None:
    for query in ("fill=previous", "interval=month&aggregate=average", "to=2026-05-19"):
        rows = list(csv.DictReader(io.StringIO(body(client.get(f"{URL}?format=csv&{query}")))))
        assert rows
        assert rows == read(client, f"USD-KGS/history?{query}")["results"]


@pytest.mark.parametrize(
    ("accept", "query", "content_type"),
    [
        (None, "", "application/json"),
        ("text/csv", "", "text/csv; charset=utf-8"),
        ("text/*", "", "text/csv; charset=utf-8"),
        ("*/*", "", "application/json"),
        ("text/csv, application/json", "", "application/json"),
        ("text/csv, application/json;q=0.9", "", "text/csv; charset=utf-8"),
        ("text/csv;q=0.1, application/json;q=0", "", "text/csv; charset=utf-8"),
        ("text/html, */*;q=0.8", "", "application/json"),
        ("application/json", "format=csv", "text/csv; charset=utf-8"),
        ("text/csv", "format=json", "application/json"),
    ],
)
def test_accept_and_format_decide(
    client: Client, accept: str | None, query: str, content_type: str
) -> None:
    response = client.get(f"{URL}?{query}", headers={"Accept": accept} if accept else {})

    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert "Accept" in response["Vary"]


@pytest.mark.parametrize("accept", ["text/html", "image/svg+xml", "text/csv;q=0"])
def test_nothing_else_is_offered(client: Client, accept: str) -> None:
    assert_problem(client.get(URL, headers={"Accept": accept}), "not-acceptable")


def test_csv_is_offered_nowhere_else(client: Client) -> None:
    for path in ("ticker", "USD-KGS", "snapshots", "currencies", "sources"):
        response = client.get(f"{BASE}/{path}", headers={"Accept": "text/csv"})
        assert_problem(response, "not-acceptable")


def test_an_error_is_a_problem_in_json(client: Client) -> None:
    for query in ("format=csv&from=x", "format=csv&nope=1"):
        response = client.get(f"{URL}?{query}", headers={"Accept": "text/csv"})
        assert response["Content-Type"] == "application/problem+json"
        assert response.status_code == 400


def test_it_is_not_sent_again_while_nothing_has_changed(client: Client) -> None:
    url = f"{URL}?format=csv"
    etag = client.get(url)["ETag"]
    assert etag.startswith('W/"')
    for headers in ({"If-None-Match": etag}, {"If-None-Match": "*"}):
        for ask in (client.get, client.head):
            again = ask(url, headers=headers)
            assert (again.status_code, again.getvalue()) == (304, b"")
            assert again["ETag"] == etag
            assert "Content-Type" not in again

    make_snapshot("nbt", "2026-05-20", {"USD": "9.3450"})
    assert client.get(url)["ETag"] == etag  # another bank's business
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.5400"})
    fresh = client.get(url, headers={"If-None-Match": etag})
    assert fresh.status_code == 200
    assert "87.54" in body(fresh)
    assert client.get(url, headers={"If-None-Match": f'"{"a" * 32}"'}).status_code == 200


def test_head_is_get_without_a_body(client: Client) -> None:
    get, head = client.get(f"{URL}?format=csv"), client.head(f"{URL}?format=csv")

    assert (head.status_code, head.getvalue()) == (200, b"")
    assert dict(head.items()) == dict(get.items())
    assert client.options(f"{URL}?format=csv").status_code == 204


def test_it_comes_compressed(client: Client) -> None:
    url = f"{URL}?format=csv&from=1980-01-01&fill=previous"
    for day in range(1500):
        if day % 100 == 0:
            made = date(1980, 1, 1) + timedelta(days=day)
            make_snapshot("nbkr", made, {"USD": f"{80 + day}.{day}"})
    plain = client.get(url)
    whole = plain.getvalue()
    assert len(whole.splitlines()) > 16_000

    for encoding, decode in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        response = client.get(url, headers={"Accept-Encoding": encoding})
        packed = response.getvalue()
        assert response["Content-Encoding"] == encoding
        assert decode(packed) == whole
        assert len(packed) < len(whole) / 3
        assert response["ETag"] == plain["ETag"]


def test_it_is_open_to_pages_of_any_origin(client: Client) -> None:
    response = client.get(f"{URL}?format=csv", headers={"Origin": "https://www.example.org"})

    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"].startswith("no-cache")
