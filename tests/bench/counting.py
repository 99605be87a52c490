"""What counts cost the database."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

from articles.models import Listing, PublishedArticle, Region, Tally
from tests.bench.measuring import seconds_of

TIMES = 200


def counts() -> dict[str, tuple[int, float]]:
    """Each count's number, and the CPU that it costs the database (milliseconds)."""
    region = Region.objects.get(slug="kazakhstan").pk
    listed = Listing.objects.filter(kind=Listing.Kind.REGION, key=region)
    return {
        "all, kept": _measured(lambda: Tally.objects.total(Tally.Kind.ALL), TIMES),
        "a region, kept": _measured(lambda: Tally.objects.total(Tally.Kind.REGION, region), TIMES),
        "all, counted": _measured(lambda: PublishedArticle.objects.count(), 5),
        "a region, counted": _measured(listed.count, 5),
    }


def _measured(count: Callable[[], int], times: int) -> tuple[int, float]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [(pid,)] = cursor.fetchall()
    number = count()
    before = seconds_of(pid)
    for _ in range(times):
        count()
    return number, (seconds_of(pid) - before) / times * 1000
