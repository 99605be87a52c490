import signal
import threading
from collections.abc import Callable
from typing import Any

from django.core.management.base import CommandParser
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from cms.changes import clock, consumers
from cms.commands import ExplainedCommand

LONGEST_SLEEP = 1.0  # seconds; something new may be scheduled meanwhile
LOG_SLEEP = 0.1  # seconds; a change is told this much later at most, if nothing else is told


class Command(ExplainedCommand):
    help = """Does what is due when it is due: scheduled publication, expiry, the end of breaking
news; and tells of changes: purges of a CDN. Several may run; each thing is done by one of them.
SIGTERM and Ctrl-C finish what is under way.

Examples:
  manage.py worker           until it is stopped
  manage.py worker --once    what is due and untold now, then exit"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then exit")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        if options["once"]:
            done = _advance(stop)
            for consumer in consumers.registered():
                while consumers.step(consumer):
                    pass
            self.stdout.write(f"{done} done.")
            return
        # Each consumer in a thread of its own: a CDN that hangs holds up nothing else.
        threads = [
            threading.Thread(
                target=self._loop,
                args=(stop, lambda each=each: LOG_SLEEP * (not consumers.step(each))),
                name=each.name,
            )
            for each in consumers.registered()
        ]
        for thread in threads:
            thread.start()
        self._loop(stop, lambda: _seconds_to_sleep() if not _advance(stop) else 0)
        for thread in threads:
            thread.join()

    def _loop(self, stop: threading.Event, work: Callable[[], float]) -> None:
        """Call ``work`` again and again; it returns how many seconds to sleep."""
        while not stop.is_set():
            try:
                seconds = work()
            except (DatabaseError, InterfaceError) as error:
                self.stderr.write(f"The database does not answer ({error}); trying again.")
                seconds = LONGEST_SLEEP
                connection.close()
            stop.wait(seconds)
        connection.close()


def _advance(stop: threading.Event) -> int:
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
