"""Who has an article open, and since when."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.models import Presence
from articles.saving import PRESENT, end_presence, note_presence, present_at
from articles.workflow import Role
from tests.articles.roles import make_login
from tests.factories import make_draft

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def names(found: list[Presence]) -> list[str]:
    return [presence.user.username for presence in found]


def test_it_works() -> None:
    article, other = make_draft(), make_draft()
    asel, zarina = (make_login(Role.EDITOR, username=name) for name in ("asel", "zarina"))

    assert note_presence(article, by=asel, at=NOON) == []
    assert names(note_presence(article, by=zarina, at=NOON + timedelta(seconds=20))) == ["asel"]
    [presence] = note_presence(article, by=asel, at=NOON + timedelta(seconds=30))

    assert (presence.user, presence.opened_at) == (zarina, NOON + timedelta(seconds=20))
    everybody = present_at(article, at=NOON + timedelta(seconds=31))
    assert names(everybody) == ["asel", "zarina"]
    assert everybody[0].opened_at == NOON
    assert present_at(other, at=NOON) == []


def test_who_is_not_heard_of_is_gone() -> None:
    article = make_draft()
    asel, zarina = (make_login(Role.EDITOR, username=name) for name in ("asel", "zarina"))
    note_presence(article, by=asel, at=NOON)

    late = NOON + PRESENT + timedelta(seconds=1)
    assert note_presence(article, by=zarina, at=late) == []
    assert Presence.objects.count() == 1
    assert present_at(article, besides=zarina, at=late) == []


def test_who_closes_the_page_is_gone_at_once() -> None:
    article, asel = make_draft(), make_login(Role.EDITOR)
    note_presence(article, by=asel, at=NOON)

    end_presence(article, by=asel)

    assert present_at(article, at=NOON) == []
