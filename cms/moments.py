"""Instants as people and programs write them."""

import re
from datetime import UTC, date, datetime, time, tzinfo

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext

DATE_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
PATTERN = rf"{DATE_PATTERN}(?:[Tt]{_TIME}(?:[Zz]|[+-][0-9]{{2}}:[0-5][0-9]))?"


def parse_moment(text: str) -> datetime:
    """An RFC 3339 time with its offset, or a date, which means 00:00 in NEWSROOM_TIME_ZONE.

    The value is aware, in UTC, to the microsecond. ValueError, with a sentence, for all else.
    """
    if not re.fullmatch(PATTERN, text):
        said = gettext(
            "It takes a date such as 2026-02-21, or an RFC 3339 time with its offset, such as"
            " 2026-02-21T09:30:00Z or 2026-02-21T14:30:00+05:00 (in a URL, + is written {plus})."
        )
        raise ValueError(said.format(plus="%2B"))
    try:
        if "t" not in text.lower():
            day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 -- its zone follows
            return datetime.combine(day, time(), get_default_timezone()).astimezone(UTC)
        # Python reads at most six digits of a second's fraction.
        to_microseconds = re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text.upper())
        return datetime.fromisoformat(to_microseconds).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(gettext("There is no such time as {time}.").format(time=text)) from None


_LOCAL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)")


def newsroom_moment(local: datetime, zone: tzinfo | None = None) -> datetime:
    """A time of the newsroom's clock, without an offset, as an instant in UTC.

    ValueError, with a sentence, for one that does not exist or exists twice, as clocks are changed
    (PEP 495); ``zone`` is NEWSROOM_TIME_ZONE where it is not given.
    """
    zone = zone or get_default_timezone()
    try:
        return _newsroom_moment(local, zone)
    except OverflowError:
        raise ValueError(
            gettext("There is no such time as {time}.").format(time=f"{local:%Y-%m-%d %H:%M}")
        ) from None


def _newsroom_moment(local: datetime, zone: tzinfo) -> datetime:
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    shown = f"{local:%Y-%m-%d %H:%M}"
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise ValueError(
            gettext(
                "{time} does not exist: the clocks are put forward then. Choose a time before or"
                " after that."
            ).format(time=shown)
        )
    raise ValueError(
        gettext(
            "{time} exists twice: the clocks are put back then. Say which one by its offset:"
            " {first} or {second}."
        ).format(
            time=shown,
            first=first.isoformat(timespec="minutes"),
            second=second.isoformat(timespec="minutes"),
        )
    )


def parse_newsroom_moment(text: str, zone: tzinfo | None = None) -> datetime:
    """A time as an editor types it, such as 2026-11-24 18:30, as an instant in UTC.

    With an offset it means what it says; without one, the newsroom's clock, as
    ``newsroom_moment`` has it. ValueError, with a sentence, for all else.
    """
    text = text.strip()
    found = _LOCAL.fullmatch(text)
    if found is None:
        with_seconds = re.sub(r"^(.{10})[ T]([0-9]{2}:[0-9]{2})(?=[+\-Z])", r"\1T\2:00", text)
        if not re.fullmatch(PATTERN, with_seconds):
            raise ValueError(gettext("Write a time such as 2026-11-24 18:30."))
        moment = parse_moment(with_seconds)
        try:
            moment.astimezone(zone or get_default_timezone())
        except OverflowError:  # the desk shows it by the newsroom's clock
            raise ValueError(
                gettext("There is no such time as {time}.").format(time=text)
            ) from None
        return moment
    try:
        local = datetime.fromisoformat(f"{found[1]}T{found[2]}")
    except ValueError:
        raise ValueError(gettext("There is no such time as {time}.").format(time=text)) from None
    return newsroom_moment(local, zone)


def day_of(text: str) -> date | None:
    """A day such as 2026-02-21, of a year that a calendar can show (1900 to 2200); None for what
    is none."""
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day is not None and 1900 <= day.year <= 2200 else None


def midnight(day: date) -> datetime:
    """When this day begins on the newsroom's clock; where midnight is left out, the hour after."""
    return datetime.combine(day, time(), get_default_timezone())
