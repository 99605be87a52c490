"""The remains of a crash do no harm."""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator

import pytest

from cms.embedded_postgres import processes
from tests.cms.embedded_postgres.clones import DJANGO, SERVER, Clone, wait_until


def kill_postmaster(clone: Clone, pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def kill_everything(clone: Clone, pid: int) -> None:
    processes.signal_all({pid}, signal.SIGKILL)
    processes.signal_all(clone.processes(), signal.SIGKILL)
    wait_until(lambda: not clone.processes())


def reboot(clone: Clone, pid: int) -> None:
    kill_everything(clone, pid)
    if clone.person != "root":
        shutil.rmtree(clone.places.sockets)


def kill_and_reuse_the_process_id(clone: Clone, pid: int) -> None:
    """The remains name a process that lives, of the same user: a sleep, or another server."""
    kill_everything(clone, pid)
    sleeper = subprocess.Popen(["sleep", "60"], user=SERVER.uid if SERVER else None)
    for remains in (clone.places.data / "postmaster.pid", clone.places.socket_lock):
        text = remains.read_text()
        remains.write_text(text.replace(str(pid), str(sleeper.pid), 1))
    SLEEPERS.append(sleeper)


SLEEPERS: list[subprocess.Popen[bytes]] = []


@pytest.fixture
def sleepers() -> Iterator[list[subprocess.Popen[bytes]]]:
    yield SLEEPERS
    while SLEEPERS:
        SLEEPERS[-1].kill()
        SLEEPERS.pop().wait()


@pytest.mark.parametrize(
    "crash", [kill_postmaster, kill_everything, reboot, kill_and_reuse_the_process_id]
)
def test_the_remains_of_a_crash_do_no_harm(
    clone: Clone, crash: Callable[[Clone, int], None], sleepers: list[subprocess.Popen[bytes]]
) -> None:
    """What was acknowledged is there, and no process of the old server works beside the new."""
    pid = clone.start()
    mark = secrets.token_hex(8)
    clone.python("ask('CREATE TABLE IF NOT EXISTS marks (mark text)')")
    busy = clone.begin(
        "ask('SELECT 1'); print('up', flush=True)\n"
        f"ask('INSERT INTO marks VALUES (%s)', {mark!r}); print('done', flush=True)\n"
        "try: ask('SELECT pg_sleep(60)')\n"
        "except OperationalError: pass",
        imports=DJANGO,
    )
    assert busy.stdout is not None
    assert [busy.stdout.readline() for _ in range(2)] == ["up\n", "done\n"]
    before = clone.processes()

    crash(clone, pid)

    assert clone.ask(f"SELECT count(*) FROM marks WHERE mark = '{mark}'") == "1"
    assert not before & clone.processes()
    assert [sleeper.poll() for sleeper in sleepers] == [None] * len(sleepers)
    busy.communicate(timeout=10)


def test_it_says_why_it_does_not_start(clone: Clone) -> None:
    clone.act("stop")
    settings = clone.places.data / "postgresql.auto.conf"
    kept = settings.read_text()
    settings.write_text("max_wal_senders = many\n")

    code, text = clone.act("start")
    raised = clone.python("try: ask('SELECT 1')\nexcept OperationalError as error: print(error)")
    settings.write_text(kept)

    assert code == 1
    for message in (text, raised):
        assert str(clone.places.log) in message
        assert 'invalid value for parameter "max_wal_senders"' in message
    assert clone.act("start")[0] == 0
