"""A front end's listing page, built from the API and nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, Region
from articles.publishing import publish_many, unpublish
from tests.factories import LONG_AGO, make_draft, make_published, make_region

pytestmark = pytest.mark.django_db

LIST = "/api/v1/articles?region=kazakhstan&page_size=6&include=excerpt"
TOTAL = 181


@pytest.fixture
def expected() -> list[tuple[str, str]]:
    """Titles and excerpts of 181 articles of Kazakhstan, newest first; others stand between."""
    country = make_region("Kazakhstan")
    regions = [country, make_region("Almaty", parent=country), make_region("Osh")]
    drafts = []
    for number in range(TOTAL):
        drafts.append(
            make_draft(
                f"Report {number}",
                body_html=f"<p>{' '.join([f'word{number}'] * (480 + number))}</p>",
                regions=[regions[number % 2]] if number % 5 else regions[:2],
                # Seven at a time were published at the same moment.
                published_at=LONG_AGO + timedelta(minutes=number // 7),
            )
        )
        if number % 20 == 0:
            make_draft(f"Still a draft {number}", regions=[country])
    published = publish_many(drafts)
    for number in range(10):
        make_published(f"Elsewhere {number}", regions=[regions[2]])
    published.sort(key=lambda article: (article.published_at, article.id), reverse=True)
    return [
        (
            article.title,
            " ".join(article.body_text.split()[:500]) + ("..." if article.word_count > 500 else ""),
        )
        for article in published
    ]


def pages(client: Client, url: str | None) -> Iterator[dict[str, Any]]:
    """Every page from there, by following ``next``, which the Link header repeats."""
    while url is not None:
        response = client.get(url)
        assert response.status_code == 200, response.content
        page: dict[str, Any] = response.json()
        yield page
        url = page["next"]
        link = response.headers.get("Link", "")
        assert f'<{url}>; rel="next"' in link if url else 'rel="next"' not in link


def shown(page: dict[str, Any]) -> list[tuple[str, str]]:
    return [(result["title"], result["excerpt"]) for result in page["results"]]


def test_it_works(client: Client, expected: list[tuple[str, str]]) -> None:
    page = client.get(LIST).json()

    assert "Viewing results {first} - {last} of {count}".format(**page) == (
        "Viewing results 1 - 6 of 181"
    )
    assert shown(page) == expected[:6]
    assert page["previous"] is None


def test_page_after_page_every_article_is_shown_once(
    client: Client, expected: list[tuple[str, str]]
) -> None:
    walked = list(pages(client, LIST))

    assert [row for page in walked for row in shown(page)] == expected
    headings = ["Viewing results {first} - {last} of {count}".format(**page) for page in walked]
    assert headings[1] == "Viewing results 7 - 12 of 181"
    assert headings[-1] == "Viewing results 181 - 181 of 181"
    assert len(headings) == 31
    assert client.get(f"{LIST}&page=32").status_code == 404
    back = walked[-1]["previous"]
    assert client.get(back).json() == walked[-2]


def test_an_endless_scroll_shows_every_article_once(
    client: Client, expected: list[tuple[str, str]]
) -> None:
    walked = list(pages(client, f"{LIST}&cursor=&count=exact"))

    assert [row for page in walked for row in shown(page)] == expected
    assert {(page["first"], page["last"], page["count"]) for page in walked} == {(None, None, 181)}
    assert walked[-1]["next"] is None
    assert walked[0]["previous"] is None


def test_the_scroll_can_be_turned_round_anywhere(
    client: Client, expected: list[tuple[str, str]]
) -> None:
    walked = list(pages(client, f"{LIST}&cursor="))

    back, url = [], walked[-1]["previous"]
    while url is not None:
        page = client.get(url).json()
        back.append(page)
        url = page["previous"]

    assert [row for page in reversed(back) for row in shown(page)] == expected[:180]
    assert [shown(page) for page in reversed(back)] == [shown(page) for page in walked[:-1]]


def test_the_oldest_first_is_the_same_list_turned_round(
    client: Client, expected: list[tuple[str, str]]
) -> None:
    larger = LIST.replace("page_size=6", "page_size=50&ordering=published_at")
    for walk in ("", "&cursor="):
        walked = list(pages(client, larger + walk))
        assert [row for page in walked for row in shown(page)] == expected[::-1]


def test_what_is_published_meanwhile_takes_nothing_away_from_a_scroll(
    client: Client, expected: list[tuple[str, str]]
) -> None:
    scroll = pages(client, f"{LIST}&cursor=")
    first = next(scroll)
    country = Region.objects.get(slug="kazakhstan")
    unpublish(Article.objects.get(title=first["results"][-1]["title"]))
    unpublish(Article.objects.get(title=expected[9][0]))
    make_published("Newer than all", regions=[country], published_at=LONG_AGO + timedelta(days=9))
    make_published("Older", regions=[country], published_at=LONG_AGO - timedelta(days=9))

    rest = [row for page in scroll for row in shown(page)]

    titles = [title for title, _ in [*shown(first), *rest]]
    assert titles == [title for title, _ in expected if title != expected[9][0]] + ["Older"]


def _words(number: int) -> str:
    return " ".join(f"w{n}" for n in range(number))


@pytest.mark.parametrize(
    ("body", "excerpt"),
    [
        (f"<p>{_words(500)}</p>", _words(500)),
        (f"<p>{_words(501)}</p>", f"{_words(500)}..."),
        (f"<p>{_words(499)}</p><p>last. cut</p>", f"{_words(499)} last...."),
        ("<p>a\n \t b</p><p>c<br>d</p>", "a b c d"),
        ("<p>10\N{NO-BREAK SPACE}km away</p>", "10\N{NO-BREAK SPACE}km away"),
        (
            "<p>" + "10\N{NO-BREAK SPACE}km " * 501 + "</p>",
            " ".join(["10\N{NO-BREAK SPACE}km"] * 500) + "...",
        ),
        ("", ""),
    ],
)
def test_an_excerpt_is_the_first_500_words(client: Client, body: str, excerpt: str) -> None:
    make_published(slug="it", body_html=body)

    [card] = client.get("/api/v1/articles?include=excerpt").json()["results"]

    assert card["excerpt"] == excerpt
    assert client.get("/api/v1/articles/it").json()["excerpt"] == excerpt


@pytest.mark.parametrize(
    ("summary", "words", "shown_summary"),
    [
        ("The editor's own.", 100, "The editor's own."),
        ("", 60, _words(60)),
        ("", 61, f"{_words(60)}..."),
        (" \n ", 61, f"{_words(60)}..."),
    ],
)
def test_a_summary_is_the_editors_or_the_first_60_words(
    client: Client, summary: str, words: int, shown_summary: str
) -> None:
    make_published(summary=summary, body_html=f"<p>{_words(words)}</p>")

    [card] = client.get("/api/v1/articles").json()["results"]

    assert card["summary"] == shown_summary
