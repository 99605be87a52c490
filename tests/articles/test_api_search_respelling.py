"""A search that finds nothing is searched as it was meant."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from articles.publishing import publish, unpublish
from tests.articles.searching import URL, answer, titles
from tests.factories import make_draft, make_published
from tests.factories import make_tag as tag
from tests.problems import assert_problem

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def walk(client: Client, **values: Any) -> Iterator[str]:
    url: str | None = f"{URL}?{urlencode(values)}"
    while url is not None:
        page = client.get(url).json()
        yield from (each["slug"] for each in page["results"])
        url = page["next"]


@pytest.mark.parametrize(
    ("q", "meant"),
    [
        ("resevoir", "reservoir"),
        ("Resrevoir water", "reservoir water"),
        ("resevoir -zzzz", "reservoir -zzzz"),
        ('"resevoir water"', '"reservoir water"'),
        ("резервуар вадахранилище", None),
        ("водохранилещe", "водохранилище"),  # the last letter is Latin
        ("водохранелище", "водохранилище"),
        ("xqzwv", None),
        ("resevoir xqzwv", None),
    ],
)
def test_what_is_spelled_wrongly_is_searched_as_it_was_meant(
    client: Client, q: str, meant: str | None
) -> None:
    make_published("Reservoir water", slug="en")
    make_published("Водохранилище", slug="ru", language="ru")

    found = answer(client, q)

    assert found.get("did_you_mean") == meant
    assert bool(found["results"]) == (meant is not None)


def test_what_is_found_is_not_respelled(client: Client) -> None:
    make_published("Reservoir")
    make_published("Resevoir", slug="as-it-is-written")

    found = answer(client, "resevoir")

    assert [each["title"] for each in found["results"]] == ["Resevoir"]
    assert "did_you_mean" not in found
    # “reservoirs” stands nowhere, but is found.
    assert "did_you_mean" not in answer(client, "reservoirs")


def test_a_respelled_search_can_be_walked(client: Client) -> None:
    for number in range(5):
        make_published(f"Reservoir {number}")

    for start in ({"cursor": ""}, {}):
        assert len(set(walk(client, q="resevoir", fields="slug", page_size=2, **start))) == 5
    assert_problem(client.get(f"{URL}?q=resevoir&page=9"), "not-found")


def test_drafts_and_former_articles_are_not_found_and_respell_nothing(client: Client) -> None:
    make_published("Public")
    make_draft("Kambarata", body_html="<p>Kambarata</p>", tags=[tag("Kambarata")])
    gone = make_published("Toktogul").article
    unpublish(gone)
    changed = make_published("Sarezlake").article
    changed.title = "Changed"
    changed.save()
    publish(changed)
    changed.title = "Iskanderkul"
    changed.save()

    for word in ("kambarata", "toktogul", "sarezlake", "iskanderkul"):
        for q in (word, word[:-2] + word[-1]):
            assert answer(client, q) == {
                "count": 0, "first": 0, "last": 0, "next": None, "previous": None, "results": [],
            }  # fmt: skip
    assert titles(client, "changed") == ["Changed"]
