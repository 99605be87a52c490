"""RSS and Atom, as feedparser reads them."""

from calendar import timegm
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped]  # it comes without types
import pytest

from articles.outlets.channel import Channel
from articles.outlets.entries import clean
from articles.outlets.rss import atom, rss
from tests.articles.outlets.making import HOSTILE, make_channel, make_entry, make_hostile_entry

FORMATS = pytest.mark.parametrize("write", [rss, atom])
Write = Callable[[Channel], str]


def parse(text: str) -> Any:
    found = feedparser.parse(text.encode(), sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo, found.get("bozo_exception")
    return found


@FORMATS
def test_it_works(write: Write) -> None:
    feed = parse(write(make_channel(make_entry(1), make_entry(2), hub="https://hub.example.org/")))

    assert feed.feed.title == "Steppe Courier"
    assert feed.feed.link == "https://www.example.org/"
    links = {(link.rel, link.href) for link in feed.feed.links}
    assert ("self", "https://www.example.org/feeds/rss.xml?tag=wind&language=en") in links
    assert ("hub", "https://hub.example.org/") in links
    first = feed.entries[0]
    assert (first.title, first.link) == ("Wind 1", "https://www.example.org/en/wind-1")
    assert first.id == "tag:www.example.org,2026:article:1"
    assert first.published_parsed[:5] == (2026, 2, 20, 6, 15)
    assert first.summary == "It blows."
    assert [tag.term for tag in first.tags] == ["Kazakhstan", "Wind", "Energy"]
    assert [author.name for author in first.authors] == ["Asel Tokmurat", "Zarina Aliyeva"]
    assert first.content[-1].value == "<p>It <strong>blows</strong> & blows.</p>"
    assert ("alternate", "ru", "https://www.example.org/ru/veter") in {
        (link.rel, link.get("hreflang"), link.href) for link in first.links
    }


def test_a_picture_comes_along_in_rss() -> None:
    [entry] = parse(rss(make_channel(make_entry()))).entries

    assert entry.media_content[0]["url"] == "https://m.example.org/a.jpg?a=1&b=2"


@FORMATS
def test_summaries_alone_come_without_bodies(write: Write) -> None:
    [entry] = parse(write(make_channel(make_entry(), has_full_text=False))).entries

    assert entry.summary == "It blows."
    assert "blows</strong>" not in str(entry)


@FORMATS
def test_hostile_texts_come_through_as_they_are(write: Write) -> None:
    text = write(make_channel(make_hostile_entry(), title=clean(HOSTILE)))

    ET.fromstring(text)
    [entry] = parse(text).entries
    assert entry.title == clean(HOSTILE)
    assert entry.authors[0].name == clean(HOSTILE)


@FORMATS
def test_a_channel_of_nothing_is_a_feed(write: Write) -> None:
    assert parse(write(make_channel())).entries == []


@FORMATS
def test_the_same_entries_give_the_same_text(write: Write) -> None:
    channel = make_channel(make_entry())

    assert write(channel) == write(channel)


def test_atom_tells_when_each_was_updated() -> None:
    [entry] = parse(atom(make_channel(make_entry()))).entries

    assert datetime.fromtimestamp(timegm(entry.updated_parsed), UTC) == datetime(
        2026, 2, 21, 6, 15, tzinfo=UTC
    )
    assert entry.title_detail.language == "en"
