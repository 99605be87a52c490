import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.changes.models import Change
from tests.problems import assert_problem
from tests.rates.making import make_snapshot
from tests.rates.quoting import BASE, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]

URL = f"{BASE}/convert"


@pytest.fixture(autouse=True)
def _rates() -> None:
    make_snapshot("nbkr", "2026-05-19", {"USD": "87.0000", "EUR": "101.5076"})
    make_snapshot("nbkr", "2026-05-20", {"USD": "87.4500", "EUR": "101.5076"})
    make_snapshot("cbu", "2026-05-20", {"USD": "12142.10"})


def converted(client: Client, query: str) -> tuple[str, str | None]:
    answer = read(client, f"convert?{query}")
    return answer["result"], answer["result_rounded"]


def test_it_works(client: Client) -> None:
    answer = read(client, "convert?from=KGS&to=USD&amount=1500.50")

    assert list(answer)[:3] == ["base", "quote", "rate"]
    assert (answer["base"], answer["quote"]) == ("KGS", "USD")
    assert (answer["amount"], answer["result"]) == ("1500.5", "17.15837621")
    assert answer["result_rounded"] == "17.16"
    rate = read(client, "KGS-USD")
    same = ["rate", "effective_date", "stale", "source", "method", "legs", "fetched_at"]
    assert {name: answer[name] for name in same} == {name: rate[name] for name in same}


def test_it_converts_one_where_no_amount_is_given(client: Client) -> None:
    assert converted(client, "from=USD&to=KGS") == ("87.45", "87.45")


@pytest.mark.parametrize(
    ("query", "result", "rounded"),
    [
        ("from=USD&to=KGS&amount=100", "8745", "8745.00"),
        ("from=USD&to=KGS&amount=0", "0", "0.00"),
        ("from=USD&to=KGS&amount=0.000", "0", "0.00"),
        ("from=USD&to=KGS&amount=007", "612.15", "612.15"),
        ("from=UZS&to=USD&amount=1", "0.00008235807644", "0.00"),
        ("from=EUR&to=USD&amount=10", "11.60750143", "11.61"),
        # Never coarser than the smallest coin, though that takes more than ten digits.
        ("from=USD&to=KGS&amount=123456789012.34", "10796296199129.13", "10796296199129.13"),
        ("from=USD&to=UZS&amount=999999999999999", "12142099999999987857.9", None),
        ("from=USD&to=KGS&amount=0.0000000001", "0.000000008745", "0.00"),
    ],
)
def test_the_result_is_exact_and_in_coins(
    client: Client, query: str, result: str, rounded: str | None
) -> None:
    exact, in_coins = converted(client, query)

    assert exact == result
    assert in_coins == (rounded or "12142099999999987857.90")


def test_it_converts_at_the_rate_of_a_day(client: Client) -> None:
    assert converted(client, "from=USD&to=KGS&amount=2&on=2026-05-19") == ("174", "174.00")


def test_coins_are_those_of_the_currency(client: Client) -> None:
    make_snapshot("nbkr_weekly", "2026-05-16", {"JPY": "0.55", "KWD": "285.1", "XDR": "119"})

    assert converted(client, "from=KGS&to=JPY&amount=100")[1] == "182"
    assert converted(client, "from=KGS&to=KWD&amount=100")[1] == "0.351"
    assert converted(client, "from=KGS&to=XDR&amount=100") == ("0.8403361345", None)


AMOUNTS = [
    "x", "-1", "-0", "+1", "1e3", "1e400", "1E-400", "NaN", "nan", "Infinity", "-Infinity", "0x10",
    "1,5", "1_000", "1 000", " 1", "1.", ".5", "1.2.3", "١", "１", "½", "9" * 5000, "1" * 16,
    "0." + "1" * 11, "1;2", "null", "true",
]  # fmt: skip


@pytest.mark.parametrize("amount", AMOUNTS)
def test_it_refuses_what_is_no_amount(client: Client, amount: str) -> None:
    response = client.get(URL, {"from": "USD", "to": "KGS", "amount": amount})

    problem = assert_problem(response, "invalid-parameter", parameter="amount")
    assert "plain digits" in problem["detail"]


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("", ["from", "to"]),
        ("from=USD", ["to"]),
        ("to=USD&amount=5", ["from"]),
        ("from=USD&to=USD", ["to"]),
        ("from=XXQ&to=XXZ", ["from", "to"]),
        ("from=usd&to=KGS", ["from"]),
        ("from=USD&to=KGS&on=2026-05-22", ["on"]),
        ("from=USD&to=KGS&on=never&amount=-1", ["amount", "on"]),
        ("from=USD&to=KGS&base=USD", ["base"]),
    ],
)
def test_it_refuses_and_says_which(client: Client, query: str, parameters: list[str]) -> None:
    problem = client.get(f"{URL}?{query}").json()

    assert problem["status"] == 400
    assert [each["parameter"] for each in problem["errors"]] == parameters


def test_a_pair_that_cannot_be_derived_says_which_leg_is_missing(client: Client) -> None:
    problem = assert_problem(client.get(f"{URL}?from=USD&to=GEL"), "not-found")

    assert problem["detail"] == "USD-GEL cannot be derived: no bulletin in force quotes GEL."


def test_fields_keep_only_those(client: Client) -> None:
    assert read(client, "convert?from=USD&to=KGS&fields=result") == {"result": "87.45"}


def test_it_takes_two_statements_and_keeps_nothing(client: Client) -> None:
    read(client, "ticker")
    changes = Change.objects.count()

    with CaptureQueriesContext(connection) as queries:
        read(client, "convert?from=EUR&to=USD&amount=10")

    # The version; the bulletins in force.
    assert len(queries) == 2
    assert Change.objects.count() == changes


def test_it_is_asked_like_everything_else(client: Client) -> None:
    url = f"{URL}?from=USD&to=KGS&amount=2"
    get, head, options = client.get(url), client.head(url), client.options(url)

    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.items()) == dict(get.items())
    assert (options.status_code, options["Allow"]) == (204, "GET, HEAD, OPTIONS")
    assert client.get(url, headers={"If-None-Match": get["ETag"]}).status_code == 304
    assert_problem(client.post(url), "method-not-allowed")
