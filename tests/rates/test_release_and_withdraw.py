"""What people decide about snapshots."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User

from cms.changes.models import Change
from rates.decisions import DecisionError, release, withdraw
from rates.models import Decision, Snapshot, Source
from rates.standing import settle
from tests.rates.making import make_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

DAY = "2026-03-10"
NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("aigerim")


def quarantined(value: str = "4037.68") -> Snapshot:
    return make_snapshot("cbu", DAY, {"TMT": value}, status="quarantined")


def standing() -> list[tuple[int, str, bool]]:
    return list(
        Snapshot.objects.order_by("revision").values_list("revision", "status", "is_current")
    )


def test_it_works(editor: User) -> None:
    snapshot = quarantined()

    released = release(snapshot, by=editor, comment="  Read off the bank's page. ", at=NOON)

    assert standing() == [(1, "accepted", True)]
    assert (released.action, released.by, released.at) == ("released", editor, NOON)
    assert released.comment == "Read off the bank's page."

    withdrawn = withdraw(released.snapshot, by=editor, comment="It was wrong.", at=NOON)

    assert standing() == [(1, "withdrawn", False)]
    assert withdrawn.action == "withdrawn"
    assert [each.comment for each in snapshot.decisions.all()] == [
        "Read off the bank's page.",
        "It was wrong.",
    ]
    assert Change.objects.filter(type="snapshot", object_id=snapshot.pk).count() > 2


def test_a_comment_is_required(editor: User) -> None:
    accepted = make_snapshot("cbu", DAY, {"TMT": "3469.17"})
    waiting = quarantined()

    for verb, snapshot in ((release, waiting), (withdraw, accepted)):
        with pytest.raises(DecisionError, match="Say why"):
            verb(snapshot, by=editor, comment=" ")

    assert standing() == [(1, "accepted", True), (2, "quarantined", False)]
    assert not Decision.objects.exists()


def test_a_withdrawn_revision_lets_the_earlier_one_count_again(editor: User) -> None:
    make_snapshot("cbu", DAY, {"TMT": "3469.17"})
    corrected = make_snapshot("cbu", DAY, {"TMT": "3469.18"})

    withdraw(corrected, by=editor, comment="A wrong correction.", at=NOON)

    assert standing() == [(1, "accepted", True), (2, "withdrawn", False)]


def test_a_released_revision_replaces_the_one_that_counted(editor: User) -> None:
    make_snapshot("cbu", DAY, {"TMT": "3469.17"})

    release(quarantined("3800"), by=editor, comment="A devaluation.", at=NOON)

    assert standing() == [(1, "accepted", False), (2, "accepted", True)]


def test_an_older_revision_is_not_released_behind_a_newer_one(editor: User) -> None:
    old = quarantined()
    make_snapshot("cbu", DAY, {"TMT": "3469.17"})

    with pytest.raises(DecisionError, match="Revision 2"):
        release(old, by=editor, comment="Really.")

    assert standing() == [(1, "quarantined", False), (2, "accepted", True)]


def test_what_is_decided_already_is_refused(editor: User) -> None:
    accepted = make_snapshot("cbu", DAY, {"TMT": "3469.17"})

    with pytest.raises(DecisionError, match="accepted already"):
        release(accepted, by=editor, comment="Again.")
    withdraw(accepted, by=editor, comment="Wrong.", at=NOON)
    with pytest.raises(DecisionError, match="withdrawn already"):
        withdraw(accepted, by=editor, comment="Again.")

    assert Decision.objects.count() == 1


def test_a_withdrawal_may_be_taken_back(editor: User) -> None:
    accepted = make_snapshot("cbu", DAY, {"TMT": "3469.17"})
    withdraw(accepted, by=editor, comment="Wrong.", at=NOON)

    release(accepted, by=editor, comment="Wrong about being wrong.", at=NOON)

    assert standing() == [(1, "accepted", True)]


def test_one_in_quarantine_may_be_dismissed(editor: User) -> None:
    make_snapshot("cbu", DAY, {"TMT": "3469.17"})

    withdraw(quarantined(), by=editor, comment="A misprint.", at=NOON)

    assert standing() == [(1, "accepted", True), (2, "withdrawn", False)]


def test_what_is_released_ahead_of_its_date_comes_into_force_with_it(editor: User) -> None:
    snapshot = make_snapshot("cbu", "2026-03-11", {"TMT": "4037.68"}, status="quarantined")

    decision = release(snapshot, by=editor, comment="Right.", at=NOON)

    assert decision.snapshot.due_at == decision.snapshot.in_force_at


def test_without_its_latest_bulletin_a_source_is_as_old_as_the_one_before(editor: User) -> None:
    source = Source.objects.get(slug="cbu")
    make_snapshot("cbu", "2026-03-06", {"TMT": "3469.17"})
    latest = make_snapshot("cbu", DAY, {"TMT": "3470.17"})
    settle(source, date.fromisoformat(DAY), now=NOON)
    assert not Source.objects.get(slug="cbu").is_stale

    withdraw(latest, by=editor, comment="Wrong.", at=NOON)

    assert Source.objects.get(slug="cbu").is_stale
