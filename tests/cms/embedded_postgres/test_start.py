"""The server is started by the first command that needs it, and is private."""

import os
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from cms.embedded_postgres import processes
from tests.cms.embedded_postgres.clones import SERVER, Clone, wait_until


def test_it_works(clone: Clone) -> None:
    """The first command starts the server; it knows Cyrillic and has the extensions we need."""
    clone.act("stop")
    for extension in ("pg_trgm", "unaccent", "btree_gin"):
        clone.python(f"ask('CREATE EXTENSION IF NOT EXISTS {extension}')")

    answer = clone.ask("SELECT lower('Ж'), similarity('Жук', 'жук'), current_user, name FROM kept")

    assert answer == "ж|1.0|dastan|Ж"
    assert clone.act("status")[0] == 0


def test_it_listens_only_on_a_private_socket_with_a_short_path(clone: Clone) -> None:
    pid = clone.start()

    assert clone.ask("SHOW listen_addresses") == ""
    assert clone.places.sockets.stat().st_mode & 0o777 == 0o700
    assert clone.places.data.stat().st_mode & 0o777 == 0o700
    assert clone.places.socket.stat().st_mode & 0o777 == 0o700
    assert len(os.fsencode(clone.places.socket_lock)) <= 107
    found = ["find", f"/proc/{pid}/fd", "-lname", "socket:*", "-printf", "%l\\n"]
    sockets = processes.run(found, SERVER).stdout.split()
    internet = "".join(Path(f"/proc/net/{kind}").read_text() for kind in ("tcp", "udp"))
    assert sockets
    assert not [name for name in sockets if f" {name[8:-1]} " in internet]


def test_it_stays_up_when_the_command_ends(clone: Clone) -> None:
    clone.start()

    first = clone.ask("SELECT pg_postmaster_start_time()")
    second = clone.ask("SELECT pg_postmaster_start_time()")

    assert first == second


def test_it_is_detached_from_the_command_that_started_it(clone: Clone) -> None:
    """Ctrl-C reaches the command and not the server, which holds none of the command's files."""
    clone.act("stop")
    read, write = os.pipe()
    command = clone.begin(
        "main(['start', '--project', project]); sys.stdout.flush(); time.sleep(60)",
        stderr=subprocess.PIPE,
        pass_fds=[write],
    )
    os.close(write)
    assert command.stdout is not None
    assert command.stdout.readline() == "started\n"
    pid = clone.start()

    os.killpg(command.pid, signal.SIGINT)
    command.communicate(timeout=10)

    assert os.read(read, 1) == b""  # nobody has the other end of the pipe
    os.close(read)
    assert clone.start() == pid
    assert os.getsid(pid) != command.pid


def test_it_is_stopped_by_stop(clone: Clone) -> None:
    clone.start()

    assert clone.act("stop")[1].startswith("stopped")
    assert clone.act("stop")[1].startswith("was not running")
    assert clone.act("status")[0] == 1
    assert not clone.processes()
    assert not clone.places.socket.exists()
    assert clone.person == "root" or not clone.places.sockets.exists()
    assert clone.ask("SELECT name FROM kept") == "Ж"


def test_it_starts_again_under_a_command_at_work(clone: Clone) -> None:
    answer = clone.python(
        "ask('SELECT 1'); connection.close(); Server(Path(project)).stop()\n"
        "print(ask('SELECT name FROM kept')[0][0])"
    )

    assert answer == "Ж"


def test_it_makes_test_databases(clone: Clone) -> None:
    clone.act("stop")

    made = clone.python(
        "name = connection.creation._create_test_db(verbosity=0, autoclobber=True)\n"
        "connection.settings_dict['NAME'] = name\n"
        "connection.creation.clone_test_db('1', verbosity=0, autoclobber=True)\n"
        "ask('CREATE EXTENSION IF NOT EXISTS pg_trgm')\n"
        "print(ask('SELECT current_database()')[0][0])\n"
        "connection.creation.destroy_test_db(None, verbosity=0, suffix='1')\n"
        "connection.creation.destroy_test_db('dastan', verbosity=0)\n"
    )

    assert made == "test_dastan"


def test_it_opens_psql_of_the_wheel(clone: Clone) -> None:
    clone.act("stop")

    shown = clone.python(
        "arguments, ours = connection.client.settings_to_cmd_args_env(connection.settings_dict,"
        " ['-Atc', 'SELECT name FROM kept'])\n"
        "subprocess.run(arguments, env={**os.environ, **ours}, check=True)",
        env={"PGHOSTADDR": "127.0.0.1", "PGOPTIONS": "-c search_path=nowhere", "LC_ALL": "C.UTF-8"},
    )

    assert shown == "Ж"


def test_it_ignores_what_the_caller_s_environment_says(clone: Clone) -> None:
    clone.act("stop")
    elsewhere = {
        "PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "xx_XX.missing",
        "PGDATA": "/nowhere", "PGHOST": "nowhere", "PGPORT": "1", "PGHOSTADDR": "127.0.0.1",
        "PGUSER": "nobody", "PGDATABASE": "nothing", "PGOPTIONS": "-c search_path=nowhere",
        "PGSSLMODE": "verify-full", "PGREQUIREAUTH": "scram-sha-256",
    }  # fmt: skip

    assert clone.ask("SELECT name FROM kept", env=elsewhere) == "Ж"


def test_it_lets_other_failures_be_what_they_are(clone: Clone) -> None:
    clone.start()

    raised = clone.python(
        "connection.settings_dict['NAME'] = 'missing'\n"
        "try: ask('SELECT 1')\n"
        "except Exception as error: print(type(error).__name__, error)"
    )

    assert raised.startswith("OperationalError")
    assert 'database "missing" does not exist' in raised


def test_it_is_started_once_by_commands_at_once(fresh: Clone) -> None:
    code = (
        "failed = main(['start', '--project', project])\n"
        "from cms.embedded_postgres.server import Postmaster, Server\n"
        "print(Postmaster.of(Server(Path(project)).places.data).pid); sys.exit(failed)"
    )
    commands = [fresh.begin(code) for _ in range(8)]

    servers = {command.communicate(timeout=60)[0].split()[-1] for command in commands}

    assert len(servers) == 1
    assert [command.returncode for command in commands] == [0] * 8
    assert fresh.ask("SELECT count(*) FROM pg_database") == "4"
    assert {path.name for path in fresh.places.home.iterdir()} >= {"data", "server.log"}
    assert not list(fresh.places.home.glob("new-*"))


@pytest.mark.parametrize(("moment", "umask"), [("new-*", 0o077), ("server.log", 0o000)])
def test_a_first_start_that_is_killed_leaves_nothing_half_made(
    fresh: Clone, moment: str, umask: int
) -> None:
    """Whatever the umask, which decides the modes of what is made."""
    command = fresh.begin("main(['start', '--project', project])", umask=umask)
    wait_until(lambda: any(fresh.places.home.glob(moment)))

    os.killpg(command.pid, signal.SIGKILL)
    command.communicate()

    assert fresh.ask("SELECT current_database()", umask=umask) == "dastan"
    assert not list(fresh.places.home.glob("new-*"))
    for folder in (fresh.places.data, fresh.places.folder, fresh.places.sockets):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
