"""Whether the database is there: while it is away, nobody waits for it in vain.

After a connection has failed, one request a second tries again; all others are told at once, so
that a host that swallows packets does not hold every thread of the server.
"""

import time
from threading import Lock

from django.db import InterfaceError, OperationalError, connection

RETRY_SECONDS = 1.0

_lock = Lock()
_is_away = False
_next_try = 0.0


class StillAwayError(OperationalError):
    """The database did not answer a moment ago, and was not asked again."""


def ensure_connection() -> None:
    """Connect this thread to the database, unless it is connected. Outside a transaction, a
    connection that is known to have died is replaced.

    OperationalError when that fails; StillAwayError when it failed within the last second.
    """
    held = connection.connection
    if held is not None and (connection.in_atomic_block or not held.closed):
        return
    _admit()
    try:
        connection.close()
        connection.ensure_connection()
    except (OperationalError, InterfaceError):
        _note(is_away=True)
        raise
    _note(is_away=False)


def _admit() -> None:
    global _next_try
    if not _is_away:
        return
    with _lock:
        now = time.monotonic()
        if _is_away and now < _next_try:
            raise StillAwayError("The database did not answer a moment ago.")
        _next_try = now + RETRY_SECONDS


def _note(*, is_away: bool) -> None:
    global _is_away, _next_try
    with _lock:
        _is_away = is_away
        _next_try = time.monotonic() + RETRY_SECONDS
