"""Autosaves grow thin with age."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from articles import thinning
from articles.models import Preview, Revision
from articles.preview import make_preview
from articles.saving import save
from articles.thinning import needless, thin
from tests.factories import make_draft

NOW = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)


def kept(*ages: timedelta) -> list[timedelta]:
    """Of autosaves of these ages, those that stay."""
    ordered = sorted(ages)
    rows = [(number, 1, NOW - age) for number, age in enumerate(ordered)]
    gone = needless(rows, now=NOW, zone=ZoneInfo("Asia/Almaty"))
    return [age for number, age in enumerate(ordered) if number not in gone]


def minutes(*numbers: float) -> list[timedelta]:
    return [timedelta(minutes=number) for number in numbers]


def test_all_of_the_last_hour_stay() -> None:
    ages = minutes(*range(60))

    assert kept(*ages) == ages


def test_of_the_last_day_the_last_of_each_hour_stay() -> None:
    # From 11:29 back to 11:00, and of the hour before.
    assert kept(*minutes(61, 70, 90, 91, 100)) == minutes(61, 91)


def test_after_a_day_the_last_of_each_day_stay() -> None:
    hours = [timedelta(hours=each) for each in (25, 30, 40, 60, 70)]

    # In Almaty, from 16:30, 11:30 and 01:30 on the 9th, from 05:30 on the 8th, 19:30 on the 7th.
    assert kept(*hours) == [hours[0], hours[3], hours[4]]


def test_an_hour_that_comes_twice_counts_twice() -> None:
    almaty = ZoneInfo("Asia/Almaty")
    now = datetime(2024, 2, 29, 19, 30, tzinfo=UTC)
    # 23:15 of the old time, 23:15 of the new time.
    rows = [(number, 1, datetime(2024, 2, 29, 18 - number, 15, tzinfo=UTC)) for number in range(2)]

    assert [f"{row[2].astimezone(almaty):%H:%M}" for row in rows] == ["23:15", "23:15"]
    assert needless(rows, now=now, zone=almaty) == []


@pytest.mark.django_db
def test_it_works() -> None:
    article, other = make_draft(), make_draft()
    for number in range(30):
        moment = NOW - timedelta(minutes=10 * number)
        for each in (article, other):
            Revision.objects.create(article=each, kind="autosave", content={}, created_at=moment)
    Revision.objects.create(article=article, kind="save", content={}, created_at=NOW)

    out = io.StringIO()
    assert thin(article.pk, now=NOW) > 10
    call_command("thin_revisions", stdout=out)

    assert out.getvalue().endswith(" autosaves deleted.\n")
    assert article.revisions.filter(kind="save").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["save", "publication"])
def test_what_was_saved_by_hand_or_published_stays(kind: str) -> None:
    article = make_draft()
    for number in range(5):
        moment = NOW - timedelta(days=100, minutes=number)
        Revision.objects.create(article=article, kind=kind, content={}, created_at=moment)

    assert thin(now=NOW) == 0
    assert article.revisions.count() == 5


@pytest.mark.django_db
def test_what_a_preview_shows_stays() -> None:
    article = make_draft()
    moments = [NOW - timedelta(days=9, minutes=number) for number in range(3)]
    revisions = [
        Revision.objects.create(article=article, kind="autosave", content={}, created_at=moment)
        for moment in moments
    ]
    make_preview(article, by=None, revision=revisions[2])

    assert thin(now=NOW) == 1
    assert set(article.revisions.all()) == {revisions[0], revisions[2]}


@pytest.mark.django_db
def test_what_a_preview_shows_since_it_was_looked_at_stays(monkeypatch: Any) -> None:
    article = make_draft()
    revisions = [
        Revision.objects.create(
            article=article, kind="autosave", content={}, created_at=NOW - timedelta(days=9)
        )
        for _ in range(3)
    ]

    def looked_at(*arguments: Any, **named: Any) -> list[int]:
        found = needless(*arguments, **named)
        make_preview(article, by=None, revision=revisions[0])
        return found

    monkeypatch.setattr(thinning, "needless", looked_at)

    assert thin(now=NOW) == 1
    assert set(article.revisions.all()) == {revisions[0], revisions[2]}
    assert Preview.objects.get().revision == revisions[0]


@pytest.mark.django_db
def test_an_article_is_thinned_as_it_is_autosaved() -> None:
    article, other = make_draft(), make_draft()
    for each in (article, other):
        for number in range(3):
            moment = NOW - timedelta(days=2, minutes=number)
            Revision.objects.create(article=each, kind="autosave", content={}, created_at=moment)

    article.title = "Changed"
    save(article, by=None, based_on=0, kind="autosave", at=NOW)

    assert article.revisions.filter(kind="autosave").count() == 2
    assert other.revisions.filter(kind="autosave").count() == 3
