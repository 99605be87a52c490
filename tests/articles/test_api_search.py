"""The search of articles: q, with filters, orderings, both walks, highlights, respelling."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import search
from articles.models import PublishedArticle, SearchEntry, SearchWord
from articles.publishing import publish, unpublish
from tests.articles.searching import URL, answer, titles
from tests.factories import make_author, make_draft, make_image, make_published, make_region
from tests.factories import make_tag as tag
from tests.problems import assert_problem

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def walk(client: Client, **values: Any) -> Iterator[str]:
    url: str | None = f"{URL}?{urlencode(values)}"
    while url is not None:
        page = client.get(url).json()
        yield from (each["slug"] for each in page["results"])
        url = page["next"]


def test_it_works(client: Client) -> None:
    make_published("Water levels rise", body_html="<p>The reservoir fills.</p>")
    make_published("Trains run late", body_html="<p>Snow on the tracks.</p>")

    found = answer(client, "reservoirs water")

    assert found["count"] == 1
    assert found["results"] == [{"title": "Water levels rise"}]
    assert "did_you_mean" not in found


def test_it_finds_words_of_every_part(client: Client) -> None:
    region, author = make_region("Osh", names={"ru": "Ош"}), make_author("Zarina Kalinina")
    make_published(
        "Headline",
        kicker="Kickerword",
        summary="Summaryword",
        body_html="<p>Bodyword</p>",
        regions=[region],
        tags=[tag("Hydrology")],
        authors=[author],
    )
    make_published("Another")

    for word in ("headline", "kickerword", "summaryword", "bodyword", "osh", "ош", "hydrology",
                 "kalinina zarina", "headlines bodywords"):  # fmt: skip
        assert titles(client, word) == ["Headline"], word


def test_a_title_outweighs_a_summary_a_name_and_a_body(client: Client) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    make_published("In the body", summary="Other", body_html="<p>water</p>", published_at=at)
    make_published("In a name", summary="Other", tags=[tag("Water")], published_at=at)
    make_published("In the summary", summary="water", published_at=at)
    make_published("Water in the title", summary="Other", published_at=at)

    assert titles(client, "water") == [
        "Water in the title",
        "In the summary",
        "In a name",
        "In the body",
    ]


def test_of_equals_the_newer_comes_first_and_years_outweigh_a_title(client: Client) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    make_published("Water", slug="new", published_at=at)
    make_published("Water", slug="old", published_at=at - timedelta(days=30))
    make_published("Body", slug="body", body_html="<p>water</p>", published_at=at)
    make_published("Water", slug="ancient", published_at=at - timedelta(days=365 * 8))

    slugs = [each["slug"] for each in answer(client, "water", fields="slug")["results"]]

    assert slugs == ["new", "old", "body", "ancient"]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("rivers", ["River"]),
        ('"full river"', ["River"]),
        ('"river full"', []),
        ("“full river”", ["River"]),
        ("«полная река»", ["Река"]),
        ("river -full", []),
        ("river or реки", ["River", "Река"]),
        ("река -полная", []),
        ("елка", ["Ёлка"]),
        ("ЁЛКИ", ["Ёлка"]),
        ("cafe Sarka", ["Ёлка"]),
        ("café", ["Ёлка"]),
        ("daryo", ["Daryo toʻla"]),
        ("daryolar", []),  # what has no stemmer is found as it is written
    ],
)
def test_words_are_read_in_the_articles_language(client: Client, q: str, found: list[str]) -> None:
    make_published("River", body_html="<p>A full river.</p>", language="en")
    make_published("Река", body_html="<p>Полная река.</p>", language="ru")
    make_published("Ёлка", body_html="<p>Šárka sits in the café.</p>", language="ru")
    make_published("Daryo toʻla", language="uz")

    assert sorted(titles(client, q)) == sorted(found)


def test_what_is_taken_away_is_so_in_each_language(client: Client) -> None:
    """Read without stems, “dams” stands in no English article; that must not let “dam” through."""
    make_published("Water and a dam", language="en")
    make_published("Water alone", language="en")

    assert titles(client, "water -dams") == ["Water alone"]


def test_a_language_narrows_it(client: Client) -> None:
    make_published("Almaty", language="en")
    make_published("Almaty", language="uz", slug="uz")

    assert answer(client, "almaty")["count"] == 2
    assert answer(client, "almaty", language="uz")["count"] == 1
    assert answer(client, "almaty", language="ru")["count"] == 0


@pytest.mark.parametrize(
    "q", ["the", "и в на", "-water", "water or -dam", "!!!", '""', "- -", "🙂"]
)
def test_without_a_word_that_must_be_there_nothing_is_found(client: Client, q: str) -> None:
    make_published("The water")
    make_published("И в на", language="ru")

    assert answer(client, q)["results"] == []


def test_it_combines_with_every_filter(client: Client) -> None:
    country, water = make_region("Kazakhstan"), tag("Water")
    almaty, asel = make_region("Almaty", parent=country), make_author("Asel")
    one = make_published(
        "Reservoir one",
        regions=[almaty],
        tags=[water],
        authors=[asel],
        kind="opinion",
        is_breaking=True,
        published_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    two = make_published("Reservoir two", published_at=datetime(2026, 2, 1, tzinfo=UTC))
    make_published("Other", regions=[almaty], tags=[water], authors=[asel])

    for values in (
        {"region": "kazakhstan"}, {"region": "almaty,osh", "tag": "water"}, {"tag_all": "water"},
        {"author": "asel"}, {"kind": "opinion,news", "tag": "water"}, {"kind": "opinion"},
        {"is_breaking": "true"}, {"published_after": "2026-02-02"}, {"ids": f"{one.id},99"},
        {"exclude_ids": str(two.id)}, {"updated_after": "2026-02-02"},
        {"language": "en", "region": "kazakhstan"},
    ):  # fmt: skip
        assert titles(client, "reservoir", **values) == ["Reservoir one"], values
    for values in (
        {"is_breaking": "false"}, {"published_before": "2026-02-02"}, {"ids": str(two.id)},
    ):  # fmt: skip
        assert titles(client, "reservoir", **values) == ["Reservoir two"], values


def test_it_can_be_ordered_by_date_too(client: Client) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for number, title in enumerate(("Water", "Body", "Water too")):
        make_published(
            title, body_html="<p>water</p>", published_at=at + timedelta(days=(2, 0, 1)[number])
        )

    assert titles(client, "water", ordering="-published_at") == ["Water", "Water too", "Body"]
    assert titles(client, "water", ordering="published_at") == ["Body", "Water too", "Water"]
    assert titles(client, "water", ordering="relevance")[-1] == "Body"


def test_relevance_needs_a_search(client: Client) -> None:
    problem = assert_problem(
        client.get(f"{URL}?ordering=relevance"), "invalid-parameter", parameter="ordering"
    )

    assert "q" in problem["detail"]


def test_both_walks_give_one_sequence_and_a_cursor_holds(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when most of what is found is older than what is judged by its text."""
    monkeypatch.setattr(search, "JUDGED", 7)
    for number in range(25):
        make_published(
            "Water" if number % 3 else "Body",
            body_html="<p>water " + "and water " * (number % 5) + "</p>",
        )
    values: dict[str, Any] = {"q": "water", "fields": "slug", "page_size": 4}
    by_page = list(walk(client, **values))
    by_cursor = list(walk(client, **values, cursor=""))

    assert by_page == by_cursor
    assert len(set(by_page)) == 25
    dates = PublishedArticle.objects.in_bulk(by_page, field_name="slug")
    judged = {each.slug for each in PublishedArticle.objects.order_by("-published_at")[:7]}
    assert set(by_page[:7]) == judged
    rest = [dates[slug].published_at for slug in by_page[7:]]
    assert rest == sorted(rest, reverse=True)

    start = client.get(URL, {**values, "cursor": ""}).json()
    make_published("Water, the newest of all")
    after = [each["slug"] for each in start["results"]] + list(walk_from(client, start["next"]))
    after.remove("water-the-newest-of-all")  # where it belongs, and all others where they were
    assert after == by_page
    back = client.get(client.get(start["next"]).json()["previous"]).json()
    assert [each["slug"] for each in back["results"]] == by_page[:4]


