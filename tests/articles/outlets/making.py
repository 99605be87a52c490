"""Entries for the tests of formats."""

from datetime import UTC, datetime
from typing import Any

from articles.outlets.channel import Channel
from articles.outlets.entries import Entry, Newsroom, Picture, clean

NEWSROOM = Newsroom("Steppe Courier", "en", "https://www.example.org")
HOSTILE = "]]> <b>&amp;</b> \x00\x0b\x1f\ufffe\ud800 “жаңа” \U0001f40e 'q' \"d\" <!-- -->"


def make_entry(number: int = 1, **values: Any) -> Entry:
    return Entry(
        **{
            "id": number,
            "uri": f"tag:www.example.org,2026:article:{number}",
            "url": f"https://www.example.org/en/wind-{number}",
            "title": f"Wind {number}",
            "kicker": "Energy",
            "summary": "It blows.",
            "html": "<p>It <strong>blows</strong> & blows.</p>",
            "text": "It blows & blows.",
            "word_count": 4,
            "kind": "news",
            "language": "en",
            "published_at": datetime(2026, 2, 20, 6, 15, tzinfo=UTC),
            "updated_at": datetime(2026, 2, 21, 6, 15, 0, 5, tzinfo=UTC),
            "revision": 2,
            "is_breaking": False,
            "regions": ("Kazakhstan",),
            "tags": ("Wind", "Energy"),
            "authors": ("Asel Tokmurat", "Zarina Aliyeva"),
            "picture": Picture("https://m.example.org/a.jpg?a=1&b=2", "A hill", "", "Dastan", 3, 2),
            "alternates": (("ru", "https://www.example.org/ru/veter"),),
            "corrections": (("2026-02-21T00:00:00Z", "It did not."),),
            **values,
        }
    )


def make_hostile_entry() -> Entry:
    """Every text of it holds what could break a format."""
    text = clean(HOSTILE)
    return make_entry(
        title=text,
        kicker=text,
        summary=text,
        html=f"<p>{text}</p>",
        text=text,
        regions=(text,),
        tags=(text,),
        authors=(text,),
        picture=Picture("https://m.example.org/a.jpg", text, text, text, None, None),
        corrections=(("2026-02-21T00:00:00Z", text),),
        alternates=(),
    )


def make_channel(*entries: Entry, **values: Any) -> Channel:
    return Channel(
        **{
            "newsroom": NEWSROOM,
            "title": "Steppe Courier",
            "url": "https://www.example.org/feeds/rss.xml?tag=wind&language=en",
            "language": "en",
            "entries": list(entries),
            **values,
        }
    )
