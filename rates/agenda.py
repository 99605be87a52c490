"""What to fetch from a source next, and when. Pure: moments in UTC, dates of the source's own.

A source is asked when its timetable says that a bulletin is out. While it is not there, the wait
grows with the delay: a quarter of it, so that a bank that is ten minutes late is asked every few
minutes and one that has been down for a day every half hour.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rates.timetable import Timetable

SHORTEST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=30)
FIRST_WAIT = timedelta(minutes=10)
"""Between attempts at a source that never had a bulletin: nothing tells how late it is."""
LOOKED_BACK = timedelta(days=7)
RECHECKED_AT = time(3)
"""Local time: the banks have corrected by then what they were going to correct."""


@dataclass(frozen=True)
class Agenda:
    """``latest`` is the newest effective date that was accepted, or None; ``is_repeated`` when it
    only carries the one before forward: then the real one may still come under the same date."""

    timetable: Timetable
    latest: date | None
    is_repeated: bool = False

    def is_waiting(self, now: datetime) -> bool:
        """Whether a bulletin that should be there is not."""
        return self._due_since(now) is not None or self.latest is None

    def wanted(self, now: datetime) -> list[date]:
        """The effective dates to fetch, the earliest first: those that are missing, of the last
        days only; all of the last days when there is nothing yet."""
        newest = self.timetable.published_by(now)
        since = newest - LOOKED_BACK
        if self.latest is not None:
            since = max(since, self.latest + timedelta(days=0 if self._may_be_replaced(now) else 1))
        return self.timetable.between(since, newest)

    def recheck(self, now: datetime) -> list[date]:
        """The effective dates of the last days, up to the newest that was published."""
        newest = self.timetable.published_by(now)
        return self.timetable.between(newest - LOOKED_BACK, newest)

    def next_attempt_at(self, now: datetime) -> datetime:
        """When to ask again, after having asked at ``now``."""
        if self.latest is None:
            return now + FIRST_WAIT
        due_since = self._due_since(now)
        if due_since is None:
            return self.timetable.next_expected_at(self.latest)
        return now + min(max((now - due_since) // 4, SHORTEST_WAIT), LONGEST_WAIT)

    def _due_since(self, now: datetime) -> datetime | None:
        """Since when the bulletin that is missing at ``now`` has been due; None if none is."""
        if self.latest is None:
            return None
        if self._may_be_replaced(now):
            return self.timetable.publication(self.latest)
        expected = self.timetable.next_expected_at(self.latest)
        return expected if expected <= now else None

    def _may_be_replaced(self, now: datetime) -> bool:
        if self.latest is None or not self.is_repeated:
            return False
        published = self.timetable.publication(self.latest)
        return published <= now < published + self.timetable.grace


def next_recheck_at(zone: ZoneInfo, now: datetime) -> datetime:
    """The next time that it is three at night in that zone, after ``now``."""
    local = now.astimezone(zone)
    tonight = datetime.combine(local.date(), RECHECKED_AT, zone)
    if tonight <= local:
        tonight = datetime.combine(local.date() + timedelta(days=1), RECHECKED_AT, zone)
    return tonight.astimezone(UTC)