def walk_from(client: Client, url: str | None) -> Iterator[str]:
    while url is not None:
        page = client.get(url).json()
        yield from (each["slug"] for each in page["results"])
        url = page["next"]


def test_a_cursor_is_of_its_search(client: Client) -> None:
    for number in range(3):
        make_published(f"Water {number}")
    following = client.get(f"{URL}?q=water&cursor=&page_size=1").json()["next"]

    response = client.get(following.replace("q=water", "q=waters"))

    assert_problem(response, "invalid-parameter", parameter="cursor")


def test_what_is_published_is_found_at_once(client: Client) -> None:
    article = make_draft("Kambarata")
    assert titles(client, "kambarata") == []

    publish(article)
    assert titles(client, "kambrata") == ["Kambarata"]
    article.title = "Toktogul"
    article.save()
    publish(article)
    assert titles(client, "kambarata") == []
    assert titles(client, "toktogul") == ["Toktogul"]

    unpublish(article)
    assert titles(client, "toktogul") == []
    assert not SearchEntry.objects.exists()
    assert not SearchWord.objects.exists()


HOSTILE = [
    "water " * 33, "w" * 201, "water " * 1000, "w" * 100_000,
    "\\" * 200, "'" * 200, '"' * 199, "((((((((", "))))", ":*", "water:*", "water:ABCD",
    "a:*b & | !", "!!! & | <-> <2>", "a <-> b", "%_%", "$$;--", "/* */", "\\'; DROP TABLE x;--",
    "&amp; <b>", "- " * 100, '-"" ' * 40, '-"-"' * 50, "-a" * 100, "-a " * 32, "a or -b " * 10,
    "مرحبا بالعالم", "שלום", "\u202ewater", "🙂🙂 🙂", "a\u0301 e\u0301", "\ufeff", "\u200b",
    "or or or", "or", "- or -", "-" * 200, "--water", "a-b-c-d-e-f-g-" * 14,
    "http://example.org/a/b?c=d user@example.org 1.2.3.4 -5e10 /etc/passwd", "0" * 200,
    "ё" * 200, "ﬁﬂ", "ⅷ ½", "İ", "ß", "ᄒ", "\U0010ffff",
]  # fmt: skip


