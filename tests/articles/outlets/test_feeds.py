"""/feeds/…: the formats over the public tables."""

import json
from io import StringIO
from typing import Any

import feedparser  # type: ignore[import-untyped]  # it comes without types
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from articles.publishing import unpublish
from tests.articles.outlets.making import HOSTILE
from tests.articles.outlets.schemas import JSON_FEED, NINJS
from tests.articles.outlets.test_json_formats import check
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

RSS, ATOM, FEED, NINJS_FEED = (
    f"/feeds/{name}" for name in ("rss.xml", "atom.xml", "feed.json", "ninjs.json")
)
ALL = [RSS, ATOM, FEED, NINJS_FEED]
GROUP = "00000000-0000-0000-0000-000000000001"


def titles(response: Any) -> list[str]:
    """The titles of a feed's entries, read as its readers do; the feed is valid."""
    assert response.status_code == 200, response.content
    path = response.request["PATH_INFO"]
    if path == FEED:
        check(response.json(), JSON_FEED)
        return [item["title"] for item in response.json()["items"]]
    if path == NINJS_FEED:
        for item in response.json()["items"]:
            check(item, NINJS)
        return [item["title"] for item in response.json()["items"]]
    found = feedparser.parse(response.content, sanitize_html=False)
    assert not found.bozo, found.get("bozo_exception")
    return [entry.title for entry in found.entries]


@pytest.mark.parametrize("url", ALL)
def test_it_works(client: Client, url: str) -> None:
    make_published("Older", regions=[make_region("Osh")], authors=[make_author("Asel")])
    make_published("Newer", tags=[make_tag("Wind")], lead_image=make_image())
    make_draft("Draft")

    response = client.get(url)

    assert titles(response) == ["Newer", "Older"]
    types = ("application/rss+xml", "application/atom+xml", "application/feed+json")
    expected = dict(zip(ALL, (*types, "application/json"), strict=True))[url]
    assert response["Content-Type"].partition(";")[0] == expected


@pytest.mark.parametrize("url", ALL)
def test_a_client_that_has_it_gets_304_until_it_changes(client: Client, url: str) -> None:
    article = make_published("One")
    etag = client.get(url)["ETag"]

    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    unpublish(article.article)
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("url", ALL)
def test_a_feed_is_narrowed_by_region_tag_author_and_language(client: Client, url: str) -> None:
    country, tag, author = make_region("Kazakhstan"), make_tag("Wind"), make_author("Asel")
    town = make_region("Almaty", parent=country)
    make_published("Town", regions=[town])
    make_published("Tagged", tags=[tag])
    make_published("By Asel", authors=[author])
    make_published("Russian", language="ru")

    for query, expected in {
        "region=kazakhstan": ["Town"],
        "tag=wind": ["Tagged"],
        "author=asel": ["By Asel"],
        "language=ru": ["Russian"],
        "language=ru&tag=wind": [],
    }.items():
        assert titles(client.get(f"{url}?{query}")) == expected


@pytest.mark.parametrize("url", ALL)
def test_a_tag_that_does_not_exist_has_an_empty_feed(client: Client, url: str) -> None:
    make_published()
    make_draft(tags=[make_tag("Secret")])

    never, secret = client.get(f"{url}?tag=never"), client.get(f"{url}?tag=secret")

    assert titles(never) == titles(secret) == []
    assert never.content.replace(b"never", b"secret") == secret.content
    assert client.get(f"{url}?tag=never").content == never.content


@pytest.mark.parametrize("url", ALL)
@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("page=2", "unknown-parameter", "page"),
        ("tag=", "invalid-parameter", "tag"),
        ("tag=a&tag=b", "repeated-parameter", "tag"),
        ("language=%00", "invalid-parameter", "language"),
        ("region=a%20b", "invalid-parameter", "region"),
    ],
)
def test_parameters_are_strict(
    client: Client, url: str, query: str, code: str, parameter: str
) -> None:
    assert_problem(client.get(f"{url}?{query}"), code, parameter=parameter)


@pytest.mark.parametrize("url", ALL)
def test_whatever_accept_says_the_address_names_the_format(client: Client, url: str) -> None:
    make_published("One")

    assert titles(client.get(url, headers={"Accept": "text/html"})) == ["One"]


@pytest.mark.parametrize("url", ALL)
def test_hostile_titles_make_a_valid_feed(client: Client, url: str) -> None:
    title = HOSTILE.replace("\x00", "").replace("\ud800", "")
    make_published(title, tags=[make_tag("]]>")], slug="hostile")

    [found] = titles(client.get(f"{url}"))
    assert found.startswith("]]> <b>&amp;</b>")


