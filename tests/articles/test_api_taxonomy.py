"""What /regions, /tags and /authors have in common."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.publishing import publish, unpublish
from tests.articles.named import KINDS, Kind
from tests.factories import make_published, make_tag
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


def listed(client: Client, kind: Kind, query: str = "") -> list[dict[str, Any]]:
    response = client.get(f"{kind.url}?{query}")
    assert response.status_code == 200, response.content
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def names(client: Client, kind: Kind, query: str = "") -> list[str]:
    return [result["name"] for result in listed(client, kind, query)]


def test_it_works(client: Client, kind: Kind) -> None:
    thing = kind.make("Water", slug="water")
    kind.publish(thing)
    kind.publish(thing, kind.make("Energy", slug="energy"))

    answer = client.get(kind.url).json()

    assert {key: answer[key] for key in ("count", "first", "last", "next", "previous")} == {
        "count": 2,
        "first": 1,
        "last": 2,
        "next": None,
        "previous": None,
    }
    assert [(r["slug"], r["name"], r["article_count"]) for r in answer["results"]] == [
        ("energy", "Energy", 1),
        ("water", "Water", 2),
    ]
    for result in answer["results"]:
        assert client.get(f"{kind.url}/{result['slug']}").json() == result


def test_it_knows_nothing_that_no_published_article_carries(client: Client, kind: Kind) -> None:
    kind.make("Carried by nothing", slug="unused")
    kind.draft(kind.make("Carried by a draft", slug="drafted"))
    last = kind.publish(kind.make("Carried no more", slug="dropped"))
    unpublish(last.article)
    saved = kind.publish(kind.make("Public", slug="public"))
    desk = kind.make("Added on the desk", slug="added")
    if kind.name != "author":
        getattr(saved.article, kind.plural).add(desk)

    assert names(client, kind) == ["Public"]
    for slug in ("unused", "drafted", "dropped", "added"):
        assert_problem(client.get(f"{kind.url}/{slug}"), "not-found")
        hidden = client.get(f"{kind.url}/{slug}")
        never = client.get(f"{kind.url}/{'x' * len(slug)}")
        assert hidden.headers == never.headers
        path = hidden.content.replace(slug.encode(), b"x" * len(slug))
        assert path == never.content
    assert names(client, kind, "q=Carried") == []
    assert client.get(f"{kind.url}?q=Carried").json()["count"] == 0


def test_it_appears_and_goes_with_its_articles(client: Client, kind: Kind) -> None:
    first = kind.publish(kind.make("Water", slug="water"))
    assert listed(client, kind)[0]["article_count"] == 1

    unpublish(first.article)
    assert listed(client, kind) == []
    assert_problem(client.get(f"{kind.url}/water"), "not-found")

    publish(first.article)
    assert listed(client, kind)[0]["article_count"] == 1
    assert client.get(f"{kind.url}/water").status_code == 200


def test_it_orders_by_name_and_by_count(client: Client, kind: Kind) -> None:
    beta, alpha, gamma = (kind.make(name) for name in ("Beta", "Alpha", "Gamma"))
    kind.publish(beta, alpha, gamma)
    kind.publish(gamma, beta)
    kind.publish(gamma)

    assert names(client, kind, "ordering=name") == ["Alpha", "Beta", "Gamma"]
    assert names(client, kind, "ordering=-article_count") == ["Gamma", "Beta", "Alpha"]


def test_equal_names_and_counts_are_ordered_by_slug(client: Client, kind: Kind) -> None:
    kind.publish(*(kind.make("Same", slug=slug) for slug in ("c", "a", "b")))

    for ordering in ("name", "-article_count"):
        for walk in ("page_size=2&page=", "page_size=2&cursor="):
            url: str | None = f"{kind.url}?fields=slug&ordering={ordering}&{walk}"
            url = url + "1" if url and url.endswith("page=") else url
            seen = []
            while url is not None:
                answer = client.get(url).json()
                seen += [result["slug"] for result in answer["results"]]
                url = answer["next"]
            assert seen == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("ka", ["Kazakhstan", "Kazan"]),
        ("KAZAK", ["Kazakhstan"]),
        ("Kazakhstan", ["Kazakhstan"]),
        ("azak", []),
        ("ка", ["Казахстан"]),
        ("КАЗ", ["Казахстан"]),
        ("ә", ["Әлем"]),
        ("%25", ["%100"]),
        ("%", ["%100"]),
        ("_", ["_under"]),
        ("%5C", ["\\back"]),
        ("k%", []),
        ("k_z", []),
        ("'", []),
        ("x" * 100, []),
    ],
)
def test_q_is_a_literal_beginning_of_the_name(
    client: Client, kind: Kind, prefix: str, found: list[str]
) -> None:
    shown = ("Kazakhstan", "Kazan", "Казахстан", "Әлем", "%100", "_under", "\\back")
    kind.publish(*(kind.make(name, slug=f"s{n}") for n, name in enumerate(shown)))

    answer = client.get(kind.url, {"q": "%" if prefix == "%25" else prefix.replace("%5C", "\\")})

    assert [result["name"] for result in answer.json()["results"]] == found


def test_locale_gives_the_names_of_that_language(client: Client, kind: Kind) -> None:
    kind.publish(
        kind.make("Water", slug="water", names={"ru": "Вода", "kk": ""}),
        kind.make("Energy", slug="energy", names={"kk": "Энергия"}),
    )

    assert names(client, kind, "locale=ru") == ["Energy", "Вода"]
    assert names(client, kind, "locale=ru&q=вод") == ["Вода"]
    assert names(client, kind, "locale=ru&q=wat") == []
    assert names(client, kind, "locale=kk") == ["Water", "Энергия"]
    assert names(client, kind, "locale=en") == ["Energy", "Water"]
    assert client.get(f"{kind.url}/water?locale=ru").json()["name"] == "Вода"
    assert client.get(f"{kind.url}/water?locale=de").json()["name"] == "Water"


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("nope=1", "unknown-parameter", "nope"),
        ("name=Water", "unknown-parameter", "name"),
        ("is_listed=false", "unknown-parameter", "is_listed"),
        ("include=bio", "unknown-parameter", "include"),
        ("ordering=id", "invalid-parameter", "ordering"),
        ("ordering=-name", "invalid-parameter", "ordering"),
        ("q=" + "x" * 101, "invalid-parameter", "q"),
        ("q=", "invalid-parameter", "q"),
        ("q=a%00", "invalid-parameter", "q"),
        ("locale=russian!", "invalid-parameter", "locale"),
        ("fields=names", "invalid-parameter", "fields"),
        ("fields=version", "invalid-parameter", "fields"),
        ("cursor=made-up", "invalid-parameter", "cursor"),
        ("page=1&cursor=", "invalid-parameter", "cursor"),
    ],
)
def test_it_refuses_what_cannot_be_meant(
    client: Client, kind: Kind, query: str, code: str, parameter: str
) -> None:
    kind.make_public("Water", slug="water")

    assert_problem(client.get(f"{kind.url}?{query}"), code, parameter=parameter)


def test_a_detail_takes_no_parameter_of_the_list(client: Client, kind: Kind) -> None:
    kind.make_public("Water", slug="water")

    for slug in ("water", "never"):
        for parameter in ("q", "ordering", "page", "cursor"):
            response = client.get(f"{kind.url}/{slug}?{parameter}=1")
            assert_problem(response, "unknown-parameter", parameter=parameter)


def test_fields_keeps_only_those_and_reads_only_those(client: Client, kind: Kind) -> None:
    kind.make_public("Water", slug="water")

    with CaptureQueriesContext(connection) as queries:
        assert listed(client, kind, "fields=name") == [{"name": "Water"}]
        assert client.get(f"{kind.url}/water?fields=name").json() == {"name": "Water"}

    read = " ".join(query["sql"] for query in queries)
    for column in ("bio", "role", "description", "code", "image", "COUNT(*) AS", "COALESCE"):
        assert column not in read.replace("SELECT COUNT(*) AS", ""), read


@pytest.mark.parametrize("number", [1, 100])
def test_it_needs_two_statements_whatever_the_page(client: Client, kind: Kind, number: int) -> None:
    kind.publish(*(kind.make(f"Name {n:03}", slug=f"s{n:03}") for n in range(number)))

    orderings = ["name", "-article_count", *(["order"] if kind.name == "region" else [])]
    for ordering in orderings:
        for query in ("", "fields=name", "locale=ru&q=name", "cursor=&count=exact&fields=slug"):
            with CaptureQueriesContext(connection) as queries:
                found = listed(client, kind, f"page_size=100&ordering={ordering}&{query}")
            assert len(found) == number
            # The version's query; then the count and the rows.
            assert len(queries) == 1 + 2, [q["sql"] for q in queries]
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{kind.url}/s000")
    # The version's query, and the row.
    assert len(queries) == 1 + 1, [q["sql"] for q in queries]


def test_a_rename_shows_at_once_everywhere(client: Client, kind: Kind) -> None:
    thing = kind.make_public("Water", slug="water")
    public = kind.publish(thing)
    card = f"/api/v1/articles?ids={public.id}&fields={kind.plural}"
    assert client.get(card).json()["results"] == [
        {kind.plural: [{"slug": "water", "name": "Water"}]}
    ]

    thing.name, thing.slug = "Waters", "waters"
    thing.save()

    assert client.get(card).json()["results"] == [
        {kind.plural: [{"slug": "waters", "name": "Waters"}]}
    ]
    assert names(client, kind) == ["Waters"]
    assert_problem(client.get(f"{kind.url}/water"), "not-found")
    assert client.get(f"/api/v1/articles?{kind.name}=water").json()["count"] == 0
    assert client.get(f"/api/v1/articles?{kind.name}=waters").json()["count"] == 2


def test_a_tag_that_was_deleted_by_hand_breaks_no_answer(client: Client) -> None:
    kept, lost = make_tag("Kept", slug="kept"), make_tag("Lost", slug="lost")
    make_published(slug="tagged", tags=[lost, kept])
    client.get("/api/v1/articles")

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM articles_article_tags WHERE tag_id = %s", [lost.pk])
        cursor.execute("DELETE FROM articles_tag WHERE id = %s", [lost.pk])

    [card] = client.get("/api/v1/articles").json()["results"]
    assert card["tags"] == [{"slug": "kept", "name": "Kept"}]
    assert client.get("/api/v1/articles/tagged").json()["tags"] == card["tags"]
    assert client.get("/api/v1/articles?tag=lost").json()["count"] == 0
    assert client.get("/api/v1/articles?tag=lost,kept").json()["count"] == 1
    assert client.get("/api/v1/articles?tag_all=lost,kept").json()["count"] == 0
    assert [result["slug"] for result in client.get("/api/v1/tags").json()["results"]] == ["kept"]
    assert_problem(client.get("/api/v1/tags/lost"), "not-found")


def test_names_are_ordered_as_readers_expect(client: Client) -> None:
    names = ["Зима", "beta", "Ёлка", "Zeta", "Ель", "alpha", "Жара"]
    make_published(tags=[make_tag(name) for name in names])

    answer = client.get("/api/v1/tags?ordering=name").json()

    assert [tag["name"] for tag in answer["results"]] == [
        "alpha", "beta", "Zeta", "Ёлка", "Ель", "Жара", "Зима",
    ]  # fmt: skip


def test_language_tags_are_the_same_in_either_case(client: Client) -> None:
    tag = make_tag("Energy", names={"RU": "Энергия"})
    make_published(tags=[tag], language="KK-latn-kz")

    assert client.get("/api/v1/tags?locale=rU").json()["results"][0]["name"] == "Энергия"
    answer = client.get("/api/v1/articles?language=kk-LATN-KZ").json()
    assert [article["language"] for article in answer["results"]] == ["kk-Latn-KZ"]
