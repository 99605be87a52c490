"""A newsroom that moves out by `export_articles` and into an empty one, and what readers get."""

import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client

from articles.models import (
    Collection,
    Redirect,
)
from tests.articles.importing import run_import

HEAVY = "excerpt,body_html,blocks,body_text,corrections"
LISTS = ("articles", "regions", "tags", "authors")
TABLES = (
    *("searchentry", "publishedarticle", "listing", "slug", "formerurl", "preview", "revision"),
    *("byline", "formername", "presence", "slot", "collection", "redirect", "relatedchoice"),
    *("article_regions", "article_tags", "article", "author", "tag", "image", "region"),
)


def export(path: Path, *arguments: str) -> list[dict[str, Any]]:
    """The lines of an export, which also stand in the file."""
    call_command("export_articles", *arguments, "--output", str(path), stderr=io.StringIO())
    return [json.loads(line) for line in path.read_text().splitlines()]


def empty_the_newsroom() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM articles_{table}")


def move(lines: list[dict[str, Any]]) -> None:
    """Import the lines into a newsroom that has nothing."""
    empty_the_newsroom()
    report = run_import(*lines, now=datetime(2030, 1, 1, tzinfo=UTC))
    assert (report.errors, report.warnings, report.created) == ([], [], len(lines))


def answers(client: Client, slugs: Iterable[str] = ()) -> dict[str, Any]:
    """Every answer that readers can get, but for what may differ: ids and revisions."""
    found: dict[str, Any] = {}
    for name in LISTS:
        pages: list[Any] = []
        query = f"?page_size=100&include={HEAVY}" if name == "articles" else "?page_size=100"
        url: str | None = f"/api/v1/{name}{query}"
        while url:
            page = client.get(url).json()
            pages += page["results"]
            url = page["next"]
        found[name] = [_comparable(each) for each in pages]
        for each in [*(each["slug"] for each in pages), *slugs]:
            for path in (f"/api/v1/{name}/{each}", f"/api/v1/{name}/{each}?locale=ru"):
                if name == "articles":
                    path = path.replace("?locale=ru", "/related?limit=20")
                response = client.get(path)
                body = response.json() if response.content else None
                found[path] = (
                    response.status_code,
                    response.get("Location"),
                    _comparable(body),
                )
    for slug in Collection.objects.public().values_list("slug", flat=True):
        for path in (f"/api/v1/collections/{slug}", f"/api/v1/collections/{slug}?fields=slug"):
            response = client.get(path)
            found[path] = (response.status_code, _comparable(response.json()))
    for path in Redirect.objects.values_list("path", flat=True):
        response = client.get("/api/v1/redirects", {"path": path})
        found[path] = (response.status_code, response.json())
    return found


def _comparable(answer: Any) -> Any:
    if not isinstance(answer, dict):
        return answer
    comparable = {key: value for key, value in answer.items() if key not in ("id", "revision")}
    if "results" in answer:
        comparable["results"] = [_comparable(each) for each in answer["results"]]
    return comparable