@pytest.mark.parametrize("q", HOSTILE)
def test_whatever_is_asked_there_is_an_answer_or_a_problem(client: Client, q: str) -> None:
    make_published("Water")

    for more in ("", "&include=highlights&facets=region,tag,author,language", "&cursor="):
        response = client.get(f"{URL}?q={quote(q)}{more}")
        if response.status_code != 200:
            assert response.status_code in (400, 414)
            assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("q", ["%00", "wa%00ter", "%ED%A0%80", "%FF", ""])
def test_what_is_no_text_is_refused(client: Client, q: str) -> None:
    assert_problem(client.get(f"{URL}?q={q}"), "invalid-parameter", parameter="q")


def test_it_tells_how_much_is_too_much(client: Client) -> None:
    long = assert_problem(client.get(f"{URL}?q={'w' * 201}"), "invalid-parameter", parameter="q")
    many = assert_problem(client.get(f"{URL}?q={'w+' * 33}"), "invalid-parameter", parameter="q")

    assert "200" in long["detail"]
    assert "32" in many["detail"]
    assert client.get(f"{URL}?q={'w' * 200}").status_code == 200


def test_a_very_long_article_can_be_published_and_found(client: Client) -> None:
    words = " ".join(f"{number:x}я" for number in range(150_000, 290_000))
    make_published("Beginning", body_html=f"<p>Kambarata {words}</p>", language="uz")

    assert titles(client, "kambarata") == ["Beginning"]


@pytest.mark.parametrize("number", [1, 100])
def test_the_number_of_queries_holds(client: Client, number: int) -> None:
    region, water, image = make_region("Kazakhstan"), tag("Water"), make_image()
    for _ in range(number):
        make_published("Reservoir", regions=[region], tags=[water], lead_image=image,
                       authors=[make_author()])  # fmt: skip

    for query, most in (
        ("q=reservoir", 5),  # how it is read, count, what is found, their versions, cards
        ("q=reservoir&ordering=-published_at&region=kazakhstan", 5),  # and the taxonomy's names
        ("q=reservoir&include=highlights", 5),
        ("q=reservoir&cursor=", 4),  # how it is read, since when it is judged, found, cards
        ("q=resevoir", 8),  # is it there; what is like it, how that is read, is that there
        ("q=reservoir&facets=region,tag,author,language", 8),
    ):
        with CaptureQueriesContext(connection) as queries:
            found = client.get(f"{URL}?page_size=100&{query}").json()
        assert len(found["results"]) == number
        # The version's query, and the taxonomy's names the first time.
        assert len(queries) <= 2 + most, [each["sql"][:80] for each in queries]
