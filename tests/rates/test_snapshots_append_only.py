"""What was published stays as it was published, whoever writes."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from cms.changes.models import Change
from rates.models import Rate, Snapshot
from tests.rates.making import make_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def test_it_works() -> None:
    snapshot = make_snapshot("nbk", "2026-03-10", {"USD": "476.90", "AMD": ("12.720", 10)})

    rates = {rate.currency_id: (str(rate.value), str(rate.nominal)) for rate in Rate.objects.all()}
    assert rates == {"USD": ("476.90", "1"), "AMD": ("12.720", "10")}
    assert str(snapshot.in_force_at) == "2026-03-09 19:00:00+00:00"
    assert list(
        Change.objects.filter(type="snapshot").values_list("topic", "action", "object_id")
    ) == [("rates", "upsert", snapshot.pk)]


def test_every_digit_is_kept() -> None:
    printed = "0.1234567890123456789012345678901234567890"
    make_snapshot("nbk", "2026-03-10", {"USD": printed})

    assert str(Rate.objects.get().value) == printed


def test_a_rate_is_never_changed() -> None:
    make_snapshot("nbk", "2026-03-10", {"USD": "476.90"})

    with pytest.raises(IntegrityError, match="as they were published"), transaction.atomic():
        Rate.objects.update(value=Decimal(1))
    with pytest.raises(IntegrityError, match="as they were published"), transaction.atomic():
        Rate.objects.all().delete()

    assert Rate.objects.get().value == Decimal("476.90")


def test_a_snapshot_changes_only_its_standing() -> None:
    snapshot = make_snapshot("nbk", "2026-03-10", {"USD": "476.90"})
    before = Snapshot.objects.values().get()

    for changes in ({"effective_date": "2026-03-11"}, {"document": b""}, {"reasons": [1]}):
        with pytest.raises(IntegrityError, match="as they were published"), transaction.atomic():
            Snapshot.objects.update(**changes)
    with pytest.raises(IntegrityError, match="as they were published"), transaction.atomic():
        snapshot.delete()

    assert Snapshot.objects.values().get() == before
    assert Snapshot.objects.update(status="withdrawn", is_current=False) == 1


def test_snapshots_may_be_discarded_on_purpose() -> None:
    make_snapshot("nbk", "2026-03-10", {"USD": "476.90"})

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL dastan.discard = 'on'")
        Snapshot.objects.all().delete()

    assert not Rate.objects.exists()


@pytest.mark.parametrize("value", ["0", "-1", "1e30"])
def test_a_rate_is_a_positive_number(value: str) -> None:
    with pytest.raises(IntegrityError, match="positive_value"), transaction.atomic():
        make_snapshot("nbk", "2026-03-10", {"USD": value})
    with pytest.raises(IntegrityError, match="positive_nominal"), transaction.atomic():
        make_snapshot("nbk", "2026-03-10", {"USD": ("1", value)})

    assert not Snapshot.objects.exists()


def test_one_accepted_snapshot_a_source_and_date_counts() -> None:
    first = make_snapshot("nbk", "2026-03-10", {"USD": "476.90"})
    second = make_snapshot("nbk", "2026-03-10", {"USD": "476.91"})

    with pytest.raises(IntegrityError, match="rates_snapshot_one_current"), transaction.atomic():
        Snapshot.objects.filter(pk=first.pk).update(is_current=True)
    with pytest.raises(IntegrityError, match="current_is_accepted"), transaction.atomic():
        Snapshot.objects.filter(pk=second.pk).update(status="quarantined")

    assert Snapshot.objects.current().get() == second


def test_a_currency_is_quoted_once_a_snapshot() -> None:
    snapshot = make_snapshot("nbk", "2026-03-10", {"USD": "476.90"})

    with pytest.raises(IntegrityError, match="once_a_snapshot"), transaction.atomic():
        Rate.objects.create(snapshot=snapshot, currency_id="USD", value=Decimal(1))

    assert snapshot.rates.count() == 1
