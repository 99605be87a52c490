import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rates.models import Currency
from tests.problems import assert_problem
from tests.rates.quoting import BASE, read

pytestmark = pytest.mark.django_db

URL = f"{BASE}/currencies"


def test_it_works(client: Client) -> None:
    answer = read(client, "currencies?page_size=100&page=1")
    rest = read(client, "currencies?page_size=100&page=2")

    currencies = {each["code"]: each for each in answer["results"] + rest["results"]}
    assert answer["count"] == len(currencies) == Currency.objects.count()
    assert list(currencies) == sorted(currencies)
    assert currencies["KGS"] == {
        "code": "KGS",
        "numeric_code": "417",
        "minor_units": 2,
        "name": "Kyrgystani Som",
        "is_on_ticker": True,
    }
    assert currencies["KWD"]["minor_units"] == 3
    assert currencies["XDR"]["minor_units"] is None
    assert [code for code, each in currencies.items() if each["is_on_ticker"]] == [
        "KGS", "KZT", "TJS", "TMT", "UZS",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "name"),
    [
        ("en", "Kyrgystani Som"),
        ("ru", "киргизский сом"),
        ("RU", "киргизский сом"),
        ("ru-KG", "киргизский сом"),
        ("ky", "Кыргызстан сому"),
        ("xx", "Kyrgystani Som"),
    ],
)
def test_names_come_in_the_language_asked_for_else_in_english(
    client: Client, locale: str, name: str
) -> None:
    answer = read(client, f"currencies?locale={locale}&page_size=100")
    [som] = [each for each in answer["results"] if each["code"] == "KGS"]

    assert som["name"] == name


def test_a_currency_without_any_name_is_called_by_its_code(client: Client) -> None:
    Currency.objects.filter(code="AED").update(names={})

    assert read(client, "currencies?page_size=1")["results"][0]["name"] == "AED"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("locale=!", "locale"), ("ordering=name", "ordering"), ("q=som", "q"),
        ("fields=names", "fields"), ("include=name", "include"),
    ],
)  # fmt: skip
def test_it_refuses(client: Client, query: str, parameter: str) -> None:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert_problem(response, response.json()["code"], parameter=parameter)


@pytest.mark.parametrize("number", [1, 100])
def test_it_takes_three_statements_however_many_rows(client: Client, number: int) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert len(read(client, f"currencies?page_size={number}")["results"]) == number

    # The version; how many there are; the rows.
    assert len(queries) == 3
