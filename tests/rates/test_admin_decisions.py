"""Release and Withdraw in the admin: by POST, with a comment, by those who may."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from rates.models import Decision, Snapshot
from tests.rates.desk import (
    make_judge,
    make_outsider,
    make_reader,
    make_user,
    signed_in,
    told,
    url,
)
from tests.rates.making import make_snapshot

pytestmark = pytest.mark.django_db

WHY = {"comment": "The bank has confirmed it by telephone."}


@pytest.fixture
def quarantined() -> Snapshot:
    return make_snapshot(
        "cbu",
        "2026-04-01",
        {"USD": "12194.21", "TMT": "4037.68"},
        status="quarantined",
        reasons=[{"code": "peg", "detail": "The peg is 3.5.", "currency": "TMT"}],
    )


def contents() -> list[Any]:
    return [
        list(model._default_manager.order_by("pk").values())
        for model in (Snapshot, Decision, LogEntry)
    ]


def decide(client: Client, verb: str, snapshot: Snapshot, **values: str) -> Any:
    return client.post(url("snapshot", verb, snapshot.pk), values, follow=True)


def test_it_works(quarantined: Snapshot) -> None:
    judge = make_judge()

    response = decide(signed_in(judge), "release", quarantined, **WHY)

    assert told(response) == ["Released."]
    quarantined.refresh_from_db()
    assert (quarantined.status, quarantined.is_current) == ("accepted", True)
    decision = Decision.objects.get()
    assert (decision.action, decision.by, decision.comment) == ("released", judge, WHY["comment"])
    assert WHY["comment"] in response.content.decode()
    assert LogEntry.objects.get().change_message == f"Released: {WHY['comment']}"


def test_withdrawing_works(quarantined: Snapshot) -> None:
    client = signed_in(make_judge())
    decide(client, "release", quarantined, **WHY)

    response = decide(client, "withdraw", quarantined, comment="They have corrected themselves.")

    assert told(response) == ["Withdrawn."]
    quarantined.refresh_from_db()
    assert (quarantined.status, quarantined.is_current) == ("withdrawn", False)
    assert [each.action for each in Decision.objects.all()] == ["released", "withdrawn"]


def test_only_what_can_be_done_is_offered(quarantined: Snapshot) -> None:
    client = signed_in(make_judge())
    address = url("snapshot", "change", quarantined.pk)

    def offered() -> list[str]:
        page = client.get(address).content.decode()
        return [name for name in ("release", "withdraw") if f'name="{name}"' in page]

    assert offered() == ["release", "withdraw"]
    decide(client, "release", quarantined, **WHY)
    assert offered() == ["withdraw"]
    decide(client, "withdraw", quarantined, **WHY)
    assert offered() == ["release"]


@pytest.mark.parametrize("verb", ["release", "withdraw"])
@pytest.mark.parametrize("comment", [{}, {"comment": ""}, {"comment": "  \n"}])
def test_without_a_comment_nothing_is_changed(
    quarantined: Snapshot, verb: str, comment: dict[str, str]
) -> None:
    before = contents()

    response = decide(signed_in(make_judge()), verb, quarantined, **comment)

    assert told(response) == ["Say why: others will ask, and the comment is kept."]
    assert contents() == before


@pytest.mark.parametrize("comment", ["x" * 1_001, "a\0b"])
def test_a_comment_that_cannot_be_kept_is_refused(quarantined: Snapshot, comment: str) -> None:
    before = contents()

    response = decide(signed_in(make_judge()), "release", quarantined, comment=comment)

    assert len(told(response)) == 1
    assert contents() == before


def test_what_is_done_is_not_done_again(quarantined: Snapshot) -> None:
    client = signed_in(make_judge())
    decide(client, "release", quarantined, **WHY)
    before = contents()

    response = decide(client, "release", quarantined, **WHY)

    assert told(response) == ["This snapshot is accepted already."]
    assert contents() == before


@pytest.mark.parametrize("verb", ["release", "withdraw"])
def test_who_may_not_is_refused(quarantined: Snapshot, verb: str) -> None:
    """Not a reader, not an outsider, not even who may change everything else of the rates."""
    editor = make_user("editor", "change_snapshot", "add_snapshot", "change_source")
    before = contents()

    for person in (make_reader(), make_outsider(), editor):
        assert decide(signed_in(person), verb, quarantined, **WHY).status_code == 403
    anonymous = Client().post(url("snapshot", verb, quarantined.pk), WHY)
    assert anonymous.status_code == 302
    assert anonymous["Location"].startswith("/admin/login/")
    assert contents() == before


@pytest.mark.parametrize("verb", ["release", "withdraw"])
def test_following_a_link_decides_nothing(quarantined: Snapshot, verb: str) -> None:
    before = contents()

    response = signed_in(make_judge()).get(url("snapshot", verb, quarantined.pk), WHY)

    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert contents() == before


def test_another_site_cannot_send_the_form(quarantined: Snapshot) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_judge())
    before = contents()

    response = client.post(url("snapshot", "release", quarantined.pk), WHY)

    assert response.status_code == 403
    assert contents() == before


def test_what_is_not_there_is_told() -> None:
    response = signed_in(make_judge()).post(url("snapshot", "release", 999_999), WHY, follow=True)

    assert told(response) == ["snapshot with ID “999999” doesn’t exist. Perhaps it was deleted?"]
