"""The audit as a table for others: CSV (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from articles.models import AuditEntry

COLUMNS = (
    *("number", "at", "by", "by_key", "verb"),
    *("article", "subject", "details", "address", "agent"),
)
# A cell that begins so is a formula to a spreadsheet (OWASP, CSV Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """What ``csv`` writes to: it hands each line on at once."""

    def write(self, line: str) -> str:
        return line


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
    writer: Any = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for entry in found.iterator(chunk_size=2000):
        yield writer.writerow([_cell(value) for value in _values(entry)])


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


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value
