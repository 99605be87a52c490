"""The list of bulletins, and the page of one with what speaks against it."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from rates.models import Currency, Snapshot
from tests.rates.desk import make_judge, make_outsider, make_reader, signed_in, url
from tests.rates.making import make_snapshot

pytestmark = pytest.mark.django_db

REASONS = [
    {"code": "peg", "detail": "By this bulletin one USD is 3.0201 TMT.", "currency": "TMT"},
    {"code": "band", "detail": "TMT moved by 16.38%.", "currency": "TMT"},
    {"code": "truncated", "detail": "7 of the 20 currencies are missing."},
]


def make_quarantined() -> Snapshot:
    make_snapshot("cbu", "2026-03-31", {"USD": "12210.71", "TMT": "3469.38", "EUR": "14036.21"})
    return make_snapshot(
        "cbu",
        "2026-04-01",
        {"USD": "12194.21", "TMT": "4037.68", "IDR": ("7.18", 10)},
        status="quarantined",
        reasons=REASONS,
    )


def page(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    return response


def text(response: Any) -> str:
    """What is on the page, its white space made one space."""
    return " ".join(response.content.decode().split())


def test_it_works() -> None:
    snapshot = make_quarantined()
    client = signed_in(make_judge())

    listed = text(page(client, url("snapshot")))
    shown = page(client, url("snapshot", "change", snapshot.pk))

    assert "cbu · 2026-04-01" in listed
    assert '<td class="field-number_of_rates">3</td>' in listed
    said = (
        "Off the peg. By this bulletin one USD is 3.0201 TMT. Moved too far. TMT moved by 16.38%."
    )
    assert f"{said} And 1 more." in strip_tags(listed)
    [row] = shown.context["comparison"].doubtful
    assert (row.currency, row.now, row.before, row.moved) == (
        "TMT", "4037.68", "3469.38", "+16.38%",
    )  # fmt: skip
    assert [strip_tags(each) for each in row.details] == [
        "Off the peg. By this bulletin one USD is 3.0201 TMT.",
        "Moved too far. TMT moved by 16.38%.",
    ]
    assert "7 of the 20 currencies are missing." in text(shown)


def test_every_figure_stands_beside_the_last_accepted_one() -> None:
    snapshot = make_quarantined()

    comparison = page(signed_in(make_reader()), url("snapshot", "change", snapshot.pk)).context[
        "comparison"
    ]

    assert [(row.currency, row.now, row.before, row.moved) for row in comparison.rows] == [
        ("TMT", "4037.68", "3469.38", "+16.38%"),
        ("EUR", "", "14036.21", ""),
        ("IDR", "7.18 for 10", "", ""),
        ("USD", "12194.21", "12210.71", "-0.14%"),
    ]


def test_another_nominal_is_not_a_change() -> None:
    make_snapshot("nbk", "2026-03-31", {"UZS": ("3.93", 100)})
    snapshot = make_snapshot("nbk", "2026-04-01", {"UZS": ("39.30", 1000)})

    comparison = page(signed_in(make_reader()), url("snapshot", "change", snapshot.pk)).context[
        "comparison"
    ]

    assert [row.moved for row in comparison.rows] == ["0%"]


def test_a_first_bulletin_has_nothing_beside_it() -> None:
    snapshot = make_snapshot("nbk", "2026-04-01", {"USD": "478.77"})

    response = page(signed_in(make_reader()), url("snapshot", "change", snapshot.pk))

    assert response.context["comparison"].before is None
    assert "No earlier bulletin" in text(response)


def test_other_revisions_of_the_date_are_named() -> None:
    first = make_snapshot("nbk", "2026-04-01", {"USD": "478.77"})
    second = make_snapshot("nbk", "2026-04-01", {"USD": "478.78"})
    client = signed_in(make_reader())

    shown = text(page(client, url("snapshot", "change", first.pk)))

    assert f'<a href="{url("snapshot", "change", second.pk)}">revision 2</a>' in shown
    assert "(accepted, counts)" in shown
    assert "Readers do not get it." in shown


def test_the_list_can_be_narrowed() -> None:
    make_quarantined()
    client = signed_in(make_reader())

    for query, dates in (
        ("status__exact=quarantined", ["2026-04-01"]),
        ("counts=yes", ["2026-03-31"]),
        ("counts=no", ["2026-04-01"]),
    ):
        listed = page(client, f"{url('snapshot')}?{query}").context["cl"].result_list
        assert [each.effective_date.isoformat() for each in listed] == dates


def test_the_document_can_be_kept_as_it_was_sent() -> None:
    document = b"\xff<script>alert(1)</script>"
    snapshot = make_snapshot("nbk", "2026-04-01", {"USD": "478.77"}, document=document)

    response = page(signed_in(make_reader()), url("snapshot", "document", snapshot.pk))

    assert response.content == document
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="nbk-2026-04-01-1"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_what_is_not_there_is_told() -> None:
    client = signed_in(make_judge())

    for name in ("change", "document"):
        response = client.get(url("snapshot", name, 999_999), follow=True)
        assert [str(each) for each in response.context["messages"]] == [
            "snapshot with ID “999999” doesn’t exist. Perhaps it was deleted?"
        ]


def test_numbers_cannot_be_changed_nor_deleted() -> None:
    snapshot = make_quarantined()
    boss = signed_in(make_judge())
    boss_user = boss.get(url("snapshot")).wsgi_request.user
    boss_user.is_superuser = True
    boss_user.save()
    before = list(Snapshot.objects.order_by("pk").values())

    assert boss.post(url("snapshot", "change", snapshot.pk), {"status": "x"}).status_code == 403
    assert boss.post(url("snapshot", "delete", snapshot.pk), {"post": "yes"}).status_code == 403
    assert "action" not in page(boss, url("snapshot")).context["cl"].list_display
    assert list(Snapshot.objects.order_by("pk").values()) == before


def test_an_outsider_sees_nothing() -> None:
    snapshot = make_quarantined()
    outsider = signed_in(make_outsider())

    for address in (
        url("snapshot"),
        url("snapshot", "change", snapshot.pk),
        url("snapshot", "document", snapshot.pk),
        url("snapshot", "add"),
    ):
        assert outsider.get(address).status_code == 403
        assert Client().get(address).status_code == 302  # to the login


def test_a_reader_has_no_buttons() -> None:
    snapshot = make_quarantined()

    shown = text(page(signed_in(make_reader()), url("snapshot", "change", snapshot.pk)))

    assert "Release" not in shown
    assert "Withdraw" not in shown


@pytest.mark.parametrize("number", [1, 50])
def test_the_list_takes_the_same_queries_for_few_and_many(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(number):
        make_snapshot(
            "nbk", f"2026-{day // 28 + 1:02}-{day % 28 + 1:02}", {"USD": "478.77", "EUR": "548.62"}
        )
    client = signed_in(make_reader())

    # Session, user, permissions; two counts, the dates' bounds, the dates, the page; the
    # sources of the filter.
    with django_assert_num_queries(10):
        page(client, url("snapshot"))


@pytest.mark.parametrize("number", [1, 100])
def test_a_page_takes_the_same_queries_for_few_and_many(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    codes = list(Currency.objects.order_by("code").values_list("code", flat=True)[:number])
    make_snapshot("nbk", "2026-03-31", dict.fromkeys(codes, "2"))
    snapshot = make_snapshot("nbk", "2026-04-01", dict.fromkeys(codes, "3"))
    client = signed_in(make_reader())
    ContentType.objects.get_for_model(Snapshot)  # asked for once in a process

    # Session, user, permissions; the snapshot twice (for us, for the admin's own page), its
    # rates, the one before with its source and its rates, other revisions, decisions.
    with django_assert_num_queries(11):
        page(client, url("snapshot", "change", snapshot.pk))
