from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.api.serializers import ArticleSerializer
from articles.models import Article, PublishedArticle
from articles.publishing import publish, unpublish
from tests.factories import (
    make_author,
    make_image,
    make_published,
    make_region,
    make_tag,
)
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

URL = "/api/v1/articles"
HEAVY = ("blocks", "body_text")


def detail(client: Client, slug: str, query: str = "") -> dict[str, Any]:
    response = client.get(f"{URL}/{slug}?{query}")
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def save_desk_copy(public: PublishedArticle, **values: Any) -> Article:
    article = Article.objects.get(pk=public.article_id)
    for name, value in values.items():
        setattr(article, name, value)
    article.save()
    return article


def test_it_works(client: Client) -> None:
    image = make_image(alt="A dam", caption="Built in 1976.", credit="Dastan", width=16, height=9)
    correction = {"at": "2026-02-21T10:00:00Z", "note": "The dam is 80 m high."}
    public = make_published(
        "Water levels rise",
        slug="water-levels-rise",
        kicker="Water",
        summary="The editor's summary.",
        body_html="<p>One two three.</p>",
        kind="analysis",
        is_breaking=True,
        regions=[make_region("Kazakhstan")],
        tags=[make_tag("Water")],
        authors=[make_author("Zarina"), make_author("Aybek")],
        lead_image=image,
        published_at=datetime(2026, 2, 20, 6, 15, tzinfo=UTC),
        canonical_url="https://elsewhere.example/water",
        seo_title="Water",
        seo_description="How high it stands.",
        corrections=[correction],
    )

    assert detail(client, "water-levels-rise") == {
        "id": public.id,
        "slug": "water-levels-rise",
        "title": "Water levels rise",
        "kicker": "Water",
        "summary": "The editor's summary.",
        "kind": "analysis",
        "language": "en",
        "published_at": "2026-02-20T06:15:00Z",
        "updated_at": "2026-02-20T06:15:00Z",
        "word_count": 3,
        "reading_minutes": 1,
        "is_breaking": True,
        "regions": [{"slug": "kazakhstan", "name": "Kazakhstan"}],
        "tags": [{"slug": "water", "name": "Water"}],
        "authors": [{"slug": "zarina", "name": "Zarina"}, {"slug": "aybek", "name": "Aybek"}],
        "lead_image": {
            "url": image.url,
            "alt": "A dam",
            "caption": "Built in 1976.",
            "credit": "Dastan",
            "width": 16,
            "height": 9,
        },
        "url": "/en/water-levels-rise",
        "excerpt": "One two three.",
        "body_html": "<p>One two three.</p>",
        "corrections": [correction],
        "translations": [],
        "canonical_url": "https://elsewhere.example/water",
        "seo": {"title": "Water", "description": "How high it stands."},
        "revision": 1,
    }


def test_it_says_null_for_what_is_not_set(client: Client) -> None:
    make_published("Plain", slug="plain", body_html="")
    make_published("Pictured", slug="pictured", lead_image=make_image(alt=""))

    answer = detail(client, "plain")
    picture = detail(client, "pictured", "fields=lead_image")["lead_image"]

    assert {key for key, value in answer.items() if value is None} == {
        "kicker",
        "lead_image",
        "canonical_url",
    }
    assert answer["seo"] == {"title": None, "description": None}
    assert (answer["word_count"], answer["reading_minutes"], answer["excerpt"]) == (0, 0, "")
    assert [answer[name] for name in ("regions", "tags", "authors", "corrections")] == [[]] * 4
    assert picture["alt"] == ""  # a picture that says nothing, which is not the same as unknown
    assert [picture[name] for name in ("caption", "credit", "width", "height")] == [None] * 4


def test_it_has_the_same_card_as_the_list(client: Client) -> None:
    make_published("Same", slug="same", tags=[make_tag()], lead_image=make_image())

    [card] = client.get(URL).json()["results"]
    answer = detail(client, "same")

    assert {name: answer[name] for name in card} == card


def test_it_adds_blocks_and_text_on_request(client: Client) -> None:
    make_published(slug="blocks", body_html="<h2>Heading</h2><p>Text</p>")

    more = detail(client, "blocks", "include=blocks,body_text")
    only = detail(client, "blocks", "fields=title,blocks&include=body_text")

    assert [block["type"] for block in more["blocks"]] == ["heading", "paragraph"]
    assert more["body_text"] == "Heading\n\nText"
    assert more["revision"] == 1
    assert set(only) == {"title", "blocks", "body_text"}


