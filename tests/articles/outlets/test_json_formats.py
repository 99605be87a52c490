"""JSON Feed, ninjs and JSON-LD."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from articles.outlets.json_feed import json_feed
from articles.outlets.json_ld import json_ld
from articles.outlets.ninjs import canceled, ninjs, ninjs_feed
from tests.articles.outlets.making import NEWSROOM, make_channel, make_entry, make_hostile_entry
from tests.articles.outlets.schemas import JSON_FEED, NINJS

ENTRIES = pytest.mark.parametrize(
    "entry",
    [
        make_entry(),
        make_entry(picture=None, authors=(), tags=(), regions=(), kicker="", corrections=()),
        make_entry(kind="page", html="", text="", word_count=0, is_breaking=True),
        make_hostile_entry(),
    ],
)


def check(document: Any, schema: dict[str, Any]) -> None:
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in checker.iter_errors(json.loads(json.dumps(document)))] == []


@ENTRIES
@pytest.mark.parametrize("has_full_text", [True, False])
def test_a_json_feed_is_one(entry: Any, has_full_text: bool) -> None:
    feed = json_feed(
        make_channel(entry, has_full_text=has_full_text, hub="https://hub.example.org")
    )

    check(feed, JSON_FEED)
    [item] = feed["items"]
    assert (item["title"], item["url"], item["id"]) == (entry.title, entry.url, entry.uri)
    assert ("content_html" in item) is has_full_text
    assert item["date_published"] == "2026-02-20T06:15:00+00:00"


@ENTRIES
def test_ninjs_is_valid_and_says_what_the_article_says(entry: Any) -> None:
    document = ninjs(entry, newsroom=NEWSROOM)

    check(document, NINJS)
    assert document["headlines"][0]["value"] == entry.title
    assert document["uri"] == entry.uri
    assert document["bodies"][0]["value"] == entry.html
    assert document["pubStatus"] == "usable"
    assert [each["name"] for each in document.get("places", [])] == list(entry.regions)


def test_breaking_news_is_urgent() -> None:
    assert ninjs(make_entry(is_breaking=True), newsroom=NEWSROOM)["urgency"] == 1
    assert ninjs(make_entry(), newsroom=NEWSROOM)["urgency"] == 5


def test_what_was_withdrawn_is_canceled() -> None:
    gone = canceled("tag:a,2026:article:1", at=datetime(2026, 1, 1, tzinfo=UTC), reason="A court.")

    check(gone, NINJS)
    assert (gone["pubStatus"], gone["edNote"]) == ("canceled", "A court.")
    feed = ninjs_feed(make_channel(make_entry()), [gone])
    assert [item["pubStatus"] for item in feed["items"]] == ["canceled", "usable"]


@ENTRIES
def test_json_ld_says_what_search_engines_ask_for(entry: Any) -> None:
    document = json_ld(entry, newsroom=NEWSROOM)

    assert document["@context"] == "https://schema.org"
    assert document["headline"] == entry.title
    assert document["publisher"]["name"] == "Steppe Courier"
    assert (
        [each["name"] for each in document["author"]] == list(entry.authors)
        if entry.authors
        else True
    )
    assert document["dateModified"] == "2026-02-21T06:15:00.000005+00:00"
    json.dumps(document)


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("news", "NewsArticle"),
        ("analysis", "AnalysisNewsArticle"),
        ("opinion", "OpinionNewsArticle"),
        ("interview", "NewsArticle"),
        ("sponsored", "AdvertiserContentArticle"),
        ("page", "Article"),
    ],
)
def test_each_kind_has_its_type(kind: str, type_: str) -> None:
    assert json_ld(make_entry(kind=kind), newsroom=NEWSROOM)["@type"] == type_


def test_corrections_pictures_and_translations_are_told() -> None:
    document = json_ld(make_entry(), newsroom=NEWSROOM)

    assert document["correction"][0]["text"] == "It did not."
    assert document["image"][0]["creditText"] == "Dastan"
    assert document["workTranslation"][0]["inLanguage"] == "ru"
