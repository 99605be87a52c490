import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from cms.changes import clock, consumers, workers
from cms.changes.chores import Chores
from cms.commands import ExplainedCommand
from cms.jobs import JobRunner, run_jobs
from cms.webhooks.dispatch import PAUSE, Dispatcher

logger = logging.getLogger(__name__)

LONGEST_SLEEP = 1.0  # seconds; something new may be scheduled meanwhile
LOG_SLEEP = 0.1  # seconds; a change is told this much later at most, if nothing else is told


class Command(ExplainedCommand):
    help = """Does what is due when it is due (scheduled publication, expiry, the end of breaking
news, rates that come into force), tells of changes (webhooks, purges of a CDN), does what follows
from them (articles are found by a renamed tag's new name) and the queued jobs, such as fetching
banks' bulletins on their timetables. Several may run; each thing is done by one of them. SIGTERM
and Ctrl-C finish what is under way.

Examples:
  manage.py worker             until it is stopped
  manage.py worker --no-jobs   no queued jobs: nothing asks a bank's server
  manage.py worker --once      what is due, untold and queued now, then exit"""

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
        # Each in a thread of its own: a CDN that hangs, or a tag of many articles that is renamed,
        # holds up nothing else.
        chores, dispatcher = Chores(), Dispatcher()
        threads = [
            self._begin("chores", stop, lambda: 0 if chores.perform(stop.is_set) else LOG_SLEEP),
            *(
                self._begin(each.name, stop, partial(_tell, each))
                for each in consumers.registered()
            ),
            self._begin("webhooks dispatch", stop, dispatcher.step, dispatcher.finish),
        ]
        self._keep_time(stop)
        for thread in threads:
            thread.join()
        if jobs:
            jobs.stop()

    def _do_once(self, stop: threading.Event, *, with_jobs: bool) -> None:
        try:
            done = _advance(stop) + Chores().perform(stop.is_set)
            for consumer in consumers.registered():
                while consumers.step(consumer):
                    pass
            dispatcher = Dispatcher()
            while dispatcher.step() < PAUSE or not dispatcher.is_idle():
                time.sleep(0.01)
            dispatcher.finish()
            if with_jobs:
                asyncio.run(run_jobs(wait=False))
        except DatabaseError as error:
            raise CommandError(f"The database does not answer ({error}).") from error
        self.stdout.write(f"{done} done.")

    def _keep_time(self, stop: threading.Event) -> None:
        heartbeat = workers.Heartbeat()

        def work() -> float:
            heartbeat.beat(timezone.now())
            return 0 if _advance(stop) else _seconds_to_sleep()

        self._loop(stop, work, heartbeat.end)

    def _begin(
        self,
        name: str,
        stop: threading.Event,
        work: Callable[[], float],
        end: Callable[[], object] = lambda: None,
    ) -> threading.Thread:
        thread = threading.Thread(target=self._loop, args=(stop, work, end), name=name)
        thread.start()
        return thread

    def _loop(
        self,
        stop: threading.Event,
        work: Callable[[], float],
        end: Callable[[], object] = lambda: None,
    ) -> None:
        """Call ``work`` again and again, which returns how many seconds to sleep; then ``end``."""
        while not stop.is_set():
            try:
                seconds = work()
            except (DatabaseError, InterfaceError) as error:
                self.stderr.write(f"The database does not answer ({error}); trying again.")
                seconds = LONGEST_SLEEP
                connection.close()
            except Exception:
                # The others would go on, the heartbeat among them: nobody would notice.
                logger.exception("%s failed", threading.current_thread().name)
                seconds = LONGEST_SLEEP
                connection.close()
            stop.wait(seconds)
        connection.close()
        with suppress(DatabaseError, InterfaceError):
            end()
        connection.close()


def _tell(consumer: consumers.Consumer) -> float:
    return 0 if consumers.step(consumer) else LOG_SLEEP


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
