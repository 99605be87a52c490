"""Answers that a CDN keeps are taken back as they change: those, and no others."""

import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.test import Client, override_settings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from articles.models import Article, Region, Tag
from articles.publishing import publish, unpublish
from cms.cdn import purging
from cms.cdn.keys import EVERYTHING, touched_by
from cms.changes import consumers
from cms.changes.models import Change, Consumer, LogHead
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_published,
    make_region,
    make_tag,
)
from tests.serving import Server, ask, running, serving
from tests.varnish import varnish

BASE = "/api/v1"


def keys_of(client: Client, path: str) -> set[str]:
    response = client.get(f"{BASE}{path}")
    assert response.status_code == 200, path
    assert len(response["Surrogate-Key"]) < 1000
    return set(response["Surrogate-Key"].split())


def touched() -> set[str]:
    """The keys of all changes so far, which are forgotten."""
    changes = list(Change.objects.order_by("number"))
    Change.objects.all().delete()
    return touched_by(changes)


@pytest.mark.django_db
def test_it_works(client: Client) -> None:
    """A publication touches the article and the lists that it is or was in, and nothing else."""
    north = make_region("North", parent=make_region("Kazakhstan"))
    other = make_region("Kyrgyzstan")
    energy, water = make_tag("Energy"), make_tag("Water")
    asel = make_author("Asel")
    make_published("Elsewhere", regions=[other], tags=[water], language="ru")
    article = make_published("Wind", regions=[north], tags=[energy], authors=[asel]).article
    its_own = [
        "/articles/wind", "/articles", "/articles?kind=news", "/articles?region=north",
        "/articles?region=kazakhstan", "/articles?tag=energy", "/articles?author=asel",
        "/articles?language=en", "/articles?region=kyrgyzstan,north", "/articles?tag_all=energy",
        "/articles?region=kazakhstan&kind=news", "/articles?cursor=",
    ]  # fmt: skip
    others = ["/articles/elsewhere", "/articles?region=kyrgyzstan", "/articles?tag=water",
              "/articles?language=ru", "/newsroom"]  # fmt: skip
    about = ["/regions", "/tags", "/authors", "/regions/north", "/regions/kazakhstan",
             "/tags/energy", "/authors/asel", "/tags/water", "/regions/kyrgyzstan"]  # fmt: skip

    touched()
    publish(article)
    keys = touched()
    assert [path for path in its_own if not keys & keys_of(client, path)] == []
    assert [path for path in others + about if keys & keys_of(client, path)] == []

    article.tags.set([water])
    article.regions.set([other])
    publish(article)
    keys = touched()
    moved_to = ["/articles?region=kyrgyzstan", "/articles?tag=water", "/tags/water", "/tags"]
    assert [path for path in moved_to if not keys & keys_of(client, path)] == []
    assert "in-tag-energy" in keys, "the list that it was in"
    assert "in-region-kazakhstan" in keys, "and that of the region above"
    assert keys & keys_of(client, "/authors") == set()
    assert keys & keys_of(client, "/articles/elsewhere") == set()

    known = keys_of(client, "/articles/wind")
    unpublish(article)
    keys = touched()
    assert keys & known
    gone = ["/articles", "/articles?tag=water", "/tags/water", "/regions/kyrgyzstan", "/tags"]
    assert [path for path in gone if not keys & keys_of(client, path)] == []
    assert keys & keys_of(client, "/articles/elsewhere") == set()


@pytest.mark.django_db
def test_a_translation_touches_the_others(client: Client) -> None:
    group = "6a1c2cb8-6b0c-4d3e-a2d3-000000000001"
    english = make_published("Wind", language="en", translation_group=group)
    russian = make_published("Ветер", slug="veter", language="ru", translation_group=group)
    make_published("Elsewhere")
    touched()

    publish(russian.article)

    keys = touched()
    assert keys & keys_of(client, f"/articles/{english.slug}")
    assert keys & keys_of(client, "/articles/elsewhere") == set()


