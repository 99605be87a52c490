"""What a public read stands on: one consistent snapshot, and the versions that it shows."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

import psycopg
from django.db import connection, transaction
from django.utils import timezone

from cms.changes import clock


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


_current: ContextVar[Head] = ContextVar("current_head")


def current_head() -> Head:
    """The head of the snapshot that is being read; LookupError outside ``read_snapshot``."""
    return _current.get()


def read_head() -> Head:
    """The log's versions and what is next due, in one indexed query: "the version's query"."""
    with connection.cursor() as cursor:
        cursor.execute(  # all of it our own names
            f"SELECT epoch::text, number, articles, taxonomy, rates, {clock.next_due_sql()}"  # noqa: S608
            " FROM changes_loghead WHERE id = 1"
        )
        row = cursor.fetchone()
    # Without its row (a flush in a test) the log has numbered nothing yet.
    return Head(*row) if row else Head("", 0, 0, 0, 0, None)


@contextmanager
def read_snapshot() -> Iterator[Head]:
    """Read in one REPEATABLE READ, read-only transaction, after the clock has done what was due.

    Inside a transaction that is open already (tests), it just goes on in that one.
    """
    with ExitStack() as stack:
        head = stack.enter_context(_snapshot())
        if head.is_due(timezone.now()):
            stack.close()
            clock.advance()
            head = stack.enter_context(_snapshot())
        token = _current.set(head)
        stack.callback(_current.reset, token)
        yield head


@contextmanager
def _snapshot() -> Iterator[Head]:
    if connection.in_atomic_block:
        yield read_head()
        return
    connection.ensure_connection()
    raw = connection.connection
    before = raw.isolation_level
    raw.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    raw.read_only = True
    try:
        with transaction.atomic():
            yield read_head()
    finally:
        if not raw.closed:
            raw.isolation_level = before
            raw.read_only = None
