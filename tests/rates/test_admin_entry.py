"""A bulletin entered by hand in the admin, for a bank whose server is down."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from rates.models import Rate, Snapshot, Source
from tests.rates.desk import make_outsider, make_reader, make_user, signed_in, told, url
from tests.rates.making import make_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> Client:
    return signed_in(make_user("clerk", "add_snapshot", "view_snapshot"))


def enter(client: Client, lines: str = "USD 1 478.77\nUZS 100 3.93", **values: Any) -> Any:
    form = {
        "source": Source.objects.get(slug="nbk").pk,
        "effective_date": "2026-04-01",
        "lines": lines,
        "comment": "Read off the bank's page",
        **values,
    }
    return client.post(url("snapshot", "add"), form, follow=True)


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    found: dict[str, list[str]] = response.context["form"].errors
    return found


def contents() -> list[Any]:
    return [
        list(model._default_manager.order_by("pk").values())
        for model in (Snapshot, Rate, Source, LogEntry)
    ]


def test_it_works(clerk: Client) -> None:
    response = enter(clerk)

    assert told(response) == ["The bulletin is accepted, and served from its effective date on."]
    snapshot = Snapshot.objects.get()
    assert response.redirect_chain == [(url("snapshot", "change", snapshot.pk), 302)]
    assert (snapshot.source.slug, snapshot.effective_date.isoformat()) == ("nbk", "2026-04-01")
    assert snapshot.is_current
    assert snapshot.entered_by is not None
    assert (snapshot.entered_by.username, snapshot.note) == ("clerk", "Read off the bank's page")
    assert {each.currency_id: (each.value, each.nominal) for each in snapshot.rates.all()} == {
        "USD": (Decimal("478.77"), Decimal(1)),
        "UZS": (Decimal("3.93"), Decimal(100)),
    }
    assert "Entered by hand by clerk" in response.content.decode()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("USD 478.77", ("USD", "478.77", "1")),
        ("  usd\t1   478.770 ", ("USD", "478.770", "1")),
        ("IRR 1000 0.4", ("IRR", "0.4", "1000")),
        ("KWD 1 1,560.02", ("KWD", "1560.02", "1")),
    ],
)
def test_a_line_may_be_written_in_several_ways(
    clerk: Client, line: str, expected: tuple[str, str, str]
) -> None:
    enter(clerk, f"\n{line}\r\n\n")

    rate = Rate.objects.get()
    assert (rate.currency_id, str(rate.value), str(rate.nominal)) == expected


def test_a_slip_of_the_hand_ends_in_quarantine(clerk: Client) -> None:
    make_snapshot("nbk", "2026-03-31", {"USD": "478.00"})

    response = enter(clerk, "USD 1 4787.7")

    assert told(response) == [
        "The bulletin is kept in quarantine: readers do not get it until somebody releases it."
    ]
    assert Snapshot.objects.latest().status == "quarantined"
    assert response.context["comparison"].doubtful[0].now == "4787.7"


def test_the_same_again_changes_nothing(clerk: Client) -> None:
    enter(clerk)
    before = contents()

    response = enter(clerk)

    assert told(response) == ["This bulletin is there already; nothing was changed."]
    assert contents() == before


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ("USD", "Line 1: Write a code, a number of units and a rate, such as USD 1 449.86."),
        ("USD 1 2 3", "Line 1: Write a code, a number of units and a rate, such as USD 1 449.86."),
        ("USD 478,77", "Line 1: The rate of USD is not a number with a decimal point: “478,77”."),
        ("USD 1 NaN", "Line 1: The rate of USD is not a number with a decimal point: “NaN”."),
        ("USD x 478", "Line 1: The nominal of USD is not a number with a decimal point: “x”."),
        ("QQQ 1 478", "Line 1: Dastan knows no currency “QQQ”."),
        ("USD 1 478\n\nEUR five", "Line 3: The rate of EUR is not a number with a decimal point:"),
        ("USD 1 478\nusd 1 479", "USD is quoted twice."),
        ("USD 1 0", "The rate of USD is not positive: 0."),
        ("USD -1 478", "The nominal of USD is not positive: -1."),
        ("USD 1 " + "9" * 40, "The rate of USD is no possible one."),
        ("  \n ", "This field is required."),
        ("x" * 20_001, "Ensure this value has at most 20000 characters (it has 20001)."),
        ("USD 1 47\0", "Null characters are not allowed."),
    ],
)
def test_what_is_no_bulletin_is_refused(clerk: Client, lines: str, error: str) -> None:
    before = contents()

    response = enter(clerk, lines)

    [found] = errors(response)["lines"]
    assert found.startswith(error)
    assert contents() == before
    if "\0" not in lines:
        assert response.context["form"]["lines"].value() == lines  # not to be typed again


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", ""),
        ("source", "999999"),
        ("effective_date", ""),
        ("effective_date", "31.02.2026"),
        ("comment", ""),
        ("comment", "x" * 501),
    ],
)
def test_every_field_is_needed(clerk: Client, field: str, value: str) -> None:
    before = contents()

    assert list(errors(enter(clerk, **{field: value}))) == [field]
    assert contents() == before


def test_a_source_brings_its_last_currencies_along(clerk: Client) -> None:
    make_snapshot("nbk", "2026-03-31", {"USD": "478.77", "UZS": ("3.93", 100)})

    form = clerk.get(f"{url('snapshot', 'add')}?source=nbk").context["form"]

    assert form.initial["source"].slug == "nbk"
    assert form.initial["lines"] == "USD 1 \nUZS 100 \n"


@pytest.mark.parametrize("query", ["", "?source=", "?source=ecb", "?source=%00", "?source=cbu"])
def test_an_empty_form_is_always_shown(clerk: Client, query: str) -> None:
    response = clerk.get(f"{url('snapshot', 'add')}{query}")

    assert response.status_code == 200
    assert not response.context["form"].initial.get("lines")


def test_who_may_not_is_refused() -> None:
    before = contents()

    for person in (make_reader(), make_outsider(), make_user("judge", "judge_snapshot")):
        assert enter(signed_in(person)).status_code == 403
    assert enter(Client()).redirect_chain[0][0].startswith("/admin/login/")
    assert contents() == before


def test_another_site_cannot_send_the_form() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("clerk", "add_snapshot"))

    assert enter(client).status_code == 403
    assert not Snapshot.objects.exists()


def test_who_may_only_enter_is_told_all_the_same() -> None:
    response = enter(signed_in(make_user("clerk", "add_snapshot")))

    assert told(response) == ["The bulletin is accepted, and served from its effective date on."]
