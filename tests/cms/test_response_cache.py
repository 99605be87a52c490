"""Answers kept in memory: right for the very next request, and never for somebody else."""

import gzip
import threading
from collections.abc import Callable

import brotli
import pytest
from django.db import connection, connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api.article_list import ArticleListView
from articles.models import Tag
from articles.preview import make_preview, token_of
from articles.publishing import publish, unpublish
from cms.api.caching.memory import Memory
from cms.api.caching.responses import responses
from tests.cms.endpoints import ENDPOINTS, make_newsroom
from tests.factories import make_draft, make_image, make_published, make_tag
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

URL = "/api/v1/articles"


def titles(client: Client, url: str = URL) -> list[str]:
    return [each["title"] for each in client.get(url).json()["results"]]


KEPT = [url for url in ENDPOINTS if url != "/api/v1/rates/sources"]  # that one tells how late it is


@pytest.mark.parametrize("url", KEPT)
def test_it_works(client: Client, url: str) -> None:
    make_newsroom()
    first = client.get(url)
    assert first.status_code == 200

    with CaptureQueriesContext(connection) as queries:
        again = client.get(url)

    # But the version's query, which goes past Django's cursor.
    assert len(queries) == 0
    assert again.content == first.content
    assert dict(again.items()) == dict(first.items())


def test_a_publication_shows_in_the_very_next_answer(client: Client) -> None:
    article = make_draft("Wind")
    assert titles(client) == []
    assert client.get(f"{URL}/wind").status_code == 404

    publish(article)
    assert titles(client) == ["Wind"]
    assert client.get(f"{URL}/wind").json()["title"] == "Wind"

    article.title = "Wind, corrected"
    article.save()
    assert titles(client) == ["Wind"]
    publish(article)
    assert titles(client) == ["Wind, corrected"]
    assert client.get(f"{URL}/wind").json()["title"] == "Wind, corrected"

    unpublish(article)
    assert titles(client) == []
    assert client.get(f"{URL}/wind").status_code == 404


def test_a_new_name_or_caption_shows_in_the_very_next_answer(client: Client) -> None:
    tag, image = make_tag("Energy"), make_image(caption="Old")
    make_published(tags=[tag], lead_image=image)
    [card] = client.get(URL).json()["results"]
    assert (card["tags"][0]["name"], card["lead_image"]["caption"]) == ("Energy", "Old")

    Tag.objects.update(name="Power")
    [card] = client.get(URL).json()["results"]
    assert card["tags"][0]["name"] == "Power"

    image.caption = "New"
    image.save()
    [card] = client.get(URL).json()["results"]
    assert card["lead_image"]["caption"] == "New"


def test_a_publication_renders_one_card_and_no_other(client: Client) -> None:
    articles = [make_published(f"Article {number}") for number in range(3)]
    client.get(URL)
    publish(articles[1].article)

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(URL)

    assert len(answer.json()["results"]) == 3
    cards = [q["sql"] for q in queries if "articles_image" in q["sql"]]
    assert len(cards) == 1
    assert f'"id" IN ({articles[1].pk})' in cards[0]


def test_fields_are_told_apart(client: Client) -> None:
    make_published("Wind")

    assert client.get(f"{URL}?fields=title").json()["results"] == [{"title": "Wind"}]
    assert set(client.get(f"{URL}?fields=title,slug").json()["results"][0]) == {"title", "slug"}
    assert "excerpt" in client.get(f"{URL}?include=excerpt").json()["results"][0]
    assert "excerpt" not in client.get(URL).json()["results"][0]


@pytest.mark.parametrize(
    "headers", [{"Authorization": "Bearer x"}, {"Authorization": ""}, {"Authorization": "nothing"}]
)
def test_a_credential_is_never_answered_from_what_is_kept(
    client: Client, headers: dict[str, str]
) -> None:
    client.get(URL)

    assert_problem(client.get(URL, headers=headers), "unauthenticated")
    assert client.get(URL).status_code == 200


def test_hosts_and_schemes_are_told_apart(client: Client) -> None:
    make_published()
    make_published()
    url = f"{URL}?page_size=1"
    with override_settings(ALLOWED_HOSTS=["one.example", "two.example"], PUBLIC_URL=""):
        found = {
            client.get(url, headers={"Host": host}, secure=secure).json()["next"].split("/api")[0]
            for host in ("one.example", "two.example")
            for secure in (False, True)
        }
        assert_problem(client.get(url, headers={"Host": "evil.example"}), "bad-host")

    assert found == {
        *("http://one.example", "https://one.example"),
        *("http://two.example", "https://two.example"),
    }


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/png"])
def test_formats_are_told_apart(client: Client, accept: str) -> None:
    client.get(URL)

    assert_problem(client.get(URL, headers={"Accept": accept}), "not-acceptable")
    assert client.get(URL, headers={"Accept": "application/json"}).status_code == 200


@pytest.mark.parametrize(
    "query", ["page=2", "page=1&page=1", "page_size=", "q", "nope=1", "page=%00", "page=1&cursor="]
)
def test_a_question_that_is_refused_stays_refused(client: Client, query: str) -> None:
    client.get(URL)

    first, again = (client.get(f"{URL}?{query}") for _ in range(2))

    assert first.status_code == again.status_code >= 400
    assert first.content == again.content


