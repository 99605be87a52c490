import asyncio
import signal
import threading
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone

from cms.changes import clock
from cms.commands import ExplainedCommand
from cms.jobs import JobRunner, run_jobs

LONGEST_SLEEP = 1.0  # seconds; something new may be scheduled meanwhile


class Command(ExplainedCommand):
    help = """Does what is due when it is due (scheduled publication, expiry, the end of breaking
news, rates that come into force) and the queued jobs, such as fetching banks' bulletins on their
timetables. Several may run; each item is done once. SIGTERM and Ctrl-C finish what is under way.

Examples:
  manage.py worker             until it is stopped
  manage.py worker --no-jobs   only what is due by the clock: nothing asks a server outside
  manage.py worker --once      what is due and queued now, then exit"""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do what is due and queued now, then exit"
        )
        parser.add_argument("--no-jobs", action="store_true", help="leave the queue to others")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        if options["once"]:
            self._do_once(stop, with_jobs=not options["no_jobs"])
            return
        jobs = None if options["no_jobs"] else JobRunner()
        if jobs:
            jobs.start()
        self._keep_time(stop)
        if jobs:
            jobs.stop()

    def _do_once(self, stop: threading.Event, *, with_jobs: bool) -> None:
        try:
            done = self._advance(stop)
            if with_jobs:
                asyncio.run(run_jobs(wait=False))
        except DatabaseError as error:
            raise CommandError(f"The database does not answer ({error}).") from error
        self.stdout.write(f"{done} done.")

    def _keep_time(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self._advance(stop)
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
