"""What is measured of the server, for Prometheus.

Requests are counted where METRICS_TOKEN is set. With several processes they share their numbers in
files of the folder PROMETHEUS_MULTIPROC_DIR, which `manage.py serve` makes. What the database knows
is asked when Prometheus asks.
"""

import os
import time
from collections.abc import Callable, Iterator
from functools import cache

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily

from cms.changes import availability, clock, consumers

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15)

requests = Counter(
    "dastan_requests", "Requests by what they were for and how they were answered.",
    ["endpoint", "status", "cache"],
)  # fmt: skip
latency = Histogram("dastan_request_seconds", "How long answers took.", buckets=SECONDS)

_API = "api/v1/"

Gauges = Callable[[], Iterator[GaugeMetricFamily]]
_gauges: list[Gauges] = []


def register(gauges: Gauges) -> None:
    """Add what an app measures in the database; called in ``AppConfig.ready()``."""
    _gauges.append(gauges)


class MetricsMiddleware:
    """Counts and times every request; outermost, so that nothing is left out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        latency.observe(time.perf_counter() - started)
        requests.labels(
            _endpoint(request), response.status_code, getattr(response, "cache", "none")
        ).inc()
        return response


def _endpoint(request: HttpRequest) -> str:
    """The first parts of the path, so that there are few: never a slug, nor what a caller makes
    up. An answer that was kept has never been resolved to a view."""
    match request.path.split("/")[1:]:
        case ["api", "v1", name, *rest] if name in _names():
            return f"{name}/…" if rest else name
        case [name, *_] if name in ("admin", "static", "livez", "readyz", "metrics"):
            return name
    return "other"


@cache
def _names() -> frozenset[str]:
    """The first parts of the API's addresses, below its version."""
    below = (each.removeprefix(_API) for each in _routes(get_resolver()) if each.startswith(_API))
    return frozenset(each.partition("/")[0] for each in below)


def _routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        route = f"{before}{each.pattern}"
        if isinstance(each, URLResolver):
            yield from _routes(each, route)
        else:
            yield route


class _Database:
    """Gauges that the database tells."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            availability.ensure_connection()
            yield from _of_the_log()
            yield from _of_the_queue()
            for gauges in _gauges:
                yield from gauges()
            is_up = 1
        except (DatabaseError, InterfaceError):
            connection.close()
            is_up = 0
        yield GaugeMetricFamily("dastan_database_up", "Whether it answers.", value=is_up)


def _of_the_log() -> Iterator[GaugeMetricFamily]:
    now = timezone.now()
    due = clock.next_due()
    overdue = 0.0 if due is None else max(0.0, (now - due).total_seconds())
    yield GaugeMetricFamily(
        "dastan_clock_lag_seconds", "How long the most overdue item waits.", value=overdue
    )
    changes = GaugeMetricFamily(
        "dastan_consumer_lag_changes", "Changes that are not told yet.", labels=["consumer"]
    )
    seconds = GaugeMetricFamily(
        "dastan_consumer_lag_seconds", "Since the first of them.", labels=["consumer"]
    )
    for name, lag in consumers.lags(now=now).items():
        changes.add_metric([name], lag.changes)
        seconds.add_metric([name], lag.seconds)
    yield changes
    yield seconds


_QUEUE = """
SELECT count(*) FILTER (WHERE status = 'todo'), count(*) FILTER (WHERE status = 'doing'),
    count(*) FILTER (WHERE status = 'failed'), min(scheduled_at) FILTER (WHERE status = 'todo')
FROM procrastinate_jobs
"""


def _of_the_queue() -> Iterator[GaugeMetricFamily]:
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE)
        *counts, due = cursor.fetchone()
    jobs = GaugeMetricFamily("dastan_jobs", "Queued jobs by their state.", labels=["state"])
    for state, count in zip(("todo", "doing", "failed"), counts, strict=True):
        jobs.add_metric([state], count)
    yield jobs
    late = 0.0 if due is None else max(0.0, (timezone.now() - due).total_seconds())
    yield GaugeMetricFamily(
        "dastan_jobs_late_seconds", "How late the latest planned job is.", value=late
    )


def exposition() -> tuple[bytes, str]:
    """All metrics in Prometheus' text format, and its content type."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # it has none
    else:
        registry.register(requests)
        registry.register(latency)
    registry.register(_Database())
    return generate_latest(registry), CONTENT_TYPE_LATEST
