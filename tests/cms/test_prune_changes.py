"""`manage.py prune_changes`: the log is not kept for ever, and cut at its old end only."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cms.changes import consumers, pruning
from cms.changes.consumers import Consumer
from cms.changes.models import Change, LogHead
from cms.changes.models import Consumer as Position
from cms.tasks import prune_old_changes
from tests.factories import make_tag

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _consumers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "_consumers", {})


def log(*days: int) -> None:
    """A log of changes that are so many days old."""
    for number, age in enumerate(days, start=1):
        make_tag()
        Change.objects.filter(number=number).update(at=timezone.now() - timedelta(days=age))


def kept() -> list[int | None]:
    return list(Change.objects.order_by("number").values_list("number", flat=True))


def prune(*arguments: str) -> str:
    out = io.StringIO()
    call_command("prune_changes", *arguments, stdout=out)
    return out.getvalue()


def test_it_works() -> None:
    log(100, 91, 89, 1)

    assert prune() == "2 changes deleted.\n"
    assert kept() == [3, 4]
    assert prune() == "0 changes deleted.\n"


def test_it_takes_the_days() -> None:
    log(8, 6)

    assert prune("--days", "7") == "1 changes deleted.\n"


def test_the_last_change_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH", 2)
    log(*[400] * 6)

    assert prune() == "5 changes deleted.\n"
    assert kept() == [6]
    assert LogHead.objects.get().number == 6


def test_what_follows_a_recent_change_stays_whatever_its_clock_said() -> None:
    log(100, 5, 100, 1)

    prune()

    assert kept() == [2, 3, 4]


def test_what_a_consumer_has_not_read_stays() -> None:
    log(*[100] * 4)
    consumers.register(Consumer("slow", lambda changes: None))
    Position.objects.create(name="slow", epoch=LogHead.objects.get().epoch, number=2)
    Position.objects.create(name="gone", epoch=LogHead.objects.get().epoch, number=1)

    prune()

    assert kept() == [2, 3, 4]


def test_an_empty_log_has_nothing_to_delete() -> None:
    assert prune() == "0 changes deleted.\n"


@pytest.mark.parametrize("days", ["0", "-1", "x", "1.5", "99999999"])
def test_what_is_no_number_of_days_deletes_nothing(days: str) -> None:
    log(400, 400)

    with pytest.raises(CommandError, match="number of days"):
        prune("--days", days)
    assert kept() == [1, 2]


def test_the_worker_does_it_every_day() -> None:
    log(100, 1)

    prune_old_changes(0)

    assert kept() == [2]
