"""/api/v1/articles?language=…&fallback=…"""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.publishing import unpublish
from cms.api.caching import forget_all
from tests.factories import make_draft, make_published, make_tag
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db


def listed(client: Client, query: str) -> list[str]:
    """``slug:language`` of what is listed, the newest first."""
    answer = client.get(f"/api/v1/articles?{query}").json()
    assert answer["count"] == len(answer["results"])
    return [f"{each['slug']}:{each['language']}" for each in answer["results"]]


def make_group(slug: str, *languages: str) -> uuid.UUID:
    group = uuid.uuid4()
    for language in languages:
        make_published(slug=f"{slug}-{language}", language=language, translation_group=group)
    return group


def test_it_works(client: Client) -> None:
    make_group("both", "en", "ru")
    make_group("english", "en", "kk")
    make_published(slug="alone", language="en")
    make_published(slug="russian", language="ru")
    make_published(slug="kazakh", language="kk")

    assert listed(client, "language=ru&fallback=en") == [
        *("russian:ru", "alone:en", "english-en:en", "both-ru:ru")
    ]
    assert listed(client, "language=en&fallback=ru") == [
        *("russian:ru", "alone:en", "english-en:en", "both-en:en")
    ]
    assert listed(client, "language=ru") == ["russian:ru", "both-ru:ru"]


def test_only_a_public_translation_takes_the_others_place(client: Client) -> None:
    group = make_group("water", "en")
    draft = make_draft(slug="draft", language="ru", translation_group=group)
    assert listed(client, "language=ru&fallback=en") == ["water-en:en"]
    draft.delete()

    russian = make_published(slug="russian", language="ru", translation_group=group)
    assert listed(client, "language=ru&fallback=en") == ["russian:ru"]
    unpublish(russian.article)
    assert listed(client, "language=ru&fallback=en") == ["water-en:en"]


def test_it_combines_with_filters_orders_and_cursors(client: Client) -> None:
    tag = make_tag("Water")
    for number in range(5):
        group = uuid.uuid4()
        make_published(slug=f"en-{number}", tags=[tag], translation_group=group)
        if number % 2:
            make_published(slug=f"ru-{number}", tags=[tag], language="ru", translation_group=group)

    expected = ["en-4:en", "ru-3:ru", "en-2:en", "ru-1:ru", "en-0:en"]
    query = "language=ru&fallback=en&tag=water"
    assert listed(client, query) == expected
    assert listed(client, f"{query}&ordering=published_at") == expected[::-1]
    walked, url = [], f"/api/v1/articles?{query}&cursor=&page_size=2"
    while url:
        answer = client.get(url).json()
        walked += [f"{each['slug']}:{each['language']}" for each in answer["results"]]
        url = answer["next"]
    assert walked == expected


def test_the_same_language_twice_is_that_language(client: Client) -> None:
    make_group("both", "en", "ru")

    assert listed(client, "language=ru&fallback=ru") == ["both-ru:ru"]
    assert listed(client, "language=RU&fallback=EN") == ["both-ru:ru"]


def test_it_needs_a_language(client: Client) -> None:
    for query in ("fallback=en", "language=ru&fallback=", "language=ru&fallback=english!"):
        response = client.get(f"/api/v1/articles?{query}")
        assert_problem(response, "invalid-parameter", parameter="fallback")


@pytest.mark.parametrize("number", [1, 100])
def test_it_needs_the_same_statements_for_any_number(client: Client, number: int) -> None:
    for each in range(number):
        make_group(f"water-{each}", *(["en", "ru"][: 1 + each % 2]))
    url = "/api/v1/articles?language=ru&fallback=en&page_size=100"
    client.get(url)
    forget_all()

    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).json()["count"] == number

    # The version; count, rows, cards.
    assert len(queries) == 4


def test_it_combines_with_searches_and_facets(client: Client) -> None:
    group = uuid.uuid4()
    make_published("Water", slug="both-en", translation_group=group)
    make_published("Water", slug="both-ru", language="ru", translation_group=group)
    make_published("Water", slug="english")

    answer = client.get("/api/v1/articles?q=water&language=ru&fallback=en&facets=language").json()

    assert {each["slug"] for each in answer["results"]} == {"both-ru", "english"}
    assert answer["count"] == 2
    counts = {each["slug"]: each["count"] for each in answer["facets"]["language"]}
    assert counts == {"en": 2, "ru": 1}


def test_a_new_translation_takes_the_others_place_in_the_next_answer(client: Client) -> None:
    group = make_group("water", "en")
    assert listed(client, "language=ru&fallback=en") == ["water-en:en"]

    make_published(slug="russian", language="ru", translation_group=group)

    assert listed(client, "language=ru&fallback=en") == ["russian:ru"]
