from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import ngettext

from cms.changes import workers
from cms.notices import Notice


def about_workers(now: datetime) -> Iterator[Notice]:
    """That no worker lives, where one has ever been started."""
    alive = workers.alive(now)
    if alive.number == 0 and alive.silent is not None:
        minutes = round(alive.silent / 60)
        said = ngettext(
            "No worker has been heard of for {minutes} minute: webhooks, purges and banks'"
            " bulletins wait. Start one with “make worker”.",
            "No worker has been heard of for {minutes} minutes: webhooks, purges and banks'"
            " bulletins wait. Start one with “make worker”.",
            minutes,
        )
        yield Notice(said.format(minutes=minutes))
