"""The calendar of what is scheduled."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localtime

from articles.models import Article
from articles.publishing import schedule
from articles.workflow import Role
from tests.articles.desk import make_user, signed_in, url
from tests.articles.roles import make_login
from tests.factories import make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return signed_in(make_user("chief", is_superuser=True))


def due(title: str, moment: datetime, **values: Any) -> Article:
    article = make_draft(title, **values)
    Article.objects.filter(pk=article.pk).update(state="scheduled", publish_at=moment)
    return article


def days(desk: Client, query: str = "") -> dict[str, list[str]]:
    """The days that have something, with its titles."""
    response = desk.get(f"{url('article', 'calendar')}?{query}")
    assert response.status_code == 200
    return {
        str(each.day): [article.title for article in each.first]
        for week in response.context["weeks"]
        for each in week
        if each.number
    }


def test_it_works(desk: Client) -> None:
    moment = timezone.now() + timedelta(hours=1)
    schedule(make_draft("Soon"), by=None, at=moment)
    make_draft("Not scheduled")

    found = days(desk)

    assert found == {str(localtime(moment).date()): ["Soon"]}
    page = desk.get(f"{url('article', 'calendar')}?day={localtime(moment):%Y-%m-%d}")
    assert "Soon" in page.content.decode()
    assert f"{localtime(moment):%H:%M}</time>" in page.content.decode()


def test_days_are_those_of_the_newsroom(desk: Client) -> None:
    # 00:30 on the first of April in Almaty, five hours ahead.
    due("Next day", datetime(2030, 3, 31, 19, 30, tzinfo=UTC))
    due("Same day", datetime(2030, 3, 31, 18, 30, tzinfo=UTC))

    assert days(desk, "month=2030-03") == {"2030-03-31": ["Same day"]}
    assert days(desk, "month=2030-04") == {"2030-04-01": ["Next day"]}
    page = desk.get(f"{url('article', 'calendar')}?day=2030-04-01").content.decode()
    assert "Next day" in page
    assert "Same day" not in page
    assert "00:30</time>" in page


def test_a_day_may_have_25_hours(desk: Client) -> None:
    with override_settings(TIME_ZONE="Europe/Berlin"):
        zone = ZoneInfo("Europe/Berlin")
        due("First", datetime(2030, 10, 27, 0, 0, tzinfo=zone))
        due("Last", datetime(2030, 10, 27, 23, 59, tzinfo=zone))
        due("Too late", datetime(2030, 10, 28, 0, 0, tzinfo=zone))

        page = desk.get(f"{url('article', 'calendar')}?day=2030-10-27").content.decode()

    assert "First" in page
    assert "Last" in page
    assert "Too late" not in page


def test_a_full_day_is_shown_in_part_and_says_so(desk: Client) -> None:
    noon = datetime(2030, 3, 4, 7, tzinfo=UTC)
    for number in range(8):
        due(f"Number {number}", noon + timedelta(minutes=number))

    page = desk.get(f"{url('article', 'calendar')}?month=2030-03")

    assert days(desk, "month=2030-03") == {"2030-03-04": [f"Number {n}" for n in range(5)]}
    assert "and 3 more" in page.content.decode()
    assert "8 articles are scheduled" in page.content.decode()


def test_what_the_clock_could_not_do_stands_there_with_its_reason(desk: Client) -> None:
    late = due("Late", datetime(2030, 3, 4, 7, tzinfo=UTC))
    Article.objects.filter(pk=late.pk).update(clock_error="Another article holds the slug.")

    page = desk.get(f"{url('article', 'calendar')}?day=2030-03-04").content.decode()

    assert "Another article holds the slug." in page


@pytest.mark.parametrize(
    "query",
    ["month=2030-13", "month=x", "day=2030-02-30", "day=9999-12-31", "day=", "month=0001-01"],
)
def test_dates_that_do_not_exist_lead_to_this_month(desk: Client, query: str) -> None:
    response = desk.get(f"{url('article', 'calendar')}?{query}")

    assert (response.status_code, response["Location"]) == (302, url("article", "calendar"))


@pytest.mark.parametrize("query", ["month=1900-01", "month=2200-12", "day=2030-01-01&page=x"])
def test_the_ends_of_the_calendar_open(desk: Client, query: str) -> None:
    assert desk.get(f"{url('article', 'calendar')}?{query}").status_code == 200


def test_who_sees_no_articles_sees_no_calendar(client: Client) -> None:
    for role in Role:
        answer = signed_in(make_login(role)).get(url("article", "calendar"))
        assert answer.status_code == (403 if role is Role.RATES_EDITOR else 200)
    assert client.get(url("article", "calendar")).status_code == 302


@pytest.mark.parametrize("number", [1, 100])
@pytest.mark.parametrize("query", ["month=2030-03", "day=2030-03-04"])
def test_it_needs_the_same_statements_for_any_number(desk: Client, number: int, query: str) -> None:
    for minute in range(number):
        due("One", datetime(2030, 3, 4, 7, tzinfo=UTC) + timedelta(minutes=minute))

    with CaptureQueriesContext(connection) as queries:
        assert desk.get(f"{url('article', 'calendar')}?{query}").status_code == 200

    # Session, user; of a day the count and the rows.
    assert len(queries) <= 4, [query["sql"][:150] for query in queries]
