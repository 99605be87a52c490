"""The desk's pages of rates for whoever reads Russian: no sentence is left in English."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from cms.desk.history import _fields
from rates.models import Currency, Decision, Rate, Snapshot, Source
from tests.rates.desk import make_user, told, url
from tests.rates.making import make_snapshot
from tests.russian import english

pytestmark = pytest.mark.django_db

# Ours, of a source, of a time zone, and of the keys that pegs are written with.
NAMES = ("Dastan", "nbk", "Asia", "Almaty", "per", "rate", "since")
WHY = {"comment": "Банк подтвердил по телефону."}
REASONS = [
    {"code": "band", "detail": "USD moved by 900%.", "currency": "USD"},
    {"code": "peg", "detail": "The peg is 3.5.", "currency": "TMT"},
    {"code": "home", "detail": "The bulletin says that 1 KZT are 2 KZT.", "currency": "KZT"},
    {"code": "too-far-ahead", "detail": "The bulletin is dated 2026-04-02."},
    {"code": "truncated", "detail": "2 of the 4 currencies are missing."},
]


def of(language: str, name: str) -> Client:
    """Somebody who may all of the rates, and sees nothing of other apps."""
    client = Client(headers={"Accept-Language": language})
    every = Permission.objects.filter(content_type__app_label="rates")
    client.force_login(make_user(name, *every.values_list("codename", flat=True)))
    return client


@pytest.fixture
def russian() -> Client:
    for number, source in enumerate(Source.objects.order_by("pk"), start=1):
        Source.objects.filter(pk=source.pk).update(name=f"Банк {number}", attribution="Банк")
    return of("ru", "Айгуль")


def names() -> list[str]:
    """Codes of currencies, and those words of their names that no Russian one is known for."""
    words = [name for each in Currency.objects.all() for name in name_of_currency(each).split()]
    return [*NAMES, *Currency.objects.values_list("code", flat=True), *words]


def name_of_currency(currency: Currency) -> str:
    return str(currency.names.get("ru") or currency.names["en"])


def page(client: Client, address: str) -> list[str]:
    """What a page says in English."""
    response = client.get(address)
    assert response.status_code == 200
    return english(response.content.decode(), *names())


def contents() -> list[Any]:
    return [
        list(model._default_manager.order_by("pk").values())
        for model in (Snapshot, Rate, Source, Currency, Decision, LogEntry)
    ]


@pytest.mark.parametrize("model", ["snapshot", "source", "currency"])
def test_it_works(russian: Client, model: str) -> None:
    make_snapshot("nbk", "2026-03-31", {"USD": "478.00"})
    make_snapshot("nbk", "2026-03-31", {"USD": "479.00"}, reasons=REASONS, status="quarantined")
    Source.objects.filter(slug="nbk").update(
        last_attempt_at=timezone.now(),
        last_error="nbk answered 503.",
        is_stale=True,
        stale_from=timezone.now(),
    )

    assert page(russian, url(model)) == []
    assert page(russian, f"{url(model)}?q=нет") == []


def test_a_list_without_rows_is_russian(russian: Client) -> None:
    assert page(russian, url("snapshot")) == []
    assert page(russian, f"{url('snapshot')}?counts=no&status__exact=withdrawn") == []


@pytest.mark.parametrize("status", ["accepted", "quarantined", "withdrawn"])
def test_a_bulletin_is_russian_in_each_state(russian: Client, status: str) -> None:
    boss = make_user("начальник")
    make_snapshot("nbk", "2026-03-31", {"USD": "478.00", "UZS": ("3.93", 100)})
    make_snapshot("nbk", "2026-04-01", {"USD": "1"}, status="withdrawn")
    snapshot = make_snapshot(
        "nbk",
        "2026-04-01",
        {"USD": "4780.00", "TMT": "137", "UZS": ("3.9", 100), "KZT": "2"},
        status=status,
        reasons=REASONS,
        entered_by=boss,
        note="Left out, being no currency that Dastan knows: QQQ.",
        due_at=datetime(2026, 4, 1, tzinfo=UTC) if status == "accepted" else None,
    )
    for by, action, why in (
        (boss, "withdrawn", "Опечатка."),
        (None, "released", "Seen and judged again, and nothing speaks against it any more."),
    ):
        snapshot.decisions.create(action=action, by=by, at=timezone.now(), comment=why)

    response = russian.get(url("snapshot", "change", snapshot.pk))

    assert page(russian, url("snapshot", "change", snapshot.pk)) == []
    shown = response.content.decode()
    assert "Слишком большое изменение." in shown
    assert "USD moved by 900%." in shown  # as it was judged


def test_the_first_bulletin_is_russian(russian: Client) -> None:
    snapshot = make_snapshot("nbk", "2026-03-31", {"USD": "478.00"})

    assert page(russian, url("snapshot", "change", snapshot.pk)) == []


def test_a_source_and_a_currency_are_russian(russian: Client) -> None:
    for source in Source.objects.all():
        assert page(russian, url("source", "change", source.pk)) == []
    for code in ("TJS", "USD"):
        assert page(russian, url("currency", "change", code)) == []


def test_names_of_currencies_are_russian(russian: Client) -> None:
    assert "сомони" in russian.get(url("currency")).content.decode()
    assert "сомони" in russian.get(url("currency", "ticker")).content.decode()
    assert "Somoni" in of("en", "Asel").get(url("currency", "ticker")).content.decode()


def test_the_ticker_is_russian(russian: Client) -> None:
    make_snapshot("nbt", "2026-04-01", {"USD": "9.4222"})
    Source.objects.filter(slug="nbt").update(is_stale=True)
    Currency.objects.filter(code="TJS").update(ticker_source=Source.objects.get(slug="nbt"))

    assert page(russian, url("currency", "ticker")) == []
    Currency.objects.update(is_on_ticker=False)
    assert page(russian, url("currency", "ticker")) == []


def test_the_form_for_a_bulletin_is_russian(russian: Client) -> None:
    assert page(russian, f"{url('snapshot', 'add')}?source=nbk") == []


def test_the_first_page_is_russian(russian: Client) -> None:
    make_snapshot("nbk", "2026-03-31", {"USD": "478.00"}, status="quarantined")
    Source.objects.filter(slug="nbk").update(is_stale=True, last_error="nbk answered 503.")

    assert page(russian, "/admin/") == []
    assert "1 бюллетень курсов в карантине" in russian.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("lines", "error", "in_english"),
    [
        ("USD", "Строка 1: Напишите код, число единиц и курс", "Line 1: Write a code, a number"),
        (
            "USD 478,77",
            "Строка 1: Не число с десятичной точкой (курс USD): «478,77».",
            "Line 1: The rate of USD is not a number",
        ),
        (
            "USD x 478",
            "Строка 1: Не число с десятичной точкой (номинал USD): «x».",
            "Line 1: The nominal of USD is not a number",
        ),
        (
            "QQQ 1 478",
            "Строка 1: Валюты “QQQ” нет в списке.",
            "Line 1: Dastan knows no currency “QQQ”.",
        ),
        ("USD 1 478\nusd 1 479", "USD указана дважды.", "USD is quoted twice."),
        (
            "USD 1 0",
            "Курс USD должен быть больше нуля: 0.",
            "The rate of USD is not positive: 0.",
        ),
        ("USD 1 " + "9" * 40, "Таким курс USD не бывает.", "The rate of USD is no possible one."),
        ("", "Обязательное поле.", "This field is required."),
    ],
)
def test_a_bulletin_is_refused_in_the_readers_language(
    russian: Client, lines: str, error: str, in_english: str
) -> None:
    form = {
        "source": Source.objects.get(slug="nbk").pk,
        "effective_date": "2026-04-01",
        "lines": lines,
        "comment": "Со страницы банка",
    }
    before = contents()

    refused = russian.post(url("snapshot", "add"), form)
    other = of("en", "Asel").post(url("snapshot", "add"), form)

    assert error in unescape(refused.content.decode())
    assert in_english in unescape(other.content.decode())
    assert english(refused.content.decode(), *names(), "QQQ") == []
    assert contents() == before


def test_all_fields_of_the_forms_are_refused_in_russian(russian: Client) -> None:
    nbk = Source.objects.get(slug="nbk")
    bad = {
        "name": "",
        "url": "банк",
        "time_zone": "Алматы",
        "weekdays": [],
        "publishes_at": "25:00",
        "days_ahead": "8",
        "grace": "x",
        "band_percent": "-1",
        "pegs": "{",
        "peg_band_percent": "x",
    }
    before = contents()

    for address, form in (
        (url("snapshot", "add"), {"effective_date": "31.02.2026"}),
        (url("source", "change", nbk.pk), bad),
        (url("source", "change", nbk.pk), bad | {"weekdays": ["8"], "pegs": '{"TMT": 3}'}),
        (url("currency", "change", "TJS"), {"ticker_source": "999999"}),
    ):
        response = russian.post(address, form)
        assert response.status_code == 200
        assert english(response.content.decode(), *names()) == []
    assert contents() == before


def test_decisions_are_answered_and_kept_for_all_languages(russian: Client) -> None:
    snapshot = make_snapshot("nbk", "2026-04-01", {"USD": "478.00"}, status="quarantined")

    def decide(verb: str, **values: str) -> list[str]:
        return told(russian.post(url("snapshot", verb, snapshot.pk), values, follow=True))

    before = contents()
    assert decide("release") == ["Напишите, почему: коллеги спросят, а запись останется."]
    assert contents() == before
    assert decide("release", **WHY) == ["Выпущен."]
    assert decide("release", **WHY) == ["Этот бюллетень уже принят."]
    make_snapshot("nbk", "2026-04-01", {"USD": "1"})
    assert decide("withdraw", **WHY) == ["Отозван."]
    assert decide("withdraw", **WHY) == ["Этот бюллетень уже отозван."]
    [later] = decide("release", **WHY)
    assert later == "Принята более поздняя версия, 2. Если верна эта, сначала отзовите ту."

    assert {each.change_message.split(":")[0] for each in LogEntry.objects.all()} == {
        "Released",
        "Withdrawn",
    }
    history = russian.get(url("snapshot", "history", snapshot.pk)).content.decode()
    assert f"Выпущен: {WHY['comment']}" in history
    assert english(history, *names()) == []
    in_english = of("en", "Asel").get(url("snapshot", "history", snapshot.pk)).content.decode()
    assert f"Released: {WHY['comment']}" in in_english


def test_what_is_entered_is_told_in_russian(russian: Client) -> None:
    form = {
        "source": Source.objects.get(slug="nbk").pk,
        "effective_date": "2026-04-01",
        "lines": "USD 1 478.77",
        "comment": "Со страницы банка",
    }

    def enter(**values: str) -> list[str]:
        return told(russian.post(url("snapshot", "add"), form | values, follow=True))

    assert enter() == ["Бюллетень принят и действует со своей даты."]
    assert enter() == ["Такой бюллетень уже есть; ничего не изменилось."]
    [said] = enter(effective_date="2026-04-02", lines="USD 1 4787.7")
    assert said == "Бюллетень в карантине: читатели его не увидят, пока его не выпустят."
    snapshot = Snapshot.objects.latest("pk")
    assert "moved by" in snapshot.reasons[0]["detail"]  # stored for readers of all languages
    history = russian.get(url("snapshot", "history", snapshot.pk)).content.decode()
    assert "Введён вручную: Со страницы банка" in history
    missing = russian.post(url("snapshot", "release", 999_999), WHY, follow=True)
    assert told(missing) == ["Не найдено: бюллетень «999999». Возможно, это уже удалили."]


@pytest.mark.parametrize(
    ("action", "code", "said"),
    [
        ("up", "KZT", "KZT: выше."),
        ("down", "KZT", "KZT: ниже."),
        ("off", "KZT", "KZT больше не в тикере."),
        ("on", "EUR", "EUR теперь в тикере."),
        ("on", "USD", "Тикер считается в USD: добавить её в него нельзя."),
        ("up", "EUR", "EUR уже нет в тикере."),
        ("", "", "Выберите валюту и что с ней сделать."),
    ],
)
def test_each_button_of_the_ticker_answers_in_russian(
    russian: Client, action: str, code: str, said: str
) -> None:
    response = russian.post(
        url("currency", "ticker"), {"action": action, "code": code}, follow=True
    )

    assert told(response) == [said]
    for entry in LogEntry.objects.all():
        assert entry.change_message.isascii()  # stored for readers of all languages
        assert page(russian, url("currency", "history", code)) == []
        assert said in russian.get(url("currency", "history", code)).content.decode()


def test_what_is_saved_is_told_in_russian_and_stands_in_its_history(russian: Client) -> None:
    nbk = Source.objects.get(slug="nbk")
    form = {
        "name": "Банк",
        "attribution": "Банк",
        "url": "https://bank.example.org",
        "time_zone": "Asia/Almaty",
        "weekdays": ["1"],
        "publishes_at": "15:30",
        "days_ahead": "2",
        "grace": "5:00:00",
        "band_percent": "9",
        "pegs": "{}",
        "peg_band_percent": "1",
    }

    said = told(russian.post(url("source", "change", nbk.pk), form, follow=True))

    assert said == [
        'Сохранено: источник «<a href="' + url("source", "change", nbk.pk) + '">Банк</a>».'
    ]
    assert "Name" in LogEntry.objects.get().change_message
    assert page(russian, url("source", "history", nbk.pk)) == []
    shown = russian.get(url("source", "history", nbk.pk)).content.decode()
    [changed] = re.findall(r"<td>(Изменено.*?)</td>", shown)
    assert changed.startswith("Изменено: название, загружен, открытая страница, ")
    assert changed.endswith(" и допуск привязки (%).")


@pytest.mark.parametrize(
    "message",
    ["odd {x} message", "{} {} {}", "KGS", "{0.__class__} moved up."],
)
def test_a_history_shows_what_a_script_wrote_into_it(russian: Client, message: str) -> None:
    currency = Currency.objects.get(code="KGS")
    login = get_user_model().objects.get()
    LogEntry.objects.create(
        user=login,
        content_type=ContentType.objects.get_for_model(Currency),
        object_id=str(currency.pk),
        object_repr="KGS",
        action_flag=CHANGE,
        change_message=message,
    )

    answer = russian.get(url("currency", "history", currency.pk))
    assert answer.status_code == 200
    assert message in unescape(answer.content.decode())


@pytest.mark.parametrize(
    "message",
    [
        "[1]",
        '["a"]',
        "[null]",
        '[{"changed": 1}]',
        '[{"changed": {"fields": 5}}]',
        '[{"changed": {"fields": [["x"]]}}]',
        "[oh",
    ],
)
def test_entries_that_nobody_wrote_so_are_left_as_they_are(message: str) -> None:
    assert _fields(message, {"Name": "имя"}).replace(" ", "") == message.replace(" ", "")
