"""/sitemap.xml, its parts, and /news-sitemap.xml."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import PublishedArticle, SearchEntry
from articles.outlets import views
from articles.outlets.reading import sitemap_parts
from articles.outlets.views import Packed
from articles.publishing import unpublish
from cms.changes.models import Change
from tests.articles.outlets.test_sitemaps import INDEX, PART, check
from tests.factories import make_draft, make_published
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

GROUP = "00000000-0000-0000-0000-000000000001"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def body_of(response: Any) -> str:
    assert response.status_code == 200, response
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    return str(raw.decode())


def locations(text: str) -> list[str]:
    return [str(each.text) for each in ET.fromstring(text).iter() if each.tag.endswith("}loc")]


def move_to(article: PublishedArticle, public_id: int) -> None:
    """Give a public article another public id, as the sequence would some day."""
    PublishedArticle.objects.filter(pk=article.pk).update(id=public_id)
    SearchEntry.objects.filter(pk=article.pk).update(article_id=public_id)


@pytest.fixture
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_it_works(client: Client) -> None:
    first = make_published(slug="wind")
    make_draft(slug="draft")
    part = (first.pk - 1) // 50_000 + 1

    index = body_of(client.get("/sitemap.xml"))

    check(index, INDEX)
    assert locations(index) == [f"http://testserver/sitemap-{part}.xml"]
    text = body_of(client.get(f"/sitemap-{part}.xml"))
    check(text, PART)
    assert locations(text) == ["http://testserver/en/wind"]
    assert first.updated_at.isoformat() in text


def test_a_part_is_a_range_of_public_ids_and_says_when_it_last_changed(client: Client) -> None:
    for public_id, slug in ((1_050_000, "last"), (1_050_001, "first")):
        move_to(make_published(slug=slug), public_id)
    changed = PublishedArticle.objects.get(slug="first").updated_at

    index = body_of(client.get("/sitemap.xml"))

    assert locations(index) == [f"http://testserver/sitemap-{n}.xml" for n in (21, 22)]
    assert index.endswith(f"<lastmod>{changed.isoformat()}</lastmod></sitemap></sitemapindex>")
    assert locations(body_of(client.get("/sitemap-21.xml"))) == ["http://testserver/en/last"]
    assert locations(body_of(client.get("/sitemap-22.xml"))) == ["http://testserver/en/first"]


def test_a_withdrawal_makes_its_part_newer(client: Client) -> None:
    for public_id, slug in ((1_050_000, "last"), (1_050_001, "first"), (1_050_002, "gone")):
        move_to(make_published(slug=slug), public_id)
    before = dict(sitemap_parts())

    unpublish(PublishedArticle.objects.get(slug="gone").article)

    withdrawn_at = Change.objects.get(action="delete").at
    assert withdrawn_at > before[22]
    assert dict(sitemap_parts()) == {**before, 22: withdrawn_at}
    unpublish(PublishedArticle.objects.get(slug="first").article)
    assert dict(sitemap_parts()) == {21: before[21]}  # a part of none is not there
    make_published(slug="new")
    assert dict(sitemap_parts())[21] == before[21]


def test_translations_name_each_other_and_themselves(client: Client) -> None:
    one = make_published(slug="wind", translation_group=GROUP)
    make_published(slug="veter", language="ru", translation_group=GROUP)
    make_draft(slug="zhel", language="kk", translation_group=GROUP)

    text = body_of(client.get(f"/sitemap-{(one.pk - 1) // 50_000 + 1}.xml"))

    found = ET.fromstring(text).findall(".//{http://www.w3.org/1999/xhtml}link")
    links = [(link.get("hreflang"), link.get("href")) for link in found]
    pair = [("en", "http://testserver/en/wind"), ("ru", "http://testserver/ru/veter")]
    assert links == pair * 2


@pytest.mark.parametrize("url", ["/sitemap-7000.xml", "/sitemap-999999999.xml", "/sitemap-0.xml"])
def test_a_part_without_articles_is_not_there(client: Client, url: str) -> None:
    make_published()

    assert_problem(client.get(url), "not-found")


@pytest.mark.parametrize("url", ["/sitemap.xml", "/news-sitemap.xml"])
def test_nothing_published_is_a_sitemap_too(client: Client, url: str) -> None:
    check(body_of(client.get(url)), INDEX if url == "/sitemap.xml" else PART)


def test_a_client_that_has_it_gets_304_until_it_changes(client: Client) -> None:
    one, two = make_published(), make_published()
    part = f"/sitemap-{(one.pk - 1) // 50_000 + 1}.xml"
    etags = {url: client.get(url)["ETag"] for url in ("/sitemap.xml", part)}

    for url, etag in etags.items():
        assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    unpublish(two.article)
    for url, etag in etags.items():
        assert client.get(url, headers={"If-None-Match": etag}).status_code == 200


def statements_on_articles(queries: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in queries if 'FROM "articles_published' in query["sql"]]


def test_a_part_is_made_once_for_each_version_of_the_articles(client: Client) -> None:
    one = make_published(slug="wind")
    url = f"/sitemap-{(one.pk - 1) // 50_000 + 1}.xml"
    first = client.get(url)
    text = body_of(first)

    with CaptureQueriesContext(connection) as queries:
        kept = client.get(url)
        assert body_of(kept) == text
        held = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert held.status_code == 304
    assert statements_on_articles(queries) == []

    make_published(slug="water")
    later = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert [each.rpartition("/")[2] for each in locations(body_of(later))] == ["wind", "water"]


def test_a_part_has_the_addresses_of_the_host_that_is_asked(client: Client) -> None:
    url = f"/sitemap-{(make_published(slug='wind').pk - 1) // 50_000 + 1}.xml"

    here = [locations(body_of(client.get(url, secure=secure))) for secure in (False, True, False)]

    plain, secure = ([f"{scheme}://testserver/en/wind"] for scheme in ("http", "https"))
    assert here == [plain, secure, plain]


@pytest.mark.parametrize("url", ["/sitemap.xml", "/sitemap-1.xml", "/news-sitemap.xml"])
def test_parameters_are_refused(client: Client, url: str) -> None:
    assert_problem(client.get(f"{url}?page=2"), "unknown-parameter", parameter="page")


@pytest.mark.usefixtures("at_noon")
def test_news_are_at_most_two_days_old(client: Client) -> None:
    for slug, age in (("old", 49), ("two-days", 48), ("new", 47), ("newer", 1)):
        make_published(slug=slug, published_at=NOW - timedelta(hours=age))

    text = body_of(client.get("/news-sitemap.xml"))

    check(text, PART)
    assert locations(text) == ["http://testserver/en/newer", "http://testserver/en/new"]


@pytest.mark.usefixtures("at_noon")
def test_time_alone_takes_news_away(client: Client) -> None:
    make_published(slug="new", published_at=NOW - timedelta(hours=47))
    etag = client.get("/news-sitemap.xml")["ETag"]

    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        response = client.get("/news-sitemap.xml", headers={"If-None-Match": etag})
        assert locations(body_of(response)) == []


def test_news_are_never_shown_when_they_are_older(client: Client, settings: Any) -> None:
    """Neither by a CDN, which keeps what no change has touched, nor by who cannot reach us."""
    settings.PURGE_BACKEND = "varnish"
    make_published()
    news, index = client.get("/news-sitemap.xml"), client.get("/sitemap.xml")

    assert "CDN-Cache-Control" not in news
    assert news["Cache-Control"] == "no-cache"
    again = client.get("/news-sitemap.xml", headers={"If-None-Match": news["ETag"]})
    assert (again.status_code, again["Cache-Control"]) == (304, "no-cache")
    assert "CDN-Cache-Control" not in again
    assert "CDN-Cache-Control" in index
    assert "stale-if-error" in index["Cache-Control"]


@pytest.mark.usefixtures("at_noon")
def test_pages_and_advertising_are_no_news(client: Client) -> None:
    for kind in ("page", "sponsored", "opinion"):
        make_published(slug=kind, kind=kind, published_at=NOW - timedelta(hours=1))

    found = locations(body_of(client.get("/news-sitemap.xml")))
    assert found == ["http://testserver/en/opinion"]


def test_each_takes_one_query_besides_the_head(client: Client) -> None:
    for number in (1, 60):
        for _ in range(number):
            one = make_published()
        for url in ("/sitemap.xml", f"/sitemap-{one.pk // 50_000 + 1}.xml", "/news-sitemap.xml"):
            with CaptureQueriesContext(connection) as queries:
                body_of(client.get(url))
            assert len([q for q in queries if "FROM" in q["sql"]]) == 2, url


def test_a_full_part_of_three_languages_is_kept() -> None:
    """50,000 addresses with their translations take almost 4 MB, compressed."""
    part = Packed("", [bytes(4_000_000)])
    views._parts.put(("", 1), (("", 0), part), part.size())

    assert views._parts.get(("", 1)) == (("", 0), part)
