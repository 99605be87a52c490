import signal
import threading
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone

from cms.changes import clock
from cms.changes.chores import Chores
from cms.commands import ExplainedCommand

LONGEST_SLEEP = 1.0  # seconds; something new may be scheduled meanwhile


class Command(ExplainedCommand):
    help = """Does what is due when it is due: scheduled publication, expiry, the end of breaking
news; and what follows from a change, so that articles are found by a renamed tag's new name.
Several may run; each item is done once. SIGTERM and Ctrl-C finish what is under way.

Examples:
  manage.py worker           until it is stopped
  manage.py worker --once    what is due now, then exit"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then exit")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        chores = Chores()
        while not stop.is_set():
            try:
                done = self._advance(stop) + chores.perform()
                if options["once"]:
                    self.stdout.write(f"{done} done.")
                    return
                stop.wait(_seconds_to_sleep())
            except DatabaseError as error:
                self.stderr.write(f"The database does not answer ({error}); trying again.")
                connection.close()
                stop.wait(LONGEST_SLEEP)

    def _advance(self, stop: threading.Event) -> int:
        total = 0
        while not stop.is_set():
            done = clock.advance(limit=1)
            if not done:
                break
            total += done
        return total


def _seconds_to_sleep() -> float:
    due = clock.next_due()
    if due is None:
        return LONGEST_SLEEP
    return min(LONGEST_SLEEP, max(0.01, (due - timezone.now()).total_seconds()))
