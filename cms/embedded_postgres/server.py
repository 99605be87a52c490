"""The embedded server: started once however many commands ask, whatever a crash left behind.

Started with `postgres` itself rather than `pg_ctl start`, because pg_ctl puts the paths between
double quotes for the shell, and a project's folder may have a quote or a dollar in its name.
"""

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cms.embedded_postgres import binaries, processes
from cms.embedded_postgres.client import Answer, ask
from cms.embedded_postgres.errors import ServerError
from cms.embedded_postgres.places import PORT, Places, check_private

PATIENCE: Final = 30.0  # seconds for a server to start, or to stop
LONG_PATIENCE: Final = 120.0  # for another command, which may be making the database
POLL: Final = 0.02
LOG_BYTES: Final = 10_000_000

# On the command line, so that a change here is obeyed by clusters made before it.
SETTINGS: Final = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "fsync": "on",  # what was acknowledged survives a SIGKILL, here as in production
    # Files in the data folder: /dev/shm of a container is often 64 MB, too little for a parallel
    # query, and System V segments would outlive a deleted project.
    "dynamic_shared_memory_type": "mmap",
}

# Run once, in the new cluster. No superuser, as in production: mistakes with rights show early.
SETUP: Final = """\
CREATE ROLE dastan LOGIN CREATEDB
CREATE DATABASE dastan OWNER dastan
"""


@dataclass(frozen=True)
class Postmaster:
    """What the server wrote into postmaster.pid."""

    pid: int
    sockets: Path
    status: str  # starting, ready, standby or stopping

    @classmethod
    def of(cls, data: Path) -> "Postmaster | None":
        """None if there is no such file, or not all of it yet."""
        try:
            lines = read(data / "postmaster.pid").split("\n")
            return cls(int(lines[0]), Path(lines[4]), lines[7].strip())
        except (FileNotFoundError, NotADirectoryError, IndexError, ValueError):
            return None


class Server:
    """The one server of a project; every method may be called by many processes at once."""

    def __init__(self, project: Path) -> None:
        self.places = Places.of(project)

    def ensure_running(self) -> bool:
        """Returns when the server accepts connections; True if it did not when we came.

        Costs one knock at the socket when it is up. Raises ServerError with the reason and the
        end of the log when it cannot be started, ImproperlyConfigured without the wheel.
        """
        if self.is_accepting():
            return False
        with self._exclusively():
            self.places.prepare()
            alive = self._settle()
            if alive is not None:
                try:
                    self._start(alive)
                finally:
                    os.close(alive)  # the server has its own copy
        return True

    def is_accepting(self) -> bool:
        """Whether it is up, and its folders are still there: not just deleted under it."""
        places = self.places
        check_private(places.sockets, places.owner())
        if not (places.lock.exists() and places.data.exists()):
            return False
        return ask(places.socket) is Answer.ACCEPTING

    def stop(self) -> bool:
        """Stops the server and removes its socket's folder; False if it was not running."""
        check_private(self.places.sockets, self.places.owner())
        if not self.places.lock.exists() and not self.places.sockets.exists():
            return False
        with self._exclusively():
            folders = {self.places.sockets}
            postmaster = Postmaster.of(self.places.data)
            if postmaster and postmaster.pid in self._members():
                folders.add(postmaster.sockets)  # another one if the project was moved
            stopped = self._bring_down()
            if not self.places.as_root:
                for folder in folders:
                    remove_sockets(folder)
        return stopped

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        """Only one process at a time starts or stops the server; the others wait here."""
        try:
            self.places.folder.mkdir(mode=0o700, exist_ok=True)
            descriptor = wait_for_lock(self.places.lock, Patience(self.places.log, LONG_PATIENCE))
        except OSError as error:
            raise ServerError(
                f"{self.places.folder} cannot be used ({error.strerror}). It must belong to the "
                "user who runs the command; if another user made it, remove it."
            ) from error
        try:
            yield
        finally:
            os.close(descriptor)

    def _settle(self) -> int | None:
        """Waits until the server is up (returns None) or no process of it lives.

        In the second case returns the lock that says so, which the next server is to keep.
        """
        patience = Patience(self.places.log)
        while True:
            answer = ask(self.places.socket)
            if answer is Answer.ACCEPTING and self._is_ours():
                return None
            if answer is not Answer.NOT_NOW and not self._is_between():
                self._bring_down()
                alive = lock_now(self.places.alive)
                if alive is not None:
                    return alive
            patience.wait(
                "another server works on its data and cannot be reached: it may be shutting down, "
                "or run in another container"
            )

    def _is_ours(self) -> bool:
        """Whether the server at our socket works on our data, and not on a folder since deleted."""
        postmaster = Postmaster.of(self.places.data)
        return (
            postmaster is not None
            and postmaster.sockets == self.places.sockets
            and postmaster.pid == self._pid_at_socket()
        )

    def _is_between(self) -> bool:
        """Whether our server is just starting up or shutting down, and will get there by itself."""
        postmaster = Postmaster.of(self.places.data)
        return (
            postmaster is not None
            and postmaster.sockets == self.places.sockets
            and postmaster.status in ("starting", "stopping")
            and postmaster.pid in self._members()
        )

    def _pid_at_socket(self) -> int | None:
        try:
            return int(read(self.places.socket_lock).split("\n")[0])
        except (FileNotFoundError, ValueError):
            return None

    def _members(self) -> set[int]:
        """The processes that must end before another server may start: those at work on our data
        (backends may outlive a killed postmaster), and a server at our socket."""
        found = processes.of_cluster(self.places.data, self.places.account())
        at_socket = self._pid_at_socket()
        if at_socket and processes.listens_in(at_socket, self.places.sockets):
            found.add(at_socket)
        return found

    def _bring_down(self) -> bool:
        """Ends all those processes, at first politely; False if there was none."""
        patience, sent = Patience(self.places.log), 0
        while members := self._members():
            postmaster = Postmaster.of(self.places.data)
            heads = members & {postmaster.pid if postmaster else 0, self._pid_at_socket() or 0}
            # To a postmaster: fast, then immediate shutdown. A backend alone takes SIGTERM.
            polite = signal.SIGINT if heads else signal.SIGTERM
            wish = polite if patience.spent < 10 else signal.SIGQUIT
            wish = signal.SIGKILL if patience.spent > 15 else wish
            if wish != sent:
                processes.signal_all(heads or members, wish)
                sent = wish
            patience.wait(f"its processes {sorted(members)} do not end")
        return bool(sent)

    def _start(self, alive: int) -> None:
        """Starts the server, which keeps the lock `alive`; the data is made if there is none."""
        places = self.places
        folder = binaries.ready(places)
        if places.data.exists():
            binaries.check_version(folder, places)
        else:
            binaries.make_cluster(folder, places, SETUP)
        # No process of the server lives, so these are remains. PostgreSQL itself would take them
        # for a server's if their process id is now another process's.
        for remains in (places.data / "postmaster.pid", places.socket, places.socket_lock):
            remains.unlink(missing_ok=True)
        rotate(places.log)
        command = [f"{folder / 'postgres'}", "-D", f"{places.data}", "-k", f"{places.sockets}"]
        for name, value in SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        pid = processes.launch(command, places.account(), places.log, keep=[alive])
        processes.watch(pid, places.lock, None if places.as_root else places.sockets)
        self._await(pid)

    def _await(self, pid: int) -> None:
        patience = Patience(self.places.log)
        while ask(self.places.socket) is not Answer.ACCEPTING:
            if processes.birth(pid) is None:
                raise ServerError(f"PostgreSQL ended while starting.{tail(self.places.log)}")
            patience.wait("it does not accept connections yet")