def test_it_serves_an_embed_as_a_frame_and_as_a_block(client: Client) -> None:
    address = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    make_published(slug="embed", body_html=f'<p><a href="{address}">{address}</a></p>')

    answer = detail(client, "embed", "include=blocks")

    assert "<iframe" in answer["body_html"]
    [block] = answer["blocks"]
    assert (block["type"], block["provider"], block["url"]) == ("embed", "youtube", address)
    assert "<iframe" in block["html"]


@pytest.mark.parametrize("name", ArticleSerializer.field_names())
def test_each_field_comes_alone_and_costs_no_further_statement(client: Client, name: str) -> None:
    make_published(slug="alone", tags=[make_tag()], lead_image=make_image())

    with CaptureQueriesContext(connection) as queries:
        answer = detail(client, "alone", f"fields={name}")

    assert set(answer) == {name}
    assert answer == {
        name: detail(client, "alone", f"include={','.join(HEAVY)}")[name],
    }
    # The version's query, names of the taxonomy (where it is shown), the article.
    assert len(queries) <= 1 + 2, [q["sql"] for q in queries]
    if name != "body_html":
        assert not any('"body_html"' in q["sql"] for q in queries)


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("fields=password", "invalid-parameter", "fields"),
        ("fields=article", "invalid-parameter", "fields"),
        ("fields=version", "invalid-parameter", "fields"),
        ("fields=highlights", "invalid-parameter", "fields"),
        ("include=title", "invalid-parameter", "include"),
        ("include=", "invalid-parameter", "include"),
        ("page=1", "unknown-parameter", "page"),
        ("locale=ru", "unknown-parameter", "locale"),
        ("state=draft", "unknown-parameter", "state"),
        ("preview=1", "unknown-parameter", "preview"),
        ("fields=title&fields=slug", "repeated-parameter", "fields"),
    ],
)
def test_it_refuses_what_cannot_be_meant(
    client: Client, query: str, code: str, parameter: str
) -> None:
    make_published(slug="there")

    for slug in ("there", "never-was"):
        assert_problem(client.get(f"{URL}/{slug}?{query}"), code, parameter=parameter)


@pytest.mark.parametrize("number", [1, 100])
def test_it_needs_two_statements_whatever_it_has(client: Client, number: int) -> None:
    group = "6f0c9f0e-0000-4000-8000-000000000001"
    make_published(
        slug="much",
        translation_group=group,
        regions=[make_region() for _ in range(number)],
        tags=[make_tag() for _ in range(number)],
        authors=[make_author() for _ in range(number)],
        lead_image=make_image(),
    )
    for index in range(number):
        make_published(language=f"x{chr(97 + index // 26)}-{index:02}", translation_group=group)

    with CaptureQueriesContext(connection) as queries:
        answer = detail(client, "much", "include=blocks,body_text")

    # The version's query, names of the taxonomy (the first time only), the article.
    assert len(queries) <= 1 + 2, [q["sql"] for q in queries]
    for name in ("translations", "regions", "tags", "authors"):
        assert len(answer[name]) == number


def test_its_revision_counts_publications(client: Client) -> None:
    public = make_published("First", slug="counted")
    save_desk_copy(public, title="Saved twice")
    article = save_desk_copy(public, title="Saved three times")
    assert detail(client, "counted")["revision"] == 1

    publish(article)
    assert detail(client, "counted")["revision"] == 2

    unpublish(article)
    publish(article)
    answer = detail(client, "counted")
    assert answer["revision"] == 3
    assert answer["id"] == public.id
    assert answer["published_at"] == public.published_at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_it_shows_what_was_last_published_and_not_what_was_saved_since(client: Client) -> None:
    public = make_published("As published", slug="kept", seo_title="Kept", kicker="Kept")
    before = client.get(f"{URL}/kept").content
    save_desk_copy(
        public,
        title="As saved",
        kicker="Saved",
        seo_title="Saved",
        body_html="<p>Saved</p>",
        corrections=[{"at": "2026-01-01T00:00:00Z", "note": "Saved"}],
        canonical_url="https://saved.example",
        language="ru",
        is_breaking=True,
        lead_image=make_image(),
    )
    public.article.tags.add(make_tag())

    assert client.get(f"{URL}/kept").content == before


def test_head_and_options_work_and_a_known_etag_gets_304(client: Client) -> None:
    make_published(slug="etag")
    full = client.get(f"{URL}/etag")

    head = client.head(f"{URL}/etag")
    known = client.get(f"{URL}/etag", headers={"If-None-Match": full["ETag"]})

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == full.headers
    assert (known.status_code, known.content) == (304, b"")
    assert client.options(f"{URL}/etag").status_code == 204
    assert_problem(client.post(f"{URL}/etag"), "method-not-allowed")
