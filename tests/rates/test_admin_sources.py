"""The sources in the admin: how they are doing, and what can be set."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from rates.models import Source
from tests.rates.desk import make_outsider, make_reader, make_user, signed_in, told, url
from tests.rates.making import make_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def nbk() -> Source:
    return Source.objects.get(slug="nbk")


@pytest.fixture
def editor() -> Client:
    return signed_in(make_user("editor", "view_source", "change_source"))


def form(**values: Any) -> dict[str, Any]:
    return {
        "name": "National Bank of Kazakhstan",
        "is_enabled": "on",
        "url": "https://nationalbank.kz/en",
        "attribution": "nationalbank.kz",
        "redistributable": "on",
        "time_zone": "Asia/Almaty",
        "weekdays": ["1", "2", "3", "4", "5"],
        "publishes_at": "16:00",
        "days_ahead": "1",
        "grace": "6:00:00",
        "band_percent": "10",
        "pegs": '{"TMT": {"per": "USD", "rate": "3.5", "since": "2015-01-01"}}',
        "peg_band_percent": "0.5",
        **values,
    }


def save(client: Client, source: Source, **values: Any) -> Any:
    return client.post(url("source", "change", source.pk), form(**values), follow=True)


def listed(client: Client) -> str:
    return " ".join(client.get(url("source")).content.decode().split())


def test_it_works(editor: Client, nbk: Source) -> None:
    response = save(editor, nbk, weekdays=["1", "3"], publishes_at="15:30", is_enabled="")

    [message] = told(response)
    assert "was changed successfully" in message
    nbk.refresh_from_db()
    assert (nbk.weekdays, nbk.publishes_at.isoformat()) == ([1, 3], "15:30:00")
    assert not nbk.is_enabled


def test_the_health_of_each_is_shown(editor: Client, nbk: Source) -> None:
    assert listed(editor).count("no bulletin yet") == 7

    today = nbk.today(timezone.now())
    make_snapshot("nbk", today + timedelta(days=2), {"USD": "478.77"})
    make_snapshot("cbu", "2026-04-01", {"USD": "12194.21"})
    for source in Source.objects.filter(slug__in=["nbk", "cbu"]):
        save(editor, source, name=source.name, band_percent="9")  # which reckons them anew
    Source.objects.filter(slug="cbu").update(
        last_attempt_at=datetime(2026, 4, 3, 12, 0, tzinfo=UTC), last_error="cbu.uz answered 503."
    )

    shown = listed(editor)
    assert ">up to date</span>" in shown
    assert ">stale</span> since 2026-04-01 22:00" in shown
    assert '2026-04-03 17:00: <span translate="no">cbu.uz answered 503.</span>' in shown
    assert f">{(today + timedelta(days=2)).isoformat()}</a>" in shown


def test_a_timetable_that_is_changed_counts_at_once(editor: Client, nbk: Source) -> None:
    make_snapshot("nbk", "2026-04-01", {"USD": "478.77"})

    save(editor, nbk, publishes_at="17:00")

    nbk.refresh_from_db()
    assert nbk.next_expected_at == datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
    assert nbk.is_stale


def test_what_the_worker_writes_meanwhile_is_kept(editor: Client, nbk: Source) -> None:
    """The form was opened before a visit ended; saving it must not take that visit back."""
    at = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
    Source.objects.filter(pk=nbk.pk).update(
        last_success_at=at, next_attempt_at=at, etag='"7"', last_error="nbk answered 503."
    )

    save(editor, nbk, name="NBK")

    nbk.refresh_from_db()
    assert (nbk.name, nbk.last_success_at, nbk.next_attempt_at) == ("NBK", at, at)
    assert (nbk.etag, nbk.last_error) == ('"7"', "nbk answered 503.")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Almaty"),
        ("weekdays", []),
        ("weekdays", ["8"]),
        ("publishes_at", "25:00"),
        ("days_ahead", "-1"),
        ("band_percent", "-10"),
        ("band_percent", "ten"),
        ("pegs", '{"TMT": 3.5}'),
        ("pegs", "{"),
        ("url", "bank"),
        ("name", ""),
    ],
)
def test_what_cannot_be_is_refused(editor: Client, nbk: Source, field: str, value: Any) -> None:
    before = Source.objects.filter(pk=nbk.pk).values().get()

    response = save(editor, nbk, **{field: value})

    assert field in response.context["adminform"].form.errors
    assert Source.objects.filter(pk=nbk.pk).values().get() == before


def test_what_identifies_a_source_cannot_be_changed(editor: Client, nbk: Source) -> None:
    save(editor, nbk, slug="other", home_currency="USD", quotation="indirect", is_market="on")

    nbk.refresh_from_db()
    assert (nbk.slug, nbk.home_currency_id, nbk.quotation) == ("nbk", "KZT", "direct")
    assert not nbk.is_market


def test_none_is_added_or_deleted(nbk: Source) -> None:
    boss = signed_in(make_user("boss", is_superuser=True))

    assert boss.get(url("source", "add")).status_code == 403
    assert boss.post(url("source", "delete", nbk.pk), {"post": "yes"}).status_code == 403
    assert Source.objects.count() == 7


def test_its_page_leads_to_entering_a_bulletin(editor: Client, nbk: Source) -> None:
    page = editor.get(url("source", "change", nbk.pk)).content.decode()

    assert f'href="{url("snapshot", "add")}?source=nbk"' in page


def test_who_may_not_is_refused(nbk: Source) -> None:
    before = Source.objects.filter(pk=nbk.pk).values().get()

    for person in (make_reader(), make_outsider()):
        assert save(signed_in(person), nbk, name="Mine").status_code == 403
    assert signed_in(make_user("x")).get(url("source")).status_code == 403
    assert Source.objects.filter(pk=nbk.pk).values().get() == before


@pytest.mark.parametrize("number", [1, 100])
def test_the_list_takes_the_same_queries_for_few_and_many(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Seven sources come with the first migration; their number is not what may grow: the number
    of their bulletins is."""
    for day in range(number):
        make_snapshot("nbk", f"2026-{day // 28 + 1:02}-{day % 28 + 1:02}", {"USD": "478.77"})
    client = signed_in(make_reader())

    # Session, user, permissions, two counts, the page.
    with django_assert_num_queries(7):
        assert client.get(url("source")).status_code == 200
