"""The ticker in the admin: as readers see it, and its list changed by hand."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from rates import ticker
from rates.models import Currency, Source
from tests.rates.desk import make_outsider, make_reader, make_user, signed_in, told, url
from tests.rates.making import make_snapshot

pytestmark = pytest.mark.django_db

FIRST = ["KGS", "KZT", "TJS", "UZS", "TMT"]


@pytest.fixture
def editor() -> Client:
    return signed_in(make_user("editor", "view_currency", "change_currency"))


def on_ticker() -> list[str]:
    return list(Currency.objects.ticker().values_list("code", flat=True))


def press(client: Client, action: str, code: str) -> Any:
    return client.post(url("currency", "ticker"), {"action": action, "code": code}, follow=True)


def contents() -> list[Any]:
    return [list(model._default_manager.order_by("pk").values()) for model in (Currency, LogEntry)]


def test_it_works(editor: Client) -> None:
    response = press(editor, "up", "TMT")

    assert told(response) == ["TMT moved up."]
    assert on_ticker() == ["KGS", "KZT", "TJS", "TMT", "UZS"]
    assert [row["code"] for row in response.context["rows"]] == on_ticker()


def test_it_shows_what_readers_get(editor: Client) -> None:
    make_snapshot("nbt", "2026-04-01", {"USD": "9.4222"})
    make_snapshot("nbt", "2026-04-02", {"USD": "9.4402"})

    response = editor.get(url("currency", "ticker"))

    [line] = editor.get("/api/v1/rates/ticker").json()["results"]
    assert line["display"]["text"] == "TJS/USD = 0.10593 -0.19%"
    page = " ".join(response.content.decode().split())
    assert f"<li>{line['display']['text']}</li>" in page
    assert "National Bank of Tajikistan" in page
    assert page.count("No source has a rate in USD: it is left out.") == 4


def test_what_is_stale_is_marked(editor: Client) -> None:
    make_snapshot("nbt", "2026-04-01", {"USD": "9.4222"})
    Source.objects.filter(slug="nbt").update(is_stale=True)

    assert ">stale</span>" in editor.get(url("currency", "ticker")).content.decode()


@pytest.mark.parametrize(
    ("action", "code", "expected"),
    [
        ("up", "KGS", FIRST),
        ("up", "KZT", ["KZT", "KGS", "TJS", "UZS", "TMT"]),
        ("down", "KGS", ["KZT", "KGS", "TJS", "UZS", "TMT"]),
        ("down", "TMT", FIRST),
        ("off", "TJS", ["KGS", "KZT", "UZS", "TMT"]),
        ("off", "EUR", FIRST),
        ("on", "EUR", [*FIRST, "EUR"]),
        ("on", "KGS", FIRST),
    ],
)
def test_each_button_does_what_it_says(
    editor: Client, action: str, code: str, expected: list[str]
) -> None:
    press(editor, action, code)

    assert on_ticker() == expected
    assert editor.get("/api/v1/newsroom").json()["ticker"] == [f"{each}-USD" for each in expected]


def test_places_are_counted_anew_after_each_change(editor: Client) -> None:
    for action, code in (("off", "KZT"), ("on", "EUR"), ("up", "EUR"), ("on", "KZT")):
        press(editor, action, code)

    places = Currency.objects.ticker().values_list("code", "order")
    assert list(places) == [("KGS", 1), ("TJS", 2), ("UZS", 3), ("EUR", 4), ("TMT", 5), ("KZT", 6)]
    assert not Currency.objects.filter(is_on_ticker=False).exclude(order=0).exists()


@pytest.mark.parametrize(
    ("action", "code", "message"),
    [
        ("on", "USD", "The ticker is told in USD: it cannot be one of its currencies."),
        ("up", "EUR", "EUR is not on the ticker any more."),
        ("down", "EUR", "EUR is not on the ticker any more."),
        ("on", "QQQ", "Choose a currency, and what to do with it."),
        ("on", "", "Choose a currency, and what to do with it."),
        ("on", "\0", "Choose a currency, and what to do with it."),
        ("sell", "KGS", "Choose a currency, and what to do with it."),
        ("", "", "Choose a currency, and what to do with it."),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    editor: Client, action: str, code: str, message: str
) -> None:
    before = contents()

    assert told(press(editor, action, code)) == [message]
    assert contents() == before


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_both_get_their_way() -> None:
    def climb(_: int) -> None:
        try:
            for _ in range(2):
                ticker.move("TMT", steps=-1)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as editors:
        list(editors.map(climb, range(2)))

    assert on_ticker() == ["TMT", "KGS", "KZT", "TJS", "UZS"]
    places = Currency.objects.ticker().values_list("order", flat=True)
    assert list(places) == [1, 2, 3, 4, 5]


def test_a_source_can_be_preferred(editor: Client) -> None:
    nbt = Source.objects.get(slug="nbt")
    make_snapshot("nbt", "2026-04-01", {"USD": "9.4222", "KGS": ("1.0774", 10)})
    make_snapshot("nbkr", "2026-04-01", {"USD": "87.4500"})

    editor.post(url("currency", "change", "KGS"), {"ticker_source": nbt.pk}, follow=True)

    rows = {row["code"]: row for row in editor.get(url("currency", "ticker")).context["rows"]}
    assert rows["KGS"]["answer"]["source"] == "nbt"
    assert rows["KGS"]["currency"].ticker_source == nbt
    assert on_ticker() == FIRST


def test_the_list_of_currencies_can_be_searched(editor: Client) -> None:
    for query in ("TJS", "somoni", "сомони"):
        found = editor.get(url("currency"), {"q": query}).context["cl"].result_list
        assert "TJS" in [each.code for each in found]


def test_a_reader_sees_it_without_buttons() -> None:
    page = signed_in(make_reader()).get(url("currency", "ticker")).content.decode()

    assert "As readers see it now" in page
    assert 'name="action"' not in page


def test_who_may_not_is_refused() -> None:
    before = contents()
    address = url("currency", "ticker")

    for person in (make_reader(), make_outsider()):
        assert press(signed_in(person), "off", "KGS").status_code == 403
    assert signed_in(make_user("x")).get(address).status_code == 403
    assert Client().post(address, {"action": "off", "code": "KGS"}).status_code == 302
    assert contents() == before


def test_another_site_cannot_press_a_button() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("editor", "change_currency"))

    assert press(client, "off", "KGS").status_code == 403
    assert on_ticker() == FIRST


def test_currencies_are_neither_added_nor_deleted() -> None:
    boss = signed_in(make_user("boss", is_superuser=True))
    number = Currency.objects.count()

    assert boss.get(url("currency", "add")).status_code == 403
    assert boss.post(url("currency", "delete", "KGS"), {"post": "yes"}).status_code == 403
    assert Currency.objects.count() == number


@pytest.mark.parametrize("number", [1, 100])
def test_it_takes_the_same_queries_for_few_and_many(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Currency.objects.update(is_on_ticker=False)
    codes = Currency.objects.exclude(code="USD").values_list("code", flat=True)[:number]
    Currency.objects.filter(code__in=list(codes)).update(is_on_ticker=True)
    make_snapshot("nbk", "2026-04-01", {"USD": "478.77", **dict.fromkeys(codes, "2")})
    make_snapshot("nbk", "2026-04-02", {"USD": "478.78", **dict.fromkeys(codes, "3")})
    client = signed_in(make_reader())

    # Session, user, permissions; the log's head, currencies with sources, bulletins in force and
    # before; the page's currencies, the names of the sources, the other currencies.
    with django_assert_num_queries(10):
        assert client.get(url("currency", "ticker")).status_code == 200
