"""The versions of the log, and "the version's query" that reads them together with what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from psycopg import pq

from cms.changes import clock
from cms.changes.availability import ensure_connection


@dataclass(frozen=True, slots=True)
class Head:
    """The log's versions, and when the clock is next due (UTC, or None)."""

    epoch: str
    number: int
    articles: int
    taxonomy: int
    rates: int
    next_due: datetime | None

    def is_due(self, now: datetime) -> bool:
        return self.next_due is not None and self.next_due <= now


# Without its row (a flush in a test) the log has numbered nothing yet.
_EMPTY = Head("", 0, 0, 0, 0, None)
_COLUMNS = ("epoch", "number", "articles", "taxonomy", "rates")
_STATEMENT = b"dastan_head_%d"

_prepared: "WeakKeyDictionary[Any, str]" = WeakKeyDictionary()
_last_heard: Head | None = None


def last_heard() -> Head | None:
    """The newest versions that this process has read; None before the first time."""
    return _last_heard


def read_head() -> Head:
    """The log's versions and what is next due, in one indexed query: "the version's query"."""
    with connection.cursor() as cursor:
        cursor.execute(_sql())
        return _heard(cursor.fetchone())


def latest_head() -> Head:
    """The same outside any snapshot, after the clock has done what was due.

    One more try on a new connection where the old one had died; OperationalError or
    InterfaceError when the database does not answer.
    """
    head = _latest()
    if head.is_due(timezone.now()):
        clock.advance()
        head = _latest()
    return head


def _latest() -> Head:
    held = connection.connection
    try:
        return _read_prepared()
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block or held is None or not held.closed:
            raise
        return _read_prepared()


def _read_prepared() -> Head:
    """The version's query by a statement that is prepared once a connection, past the cursors of
    Django and psycopg, which take twice the time that this does (11 µs of CPU, not 26)."""
    ensure_connection()
    raw: Any = connection.connection
    server, sql = raw.pgconn, _sql()
    name = _STATEMENT % (hash(sql) & 0xFFFFFFFF)
    if _prepared.get(raw) != sql:
        if server.prepare(name, sql.encode()).status != pq.ExecStatus.COMMAND_OK:
            return read_head()
        _prepared[raw] = sql
    result = server.exec_prepared(name, None)
    if result.status != pq.ExecStatus.TUPLES_OK:
        # The cursor tells what is wrong; or nothing is but the prepared statement, which a
        # connection pooler may have lost.
        _prepared.pop(raw, None)
        return read_head()
    return _heard_from(result)


def begin_with_head() -> Head:
    """Begin the transaction that Django has just opened (``atomic``) as a snapshot that nobody
    writes in, and read its head: one round trip, where psycopg takes six steps.
    """
    raw: Any = connection.connection
    begin = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {_sql()}"
    result = raw.pgconn.exec_(begin.encode())
    if result.status != pq.ExecStatus.TUPLES_OK:
        with connection.wrap_database_errors:
            if raw.pgconn.status == pq.ConnStatus.BAD:
                raise psycopg.OperationalError(raw.pgconn.get_error_message())
            raise psycopg.errors.error_from_result(result)
    return _heard_from(result)


def _heard_from(result: Any) -> Head:
    if not result.ntuples:
        return _heard(None)
    return _heard([result.get_value(0, column) for column in range(len(_COLUMNS) + 1)])


def _sql() -> str:
    return (  # all of it our own names
        f"SELECT {', '.join(f'{name}::text' for name in _COLUMNS)}, ({clock.next_due_sql()})::text"  # noqa: S608
        " FROM changes_loghead WHERE id = 1"
    )


def _heard(values: Sequence[Any] | None) -> Head:
    global _last_heard
    if values is None:
        head = _EMPTY
    else:
        epoch, number, articles, taxonomy, rates, due = (
            each.decode() if isinstance(each, bytes) else each for each in values
        )
        next_due = datetime.fromisoformat(due) if due else None
        head = Head(epoch, int(number), int(articles), int(taxonomy), int(rates), next_due)
    known = _last_heard
    if known is None or known.epoch != head.epoch or known.number <= head.number:
        _last_heard = head
    return head
