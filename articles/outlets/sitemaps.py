"""Sitemaps (https://www.sitemaps.org/protocol.html) with hreflang alternates, and Google's news
sitemap (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from io import StringIO
from xml.sax.xmlreader import AttributesImpl

from django.utils.xmlutils import SimplerXMLGenerator

from articles.outlets.entries import clean

MAX_URLS = 50_000
NEWS_AGE = timedelta(days=2)
MAX_NEWS = 1_000

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"

Alternates = Iterable[tuple[str, str]]


def sitemap_index(parts: Iterable[tuple[str, datetime]]) -> str:
    """The index: (address of a part, when it last changed)."""
    out = StringIO()
    xml = _begin(out, "sitemapindex", {"xmlns": _SITEMAP})
    for address, updated_at in parts:
        xml.startElement("sitemap", AttributesImpl({}))
        xml.addQuickElement("loc", address)
        xml.addQuickElement("lastmod", updated_at.isoformat())
        xml.endElement("sitemap")
    return _end(xml, out, "sitemapindex")


def sitemap(urls: Iterable[tuple[str, datetime, Alternates]]) -> Iterator[str]:
    """One part, piece by piece: (address, when it was updated, addresses by language; of an
    article with translations its own is among them, as Google asks)."""
    out = StringIO()
    xml = _begin(out, "urlset", {"xmlns": _SITEMAP, "xmlns:xhtml": _XHTML})
    for address, updated_at, alternates in urls:
        xml.startElement("url", AttributesImpl({}))
        xml.addQuickElement("loc", address)
        xml.addQuickElement("lastmod", updated_at.isoformat())
        for language, url in alternates:
            xml.addQuickElement(
                "xhtml:link", None, {"rel": "alternate", "hreflang": language, "href": url}
            )
        xml.endElement("url")
        yield _drained(out)
    yield _end(xml, out, "urlset")


def news_sitemap(articles: Iterable[tuple[str, str, str, datetime]], *, newsroom: str) -> str:
    """(address, title, language, published at) of what is at most two days old."""
    out = StringIO()
    xml = _begin(out, "urlset", {"xmlns": _SITEMAP, "xmlns:news": _NEWS})
    for address, title, language, published_at in articles:
        xml.startElement("url", AttributesImpl({}))
        xml.addQuickElement("loc", address)
        xml.startElement("news:news", AttributesImpl({}))
        xml.startElement("news:publication", AttributesImpl({}))
        xml.addQuickElement("news:name", clean(newsroom))
        xml.addQuickElement("news:language", language.partition("-")[0])
        xml.endElement("news:publication")
        xml.addQuickElement("news:publication_date", published_at.isoformat())
        xml.addQuickElement("news:title", clean(title))
        xml.endElement("news:news")
        xml.endElement("url")
    return _end(xml, out, "urlset")


def _begin(out: StringIO, name: str, attributes: dict[str, str]) -> SimplerXMLGenerator:
    xml = SimplerXMLGenerator(out, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement(name, AttributesImpl(attributes))
    return xml


def _end(xml: SimplerXMLGenerator, out: StringIO, name: str) -> str:
    xml.endElement(name)
    xml.endDocument()
    return _drained(out)


def _drained(out: StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
