"""/search/suggestions: what a search box offers while somebody types."""

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Suggestion, Tag
from articles.publishing import publish, unpublish
from tests.articles.named import KINDS, Kind
from tests.factories import make_draft, make_published, make_region, make_tag
from tests.problems import assert_problem

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

URL = "/api/v1/search/suggestions"


def suggested(client: Client, q: str, **values: str) -> list[dict[str, Any]]:
    response = client.get(URL, {"q": q, **values})
    assert response.status_code == 200, response.content
    [(name, found)] = response.json().items()
    assert name == "results"
    return list(found)


def texts(client: Client, q: str, **values: str) -> list[str]:
    return [each["text"] for each in suggested(client, q, **values)]


def test_it_works(client: Client) -> None:
    make_published("Water levels rise", slug="rise", tags=[make_tag("Water")])

    assert suggested(client, "wat") == [
        {"type": "tag", "slug": "water", "text": "Water"},
        {"type": "article", "slug": "rise", "text": "Water levels rise"},
    ]
    assert client.get(f"{URL}?q=wat&fields=text").json()["results"][0] == {"text": "Water"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_names_are_suggested_while_they_are_public(client: Client, kind: Kind) -> None:
    thing = kind.make("Kambarata", names={"ru": "Камбарата"})
    assert texts(client, "kamb") == texts(client, "камб") == texts(client, "kambrata") == []

    public = kind.publish(thing)
    assert suggested(client, "kamb") == [
        {"type": kind.name, "slug": "kambarata", "text": "Kambarata"}
    ]
    assert texts(client, "камб") == ["Камбарата"]
    assert texts(client, "kambrata") == ["Kambarata"]

    unpublish(public.article)
    assert texts(client, "kamb") == texts(client, "kambrata") == []


def test_a_region_is_suggested_when_it_is_listed_by_hand_or_above_a_public_one(
    client: Client,
) -> None:
    make_region("Kambarata one", is_listed=True)
    above = make_region("Kambarata two")
    make_published(regions=[make_region("Below", parent=above)])
    make_region("Kambarata three")

    assert texts(client, "kambarata") == ["Kambarata one", "Kambarata two"]


def test_titles_are_suggested_while_they_are_public(client: Client) -> None:
    article = make_draft("Kambarata rises", slug="k")
    assert texts(client, "kamb") == texts(client, "kambrata") == []

    publish(article)
    article.title = "Toktogul falls"
    article.save()
    assert texts(client, "kamb") == texts(client, "kambrata") == ["Kambarata rises"]
    assert texts(client, "tokt") == []

    publish(article)
    assert texts(client, "kamb") == []
    assert texts(client, "tokt") == ["Toktogul falls"]

    unpublish(article)
    assert texts(client, "tokt") == []
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("Ёлк", ["Ёлки"]),
        ("елк", ["Ёлки"]),
        ("ЕЛКИ", ["Ёлки"]),
        ("cafe", ["“Café” of Osh"]),
        ("  cafe ", ["“Café” of Osh"]),
        ("ёлкм", ["Ёлки"]),
        ("caffe of osh", ["“Café” of Osh"]),
        ("zzzz", []),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'", []),
        ("(", []),
        ("🙂", []),
        ("مرحبا", []),
        ("x" * 100, []),
    ],
)
def test_case_accents_and_slips_do_not_count(client: Client, q: str, found: list[str]) -> None:
    make_published("Ёлки", language="ru")
    make_published("“Café” of Osh")

    assert texts(client, q) == found


def test_what_begins_like_it_comes_first_and_names_before_titles(client: Client) -> None:
    make_published("Wather of mine", tags=[make_tag("Weather"), make_tag("Wathering")])
    make_published("Bad weather ahead")

    assert texts(client, "wath") == ["Wathering", "Wather of mine"]
    assert texts(client, "weather") == ["Weather"]
    assert texts(client, "weathr") == ["Weather", "Bad weather ahead"]


def test_a_language_chooses_titles_and_names(client: Client) -> None:
    make_published(
        "Kazakh", language="en", tags=[make_tag("Kazakh wheat", names={"ru": "Казахская пшеница"})]
    )
    make_published("Казахский", language="ru", tags=[make_tag("Казах", slug="kazakh-2")])

    assert texts(client, "kaz", language="en") == ["Kazakh wheat", "Kazakh"]
    assert texts(client, "каз", language="ru") == ["Казах", "Казахская пшеница", "Казахский"]
    assert texts(client, "kaz", language="ru") == []


def test_a_thing_is_suggested_once_and_ten_at_most(client: Client) -> None:
    make_published(
        tags=[make_tag("Kambar", names={"ru": "Камбар", "kk": "Kambar", "en": "Kambar"})]
    )
    for number in range(15):
        make_published(f"Kambarata {number:02}")

    found = texts(client, "kambar")

    assert found == ["Kambar", *(f"Kambarata {number:02}" for number in range(9))]


def test_a_renamed_tag_is_suggested_by_its_new_name_at_once(client: Client) -> None:
    make_published(tags=[make_tag("Hydrology")])

    Tag.objects.update(name="Kambarata", names={"ru": "Камбарата"})

    assert texts(client, "kamb") == ["Kambarata"]
    assert texts(client, "камб") == ["Камбарата"]
    assert texts(client, "hydr") == []


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "q"),
        ("q=", "q"),
        (f"q={'w' * 101}", "q"),
        ("q=%00", "q"),
        ("q=a&language=1", "language"),
    ],
)
def test_it_refuses_what_it_cannot_use(client: Client, query: str, parameter: str) -> None:
    assert_problem(client.get(f"{URL}?{query}"), "invalid-parameter", parameter=parameter)
    assert_problem(client.get(f"{URL}?q=a&limit=5"), "unknown-parameter", parameter="limit")


@pytest.mark.parametrize("number", [1, 100])
def test_it_is_one_query(client: Client, number: int) -> None:
    for each in range(number):
        make_published(f"Kambarata {each}", tags=[make_tag(f"Kambar {each}")])
    for q in ("kambar", "kambrata", "k"):
        with CaptureQueriesContext(connection) as queries:
            found = client.get(f"{URL}?q={quote(q)}").json()["results"]
        assert len(found) >= min(2 if number == 1 else 10, 10) - (number == 1 and q == "kambrata")
        # The version's query, a setting, and the one.
        assert len(queries) == 3, [each["sql"][:80] for each in queries]
