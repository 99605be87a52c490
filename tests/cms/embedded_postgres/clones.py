"""Projects whose path is long and awkward, with real servers, for these tests.

Run by root, every test runs twice: as root, and as an ordinary user that a child process becomes
after its imports (the interpreter itself may be where that user cannot go).
"""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cms.embedded_postgres import processes
from cms.embedded_postgres.places import Account, Places

ROOT = Path(__file__).parents[3]
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


def wait_until(happens: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.05)
