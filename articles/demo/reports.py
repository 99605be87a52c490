"""Short agency reports: each topic's sentences, filled in with a report's place and figures.

A topic is a TOML file in `topics/`: `paragraphs` lists the second and the following paragraphs,
several wordings of each; a row of `reports` is when, regions, place, the figure now, the figure
before, title, first paragraph and, where a wording wouldn't fit the story, the number of a better
one or a text of its own. The other wordings are chosen by arithmetic on the row's number.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NamedTuple

from articles.demo.names import NAMES
from articles.demo.taxonomy import REGIONS

DIRECTORY = Path(__file__).parent / "topics"
ALMATY = dt.timezone(dt.timedelta(hours=5))
LAST_DAY = {"2026-11": 20}
CORRESPONDENTS = {
    "kyrgyzstan": "emil-sartbay",
    "tajikistan": "gulnora-pamirzod",
    "afghanistan": "gulnora-pamirzod",
    "turkmenistan": "nilufar-saidkul",
    "uzbekistan": "nilufar-saidkul",
}
SLOTS = ("figures", "context", "quote", "ending")
TENTH = Decimal("0.1")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Topic(NamedTuple):
    """What the reports of one file share. `weekends`: they come out on Sundays."""

    name: str
    kicker: str
    tags: list[str]
    desk: list[str]
    paragraphs: list[list[str]]
    weekends: bool


class Row(NamedTuple):
    """One report. `when` is a month or a day, followed by "draft" if it isn't published."""

    when: str
    regions: str
    place: str
    now: Decimal
    was: Decimal
    title: str
    lead: str
    chosen: dict[str, int | str]


def reports() -> Iterator[dict[str, object]]:
    """Yield the reports, topic by topic; no two have the same time."""
    taken: set[dt.datetime] = set()
    serial = 0
    for path in sorted(DIRECTORY.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        topic = Topic(
            path.stem,
            data["kicker"],
            data["tags"],
            data["desk"],
            data["paragraphs"],
            data.get("weekends", False),
        )
        for number, values in enumerate(data["reports"]):
            row = read_row(values)
            at = published_at(row.when, serial, weekends=topic.weekends)
            while at in taken:
                at += dt.timedelta(minutes=7)
            taken.add(at)
            yield report(topic, row, number, serial, at)
            serial += 1


def report(topic: Topic, row: Row, number: int, serial: int, at: dt.datetime) -> dict[str, object]:
    """Return the line of one report."""
    words = {"place": row.place, **figures(row.now, row.was), **calendar(at)}
    regions = row.regions.split(",")
    words["person"] = person(country(regions[0]), serial)
    line: dict[str, object] = {
        "external_id": f"demo:{topic.name}-{number + 1:02}",
        "title": row.title,
        "kicker": topic.kicker,
        "body_html": "\n".join(
            f"<p>{text.format_map(words)}</p>"
            for text in (row.lead, *wordings(topic, row, number))
            if text
        ),
        "kind": "news",
        "language": "en",
        "status": "draft" if row.when.endswith("draft") else "published",
        "published_at": stamp(at),
        "regions": regions,
        "tags": list(topic.tags),
        "authors": byline(topic, regions[0], number),
    }
    if serial % 11 == 4:
        line["updated_at"] = stamp(at + dt.timedelta(minutes=95))
    return line


def read_row(values: list[Any]) -> Row:
    """Return a row of a topic's file."""
    when, regions, place, now, was, title, lead, *rest = values
    chosen = rest[0] if rest else {}
    return Row(when, regions, place, Decimal(str(now)), Decimal(str(was)), title, lead, chosen)


def wordings(topic: Topic, row: Row, number: int) -> Iterator[str]:
    """Yield the paragraphs after the first, with their placeholders."""
    for position, (slot, texts) in enumerate(zip(SLOTS, topic.paragraphs, strict=True)):
        turn = number + position * (number // len(texts))
        choice = row.chosen.get(slot, turn % len(texts))
        yield choice if isinstance(choice, str) else texts[choice]


def byline(topic: Topic, region: str, number: int) -> list[str]:
    """Return the author: one of the topic's desk, or the correspondent of a region abroad.

    Now and then the two share a byline.
    """
    editor = topic.desk[number % len(topic.desk)]
    correspondent = CORRESPONDENTS.get(country(region))
    if correspondent is None:
        return [editor]
    return [correspondent, editor] if number % 4 == 1 else [correspondent]


def person(country: str, serial: int) -> str:
    """Return somebody's name, another one for each report of a country as long as they last."""
    given, family = NAMES[country]
    return f"{given[serial % len(given)]} {family[serial % len(family)]}"


def country(region: str) -> str:
    """Return the slug of the country that a region is, or is part of."""
    parents = {str(each["slug"]): each["parent"] for each in REGIONS}
    return str(parents[region] or region)


def published_at(when: str, serial: int, *, weekends: bool) -> dt.datetime:
    """Return a time in office hours in Almaty: on the given day, or on one of that month."""
    year, month, *day = (int(part) for part in when.split()[0].split("-"))
    last = LAST_DAY.get(when[:7], 28)
    date = dt.date(year, month, day[0] if day else 1 + (serial * 7 + serial // 11) % last)
    if not day:
        wanted = 6 if weekends else min(date.weekday(), 4)
        date -= dt.timedelta(days=(date.weekday() - wanted) % 7)
        if date.month != month:
            date += dt.timedelta(days=7)
    time = dt.time(9 + serial * 5 % 10, serial * 17 % 60)
    return dt.datetime.combine(date, time, ALMATY)


def stamp(at: dt.datetime) -> str:
    """Return the time in UTC as RFC 3339 writes it."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def calendar(at: dt.datetime) -> dict[str, str]:
    """Return the names of the day and of the months around it."""
    return {
        "weekday": WEEKDAYS[at.weekday()],
        "last_month": MONTHS[at.month - 2],
        "next_month": MONTHS[at.month % 12],
    }


def figures(now: Decimal, was: Decimal) -> dict[str, str]:
    """Return two figures and how the first compares with the second, in words and per cent.

    `lower` says how the second compares with the first.
    """
    grown = now > was
    change = (abs(now - was) * 100 / was).quantize(TENTH, ROUND_HALF_UP)
    return {
        "now": f"{now:,}",
        "was": f"{was:,}",
        "now_thousands": thousands(now),
        "was_thousands": thousands(was),
        "diff": f"{abs(now - was):,}",
        "change": f"{change}%".replace(".0%", "%"),
        "rose": "rose" if grown else "fell",
        "up": "up" if grown else "down",
        "increase": "an increase" if grown else "a decrease",
        "higher": "higher" if grown else "lower",
        "lower": "lower" if grown else "higher",
    }


def thousands(number: Decimal) -> str:
    """Return so many thousands in words: "634 thousand", "1.126 million"."""
    return f"{number} thousand" if number < 1000 else f"{(number / 1000).normalize():f} million"
