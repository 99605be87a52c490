"""What a supervisor and a monitor ask: whether the process answers, whether it can serve, how it
is doing."""

import hmac
from typing import Any

import orjson
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from cms import metrics
from cms.api.problems import ProblemError, read_only
from cms.changes import availability, consumers, workers

_NEVER_STORED = {"Cache-Control": "no-store"}
_is_migrated = False


@read_only
def live(request: HttpRequest) -> HttpResponse:
    """An empty 200, behind the same middleware as everything, without a query."""
    return HttpResponse(headers={**_NEVER_STORED, "Content-Length": "0"})


@read_only
def ready(request: HttpRequest) -> HttpResponse:
    """Whether requests can be served: 200, or 503 while the database is away or lacks a migration.

    How far the consumers of the log are behind, and whether workers live, is told and fails
    nothing: readers are served all the same, and taking servers out of service would not help a
    worker.
    """
    report: dict[str, Any] = {"database": "away", "migrations": "unknown"}
    report |= {"consumers": {}, "workers": {"alive": 0, "silent_seconds": None}}
    try:
        availability.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        report["database"] = "ok"
        report["migrations"] = "ok" if is_migrated() else "missing"
        if report["migrations"] == "ok":
            now = timezone.now()
            beat = workers.alive(now)
            silent = None if beat.silent is None else round(beat.silent, 1)
            report["workers"] = {"alive": beat.number, "silent_seconds": silent}
            report["consumers"] = {
                name: {"changes": lag.changes, "seconds": round(lag.seconds, 1)}
                for name, lag in consumers.lags(now=now).items()
            }
    except (DatabaseError, InterfaceError):
        connection.close()
    is_ready = report["database"] == report["migrations"] == "ok"
    return HttpResponse(
        orjson.dumps({"ready": is_ready, **report}),
        status=200 if is_ready else 503,
        content_type="application/json",
        headers=_NEVER_STORED if is_ready else {**_NEVER_STORED, "Retry-After": "5"},
    )


def is_migrated() -> bool:
    """Whether the database has every migration of this program; asked until it has them all."""
    global _is_migrated
    if not _is_migrated:
        executor = MigrationExecutor(connection)
        _is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _is_migrated


@read_only
def measured(request: HttpRequest) -> HttpResponse:
    """The metrics of all server processes, as Prometheus reads them. There is no such address
    until METRICS_TOKEN is set; then it asks for that token."""
    if not settings.METRICS_TOKEN:
        raise Http404
    sent = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(sent, f"Bearer {settings.METRICS_TOKEN}".encode()):
        raise ProblemError(
            "unauthenticated",
            "Send the metrics token: “Authorization: Bearer …”.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    body, content_type = metrics.exposition()
    return HttpResponse(body, content_type=content_type, headers=_NEVER_STORED)
