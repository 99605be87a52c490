"""Runs queued jobs (procrastinate) in a thread of the worker, beside the clock."""

import asyncio
import logging
import threading

import psycopg
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector

logger = logging.getLogger(__name__)

CONCURRENCY = 4  # one slow server must not hold up the others
GRACE = 10  # seconds that jobs under way get to end when the worker is stopped
PAUSE = 1  # seconds before another try, when the database does not answer


class JobRunner:
    """Takes jobs from the queue until ``stop``; goes on by itself when the database had gone."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs")
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Task[None]] | None = None
        self._guard = threading.Lock()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Let jobs under way end, and return when they have."""
        self._stopping.set()
        with self._guard:
            if self._running is not None:
                loop, task = self._running
                loop.call_soon_threadsafe(task.cancel)
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                asyncio.run(self._work(wait=True))
            except asyncio.CancelledError:
                return
            except (ConnectorException, psycopg.Error) as error:
                logger.warning("Jobs wait for the database (%s).", error)
            self._stopping.wait(PAUSE)

    async def _work(self, *, wait: bool) -> None:
        task = asyncio.current_task()
        with self._guard:
            if self._stopping.is_set() or task is None:
                return
            self._running = (asyncio.get_running_loop(), task)
        try:
            await run_jobs(wait=wait)
        finally:
            with self._guard:
                self._running = None


async def run_jobs(*, wait: bool) -> None:
    """Do the queued jobs: until cancelled, or, without ``wait``, those that are queued now.

    The worker has a connector of its own, in an app that shares its tasks with the usual one: so
    a job that queues another does it on Django's connection, within its own transaction.
    """
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=CONCURRENCY)
    worker = App(connector=connector, worker_defaults=app.worker_defaults)
    worker.tasks = app.tasks
    if wait:
        worker.periodic_registry = app.periodic_registry
    async with worker.open_async():
        await worker.run_worker_async(
            wait=wait,
            concurrency=CONCURRENCY,
            delete_jobs="successful",
            install_signal_handlers=False,
            shutdown_graceful_timeout=GRACE,
        )
