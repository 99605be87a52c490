"""GET /sync: what bad input gets, and who has to start again."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import PublishedArticle
from articles.publishing import publish
from cms.changes import epoch, pruning
from cms.changes.models import Change, LogHead
from cms.changes.sync import pages
from tests.articles.copying import URL, Phone, newsroom
from tests.factories import (
    make_published,
)
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(client: Client) -> Phone:
    return Phone(client)


def tokens() -> Iterator[str]:
    sealed = "eyJhbGciOiJub25lIn0eyJhbGciOiJub25lIn0"
    yield from ("x", "0", "a" * 19, "a" * 20, sealed, "a" * 400, "a" * 401, "null", "../../etc")
    yield from ("é" * 20, "AAAA=AAAA=AAAA=AAAA=", "AAAAAAAAAAAAAAAAAAAA+/", " " * 20)
    made_up = base64.urlsafe_b64encode(b"0" * 16 + json.dumps(["", 0, 0, None]).encode())
    yield made_up.rstrip(b"=").decode()


@pytest.mark.parametrize("token", list(tokens()))
def test_a_token_that_is_made_up_says_how_to_start(client: Client, token: str) -> None:
    problem = assert_problem(
        client.get(URL, {"token": token}), "invalid-parameter", parameter="token"
    )
    assert "Start again: GET /api/v1/sync without a token" in problem["detail"]


def test_a_token_that_was_cut_or_lengthened_or_altered_is_refused(phone: Phone) -> None:
    newsroom()
    phone.sync()
    token = phone.token or ""
    for number in range(len(token)):
        altered = token[:number] + ("A" if token[number] != "A" else "B") + token[number + 1 :]
        for wrong in (token[: number + 1][:-1] or "x", token + token[number], altered):
            response = phone.client.get(URL, {"token": wrong})
            assert_problem(response, "invalid-parameter", parameter="token")


def assert_starts_again(phone: Phone) -> None:
    problem = assert_problem(phone.client.get(URL, {"token": phone.token or ""}), "gone")
    assert "Start again: GET /api/v1/sync without a token" in problem["detail"]
    phone.start_again()
    phone.sync()


def test_a_token_of_another_epoch_starts_again(phone: Phone) -> None:
    newsroom()
    phone.sync()

    epoch.renew()

    assert_starts_again(phone)


def test_a_token_older_than_the_log_starts_again(phone: Phone) -> None:
    phone.sync()
    nothing = phone.token
    newsroom()
    phone.sync()
    publish(PublishedArticle.objects.get().article)
    last = LogHead.objects.get().number
    assert pruning.prune(now=timezone.now() + timedelta(days=9), days=5) == last - 1

    assert_starts_again(phone)
    phone.token = nothing
    assert_starts_again(phone)


def test_a_token_of_changes_that_a_restore_took_away_starts_again(phone: Phone) -> None:
    """Where nobody renewed the epoch, the same number is another change."""
    newsroom()
    phone.sync()
    held = LogHead.objects.get().number

    Change.objects.filter(number=held).update(at=timezone.now() + timedelta(seconds=9))

    assert_starts_again(phone)


def test_a_token_ahead_of_a_lagging_replica_gets_itself_back(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 2)
    newsroom()
    walking = phone.ask(URL)
    phone.sync()
    ended = phone.token

    LogHead.objects.update(number=2, articles=0, taxonomy=2)

    for token, has_more in ((ended, False), (walking["next_token"], True)):
        answer = phone.ask(f"{URL}?token={token}")
        assert answer == {"items": [], "has_more": has_more, "next_token": token}


def test_behind_more_than_a_start_sends_it_starts_again(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SHORT", 4)
    published = make_published("Water")
    phone.sync()
    for _ in range(4):
        publish(published.article)
    phone.sync()
    for _ in range(5):
        publish(published.article)

    assert_starts_again(phone)


@pytest.mark.parametrize("walking", [True, False])
def test_after_a_bulk_load_it_starts_again(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, walking: bool
) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 3)
    newsroom()
    phone.take_over(phone.ask(URL))
    if not walking:
        phone.sync()

    Change.objects.create(topic="articles", action="reset", type="article", at=timezone.now())

    assert_starts_again(phone)


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("tokn=x", "unknown-parameter", "tokn"),
        ("token=", "invalid-parameter", "token"),
        ("token=a&token=b", "repeated-parameter", "token"),
        ("token=%00", "invalid-parameter", "token"),
        ("page=1", "unknown-parameter", "page"),
        ("include=title", "invalid-parameter", "include"),
        ("fields=items", "unknown-parameter", "fields"),
    ],
)
def test_other_parameters_are_refused(
    client: Client, query: str, code: str, parameter: str
) -> None:
    assert_problem(client.get(f"{URL}?{query}"), code, parameter=parameter)
