from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import PublishedArticle
from articles.publishing import unpublish
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_published,
    make_region,
    make_tag,
)
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

URL = "/api/v1/articles"


def titles(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200, response.content
    return [result["title"] for result in response.json()["results"]]


def test_it_works(client: Client) -> None:
    kazakhstan = make_region("Kazakhstan")
    image = make_image(alt="A dam", credit="Dastan", width=1600, height=900)
    make_published(
        "Water levels rise",
        slug="water-levels-rise",
        kicker="Water",
        body_html="<p>" + "word " * 250 + "</p>",
        regions=[kazakhstan],
        tags=[make_tag("Water")],
        authors=[make_author("Zarina"), make_author("Aybek")],
        lead_image=image,
        published_at=datetime(2026, 2, 20, 6, 15, tzinfo=UTC),
    )

    answer = client.get(URL).json()

    assert {key: answer[key] for key in ("count", "first", "last", "next", "previous")} == {
        "count": 1,
        "first": 1,
        "last": 1,
        "next": None,
        "previous": None,
    }
    [card] = answer["results"]
    assert card == {
        "id": PublishedArticle.objects.get().id,
        "slug": "water-levels-rise",
        "title": "Water levels rise",
        "kicker": "Water",
        "summary": " ".join(["word"] * 60) + "...",
        "kind": "news",
        "language": "en",
        "published_at": "2026-02-20T06:15:00Z",
        "updated_at": "2026-02-20T06:15:00Z",
        "word_count": 250,
        "reading_minutes": 2,
        "is_breaking": False,
        "regions": [{"slug": "kazakhstan", "name": "Kazakhstan"}],
        "tags": [{"slug": "water", "name": "Water"}],
        "authors": [{"slug": "zarina", "name": "Zarina"}, {"slug": "aybek", "name": "Aybek"}],
        "lead_image": {
            "url": image.url,
            "alt": "A dam",
            "caption": None,
            "credit": "Dastan",
            "width": 1600,
            "height": 900,
        },
        "url": "/en/water-levels-rise",
    }


def test_it_never_shows_a_draft_or_what_was_unpublished(client: Client) -> None:
    make_draft("A draft")
    gone = make_published("Gone")
    unpublish(gone.article)
    make_published("Public")

    assert titles(client) == ["Public"]


def test_it_shows_what_was_last_published_and_not_what_was_saved_since(client: Client) -> None:
    article = make_published("As published").article
    article.title = "As saved"
    article.slug = "as-saved"
    article.save()

    assert titles(client) == ["As published"]


def test_it_takes_the_articles_of_a_region_and_below_it(client: Client) -> None:
    kazakhstan = make_region("Kazakhstan")
    almaty = make_region("Almaty", parent=kazakhstan)
    make_published("In Almaty", regions=[almaty])
    make_published("In Kazakhstan", regions=[kazakhstan])
    make_published("Elsewhere", regions=[make_region("Osh")])

    assert titles(client, "region=kazakhstan") == ["In Kazakhstan", "In Almaty"]
    assert titles(client, "region=almaty") == ["In Almaty"]
    assert titles(client, "region=kazakhstan,osh") == ["Elsewhere", "In Kazakhstan", "In Almaty"]


def test_it_combines_filters(client: Client) -> None:
    energy, water = make_tag("Energy"), make_tag("Water")
    region, author = make_region("Kazakhstan"), make_author("Asel")
    make_published("Both", tags=[energy, water], regions=[region], authors=[author])
    make_published("Energy only", tags=[energy], regions=[region])
    make_published("Russian", tags=[water], language="ru", kind="opinion", is_breaking=True)

    assert titles(client, "tag=energy,water") == ["Russian", "Energy only", "Both"]
    assert titles(client, "tag_all=energy,water") == ["Both"]
    assert titles(client, "tag=energy&region=kazakhstan&author=asel") == ["Both"]
    assert titles(client, "language=ru") == ["Russian"]
    assert titles(client, "kind=opinion") == ["Russian"]
    assert titles(client, "kind=opinion,news") == ["Russian", "Energy only", "Both"]
    assert titles(client, "is_breaking=true") == ["Russian"]
    assert titles(client, "is_breaking=false&tag=water") == ["Both"]


@pytest.mark.parametrize(
    "query",
    ["region=nowhere", "tag=nothing", "author=nobody", "tag_all=energy,nothing", "language=xx"],
)
def test_it_finds_nothing_for_what_does_not_exist(client: Client, query: str) -> None:
    make_published(tags=[make_tag("Energy")])

    answer = client.get(f"{URL}?{query}").json()

    assert (answer["count"], answer["first"], answer["last"], answer["results"]) == (0, 0, 0, [])


def test_it_takes_times_from_inclusive_to_exclusive(client: Client) -> None:
    make_published("Midnight in Almaty", published_at=datetime(2026, 2, 20, 19, tzinfo=UTC))
    make_published("A second before", published_at=datetime(2026, 2, 20, 18, 59, 59, tzinfo=UTC))

    assert titles(client, "published_after=2026-02-21") == ["Midnight in Almaty"]
    assert titles(client, "published_before=2026-02-21") == ["A second before"]
    assert titles(client, "published_after=2026-02-20T19:00:00Z") == ["Midnight in Almaty"]
    assert titles(client, "published_before=2026-02-21T00:00:00%2B05:00") == ["A second before"]
    assert titles(client, "updated_after=2026-02-21") == ["Midnight in Almaty"]


def test_it_takes_ids(client: Client) -> None:
    first, second, third = (make_published(f"Number {n}") for n in (1, 2, 3))

    assert titles(client, f"ids={first.id},{third.id}") == ["Number 3", "Number 1"]
    assert titles(client, f"exclude_ids={second.id}") == ["Number 3", "Number 1"]
    assert titles(client, f"ids={2**63 - 1}") == []


def test_it_orders(client: Client) -> None:
    make_published("Older")
    make_published("Newer")

    assert titles(client, "ordering=-published_at") == ["Newer", "Older"]
    assert titles(client, "ordering=published_at") == ["Older", "Newer"]
    assert titles(client, "ordering=-updated_at") == ["Newer", "Older"]


def test_it_shows_only_the_fields_that_are_asked_for(client: Client) -> None:
    make_published("Title", body_html="<h2>Heading</h2><p>Text</p>")

    [only] = client.get(f"{URL}?fields=title,body_text").json()["results"]
    [more] = client.get(f"{URL}?include=excerpt,blocks").json()["results"]

    assert only == {"title": "Title", "body_text": "Heading\n\nText"}
    assert more["excerpt"] == "Heading Text"
    assert [block["type"] for block in more["blocks"]] == ["heading", "paragraph"]
    assert more["title"] == "Title"


def test_it_reads_no_column_that_is_not_shown(client: Client) -> None:
    make_published()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(f"{URL}?fields=title")

    [rows] = [q["sql"] for q in queries if '"title"' in q["sql"]]
    assert "body" not in rows
    assert "excerpt" not in rows
    assert "lead_image" not in rows


@pytest.mark.parametrize("number", [1, 100])
def test_it_needs_four_statements_whatever_the_page(client: Client, number: int) -> None:
    region, tag, image = make_region("Kazakhstan"), make_tag(), make_image()
    for _ in range(number):
        make_published(regions=[region], tags=[tag], lead_image=image, authors=[make_author()])

    for query in ("", "region=kazakhstan", "include=excerpt,blocks,corrections", "cursor="):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(f"{URL}?page_size=100&{query}").json()
        assert len(answer["results"]) == number
        # The version's query; then names of the taxonomy (the first time only), count, rows, and
        # the cards that are not in memory yet.
        assert len(queries) <= 1 + 4, [q["sql"] for q in queries]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("status=draft", "status"),
        ("author__password=x", "author__password"),
        ("search=energy", "search"),
        ("facet=tag", "facet"),
        ("nope=1", "nope"),
    ],
)
def test_it_refuses_unknown_parameters(client: Client, query: str, parameter: str) -> None:
    problem = assert_problem(client.get(f"{URL}?{query}"), "unknown-parameter", parameter=parameter)

    assert "published_after" in problem["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "ordering=password",
        "ordering=title",
        "fields=password",
        "fields=title,,slug",
        "include=article",
        "kind=nope",
        "language=english!",
        "region=a%20b",
        "region=,",
        "region=" + ",".join(f"r{n}" for n in range(21)),
        "tag=" + "x" * 201,
        "ids=" + ",".join(str(n) for n in range(1, 102)),
        "ids=0",
        "ids=-1",
        "ids=9223372036854775808",
        "ids=1.5",
        "ids=%D9%A1",
        "is_breaking=1",
        "is_breaking=True",
        "published_after=yesterday",
        "published_after=2026-02-30",
        "published_after=2026-02-20T10:00:00",
        "published_after=2026-02-20T10:00:00+05:00",
        "published_after=20260220",
        "published_before=0000-01-01",
    ],
)
def test_it_refuses_values_that_cannot_be_meant(client: Client, query: str) -> None:
    assert_problem(
        client.get(f"{URL}?{query}"), "invalid-parameter", parameter=query.partition("=")[0]
    )


def test_it_tells_all_that_is_wrong_at_once(client: Client) -> None:
    problem = client.get(f"{URL}?nope=1&page=0&ids=x&fields=password").json()

    assert [error["parameter"] for error in problem["errors"]] == ["nope", "fields", "page", "ids"]
