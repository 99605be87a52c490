"""What a public read stands on: one consistent snapshot, and the versions that it shows."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

from django.db import connection, transaction
from django.utils import timezone

from cms.changes import clock
from cms.changes.availability import ensure_connection
from cms.changes.heads import Head, begin_with_head, read_head

_current: ContextVar[Head] = ContextVar("current_head")


def current_head() -> Head:
    """The head of the snapshot that is being read; LookupError outside ``read_snapshot``."""
    return _current.get()


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
    ensure_connection()
    with transaction.atomic():
        yield begin_with_head()
