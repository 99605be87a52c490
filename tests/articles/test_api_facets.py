"""facets: how many articles of the current filters each value would leave."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import facets
from articles.publishing import unpublish
from tests.factories import make_author, make_draft, make_published, make_region, make_tag
from tests.problems import assert_problem

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

URL = "/api/v1/articles"


def counted(client: Client, names: str, **values: Any) -> dict[str, dict[str, int]]:
    response = client.get(URL, {"facets": names, "fields": "id", **values})
    assert response.status_code == 200, response.content
    return {
        name: {each["slug"]: each["count"] for each in found}
        for name, found in response.json()["facets"].items()
    }


def test_it_works(client: Client) -> None:
    country = make_region("Kazakhstan", names={"ru": "Казахстан"})
    almaty, osh = make_region("Almaty", parent=country), make_region("Osh")
    water, snow, asel = make_tag("Water"), make_tag("Snow"), make_author("Asel")
    make_published(regions=[almaty, country], tags=[water, snow], authors=[asel])
    make_published(regions=[almaty], tags=[water], language="ru")
    make_published(regions=[osh], tags=[snow])

    answer = client.get(f"{URL}?facets=region,tag,author,language&fields=id").json()

    assert list(answer["facets"]) == ["region", "tag", "author", "language"]
    assert answer["facets"]["region"] == [
        {"slug": "almaty", "name": "Almaty", "count": 2},
        {"slug": "kazakhstan", "name": "Kazakhstan", "count": 2},  # an article once
        {"slug": "osh", "name": "Osh", "count": 1},
    ]
    assert counted(client, "tag,author") == {"tag": {"snow": 2, "water": 2}, "author": {"asel": 1}}
    assert answer["facets"]["language"] == [
        {"slug": "en", "name": "English", "count": 2},
        {"slug": "ru", "name": "Русский", "count": 1},
    ]


def test_a_facets_own_filter_does_not_narrow_it(client: Client) -> None:
    almaty, osh, water = make_region("Almaty"), make_region("Osh"), make_tag("Water")
    make_published(regions=[almaty], tags=[water])
    make_published(regions=[osh], tags=[water])
    make_published(regions=[osh])

    found = counted(client, "region,tag", region="almaty")

    assert found == {"region": {"osh": 2, "almaty": 1}, "tag": {"water": 1}}
    assert counted(client, "region", region="almaty", tag="water")["region"] == {
        "almaty": 1,
        "osh": 1,
    }


def test_they_combine_with_a_search_and_its_respelling(client: Client) -> None:
    water, snow = make_tag("Wet"), make_tag("Snow")
    make_published("Reservoir", tags=[water])
    make_published("Reservoir", tags=[water, snow], slug="two")
    make_published("Other", tags=[snow])

    for q in ("reservoir", "resevoir"):
        assert counted(client, "tag", q=q) == {"tag": {"wet": 2, "snow": 1}}
    assert counted(client, "tag", q="xqzwv") == {"tag": {}}


def test_every_count_is_what_the_filter_then_finds(client: Client) -> None:
    country = make_region("Kazakhstan")
    regions = [country, make_region("Almaty", parent=country), make_region("Osh")]
    tags, authors = [make_tag(name) for name in "ABC"], [make_author("Asel"), make_author("Emil")]
    for number in range(18):
        make_published(
            "Water" if number % 2 else "Snow",
            regions=regions[number % 4 :],
            tags=tags[number % 3 :],
            authors=authors[: number % 3],
            language=("en", "ru", "uz")[number % 3],
            kind=("news", "opinion")[number % 2],
        )
    for values in ({}, {"q": "water"}, {"kind": "news"}, {"tag": "a,b"}, {"region": "almaty"}):
        for name, found in counted(client, "region,tag,author,language", **values).items():
            for slug, count in found.items():
                listed = client.get(URL, {**values, name: slug, "fields": "id"}).json()
                assert listed["count"] == count, (values, name, slug)


def test_what_only_drafts_have_is_no_value(client: Client) -> None:
    hidden: dict[str, Any] = {"regions": [make_region("H")], "tags": [make_tag("H")]}
    hidden["authors"] = [make_author("H")]
    make_draft(**hidden, language="uz")
    unpublish(make_published(**hidden, language="kk").article)
    make_published()

    assert counted(client, "region,tag,author,language") == {
        "region": {}, "tag": {}, "author": {}, "language": {"en": 1},
    }  # fmt: skip


def test_the_most_frequent_values_are_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facets, "MOST", 2)
    tags = [make_tag(name) for name in "ABC"]
    for number in range(3):
        make_published(tags=tags[number:])

    assert counted(client, "tag") == {"tag": {"c": 3, "b": 2}}


def test_without_asking_there_are_none(client: Client) -> None:
    make_published()

    assert "facets" not in client.get(URL).json()


@pytest.mark.parametrize("value", ["kind", "tag,", "tag,nope", ","])
def test_they_are_an_allow_list(client: Client, value: str) -> None:
    problem = assert_problem(
        client.get(f"{URL}?facets={value}"), "invalid-parameter", parameter="facets"
    )

    assert "region, tag, author, language" in problem["detail"]


@pytest.mark.parametrize("number", [1, 100])
def test_a_facet_is_one_query(client: Client, number: int) -> None:
    country = make_region("Kazakhstan")
    for _ in range(number):
        make_published(
            regions=[make_region(parent=country)], tags=[make_tag()], authors=[make_author()]
        )
    with CaptureQueriesContext(connection) as queries:
        found = counted(client, "region,tag,author,language")

    assert len(found["tag"]) == number
    # The version's query, count, rows, cards; names of the taxonomy; four facets.
    assert len(queries) <= 5 + 4, [each["sql"][:80] for each in queries]
