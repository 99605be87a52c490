"""The audit as a table for others: CSV (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from articles.models import AuditEntry
from cms.spreadsheets import csv_line

COLUMNS = (
    *("number", "at", "by", "by_key", "verb"),
    *("article", "subject", "details", "address", "agent"),
)


def entries(
    *, since: datetime | None = None, until: datetime | None = None, article: int | None = None
) -> QuerySet[AuditEntry]:
    """The entries from ``since`` to before ``until`` (aware), of one article or of all, the oldest
    first."""
    found = AuditEntry.objects.order_by("pk")
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    if article is not None:
        found = found.filter(article_key=article)
    return found


def csv_lines(found: QuerySet[AuditEntry]) -> Iterator[str]:
    """The entries as lines of CSV, with a head; read as they are asked for. Times are UTC."""
    yield csv_line(COLUMNS)
    for entry in found.iterator(chunk_size=2000):
        yield csv_line(_values(entry))


def _values(entry: AuditEntry) -> list[Any]:
    return [
        entry.pk,
        entry.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        entry.by_name,
        entry.by_key,
        entry.verb,
        entry.article_key,
        entry.subject,
        json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else "",
        entry.address,
        entry.agent,
    ]
