"""Which workers live: each tells so every few seconds."""

import os
import socket
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cms.changes.models import Worker

EVERY = timedelta(seconds=5)
DEAD_AFTER = timedelta(seconds=30)
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass
class Heartbeat:
    """That of one worker, in the database's own table."""

    id: uuid.UUID = field(default_factory=uuid.uuid4)
    last: datetime | None = None

    def beat(self, now: datetime) -> None:
        """Tell that this worker lives, when it has not done so for a while."""
        if self.last is not None and now - self.last < EVERY:
            return
        Worker.objects.update_or_create(
            pk=self.id,
            defaults={"seen_at": now},
            create_defaults={
                "seen_at": now,
                "started_at": now,
                "host": socket.gethostname()[:255],
                "process": os.getpid(),
            },
        )
        Worker.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
        self.last = now

    def end(self) -> None:
        """Tell that it has ended as it should."""
        Worker.objects.filter(pk=self.id).delete()


@dataclass(frozen=True, slots=True)
class Alive:
    """How many workers live, and for how many seconds none has been heard of; None for never."""

    number: int
    silent: float | None


def alive(now: datetime) -> Alive:
    """Who has been heard of in the last ``DEAD_AFTER``."""
    seen = list(Worker.objects.order_by("-seen_at").values_list("seen_at", flat=True))
    number = sum(1 for moment in seen if now - moment <= DEAD_AFTER)
    return Alive(number, max(0.0, (now - seen[0]).total_seconds()) if seen else None)
