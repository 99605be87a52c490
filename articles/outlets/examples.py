"""What the OpenAPI document shows as examples of outlets; made by the formats themselves."""

from datetime import UTC, datetime

from articles.outlets.channel import Channel
from articles.outlets.entries import Entry, Newsroom
from articles.outlets.json_feed import json_feed
from articles.outlets.json_ld import json_ld
from articles.outlets.ninjs import ninjs, ninjs_feed
from articles.outlets.rss import atom, rss
from articles.outlets.sitemaps import news_sitemap, sitemap, sitemap_index

_NEWSROOM = Newsroom("Dastan", "en", "https://www.example.org")
_AT = datetime(2026, 2, 20, 6, 15, tzinfo=UTC)
_ENTRY = Entry(
    id=417,
    uri="tag:www.example.org,2026:article:417",
    url="https://www.example.org/en/wind-farm-near-zhanatas-doubles-its-output",
    title="Wind farm near Zhanatas doubles its output",
    kicker="Energy",
    summary="The second row of turbines has been connected to the grid.",
    html="<p>The second row of turbines near Zhanatas has been connected to the grid.</p>",
    text="The second row of turbines near Zhanatas has been connected to the grid.",
    word_count=13,
    kind="news",
    language="en",
    published_at=_AT,
    updated_at=_AT,
    revision=1,
    is_breaking=False,
    regions=("Kazakhstan",),
    tags=("Energy",),
    authors=("Asel Tokmurat",),
    picture=None,
    alternates=(("ru", "https://www.example.org/ru/vetropark-u-zhanatasa"),),
    corrections=(),
)


def _channel(path: str) -> Channel:
    url = f"https://api.example.org/feeds/{path}"
    return Channel(_NEWSROOM, "Dastan", url, "en", has_full_text=False, entries=[_ENTRY])


RSS = rss(_channel("rss.xml"))
ATOM = atom(_channel("atom.xml"))
JSON_FEED = json_feed(_channel("feed.json"))
NINJS_FEED = ninjs_feed(_channel("ninjs.json"), [])
NINJS = ninjs(_ENTRY, newsroom=_NEWSROOM)
JSON_LD = json_ld(_ENTRY, newsroom=_NEWSROOM)
SITEMAP_INDEX = sitemap_index([("https://api.example.org/sitemap-1.xml", _AT)])
SITEMAP = "".join(sitemap([(_ENTRY.url, _AT, [("en", _ENTRY.url), *_ENTRY.alternates])]))
NEWS_SITEMAP = news_sitemap([(_ENTRY.url, _ENTRY.title, "en", _AT)], newsroom="Dastan")
