"""When a source's next bulletin is due, and from when on its absence makes the source stale.

Pure: the timetable and the moment are values. Moments are in UTC, dates in the source's time zone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True)
class Timetable:
    """A bulletin is published on each of ``weekdays`` (ISO: Monday is 1) at ``publishes_at``,
    local time, is effective ``days_ahead`` days later, and is given ``grace`` to arrive.

    Holidays are not known: on one, a bank turns stale, which is true, and recovers by itself.
    """

    time_zone: ZoneInfo
    weekdays: frozenset[int]
    publishes_at: time
    days_ahead: int
    grace: timedelta

    def publication(self, effective_date: date) -> datetime:
        """When the bulletin of that date is published."""
        day = effective_date - self.days_ahead * _DAY
        return datetime.combine(day, self.publishes_at, self.time_zone).astimezone(UTC)

    def has_bulletin(self, effective_date: date) -> bool:
        """Whether one is published for that date, as far as the weekday tells."""
        return (effective_date - self.days_ahead * _DAY).isoweekday() in self.weekdays

    def after(self, latest: date) -> date:
        """The first effective date after ``latest`` that has a bulletin."""
        for days in range(1, _WEEK + 1):
            if self.has_bulletin(latest + days * _DAY):
                return latest + days * _DAY
        raise ValueError("A timetable needs at least one weekday.")

    def before(self, following: date) -> date:
        """The last effective date before ``following`` that has a bulletin."""
        for days in range(1, _WEEK + 1):
            if self.has_bulletin(following - days * _DAY):
                return following - days * _DAY
        raise ValueError("A timetable needs at least one weekday.")

    def next_expected_at(self, latest: date) -> datetime:
        """When the bulletin that follows that of ``latest`` is expected: perhaps in the past."""
        return self.publication(self.after(latest))

    def stale_from(self, latest: date) -> datetime:
        """The moment from which on ``latest`` is too old to be the latest one."""
        return self.next_expected_at(latest) + self.grace

    def published_by(self, now: datetime) -> date:
        """The effective date of the newest bulletin that should have been published by ``now``."""
        today = now.astimezone(self.time_zone).date()
        newest = self.before(today + (self.days_ahead + 1) * _DAY)
        return newest if self.publication(newest) <= now else self.before(newest)

    def missed(self, latest: date, now: datetime) -> list[date]:
        """The effective dates after ``latest`` whose publication and grace have passed."""
        dates = []
        expected = self.after(latest)
        while self.publication(expected) + self.grace <= now:
            dates.append(expected)
            expected = self.after(expected)
        return dates

    def between(self, since: date, until: date) -> list[date]:
        """The effective dates with a bulletin from ``since`` to ``until``, both included."""
        days = range((until - since).days + 1)
        return [since + day * _DAY for day in days if self.has_bulletin(since + day * _DAY)]
