"""RSS 2.0 (https://www.rssboard.org/rss-specification) and Atom (RFC 4287), by Django's writers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.xmlutils import SimplerXMLGenerator

from articles.outlets.channel import Channel
from articles.outlets.entries import Entry

CONTENT = "http://purl.org/rss/1.0/modules/content/"
MEDIA = "http://search.yahoo.com/mrss/"
ATOM = "http://www.w3.org/2005/Atom"


# A feed of nothing is not new each time that it is asked for.
EMPTY_SINCE = datetime(1970, 1, 1, tzinfo=UTC)


class _Dated(SyndicationFeed):
    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else EMPTY_SINCE


class _Rss(_Dated, Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return {
            **super().rss_attributes(),
            "xmlns:content": CONTENT,
            "xmlns:media": MEDIA,
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        entry: Entry = item["entry"]
        _write_alternates(handler, entry, "atom:link")
        super().add_item_elements(handler, item)
        for name in entry.authors:
            handler.addQuickElement("dc:creator", name)
        if self.feed["has_full_text"]:
            handler.addQuickElement("content:encoded", entry.html)
        if entry.picture is not None:
            attributes = {"url": entry.picture.url, "medium": "image"}
            handler.startElement("media:content", AttributesImpl(attributes))
            if entry.picture.alt:
                handler.addQuickElement("media:description", entry.picture.alt)
            handler.endElement("media:content")


class _Atom(_Dated, Atom1Feed):
    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("link", None, {"rel": "hub", "href": self.feed["hub"]})

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["entry"].language}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        entry: Entry = item["entry"]
        _write_alternates(handler, entry, "link")
        super().add_item_elements(handler, item)
        for name in entry.authors:
            handler.startElement("author", AttributesImpl({}))
            handler.addQuickElement("name", name)
            handler.endElement("author")
        if self.feed["has_full_text"]:
            handler.addQuickElement("content", entry.html, {"type": "html"})


def rss(channel: Channel) -> str:
    """The channel as RSS 2.0, with full texts in content:encoded and pictures as Media RSS."""
    return _written(_Rss, channel)


def atom(channel: Channel) -> str:
    """The channel as Atom."""
    return _written(_Atom, channel)


def _write_alternates(handler: SimplerXMLGenerator, entry: Entry, element: str) -> None:
    """Translations, before the article's own link: of several, readers take the last one."""
    for language, url in entry.alternates:
        attributes = {"rel": "alternate", "hreflang": language, "href": url}
        handler.addQuickElement(element, None, attributes)


def _written(kind: type[SyndicationFeed], channel: Channel) -> str:
    feed = kind(
        title=channel.title,
        link=channel.home,
        description=channel.title,
        language=channel.language,
        feed_url=channel.url,
        feed_guid=channel.url,
        # Atom asks for an author of the feed where an entry has none (RFC 4287, 4.1.1).
        author_name=channel.newsroom.name,
        hub=channel.hub,
        has_full_text=channel.has_full_text,
    )
    for entry in channel.entries:
        feed.add_item(
            title=entry.title,
            link=entry.url,
            description=entry.summary,
            pubdate=entry.published_at,
            updateddate=entry.updated_at,
            unique_id=entry.uri,
            unique_id_is_permalink=False,
            categories=[*entry.regions, *entry.tags],
            entry=entry,
        )
    return str(feed.writeString("utf-8"))
