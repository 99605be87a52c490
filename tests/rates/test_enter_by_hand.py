"""A bulletin that somebody types, while the bank's server is down."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from rates.entry import enter_by_hand
from rates.ingest import Outcome, ingest
from rates.models import Snapshot, Source
from rates.sources.bulletin import BulletinError, Quote
from tests.rates.bulletins import bulletin
from tests.rates.making import make_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

DAY = date(2026, 3, 10)
NOON = datetime(2026, 3, 10, 7, tzinfo=UTC)


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("aigerim")


def enter(editor: User, *quotes: tuple[str, str, str], comment: str = "") -> Outcome:
    return enter_by_hand(
        Source.objects.get(slug="nbk"),
        effective_date=DAY,
        quotes=[Quote(code, Decimal(value), Decimal(nominal)) for code, value, nominal in quotes],
        by=editor,
        comment=comment,
        at=NOON,
    )


def test_it_works(editor: User) -> None:
    outcome = enter(editor, ("USD", "476.90", "1"), ("AMD", "12.72", "10"), comment="By phone.")

    snapshot = outcome.snapshot
    assert (snapshot.status, snapshot.is_current, snapshot.revision) == ("accepted", True, 1)
    assert (snapshot.entered_by, snapshot.note) == (editor, "By phone.")
    assert bytes(snapshot.document) == b"nbk 2026-03-10\n1 USD 476.90\n10 AMD 12.72\n"
    assert str(snapshot.rates.get(currency="USD").value) == "476.90"


def test_a_slip_of_the_hand_ends_in_quarantine(editor: User) -> None:
    make_snapshot("nbk", "2026-03-09", {"USD": "475"})

    snapshot = enter(editor, ("USD", "4769", "1")).snapshot

    assert snapshot.status == "quarantined"


def test_the_same_typed_twice_is_there_once(editor: User) -> None:
    enter(editor, ("USD", "476.90", "1"))

    assert not enter(editor, ("USD", "476.90", "1")).is_new


def test_the_banks_own_document_becomes_a_later_revision(editor: User) -> None:
    enter(editor, ("USD", "476.90", "1"))
    document = bulletin("nbk", DAY, {"USD": "476.90"})

    outcome = ingest(Source.objects.get(slug="nbk"), document, now=NOON)

    assert (outcome.is_new, outcome.snapshot.revision) == (True, 2)
    assert outcome.snapshot.is_current


@pytest.mark.parametrize(
    "quotes",
    [
        [],
        [("USD", "0", "1")],
        [("USD", "-1", "1")],
        [("USD", "1", "0")],
        [("USD", "NaN", "1")],
        [("USD", "476", "1"), ("USD", "477", "1")],
        [("dollar", "476", "1")],
        [("XYZ", "476", "1")],
    ],
)
def test_what_no_bulletin_can_say_is_refused_and_changes_nothing(
    editor: User, quotes: list[tuple[str, str, str]]
) -> None:
    with pytest.raises(BulletinError):
        enter(editor, *quotes)

    assert not Snapshot.objects.exists()