def test_our_formats_say_the_same_of_an_article(client: Client) -> None:
    make_published("Wind & rain", slug="wind", translation_group=GROUP)
    make_published("Ветер", slug="veter", language="ru", translation_group=GROUP)

    rss = feedparser.parse(client.get(f"{RSS}?language=en").content).entries[0]
    atom = feedparser.parse(client.get(f"{ATOM}?language=en").content).entries[0]
    [item] = client.get(f"{FEED}?language=en").json()["items"]
    [ninjs] = client.get(f"{NINJS_FEED}?language=en").json()["items"]

    assert rss.link == atom.link == item["url"] == ninjs["renditions"][0]["href"]
    assert rss.id == atom.id == item["id"] == ninjs["uri"]
    assert rss.published_parsed == atom.published_parsed
    assert item["date_published"] == ninjs["firstCreated"]
    for entry in (rss, atom):
        links = {(link.get("hreflang"), link.href) for link in entry.links}
        assert ("ru", "http://testserver/ru/veter") in links


def test_bodies_come_along_only_where_the_newsroom_wants_it(
    client: Client, settings: Settings
) -> None:
    make_published(body_html="<p>Long story.</p>", summary="Short.")

    assert "content_html" not in client.get(FEED).json()["items"][0]
    settings.FEED_FULL_TEXT = True
    assert client.get(FEED).json()["items"][0]["content_html"] == "<p>Long story.</p>"
    assert b"Long story" in client.get(RSS).content


@pytest.mark.parametrize("url", [RSS, ATOM, FEED])
def test_a_hub_is_named_where_there_is_one(client: Client, settings: Settings, url: str) -> None:
    assert b"hub" not in client.get(url).content
    settings.WEBSUB_HUB = "https://hub.example.org/"

    response = client.get(url)

    assert b"https://hub.example.org/" in response.content
    assert '<https://hub.example.org/>; rel="hub"' in response["Link"]


def test_addresses_are_those_of_the_site(client: Client, settings: Settings) -> None:
    settings.ARTICLE_URL_TEMPLATE = "https://www.example.org/{language}/{slug}"
    settings.PUBLIC_URL = "https://api.example.org"
    make_published(slug="wind")

    feed = client.get(FEED).json()

    assert feed["items"][0]["url"] == "https://www.example.org/en/wind"
    assert feed["home_page_url"] == "https://www.example.org/"
    assert feed["feed_url"] == "https://api.example.org/feeds/feed.json"


def test_a_feed_is_called_by_the_names_of_what_it_is_narrowed_to(client: Client) -> None:
    make_published(tags=[make_tag("Wind", names={"ru": "Ветер"})], language="ru")

    assert client.get(f"{FEED}?tag=wind").json()["title"] == "Dastan: Wind"
    assert client.get(f"{FEED}?tag=wind&language=ru").json()["title"] == "Dastan: Ветер, ru"


@pytest.mark.parametrize("url", ALL)
def test_it_takes_as_many_queries_for_one_as_for_many(client: Client, url: str) -> None:
    tag = make_tag("Wind")
    counts = []
    for number in (1, 60):
        for _ in range(number):
            make_published(tags=[tag], regions=[make_region()], authors=[make_author()])
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"{url}?tag=wind")
        counts.append(len(queries))
        assert len(titles(response)) == min(number, 50)

    # The log's head, the tag's name for the title, the articles with all that they show; of ninjs
    # also what was withdrawn.
    expected = 4 if url == NINJS_FEED else 3
    assert counts == [expected, expected]


@pytest.mark.parametrize("url", ALL)
def test_head_and_options_work(client: Client, url: str) -> None:
    got = client.get(url)
    head = client.head(url)

    assert (head.status_code, head.content, head["ETag"]) == (200, b"", got["ETag"])
    assert client.options(url).status_code == 204
    assert_problem(client.post(url), "method-not-allowed")
    json.loads(client.get(FEED).content)


def test_a_page_of_any_site_may_read_a_feed(client: Client) -> None:
    response = client.get(FEED, headers={"Origin": "https://www.example.org"})

    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.bulk
def test_the_demo_newsroom_has_valid_feeds(client: Client) -> None:
    call_command("load_demo", stdout=StringIO(), stderr=StringIO())

    for url in ALL:
        newest = client.get("/api/v1/articles?page_size=50&fields=title").json()["results"]
        assert titles(client.get(url)) == [article["title"] for article in newest]
        assert titles(client.get(f"{url}?region=kazakhstan&language=ru"))
