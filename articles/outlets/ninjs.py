"""IPTC ninjs 3.0 (https://www.iptc.org/std/ninjs/ninjs-schema_3.0.json), for other newsrooms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from articles.outlets.channel import Channel
from articles.outlets.entries import Entry, Newsroom, Picture

STANDARD = {
    "name": "ninjs",
    "version": "3.0",
    "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.0.json",
}
URGENT, USUAL = 1, 5

# https://cv.iptc.org/newscodes/genre/
_GENRES = {
    "news": ("Current", "Current"),
    "analysis": ("Analysis", "Analysis"),
    "opinion": ("Opinion", "Opinion"),
    "interview": ("Interview", "Interview"),
    "sponsored": ("Advertiser Supplied", "Advertiser_Supplied"),
}


def ninjs(entry: Entry, *, newsroom: Newsroom) -> dict[str, Any]:
    """The article with its whole body."""
    document: dict[str, Any] = {
        "uri": entry.uri,
        "standard": STANDARD,
        "type": "text",
        "representationType": "full",
        "pubStatus": "usable",
        "version": str(entry.revision),
        "firstCreated": entry.published_at.isoformat(),
        "contentCreated": entry.published_at.isoformat(),
        "versionCreated": entry.updated_at.isoformat(),
        "language": entry.language,
        "urgency": URGENT if entry.is_breaking else USUAL,
        "title": entry.title,
        "headlines": _headlines(entry),
        "descriptions": [{"role": "summary", "contentType": "text/plain", "value": entry.summary}],
        "bodies": _bodies(entry),
        "by": ", ".join(entry.authors),
        "infoSources": [{"name": name, "role": "author"} for name in entry.authors],
        "copyrightHolder": newsroom.name,
        "places": [{"name": name, "rel": "about"} for name in entry.regions],
        "subjects": [{"name": name, "rel": "about"} for name in entry.tags],
        "genres": _genres(entry),
        "renditions": [
            {
                "name": "web",
                "href": entry.url,
                "contentType": "text/html",
                "title": entry.title,
            }
        ],
        "altIds": [{"role": "id", "value": str(entry.id)}],
        "associations": [_picture(entry, entry.picture)] if entry.picture else [],
        "edNote": " ".join(f"Corrected {at}: {note}" for at, note in entry.corrections),
    }
    return {key: value for key, value in document.items() if value not in ("", [])}


def canceled(uri: str, *, at: datetime, reason: str) -> dict[str, Any]:
    """What partners are told of an article that was withdrawn for good: to take it down."""
    document = {
        "uri": uri,
        "standard": STANDARD,
        "type": "text",
        "pubStatus": "canceled",
        "versionCreated": at.isoformat(),
        "edNote": reason,
    }
    return {key: value for key, value in document.items() if value != ""}


def ninjs_feed(channel: Channel, withdrawn: list[dict[str, Any]]) -> dict[str, Any]:
    """The channel as a list of ninjs objects; what was withdrawn comes first."""
    items = [ninjs(entry, newsroom=channel.newsroom) for entry in channel.entries]
    return {"title": channel.title, "url": channel.url, "items": [*withdrawn, *items]}


def _headlines(entry: Entry) -> list[dict[str, str]]:
    headlines = [{"role": "main", "contentType": "text/plain", "value": entry.title}]
    if entry.kicker:
        headlines.append({"role": "kicker", "contentType": "text/plain", "value": entry.kicker})
    return headlines


def _bodies(entry: Entry) -> list[dict[str, Any]]:
    counts = {"wordCount": entry.word_count, "charCount": len(entry.text)}
    return [
        {"role": "main", "contentType": "text/html", "value": entry.html, **counts},
        {"role": "main", "contentType": "text/plain", "value": entry.text, **counts},
    ]


def _genres(entry: Entry) -> list[dict[str, str]]:
    if entry.kind not in _GENRES:
        return []
    name, code = _GENRES[entry.kind]
    return [{"name": name, "uri": f"http://cv.iptc.org/newscodes/genre/{code}"}]


def _picture(entry: Entry, picture: Picture) -> dict[str, Any]:
    rendition = {"name": "main", "href": picture.url}
    sizes = {"width": picture.width, "height": picture.height}
    document = {
        "name": "lead image",
        "uri": picture.url,
        "type": "picture",
        "by": picture.credit,
        "descriptions": [
            {"role": role, "value": text}
            for role, text in (("caption", picture.caption), ("alt", picture.alt))
            if text
        ],
        "renditions": [{**rendition, **{k: v for k, v in sizes.items() if v is not None}}],
    }
    return {key: value for key, value in document.items() if value not in ("", [])}