def test_each_coding_has_the_same_content(client: Client) -> None:
    make_newsroom()
    plain = client.get(URL).content
    for _ in range(3):
        for coding, decode in (("br", brotli.decompress), ("gzip", gzip.decompress)):
            response = client.get(URL, headers={"Accept-Encoding": coding})
            assert response["Content-Encoding"] == coding
            assert decode(response.content) == plain
            assert int(response["Content-Length"]) == len(response.content)
        assert "Content-Encoding" not in client.get(URL)


@override_settings(THROTTLE_RATE="3/min")
def test_what_is_kept_counts_for_throttling_and_tells_each_where_it_stands(client: Client) -> None:
    def ask(address: str) -> str:
        response = client.get("/api/v1/tags", REMOTE_ADDR=address)
        return response["RateLimit"].split(";")[1] if response.status_code == 200 else "refused"

    assert [ask("192.0.2.1") for _ in range(3)] == ["r=2", "r=1", "r=0"]
    assert ask("192.0.2.1") == "refused"
    assert ask("192.0.2.2") == "r=2"


def test_an_answer_that_sets_a_cookie_is_not_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = ArticleListView.answer

    def answer(self: ArticleListView, request: Request, **kwargs: str) -> Response:
        response = usual(self, request, **kwargs)
        response.set_cookie("who", request.headers["X-Who"])
        return response

    monkeypatch.setattr(ArticleListView, "answer", answer)
    client.get(URL, headers={"X-Who": "one"})

    assert client.get(URL, headers={"X-Who": "two"}).cookies["who"].value == "two"


def test_an_answer_that_must_not_be_stored_is_not_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = ArticleListView.answer

    def answer(self: ArticleListView, request: Request, **kwargs: str) -> Response:
        response = usual(self, request, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    monkeypatch.setattr(ArticleListView, "answer", answer)
    client.get(URL)

    assert len(responses) == 0


def in_threads(number: int, work: Callable[[], object]) -> None:
    def run() -> None:
        work()
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_what_was_read_before_a_commit_is_not_kept_for_after_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_draft("Wind")
    usual, published = ArticleListView.answer, threading.Event()

    def answer(self: ArticleListView, request: Request, **kwargs: str) -> Response:
        response = usual(self, request, **kwargs)
        if not published.is_set():
            published.set()
            in_threads(1, lambda: publish(article))
        return response

    monkeypatch.setattr(ArticleListView, "answer", answer)

    assert titles(client) == [], "the snapshot is from before"
    assert titles(client) == ["Wind"]


@pytest.mark.django_db(transaction=True)
def test_a_cold_answer_is_computed_once_however_many_ask(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_published("Wind")
    usual, computed, asked = ArticleListView.answer, [], threading.Semaphore(0)

    def answer(self: ArticleListView, request: Request, **kwargs: str) -> Response:
        computed.append(1)
        for _ in range(7):
            asked.acquire(timeout=5)
        return usual(self, request, **kwargs)

    monkeypatch.setattr(ArticleListView, "answer", answer)
    answers = []

    def ask() -> None:
        asked.release()
        answers.append(Client().get(URL).json()["count"])

    in_threads(8, ask)

    assert answers == [1] * 8
    assert len(computed) == 1


def test_a_memory_is_bounded_and_what_was_used_last_stays() -> None:
    memory: Memory[int, str] = Memory(megabytes=0.001)
    for key in range(10):
        memory.put(key, f"value {key}", 100)
    assert memory.bytes == 1000

    assert memory.get(0) == "value 0"
    memory.put(10, "value 10", 100)
    assert memory.get(1) is None
    assert memory.get(0) == "value 0"
    assert (len(memory), memory.bytes) == (10, 1000)

    memory.put(0, "another", 50)
    assert memory.bytes == 950
    memory.put(0, "too big for it", 500)
    assert memory.get(0) is None
    memory.discard(10)
    memory.discard(77)
    assert memory.get_many([9, 10, 8]) == ["value 9", None, "value 8"]
    memory.clear()
    assert (len(memory), memory.bytes) == (0, 0)


def test_what_is_streamed_is_never_stored(client: Client) -> None:
    make_newsroom()
    url = "/api/v1/rates/KGS-USD/history?format=csv"
    bodies = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url)
            assert response.streaming
            bodies.append(response.getvalue())
        assert len(queries) > 0
    assert bodies[0] == bodies[1] != b""
    assert not responses._values
    assert "rates" in response["Surrogate-Key"].split()


def test_a_preview_is_neither_stored_nor_told_to_a_cdn(client: Client) -> None:
    token = token_of(make_preview(make_draft("Secret"), by=None))
    with override_settings(PURGE_BACKEND="varnish", PURGE_URL=["http://127.0.0.1:1"]):
        response = client.get(f"/api/v1/previews/{token}")

    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    for name in ("CDN-Cache-Control", "Surrogate-Key", "Change-Number"):
        assert name not in response
    assert not responses._values