@pytest.mark.django_db
def test_what_is_new_on_the_desk_touches_nothing_and_a_new_name_what_shows_names(
    client: Client,
) -> None:
    tag = make_tag("Energy")
    make_published("Wind", tags=[tag])
    touched()

    make_tag("New")
    make_image()
    make_author("New")
    make_draft("Draft")
    assert touched() == set()

    tag.name = "Power"
    tag.save()
    keys = touched()
    for path in ("/articles", "/articles/wind", "/tags", "/tags/energy", "/articles?language=en"):
        assert keys & keys_of(client, path), path
    assert keys & keys_of(client, "/newsroom") == set()


@pytest.mark.django_db
def test_a_list_of_what_does_not_exist_is_touched_when_it_comes(client: Client) -> None:
    before = keys_of(client, "/articles?tag=energy")
    touched()
    make_published(tags=[make_tag("Energy")])

    assert touched() & before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/articles?q=wind&tag=water",
        "/articles?facets=tag&tag=water",
        "/articles/rain/related",
        "/search/suggestions?q=w",
    ],
)
def test_what_any_article_may_alter_is_touched_by_each(client: Client, path: str) -> None:
    make_published("Rain", tags=[make_tag("Water")])
    before = keys_of(client, path)
    touched()
    make_published("Wind")

    assert touched() & before


@pytest.mark.django_db
def test_a_json_feed_of_one_tag_is_touched_by_its_articles_only(client: Client) -> None:
    make_published("Rain", tags=[make_tag("Water")])
    wind = make_tag("Wind")
    url = "/feeds/feed.json?tag=water"
    kept = set(client.get(url)["Surrogate-Key"].split())
    all_of_them = set(client.get("/feeds/feed.json")["Surrogate-Key"].split())
    of_two_kinds = set(client.get(f"{url}&region=osh")["Surrogate-Key"].split())
    touched()

    make_published("Breeze", tags=[wind])
    keys = touched()
    assert keys & kept == set()
    assert keys & all_of_them
    assert keys & of_two_kinds
    make_published("Flood", tags=[Tag.objects.get(slug="water")])
    assert touched() & kept


@pytest.mark.django_db
def test_a_region_that_is_listed_by_hand_touches_the_regions(client: Client) -> None:
    before = keys_of(client, "/regions")
    touched()
    make_region("Aral", is_listed=True)
    assert touched() & before

    Region.objects.update(is_listed=False)
    assert touched() & before


@pytest.mark.django_db
def test_a_reset_touches_everything() -> None:
    Change.objects.create(topic="articles", action="reset", type="article", at="2026-01-01T00:00Z")

    assert touched() == {EVERYTHING}


@pytest.mark.django_db
def test_only_with_a_cdn_may_it_keep_answers_and_no_error_is_kept(client: Client) -> None:
    make_published("Wind")
    assert "CDN-Cache-Control" not in client.get(f"{BASE}/articles")

    with override_settings(PURGE_BACKEND="varnish", PURGE_URL=["http://127.0.0.1:1"]):
        for path, lifetime in (("/articles", 3600), ("/articles/wind", 3600), ("/newsroom", 60)):
            response = client.get(f"{BASE}{path}")
            assert response["CDN-Cache-Control"] == f"max-age={lifetime}"
            assert response["Cache-Control"] == "no-cache, stale-if-error=3600"
            again = client.get(f"{BASE}{path}", headers={"If-None-Match": response["ETag"]})
            assert again["CDN-Cache-Control"] == f"max-age={lifetime}"
            assert again["Surrogate-Key"] == response["Surrogate-Key"]
        make_tag("Unrelated to what is kept")
        for _ in range(2):
            number = client.get(f"{BASE}/articles")["Change-Number"]
            assert number == str(LogHead.objects.get().number), "that by which it was found right"
        for path in ("/articles/nothing", "/articles?nope=1"):
            assert "CDN-Cache-Control" not in client.get(f"{BASE}{path}")
        with override_settings(THROTTLE_RATE="100/min"):
            assert "RateLimit" not in client.get(f"{BASE}/articles"), "it is of one caller"


