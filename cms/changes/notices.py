from collections.abc import Iterator
from datetime import datetime

from cms.changes import workers
from cms.notices import Notice


def about_workers(now: datetime) -> Iterator[Notice]:
    """That no worker lives, where one has ever been started."""
    alive = workers.alive(now)
    if alive.number == 0 and alive.silent is not None:
        yield Notice(
            f"No worker has been heard of for {alive.silent / 60:.0f} minutes: webhooks, purges"
            " and banks' bulletins wait. Start one with “make worker”."
        )
