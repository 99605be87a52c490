"""Instants as people and programs write them."""

import re
from datetime import UTC, datetime, time

from django.utils.timezone import get_default_timezone

DATE_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
PATTERN = rf"{DATE_PATTERN}(?:[Tt]{_TIME}(?:[Zz]|[+-][0-9]{{2}}:[0-5][0-9]))?"


def parse_moment(text: str) -> datetime:
    """An RFC 3339 time with its offset, or a date, which means 00:00 in NEWSROOM_TIME_ZONE.

    The value is aware, in UTC, to the microsecond. ValueError, with a sentence, for all else.
    """
    if not re.fullmatch(PATTERN, text):
        raise ValueError(
            "It takes a date such as 2026-02-21, or an RFC 3339 time with its offset, such as"
            " 2026-02-21T09:30:00Z or 2026-02-21T14:30:00+05:00 (in a URL, + is written %2B)."
        )
    try:
        if "t" not in text.lower():
            day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 -- its zone follows
            return datetime.combine(day, time(), get_default_timezone()).astimezone(UTC)
        # Python reads at most six digits of a second's fraction.
        to_microseconds = re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text.upper())
        return datetime.fromisoformat(to_microseconds).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"There is no such time as {text}.") from None
