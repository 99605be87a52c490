import pytest
from django.test import Client, override_settings

from rates.models import Currency
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

URL = "/api/v1/newsroom"


def test_it_works(client: Client) -> None:
    assert client.get(URL).json() == {
        "name": "Dastan",
        "time_zone": "Asia/Almaty",
        "languages": ["en", "ru"],
        "ticker": ["KGS-USD", "KZT-USD", "TJS-USD", "UZS-USD", "TMT-USD"],
    }


def test_the_name_is_that_of_the_settings(client: Client) -> None:
    with override_settings(NEWSROOM_NAME="Kattama"):
        assert client.get(URL).json()["name"] == "Kattama"


def test_the_ticker_is_the_editors_list(client: Client) -> None:
    Currency.objects.filter(code="TMT").update(order=0)
    Currency.objects.filter(code__in=["KZT", "UZS", "TJS"]).update(is_on_ticker=False)
    Currency.objects.filter(code="USD").update(is_on_ticker=True, order=9)

    # The dollar itself has no pair with the dollar.
    assert client.get(URL).json()["ticker"] == ["TMT-USD", "KGS-USD"]

    Currency.objects.update(is_on_ticker=False)
    assert client.get(URL).json()["ticker"] == []


def test_it_takes_no_parameters(client: Client) -> None:
    assert_problem(client.get(f"{URL}?nope=1"), "unknown-parameter", parameter="nope")
