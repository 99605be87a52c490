"""The life of the log, and how a restore from a backup is noticed.

After a restore the numbers of lost changes come again for other ones. Whoever holds such a number
would believe to know what it was never told: a new epoch makes all of them start again.
"""

import uuid

from django.db import connection

from cms.changes.models import LogHead

# Another cluster, another timeline of it (recovery to a moment, promotion of a standby), another
# database, another table: what is restored is never all of these again.
_HERE = """
SELECT concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
    (SELECT timeline_id FROM pg_control_checkpoint()), d.oid, 'changes_loghead'::regclass::oid)
FROM pg_database d WHERE d.datname = current_database()
"""


def here() -> str:
    """Where the log is now: a text that differs after a restore."""
    with connection.cursor() as cursor:
        cursor.execute(_HERE)
        return str(cursor.fetchone()[0])


def is_at_home() -> bool:
    """Whether the log is where its life began, as far as can be told."""
    head = LogHead.objects.first()
    return head is None or head.home in ("", here())


def settle() -> None:
    """Note where the log is, when that was never noted."""
    if LogHead.objects.filter(home="").exists():
        LogHead.objects.filter(home="").update(home=here())


def renew() -> uuid.UUID:
    """Begin a new life of the log, and return its epoch. All who follow the log start again: copies
    (410), consumers, caches."""
    epoch = uuid.uuid4()
    LogHead.objects.update_or_create(pk=1, defaults={"epoch": epoch, "home": here()})
    return epoch