class Patience:
    """Waits, and gives up with the end of the log when it has taken too many seconds."""

    def __init__(self, log: Path, seconds: float = PATIENCE) -> None:
        self._log = log
        self._seconds = seconds
        self._began = time.monotonic()

    @property
    def spent(self) -> float:
        return time.monotonic() - self._began

    def wait(self, obstacle: str) -> None:
        if self.spent > self._seconds:
            raise ServerError(
                f"The embedded PostgreSQL is not ready after {self._seconds:.0f} s: {obstacle}."
                f"{tail(self._log)}"
            )
        time.sleep(POLL)


def read(path: Path) -> str:
    """The text of a file of the server's user, who must not lead root elsewhere by a link."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, errors="replace") as file:
        return file.read(LOG_BYTES)


def tail(log: Path) -> str:
    """The name of the log and its last lines, to end an error message with."""
    try:
        last = "\n".join(read(log).splitlines()[-8:])
    except OSError:
        return ""
    return f"\n{log} ends with:\n{last}"


def rotate(log: Path) -> None:
    """Keeps the log from growing for ever; its predecessor is kept beside it."""
    with suppress(FileNotFoundError):
        if log.lstat().st_size > LOG_BYTES:
            log.rename(log.with_name(f"{log.name}.1"))


def wait_for_lock(path: Path, patience: Patience) -> int:
    """Locks the file, which is made if missing; the lock lasts until its descriptor is closed."""
    while True:
        descriptor = lock_now(path)
        if descriptor is not None:
            # Whoever deletes the folder meanwhile leaves us with the lock of no file.
            if path.exists() and os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
            os.close(descriptor)
        patience.wait(f"another command holds {path}")


def lock_now(path: Path) -> int | None:
    """Locks the file, or returns None if another process holds the lock."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def remove_sockets(folder: Path) -> None:
    """Removes the socket's folder unless somebody keeps something else in it."""
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (folder / name).unlink(missing_ok=True)
    with suppress(OSError):
        folder.rmdir()