# The backends, with a local server in the CDN's place


@pytest.mark.django_db
def test_varnish_is_told_the_keys(httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request("/", method="PURGE").respond_with_data("Purged 2")
    with override_settings(PURGE_BACKEND="varnish", PURGE_URL=[httpserver.url_for("/")]):
        purging.purge({"b", "a"})

    [(request, _)] = httpserver.log
    assert request.headers["xkey-purge"] == "a b"
    assert "change-number" not in request.headers


@pytest.mark.django_db
def test_another_cdn_is_told_in_the_address_or_in_a_header(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/purge/a b", method="POST").respond_with_data("ok")
    httpserver.expect_request("/purge", method="POST").respond_with_data("ok")
    with override_settings(
        PURGE_BACKEND="http",
        PURGE_URL=[httpserver.url_for("/purge/") + "{keys}"],
        PURGE_HEADERS={"Api-Key": "secret"},
    ):
        purging.purge({"b", "a"})
    with override_settings(
        PURGE_BACKEND="http",
        PURGE_URL=[httpserver.url_for("/purge")],
        PURGE_HEADERS={"Surrogate-Key": "{keys}"},
    ):
        purging.purge({"b", "a"})

    first, second = (request for request, _ in httpserver.log)
    assert first.headers["Api-Key"] == "secret"
    assert second.headers["Surrogate-Key"] == "a b"


@pytest.mark.django_db
def test_many_keys_go_in_several_requests(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/", method="PURGE").respond_with_data("ok")
    keys = {f"key-{number}" for number in range(250)}
    with override_settings(PURGE_BACKEND="varnish", PURGE_URL=[httpserver.url_for("/")]):
        purging.purge(keys)

    sent = [set(request.headers["xkey-purge"].split()) for request, _ in httpserver.log]
    assert [len(each) for each in sent] == [100, 100, 50]
    assert set().union(*sent) == keys


@pytest.mark.django_db
@pytest.mark.parametrize("status", [301, 403, 500, 503])
def test_a_cdn_that_refuses_is_told_again(httpserver: HTTPServer, status: int) -> None:
    answers = iter([status, 200])

    def respond(request: Request) -> Response:
        return Response(status=next(answers), headers={"Location": "/elsewhere"})

    httpserver.expect_request("/", method="PURGE").respond_with_handler(respond)
    consumers.step(purging.PURGE)
    make_published("Wind")
    with override_settings(PURGE_BACKEND="varnish", PURGE_URL=[httpserver.url_for("/")]):
        assert not consumers.step(purging.PURGE)
        position = Consumer.objects.get(name="purge")
        assert str(status) in position.error
        Consumer.objects.update(retry_at=None)
        assert consumers.step(purging.PURGE)

    first, second = (request.headers["xkey-purge"] for request, _ in httpserver.log)
    assert first == second
    assert not consumers.step(purging.PURGE)


@pytest.mark.django_db
def test_several_publications_are_told_once(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/", method="PURGE").respond_with_data("ok")
    consumers.step(purging.PURGE)
    article = make_published("Wind").article
    for _ in range(5):
        publish(article)
    with override_settings(PURGE_BACKEND="varnish", PURGE_URL=[httpserver.url_for("/")]):
        assert consumers.step(purging.PURGE)

    [(request, _)] = httpserver.log
    keys = request.headers["xkey-purge"].split()
    assert len(keys) == len(set(keys))
    assert request.headers["change-number"] == str(LogHead.objects.get().number)


@pytest.mark.django_db
def test_a_new_life_of_the_log_takes_everything_back(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/", method="PURGE").respond_with_data("ok")
    consumers.step(purging.PURGE)
    LogHead.objects.update(epoch="6a1c2cb8-6b0c-4d3e-a2d3-000000000002")
    with override_settings(PURGE_BACKEND="varnish", PURGE_URL=[httpserver.url_for("/")]):
        assert consumers.step(purging.PURGE)

    [(request, _)] = httpserver.log
    assert request.headers["xkey-purge"] == EVERYTHING


# The real thing: server, worker and Varnish


class Site(NamedTuple):
    server: Server
    cdn: int
    article: Article


@pytest.fixture
def site(transactional_db: None) -> Iterator[Site]:
    article = make_published("Wind", tags=[make_tag("Energy")]).article
    make_published("Elsewhere", tags=[make_tag("Water")])
    with (
        serving(PURGE_BACKEND="varnish", PURGE_URL="http://127.0.0.1:1") as server,
        varnish(server.port) as cdn,
        running(
            "worker", "--no-jobs", PURGE_BACKEND="varnish", PURGE_URL=f"http://127.0.0.1:{cdn}"
        ),
    ):
        deadline = time.monotonic() + 30
        while not Consumer.objects.filter(name="purge").exists():
            assert time.monotonic() < deadline, "the worker does not begin"
            time.sleep(0.05)
        yield Site(server, cdn, article)


def told() -> None:
    """Wait until the worker has taken back what has changed so far."""
    number, deadline = LogHead.objects.get().number, time.monotonic() + 10
    while Consumer.objects.get(name="purge").number < number:
        assert time.monotonic() < deadline, Consumer.objects.get(name="purge").error
        time.sleep(0.01)


@pytest.mark.varnish
def test_varnish_keeps_answers_until_they_change(site: Site) -> None:
    urls = {each: f"{BASE}/articles{each}" for each in ("", "/wind", "?tag=energy", "?tag=water")}

    def is_kept(url: str) -> bool:
        """Whether the second answer comes from Varnish: it has an age then, maybe of 0."""
        ask(site.cdn, url)
        time.sleep(1.1)
        return int(ask(site.cdn, url).headers.get("age", "0")) >= 1

    assert all(is_kept(url) for url in urls.values())
    site.article.title = "Wind, corrected"
    site.article.save()
    publish(site.article)
    told()

    first = {name: ask(site.cdn, url) for name, url in urls.items()}
    assert b"Wind, corrected" in first["/wind"].body
    assert b"Wind, corrected" in first[""].body
    assert b"Wind, corrected" in first["?tag=energy"].body
    assert [name for name, each in first.items() if int(each.headers["age"]) >= 1] == ["?tag=water"]

    unpublish(site.article)
    told()
    assert ask(site.cdn, urls["/wind"]).status == 404
    assert b"Wind" not in ask(site.cdn, urls[""]).body


@pytest.mark.varnish
def test_varnish_keeps_nobodys_answer_for_another(site: Site) -> None:
    url = f"{BASE}/articles"
    plain = ask(site.cdn, url)
    assert plain.status == 200
    for hidden in ("xkey", "surrogate-key", "cdn-cache-control", "change-number"):
        assert hidden not in plain.headers

    assert ask(site.cdn, url, Authorization="Bearer x").status == 401
    assert ask(site.cdn, url, Accept="text/html").status == 406
    assert ask(site.cdn, url, Host="evil.example").status == 400
    assert ask(site.cdn, url, Cookie="sessionid=x").body == plain.body
    assert ask(site.cdn, url, Accept_Encoding="gzip").headers["content-encoding"] == "gzip"
    assert ask(site.cdn, url).body == plain.body
    assert ask(site.cdn, url, If_None_Match=plain.headers["etag"]).status == 304
    assert ask(site.cdn, f"{BASE}/articles/nothing").status == 404
    make_published("Nothing")
    assert ask(site.cdn, f"{BASE}/articles/nothing").status == 200, "no error was kept"
