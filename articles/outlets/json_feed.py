"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from typing import Any

from articles.outlets.channel import Channel
from articles.outlets.entries import Entry


def json_feed(channel: Channel) -> dict[str, Any]:
    """The channel as a JSON Feed; an item has its body, or its summary as text."""
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": channel.url,
        "language": channel.language,
        "items": [_item(entry, has_full_text=channel.has_full_text) for entry in channel.entries],
    }
    if channel.hub:
        feed["hubs"] = [{"type": "WebSub", "url": channel.hub}]
    return feed


def _item(entry: Entry, *, has_full_text: bool) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.uri,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "date_published": entry.published_at.isoformat(),
        "date_modified": entry.updated_at.isoformat(),
        "language": entry.language,
        "authors": [{"name": name} for name in entry.authors],
        "tags": [*entry.regions, *entry.tags],
    }
    if has_full_text:
        item["content_html"] = entry.html
    else:
        item["content_text"] = entry.summary
    if entry.picture is not None:
        item["image"] = entry.picture.url
    return {key: value for key, value in item.items() if value != []}
