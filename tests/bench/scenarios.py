"""What is asked, and in which state of the caches."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.test import Client, RequestFactory

from articles.api.article_list import ArticleListView
from articles.models import PublishedArticle
from cms.api.caching import forget_all
from cms.api.caching.responses import responses
from cms.api.pagination import Paginator, Paging

BASE = "/api/v1"
REGION = "kazakhstan"


@dataclass(frozen=True, slots=True)
class State:
    """What is in memory when a request comes. ``environment`` is the server's."""

    name: str
    environment: dict[str, str]
    forget: Callable[[], None]
    with_etag: bool = False


def _nothing() -> None:
    """Everything stays as it is."""


ALL_COLD = State(
    "all cold",
    {"RESPONSE_CACHE_MEGABYTES": "0", "FRAGMENT_CACHE_MEGABYTES": "0"},
    forget_all,
)
STATES = (
    State("hot", {}, _nothing),
    State("matching ETag", {}, _nothing, with_etag=True),
    State("response cache cold", {"RESPONSE_CACHE_MEGABYTES": "0"}, responses.clear),
    ALL_COLD,
)


def scenarios() -> dict[str, str]:
    """The path of each scenario, in the newsroom that was generated."""
    middle = PublishedArticle.objects.order_by("id")[PublishedArticle.objects.count() // 2]
    day = middle.published_at.date().isoformat()
    found = {
        "list of a region": f"{BASE}/articles?region={REGION}",
        "page 100 of all": f"{BASE}/articles?page=100",
        "cursor in the middle": cursor_at(0.5),
        "article": f"{BASE}/articles/{middle.slug}",
        "tag and dates": f"{BASE}/articles?tag=topic-3&published_before={day}",
        "ticker": f"{BASE}/rates/ticker",
    }
    return {
        name: path
        for name, path in found.items()
        if Client(SERVER_NAME="localhost").get(path).status_code == 200
    }


def cursors() -> dict[str, str]:
    """The paths of pages at the beginning, in the middle and at the end of a walk, through all
    articles and through those of a region."""
    return {
        f"{place} of {what}": cursor_at(share, query)
        for place, share in (("the beginning", 0.01), ("the middle", 0.5), ("the end", 0.99))
        for what, query in (("all", ""), ("a region", f"&region={REGION}"))
    }


def cursor_at(share: float, query: str = "") -> str:
    """The path of a page, after this share of a walk from the newest article to the oldest."""
    newest = PublishedArticle.objects.order_by("-published_at", "-id")
    start = int(newest.count() * share)
    ids = newest.values_list("id", flat=True)[start : start + 2]
    two = PublishedArticle.objects.all_listed().filter(id__in=list(ids))
    paginator = Paginator(
        RequestFactory().get(f"{BASE}/articles?cursor={query}", headers={"Host": "localhost"}),
        Paging(page=1, page_size=1, cursor="", count=False),
        ArticleListView.orderings["-published_at"],
    )
    following = paginator.page(lambda: two, count=two.count).next or ""
    return f"{BASE}{following.partition(BASE)[2]}"


NAIVE = {
    "list of a region": f"/naive/articles?region={REGION}-north",
    "page 100 of all": "/naive/articles?page=100",
}


def statements(path: str, state: State) -> int:
    """How many statements the database gets for a request, counted on the wire."""
    client = Client(SERVER_NAME="localhost")
    etag = client.get(path)["ETag"]
    headers = {"If-None-Match": etag} if state.with_etag else {}
    state.forget()
    with tempfile.TemporaryFile("w+b") as file:
        raw = connection.connection.pgconn
        raw.trace(file.fileno())
        try:
            client.get(path, headers=headers)
        finally:
            raw.untrace()
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        lines = file.read().decode(errors="replace").splitlines()
    sent = [line.split("\t")[1:4] for line in lines]
    return sum(part[0] == "F" and part[2] in ("Query", "Execute") for part in sent if len(part) > 2)
