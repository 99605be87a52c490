"""The endpoints of feeds and sitemaps, which stand beside the API and keep its conventions."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson
from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from articles.api import surrogate_keys
from articles.api.examples import CARD
from articles.api.filters import FeedFilterSet
from articles.api.views import moved_or_gone
from articles.models import PublishedArticle
from articles.outlets import examples, reading
from articles.outlets.channel import Channel
from articles.outlets.entries import Entry, Newsroom
from articles.outlets.json_feed import json_feed
from articles.outlets.json_ld import json_ld
from articles.outlets.ninjs import ninjs, ninjs_feed
from articles.outlets.rss import atom, rss
from articles.outlets.sitemaps import news_sitemap, sitemap, sitemap_index
from cms.api.caching.memory import Memory
from cms.api.parameters import Parameter, ParameterErrors, Pattern, SlugParameter, read_filters
from cms.api.rendering import MediaType, OneForm
from cms.api.views import ReadView
from cms.changes.snapshot import current_head

FEED_LENGTH = 50  # entries; readers of feeds ask often, and for the newest


def media_type(name: str) -> type[MediaType]:
    """What negotiation takes for an answer of this media type."""
    return type("OwnMediaType", (MediaType,), {"media_type": name, "format": name})


class OutletView(ReadView):
    """A document whose address names its format."""

    topics = surrogate_keys.TOPICS
    reads_clock = False
    content_negotiation_class = OneForm

    def written(self, body: bytes | str) -> HttpResponse:
        name = self.renderer_classes[0].media_type
        charset = "" if name.endswith("json") else "; charset=utf-8"
        return HttpResponse(body, content_type=f"{name}{charset}")

    def refuse_parameters(self, request: Request) -> None:
        errors = ParameterErrors()
        self.read_parameters(request, errors)
        errors.raise_any()


class FeedView(OutletView):
    """The newest articles, of all or narrowed."""

    @classmethod
    def parameters(cls) -> dict[str, Parameter]:
        return {name: each.field for name, each in FeedFilterSet.base_filters.items()}

    def answer(self, request: Request, **kwargs: str) -> HttpResponseBase:
        query = request._request.GET
        errors = ParameterErrors()
        errors.refuse_unknown(query, self.parameters())
        values = read_filters(FeedFilterSet, query, errors)
        errors.raise_any()
        listed = PublishedArticle.objects.all_listed()
        articles = FeedFilterSet(query, values).filter_queryset(listed)
        channel = self.channel(request, values, articles)
        response = self.written(self.write(channel))
        if channel.hub:
            response["Link"] = f'<{channel.hub}>; rel="hub", <{channel.url}>; rel="self"'
        return response

    def channel(self, request: Request, values: Mapping[str, Any], articles: Any) -> Channel:
        room = reading.newsroom(request._request)
        newest = articles.order_by(F("listed_at").desc(), F("listed_id").desc())
        return Channel(
            newsroom=room,
            title=reading.title_of(room.name, values),
            url=f"{reading.server_base(request._request)}{request._request.get_full_path()}",
            language=values.get("language") or room.language,
            hub=settings.WEBSUB_HUB,
            has_full_text=settings.FEED_FULL_TEXT,
            entries=reading.entries(reading.showing_entries(newest)[:FEED_LENGTH], room),
        )

    def write(self, channel: Channel) -> bytes | str:
        raise NotImplementedError


class RssView(FeedView):
    """The newest articles as RSS 2.0."""

    renderer_classes = (media_type("application/rss+xml"),)
    other_contents: ClassVar[dict[str, Any]] = {"application/rss+xml": examples.RSS}

    def write(self, channel: Channel) -> str:
        return rss(channel)


class AtomView(FeedView):
    """The newest articles as Atom (RFC 4287)."""

    renderer_classes = (media_type("application/atom+xml"),)
    other_contents: ClassVar[dict[str, Any]] = {"application/atom+xml": examples.ATOM}

    def write(self, channel: Channel) -> str:
        return atom(channel)


class JsonFeedView(FeedView):
    """The newest articles as a JSON Feed 1.1."""

    renderer_classes = (media_type("application/feed+json"),)
    other_contents: ClassVar[dict[str, Any]] = {"application/feed+json": examples.JSON_FEED}

    def surrogate_keys(self) -> Iterable[str]:
        """Those of the list; of two kinds of names, any article may make one public that the
        title then tells. (RSS and Atom name translations, which other lists have.)"""
        query = self.request.GET
        several = sum(name in query for name in reading.NAMED) > 1
        return self.topics if several else surrogate_keys.of_list(query)

    def write(self, channel: Channel) -> bytes:
        return orjson.dumps(json_feed(channel))


class NinjsFeedView(FeedView):
    """The newest articles as IPTC ninjs 3, with their whole bodies, for other newsrooms.

    What was withdrawn for good comes first, as `canceled`, however the feed is narrowed.
    """

    renderer_classes = (media_type("application/json"),)
    other_contents: ClassVar[dict[str, Any]] = {"application/json": examples.NINJS_FEED}

    def write(self, channel: Channel) -> bytes:
        return orjson.dumps(ninjs_feed(channel, reading.withdrawn(channel.newsroom)))


def _slug_of_an_article() -> SlugParameter:
    parameter = SlugParameter("The article's slug.")
    parameter.example = CARD["slug"]
    return parameter


class ArticleOutletView(ReadView):
    """A published article, in another's format."""

    topics = surrogate_keys.TOPICS
    reads_clock = False
    path_parameters: ClassVar[dict[str, Parameter]] = {"slug": _slug_of_an_article()}
    other_statuses = ("301", "404", "410")
    route: ClassVar[str]

    def answer(self, request: Request, **kwargs: str) -> HttpResponseBase:
        errors = ParameterErrors()
        self.read_parameters(request, errors)
        errors.raise_any()
        articles = PublishedArticle.objects.filter(slug=kwargs["slug"])
        room = reading.newsroom(request._request)
        found = reading.entries(reading.showing_entries(articles), room)
        if not found:
            return moved_or_gone(kwargs["slug"], self.route, request.GET.dict())
        return Response(self.document(found[0], room))

    def document(self, entry: Entry, room: Newsroom) -> dict[str, Any]:
        raise NotImplementedError


