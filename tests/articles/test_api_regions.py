"""The tree of regions, and what an editor lists by hand."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from articles.models import Region
from articles.publishing import publish, unpublish
from tests.factories import make_draft, make_published, make_region
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

URL = "/api/v1/regions"


def region(client: Client, slug: str) -> dict[str, Any]:
    response = client.get(f"{URL}/{slug}")
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def slugs(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200, response.content
    return [result["slug"] for result in response.json()["results"]]


def counts(client: Client) -> dict[str, int]:
    results = client.get(URL).json()["results"]
    return {result["slug"]: result["article_count"] for result in results}


def titles(client: Client, slug: str) -> list[str]:
    answer = client.get(f"/api/v1/articles?region={slug}&ordering=published_at").json()
    assert answer["count"] == len(answer["results"])
    return [result["title"] for result in answer["results"]]


def test_it_works(client: Client) -> None:
    country = make_region("Kazakhstan", code="KZ", order=3, description="A country.")
    make_published(regions=[make_region("Almaty", parent=country)])

    assert region(client, "kazakhstan") == {
        "slug": "kazakhstan",
        "name": "Kazakhstan",
        "code": "KZ",
        "parent": None,
        "order": 3,
        "description": "A country.",
        "article_count": 1,
    }
    assert region(client, "almaty") == {
        "slug": "almaty",
        "name": "Almaty",
        "code": None,
        "parent": "kazakhstan",
        "order": 0,
        "description": None,
        "article_count": 1,
    }


def test_an_article_in_two_regions_counts_once_for_their_parent(client: Client) -> None:
    country = make_region("Kazakhstan")
    almaty = make_region("Almaty", parent=country)
    astana = make_region("Astana", parent=country)
    medeu = make_region("Medeu", parent=almaty)
    make_published("Both", regions=[medeu, astana, country])
    make_published("One", regions=[astana])

    assert counts(client) == {"kazakhstan": 2, "almaty": 1, "astana": 2, "medeu": 1}
    assert titles(client, "kazakhstan") == ["Both", "One"]


def test_a_parent_is_public_while_a_descendant_is_carried(client: Client) -> None:
    country = make_region("Kazakhstan")
    almaty = make_region("Almaty", parent=country)
    medeu = make_region("Medeu", parent=almaty)
    make_region("Astana", parent=country)
    public = make_published(regions=[medeu])

    assert sorted(slugs(client)) == ["almaty", "kazakhstan", "medeu"]

    unpublish(public.article)
    assert slugs(client) == []
    assert_problem(client.get(f"{URL}/kazakhstan"), "not-found")


def test_an_editor_lists_a_region_that_has_no_articles_yet(client: Client) -> None:
    make_region("Turkmenistan", is_listed=True)

    assert counts(client) == {"turkmenistan": 0}
    assert region(client, "turkmenistan")["article_count"] == 0
    assert client.get("/api/v1/articles?region=turkmenistan").json()["count"] == 0


def test_a_hidden_parent_of_a_listed_region_is_not_named(client: Client) -> None:
    hidden = make_region("Hidden")
    make_draft(regions=[hidden])
    make_region("Listed", parent=hidden, is_listed=True)

    assert slugs(client) == ["listed"]
    assert region(client, "listed")["parent"] is None
    assert slugs(client, "parent=hidden") == slugs(client, "parent=never") == []
    assert_problem(client.get(f"{URL}/hidden"), "not-found")

    make_published(regions=[hidden])
    assert region(client, "listed")["parent"] == "hidden"
    assert slugs(client, "parent=hidden") == ["listed"]


def test_parent_finds_what_is_directly_below(client: Client) -> None:
    country = make_region("Kazakhstan")
    almaty = make_region("Almaty", parent=country)
    make_published(regions=[make_region("Medeu", parent=almaty)])
    make_published(regions=[make_region("Osh")])

    assert slugs(client, "parent=kazakhstan") == ["almaty"]
    assert slugs(client, "parent=almaty") == ["medeu"]
    assert slugs(client, "parent=medeu") == []
    assert slugs(client, "parent=kazakhstan&q=al") == ["almaty"]
    assert slugs(client, "parent=kazakhstan&q=me") == []
    for query in ("parent=a%20b", "parent=a,b", "parent="):
        assert_problem(client.get(f"{URL}?{query}"), "invalid-parameter", parameter="parent")


def test_it_follows_the_editors_order_first(client: Client) -> None:
    for name, order in (("Beta", 2), ("Alpha", 2), ("Gamma", 1), ("Delta", -1)):
        make_region(name, order=order, is_listed=True)

    assert slugs(client) == ["delta", "gamma", "alpha", "beta"]
    assert slugs(client, "ordering=order") == ["delta", "gamma", "alpha", "beta"]
    assert slugs(client, "ordering=name") == ["alpha", "beta", "delta", "gamma"]
    walked, url = [], f"{URL}?cursor=&page_size=1&fields=slug"
    while url:
        answer = client.get(url).json()
        walked += [result["slug"] for result in answer["results"]]
        url = answer["next"]
    assert walked == ["delta", "gamma", "alpha", "beta"]


def test_a_move_in_the_tree_shows_at_the_next_request(client: Client) -> None:
    old, new = make_region("Old"), make_region("New", parent=make_region("Above"))
    moved = make_region("Moved", parent=old)
    make_published("Below", regions=[make_region("Child", parent=moved)])
    make_published("At it", regions=[moved])
    make_published("Elsewhere", regions=[new])
    assert titles(client, "old") == ["Below", "At it"]
    assert titles(client, "new") == ["Elsewhere"]

    moved.parent = new
    moved.save()

    assert titles(client, "old") == []
    assert titles(client, "new") == titles(client, "above") == ["Below", "At it", "Elsewhere"]
    assert titles(client, "moved,old") == ["Below", "At it"]
    assert counts(client) == {"above": 3, "new": 3, "moved": 2, "child": 1}
    assert region(client, "moved")["parent"] == "new"
    assert_problem(client.get(f"{URL}/old"), "not-found")


def test_an_article_that_stands_in_both_places_stays_in_both(client: Client) -> None:
    old, new = make_region("Old"), make_region("New")
    moved = make_region("Moved", parent=old)
    make_published("Both", regions=[moved, old])

    moved.parent = new
    moved.save()

    assert counts(client) == {"old": 1, "new": 1, "moved": 1}


def test_what_is_published_after_a_move_follows_the_new_tree(client: Client) -> None:
    old, new = make_region("Old"), make_region("New")
    moved = make_region("Moved", parent=old)
    public = make_published("Article", regions=[moved])
    moved.parent = new
    moved.save()

    publish(public.article)

    assert counts(client) == {"new": 1, "moved": 1}


def test_a_region_cannot_be_moved_below_itself(client: Client) -> None:
    top = make_region("Top")
    middle = make_region("Middle", parent=top)
    make_published("Article", regions=[make_region("Bottom", parent=middle)])
    before = client.get(URL).content

    for parent in (top, middle, Region.objects.get(slug="bottom")):
        top.parent = parent
        with pytest.raises(ValidationError):
            top.save()

    assert client.get(URL).content == before
    assert titles(client, "top") == ["Article"]
