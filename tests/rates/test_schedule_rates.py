"""What time does to rates: bulletins come into force, sources turn stale."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from cms.changes import clock
from cms.changes.heads import read_head
from cms.changes.models import Change, LogHead
from rates.ingest import ingest
from rates.models import Snapshot, Source
from tests.rates.bulletins import bulletin

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

# Tuesday noon in Almaty. Tomorrow's bulletin is due at 16:00, and may be missing until 22:00.
NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)
STALE = datetime(2026, 3, 10, 17, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 10, 19, tzinfo=UTC)


def take(day: date, value: str, now: datetime) -> Snapshot:
    source = Source.objects.get(slug="nbk")
    return ingest(source, bulletin("nbk", day, {"USD": value}), now=now).snapshot


def rates_version() -> int:
    return LogHead.objects.get().rates


def test_it_works() -> None:
    take(date(2026, 3, 10), "476.90", NOON)
    assert read_head().next_due == STALE

    with time_machine.travel(STALE, tick=False):
        assert clock.advance() == 1

    source = Source.objects.get(slug="nbk")
    assert source.is_stale
    assert source.due_at is None
    assert Change.objects.filter(type="source", slug="nbk").exists()


def test_nothing_turns_stale_before_its_time() -> None:
    take(date(2026, 3, 10), "476.90", NOON)

    with time_machine.travel(STALE - timedelta(seconds=1), tick=False):
        assert clock.advance() == 0

    assert not Source.objects.get(slug="nbk").is_stale


def test_a_stale_source_recovers_with_its_next_bulletin() -> None:
    take(date(2026, 3, 10), "476.90", NOON)
    with time_machine.travel(STALE, tick=False):
        clock.advance()

    take(date(2026, 3, 11), "477.00", STALE + timedelta(hours=1))

    source = Source.objects.get(slug="nbk")
    assert not source.is_stale
    assert source.due_at == source.stale_from == STALE + timedelta(days=1)


def test_a_bulletin_comes_into_force_at_midnight_where_its_bank_is() -> None:
    take(date(2026, 3, 10), "476.90", NOON)
    tomorrow = take(date(2026, 3, 11), "477.00", NOON + timedelta(hours=4))
    assert read_head().next_due == MIDNIGHT
    before = rates_version()

    with time_machine.travel(MIDNIGHT, tick=False):
        assert clock.advance() == 1

    tomorrow.refresh_from_db()
    assert tomorrow.due_at is None
    assert rates_version() > before
    assert read_head().next_due == STALE + timedelta(days=1)


def test_one_that_was_replaced_before_it_came_into_force_is_not_due() -> None:
    first = take(date(2026, 3, 11), "477.00", NOON)
    second = take(date(2026, 3, 11), "477.10", NOON)

    first.refresh_from_db()
    assert (first.due_at, second.due_at) == (None, MIDNIGHT)


def test_what_fails_is_flagged_and_waits_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    take(date(2026, 3, 10), "476.90", NOON)
    Source.objects.filter(slug="nbk").update(time_zone="Nowhere/Land")

    with time_machine.travel(STALE, tick=False):
        assert clock.advance() == 1

    source = Source.objects.get(slug="nbk")
    assert source.due_at is None
    assert source.is_stale, "what cannot be reckoned is not to be trusted"
    assert "Nowhere" in source.last_error
