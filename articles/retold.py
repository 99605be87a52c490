"""Sentences that were stored in English, when nobody was there to read them, said in the language
of who reads them now."""

from __future__ import annotations

import re

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, gettext_noop, override

EXPIRED_BEFORE = gettext_noop(
    "It expired on {time}, before it could be published. Choose a later expiry, or none, and"
    " schedule it again."
)
RESTORED = gettext_noop("Restored from the version of {time}")

_LONGEST = 2000  # characters: people's own notes come this way too, of any length
_STORED = (
    EXPIRED_BEFORE,
    RESTORED,
    # What ``publish`` refuses, whose sentences these are.
    "An article without a title cannot be published. Give it one.",
    "Another article holds the slug “{slug}”. Choose another one.",
    (
        "Cannot publish “{title}” before {time}: it is under embargo until then. A publisher can"
        " lift the embargo."
    ),
)
_PATTERNS = {
    sentence: re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(sentence)), re.DOTALL)
    for sentence in _STORED
}


def retold(stored: str) -> str:
    """The sentence in the language of the page, its weekdays too; as it is, where it is none of
    those that this program stores, or longer than any."""
    if len(stored) > _LONGEST:
        return stored
    for sentence, pattern in _PATTERNS.items():
        if (found := pattern.fullmatch(stored)) is not None:
            values = {
                name: _weekday_retold(value) if name == "time" else value
                for name, value in found.groupdict().items()
            }
            return gettext(sentence).format(**values)
    return stored


def _weekday_retold(time: str) -> str:
    with override(None):
        days = {str(day): key for key, day in WEEKDAYS.items()}
    day, _, rest = time.partition(" ")
    return f"{WEEKDAYS[days[day]]} {rest}" if day in days else time