class ArticleNinjsView(ArticleOutletView):
    """A published article as IPTC ninjs 3."""

    route = "article-ninjs"
    other_contents: ClassVar[dict[str, Any]] = {"application/json": examples.NINJS}

    def document(self, entry: Entry, room: Newsroom) -> dict[str, Any]:
        return ninjs(entry, newsroom=room)


class ArticleJsonLdView(ArticleOutletView):
    """A published article as schema.org JSON-LD: a NewsArticle, or the type of its kind."""

    route = "article-json-ld"
    other_contents: ClassVar[dict[str, Any]] = {"application/json": examples.JSON_LD}

    def document(self, entry: Entry, room: Newsroom) -> dict[str, Any]:
        return json_ld(entry, newsroom=room)


class SitemapView(OutletView):
    """A sitemap (https://www.sitemaps.org/protocol.html)."""

    renderer_classes = (media_type("application/xml"),)


class SitemapIndexView(SitemapView):
    """The index of the sitemap's parts."""

    other_contents: ClassVar[dict[str, Any]] = {"application/xml": examples.SITEMAP_INDEX}

    def answer(self, request: Request, **kwargs: str) -> HttpResponseBase:
        self.refuse_parameters(request)
        base = reading.server_base(request._request)
        parts = [(f"{base}/sitemap-{part}.xml", at) for part, at in reading.sitemap_parts()]
        return self.written(sitemap_index(parts))


class SitemapPartView(SitemapView):
    """A part of the sitemap: at most 50,000 articles, with the addresses of their translations."""

    path_parameters: ClassVar[dict[str, Parameter]] = {
        "part": Pattern("Its number, from the index.", "[1-9][0-9]{0,8}", "a whole number", "1")
    }
    other_statuses = ("404",)
    other_contents: ClassVar[dict[str, Any]] = {"application/xml": examples.SITEMAP}

    def answer(self, request: Request, **kwargs: str) -> HttpResponseBase:
        self.refuse_parameters(request)
        part, room = int(kwargs["part"]), reading.newsroom(request._request)
        head = current_head()
        version = (head.epoch, head.articles)
        held = _parts.get((room.base, part))
        if held is None or held[0] != version:
            held = version, _packed_part(part, room)
            _parts.put((room.base, part), held, held[1].size())
        found = held[1]
        return StreamingHttpResponse(
            found.pieces(),
            content_type="application/xml; charset=utf-8",
            headers={"ETag": found.etag},
        )


class NewsSitemapView(SitemapView):
    """Google's news sitemap: what was published in the last two days, at most 1,000."""

    is_kept = is_shared = False  # two days end at any moment
    reads_clock = True
    other_contents: ClassVar[dict[str, Any]] = {"application/xml": examples.NEWS_SITEMAP}

    def answer(self, request: Request, **kwargs: str) -> HttpResponseBase:
        self.refuse_parameters(request)
        room = reading.newsroom(request._request)
        news = reading.latest_news(timezone.now(), room)
        response = self.written(news_sitemap(news, newsroom=room.name))
        response["Cache-Control"] = "no-cache"  # and no older one when there is no newer
        return response


@dataclass(frozen=True, slots=True)
class Packed:
    """A text, compressed, and the ETag of its bytes."""

    etag: str
    kept: list[bytes]

    def size(self) -> int:
        """Bytes in memory, about."""
        return sum(map(len, self.kept)) + 1_000

    def pieces(self) -> Iterator[bytes]:
        """The text again, bit by bit."""
        decompressor = zlib.decompressobj()
        yield from (decompressor.decompress(each) for each in self.kept)
        yield decompressor.flush()


# By site and number, with the version of the articles that it tells. A full one takes 1.5 MB in
# one language, and 4 MB in three.
_parts: Memory[tuple[str, int], tuple[tuple[str, int], Packed]] = Memory(megabytes=24, parts=3)


def _packed_part(part: int, room: Newsroom) -> Packed:
    urls = reading.sitemap_urls(part, room)
    first = next(urls, None)
    if first is None:
        raise Http404
    return packed(sitemap(_with(first, urls)))


def packed(pieces: Iterable[str]) -> Packed:
    """A text that is compressed as it comes: so the answer is of one snapshot and its ETag that
    of its bytes, in a few megabytes."""
    digest = hashlib.blake2b(digest_size=16)
    compressor = zlib.compressobj(1)
    kept = []
    for piece in pieces:
        raw = piece.encode()
        digest.update(raw)
        kept.append(compressor.compress(raw))
    kept.append(compressor.flush())
    return Packed(f'W/"{digest.hexdigest()}"', [each for each in kept if each])


def _with(first: Any, others: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from others
