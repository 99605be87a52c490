"""The desk's pages of webhooks and logins for whoever reads Russian: nothing is English."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pytest_django import Settings

from cms.changes.models import Worker
from cms.webhooks import subjects
from cms.webhooks.models import Delivery, Endpoint
from tests.russian import english

pytestmark = pytest.mark.django_db

# Of us, of a clock, of languages, and of the keys that Django's forms speak of.
NAMES = ("Dastan", "UTC", "en", "ru", "Control", "Command", "Mac")
URL = "http://127.0.0.1:9/hook"


@pytest.fixture(autouse=True)
def _private_hosts(settings: Settings) -> None:
    settings.WEBHOOKS_PRIVATE_HOSTS = ["127.0.0.1"]


def of(language: str, name: str, *apps: str, **values: Any) -> Client:
    """Somebody who may all of these apps, and sees nothing of others."""
    client = Client(headers={"Accept-Language": language})
    user = User.objects.create_user(name, is_staff=True, **values)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label__in=apps))
    client.force_login(user)
    return client


@pytest.fixture
def russian() -> Client:
    return of("ru", "Айгуль", "webhooks")


@pytest.fixture
def boss() -> Client:
    """Sees the logins only, and may make one."""
    return of("ru", "Ботагоз", "auth")


def page(name: str, *arguments: Any) -> str:
    return reverse(f"admin:{name}", args=arguments)


def said(client: Client, address: str, *names: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    return left(response.content.decode(), *names)


def left(html: str, *names: str) -> list[str]:
    """What is English on a page; what events of other apps mean, is for those to translate."""
    others = {f": {text}" for name, text in subjects.events().items() if "rates" not in name}
    return [each for each in english(html, *NAMES, *names) if each not in others]


def make_endpoint(**values: Any) -> Endpoint:
    return Endpoint.objects.create(
        **{"name": "Сайт", "url": URL, "events": ["article.published"], **values}
    )


def make_delivery(endpoint: Endpoint, **values: Any) -> Delivery:
    now = timezone.now()
    delivery = Delivery.objects.create(
        **{
            "endpoint": endpoint,
            "event": "article.published",
            "subject": "article 7",
            "payload": '{"type": "article.published"}',
            "created_at": now,
            "begun_at": now,
            "next_at": now,
            **values,
        }
    )
    delivery.attempts.create(at=now, status=500, seconds=0.25, answer="Try later.")
    delivery.attempts.create(at=now, status=None, seconds=10, error="No answer in 10 seconds.")
    return delivery


def form(**values: Any) -> dict[str, Any]:
    return {
        "name": "Сайт",
        "url": URL,
        "is_enabled": "on",
        "events": ["article.published"],
    } | values


def contents() -> list[Any]:
    return [
        list(model._default_manager.order_by("pk").values())
        for model in (Endpoint, Delivery, LogEntry, User, Group)
    ]


def messages(response: Any) -> list[str]:
    return [str(each) for each in response.context["messages"]]


def test_it_works(russian: Client) -> None:
    assert said(russian, page("webhooks_endpoint_changelist")) == []
    assert said(russian, page("webhooks_delivery_changelist")) == []
    assert said(russian, page("webhooks_endpoint_add")) == []


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"is_enabled": False},
        {"is_enabled": False, "switched_off": "It answered 410: it wants no more."},
        {"failing_since": timezone.now(), "old_secret_until": timezone.now().replace(year=2090)},
    ],
    ids=["well", "off", "off by itself", "failing"],
)
def test_a_webhook_is_russian_in_each_state(russian: Client, state: dict[str, Any]) -> None:
    endpoint = make_endpoint(**state)
    for each in Delivery.State:
        make_delivery(endpoint, state=each)
    make_delivery(endpoint, event="test", subject="test")

    assert said(russian, page("webhooks_endpoint_changelist")) == []
    assert said(russian, page("webhooks_endpoint_change", endpoint.pk)) == []
    assert said(russian, page("webhooks_endpoint_history", endpoint.pk)) == []
    assert said(russian, page("webhooks_delivery_changelist"), "test", "article") == []
    for delivery in Delivery.objects.all():
        address = page("webhooks_delivery_change", delivery.pk)
        assert said(russian, address, "test", "article") == []
    assert said(russian, "/admin/") == []


def test_deleting_a_webhook_is_asked_in_russian(russian: Client) -> None:
    endpoint = make_endpoint()
    chosen = {"action": "delete_selected", "_selected_action": [endpoint.pk]}

    one = page("webhooks_endpoint_delete", endpoint.pk)
    several = russian.post(page("webhooks_endpoint_changelist"), chosen)

    assert said(russian, one) == []
    assert "Удалить: вебхук «Сайт»?" in russian.get(one).content.decode()
    assert left(several.content.decode()) == []
    assert messages(russian.post(one, {"post": "yes"}, follow=True)) == ["Удалено: вебхук «Сайт»."]


def test_what_is_saved_is_told_whatever_the_gender(russian: Client) -> None:
    added = russian.post(page("webhooks_endpoint_add"), form(), follow=True)
    endpoint = Endpoint.objects.get()
    address = page("webhooks_endpoint_change", endpoint.pk)
    changed = russian.post(address, form(name="Газета", url=f"{URL}2", is_enabled=""), follow=True)

    [one], [two] = messages(added), messages(changed)
    assert one == f'Добавлено: вебхук «<a href="{address}">Сайт</a>».'
    assert two == f'Сохранено: вебхук «<a href="{address}">Газета</a>».'
    history = unescape(russian.get(page("webhooks_endpoint_history", endpoint.pk)).content.decode())
    assert "Изменено: название, адрес и включён." in history
    assert '["Name", "Address", "Switched on"]' in LogEntry.objects.latest("pk").change_message
    in_english = of("en", "Asel", "webhooks").get(page("webhooks_endpoint_add")).content.decode()
    assert "Add webhook" in in_english


@pytest.mark.parametrize(
    ("url", "error", "in_english"),
    [
        ("ftp://bank", "Напишите адрес, который начинается с https://", "Write an address that"),
        ("http://[", "Это не URL.", "That is not a URL."),
        ("http://a:b@example.org", "В адресе не должно быть логина", "must not hold a login"),
        ("http://пример.рф", "Напишите адрес в ASCII", "Write the address in ASCII"),
        ("http://example.org.", "Напишите хост без точки в конце", "Write the host without a dot"),
        ("http://example.org/#a", "Уберите часть после #.", "Leave out the part after the #."),
        ("http://10.0.0.1/", "10.0.0.1 не в открытом интернете.", "is not on the public internet"),
        ("", "Обязательное поле.", "This field is required."),
    ],
)
def test_an_address_is_refused_in_the_readers_language(
    russian: Client, url: str, error: str, in_english: str
) -> None:
    bad = form(url=url, events=[], languages="по-русски", region_ids=["0"])
    other = of("en", "Asel", "webhooks")
    before = contents()

    refused = russian.post(page("webhooks_endpoint_add"), bad).content.decode()
    english_page = other.post(page("webhooks_endpoint_add"), bad).content.decode()

    assert error in unescape(refused)
    assert in_english in unescape(english_page)
    assert "«по-русски» — не код языка (BCP 47), как en или ru." in unescape(refused)
    assert left(refused, "ASCII", "BCP", "xn--") == []
    assert contents() == before


def test_each_button_answers_in_russian(russian: Client) -> None:
    endpoint = make_endpoint()
    make_delivery(endpoint)

    def press(verb: str, **values: str) -> list[str]:
        address = page(f"webhooks_endpoint_{verb}", endpoint.pk)
        return messages(russian.post(address, values, follow=True))

    assert press("test") == ["Проверка отправлена. Ответ скоро появится среди доставок."]
    assert press("rotate") == ["Секрет сменён. Сутки сообщения подписываются обоими."]
    assert press("since", since="2020-01-01") == ["1 сообщение снова отправляется."]
    [no_time] = press("since", since="вчера")
    assert no_time.startswith("Нужна дата, например 2026-02-21")
    assert press("since", since="2026-13-01") == ["Такого времени нет: 2026-13-01."]
    chosen = {"action": "send_again", "_selected_action": list(map(str, _keys()))}
    again = messages(russian.post(page("webhooks_delivery_changelist"), chosen, follow=True))
    assert again == [
        "1 сообщение снова отправляется.",
        "Не отправлено 1: проверки или доставки выключенных вебхуков.",
    ]
    Endpoint.objects.update(is_enabled=False)
    before = contents()
    assert press("since", since="2020-01-01") == ["Он выключен. Сначала включите его."]
    assert contents() == before


def _keys() -> list[int]:
    return list(Delivery.objects.values_list("pk", flat=True))


def test_the_first_page_tells_in_russian_what_is_wrong(russian: Client) -> None:
    endpoint = make_endpoint()
    for _ in range(3):
        make_delivery(endpoint, state="dead")
    make_endpoint(name="Газета", is_enabled=False, switched_off="It answered 410.")
    long_ago = timezone.now() - timedelta(minutes=7)
    Worker.objects.create(host="a", process=1, started_at=long_ago, seen_at=long_ago)

    shown = russian.get("/admin/").content.decode()

    assert left(shown, "make", "worker") == []
    assert "Вебхук «Сайт»: 3 сообщения не доставлены." in shown
    assert "Вебхук «Газета» отключился." in shown
    assert "Обработчиков не слышно уже 7 минут" in shown


def test_events_are_explained_in_russian(russian: Client) -> None:
    shown = russian.get(page("webhooks_endpoint_add")).content.decode()

    assert "<code>rates.published</code>: бюллетень курсов вступил в силу" in shown
    assert "rates.published" in subjects.events()


def test_logins_are_russian(boss: Client) -> None:
    other = User.objects.create_user("Марат", "marat@example.org", first_name="Марат")
    Group.objects.all().delete()
    group = Group.objects.create(name="Отдел экономики")
    other.groups.add(group)

    for address in (
        page("auth_user_changelist"),
        page("auth_user_add"),
        page("auth_user_change", other.pk),
        page("auth_user_delete", other.pk),
        page("auth_user_history", other.pk),
        page("auth_user_password_change", User.objects.create_user("Ерлан").pk),
        page("auth_group_changelist"),
        page("auth_group_delete", group.pk),
        page("password_change"),
    ):
        assert said(boss, address) == [], address


def test_a_login_is_refused_in_russian(boss: Client) -> None:
    other = User.objects.create_user("Марат")
    before = contents()

    for address, data in (
        (page("auth_user_add"), {"username": "Марат", "password1": "a", "password2": "b"}),
        (page("auth_user_change", other.pk), {"username": "", "email": "x"}),
        (page("auth_user_password_change", other.pk), {"password1": "12", "password2": "12"}),
        (page("auth_group_add"), {"name": ""}),
        (page("password_change"), {"old_password": "x"}),
    ):
        response = boss.post(address, data)
        assert response.status_code == 200
        # The permissions of all apps stand in a group's form: their names are looked at elsewhere.
        shown = response.content.decode().split('<option value="')[0]
        assert left(shown) == [], address
    assert contents() == before


def test_permissions_are_told_in_russian(boss: Client) -> None:
    form = boss.get(page("auth_group_add")).context["adminform"].form

    with override("ru"):
        told = [label for _, label in form.fields["permissions"].choices]
    ours = [each for each in told if each.startswith(("Вебхуки", "Курсы", "Пользователи"))]

    assert "Вебхуки | вебхук: изменять" in ours
    assert "Курсы | бюллетень: выпускать и отзывать бюллетени" in ours
    assert english("".join(f"<p>{each}</p>" for each in ours)) == []
    chief = of("ru", "Самат", is_superuser=True)
    user = User.objects.get(username="Самат")
    login = chief.get(page("auth_user_change", user.pk)).context["adminform"].form
    with override("ru"):
        assert [label for _, label in login.fields["user_permissions"].choices] == told
    with override("en"):
        assert "Rates | snapshot: Can release and withdraw snapshots" in [
            label for _, label in form.fields["permissions"].choices
        ]


def test_a_change_of_a_login_stands_in_its_history(boss: Client) -> None:
    other = User.objects.create_user("Марат")
    boss.post(
        page("auth_user_change", other.pk),
        {"username": "Марат", "first_name": "Марат", "last_name": "Ахметов", "is_active": "on"}
        | {"date_joined_0": "2026-01-01", "date_joined_1": "10:00"},
    )
    boss.post(
        page("auth_user_password_change", other.pk),
        {"password1": "долгий-секрет-7", "password2": "долгий-секрет-7"},
    )

    history = unescape(boss.get(page("auth_user_history", other.pk)).content.decode())

    assert _changes(history) == [
        "Изменено: имя, фамилия и дата регистрации.",
        "Изменено: пароль.",
    ]
    assert left(history) == []


def _changes(history: str) -> list[str]:
    return re.findall(r"<td>(Изменен.*?)</td>", history)


def test_what_is_not_there_is_told_in_russian(russian: Client, boss: Client) -> None:
    missing = of("ru", "Ерлан", "webhooks").get(page("webhooks_endpoint_change", 99), follow=True)

    assert messages(missing) == ["Не найдено: вебхук «99». Возможно, это уже удалили."]


@pytest.mark.parametrize(
    ("language", "forbidden", "unknown"),
    [
        ("ru", "У вас нет на это права.", "Такой страницы нет."),
        ("en", "You may not do that.", "There is no such page."),
    ],
)
def test_what_cannot_be_seen_is_told_in_the_readers_language(
    language: str, forbidden: str, unknown: str
) -> None:
    client = of(language, "Ерлан")

    refused = client.get(page("webhooks_endpoint_changelist"))
    missing = client.get("/admin/nothing/")

    assert (refused.status_code, missing.status_code) == (403, 404)
    assert f"<h1>{forbidden}</h1>" in refused.content.decode()
    assert f"<h1>{unknown}</h1>" in missing.content.decode()
    if language == "ru":
        assert left(refused.content.decode()) == left(missing.content.decode()) == []


def test_signing_in_and_out_is_russian(boss: Client) -> None:
    visitor = Client(headers={"Accept-Language": "ru"})
    wrong = {"username": "Марат", "password": "x"}

    assert said(visitor, "/admin/login/") == []
    refused = visitor.post("/admin/login/", wrong).content.decode()
    assert left(refused) == []
    assert "введите корректные имя пользователя и пароль" in refused
    assert left(boss.post("/admin/logout/").content.decode()) == []
