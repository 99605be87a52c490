"""Times as WordPress writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

from articles.importers.values import YEARS

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII)

_FEED_TIME = re.compile(
    r"[A-Z][a-z]{2}, [0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} \S+", re.ASCII
)


def parse_time(text: str, *, zone: tzinfo = UTC) -> datetime | None:
    """“2026-02-20 06:15:00” in ``zone``, as an aware time in UTC; None for none, such as
    “0000-00-00 00:00:00”, and for what is no time."""
    if not _TIME.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year in YEARS else None


def parse_feed_time(text: str) -> datetime | None:
    """A time as feeds write it (RFC 5322), as an aware time in UTC; None for what is none, such as
    “Wed, 30 Nov -0001 00:00:00 +0000”, which WordPress writes for drafts."""
    if not _FEED_TIME.fullmatch(text):
        return None
    try:
        moment = parsedate_to_datetime(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year in YEARS else None
