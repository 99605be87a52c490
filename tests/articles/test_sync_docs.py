"""The clients of docs/sync.md keep a copy of what the real server shows, though they are killed."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from articles.models import Tag
from articles.publishing import unpublish
from cms.changes import epoch
from tests.articles.copying import TYPES, Copy, listed
from tests.factories import make_author, make_published, make_region, make_tag
from tests.node import NODE
from tests.serving import serving

PAGE = (Path(__file__).parents[2] / "docs" / "sync.md").read_text()
LONGEST = 60  # seconds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.bulk]


def of_python(file: Path) -> dict[str, dict[int, Any]]:
    held: dict[str, dict[int, Any]] = {name: {} for name in TYPES}
    database = sqlite3.connect(file)
    for kind, pk, data in database.execute("SELECT type, id, data FROM things"):
        held[kind][pk] = json.loads(data)
    database.close()
    return held


def of_typescript(file: Path) -> dict[str, dict[int, Any]]:
    held: dict[str, dict[int, Any]] = {name: {} for name in TYPES}
    for key, thing in json.loads(file.read_text())["things"].items():
        kind, _, pk = key.partition(" ")
        held[kind][int(pk)] = thing["data"]
    return held


def client_of(language: str, folder: Path) -> list[str]:
    """The command that runs the client, without its arguments."""
    [code] = re.findall(rf"```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    script = folder / ("client.py" if language == "python" else "client.mts")
    script.write_text(code)
    return [sys.executable if language == "python" else NODE, str(script)]


def lines_of(language: str) -> int:
    [code] = re.findall(rf"```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return sum(1 for line in code.splitlines() if line.strip())


@pytest.mark.parametrize(
    ("language", "read"), [("python", of_python), ("typescript", of_typescript)]
)
def test_it_works(
    tmp_path: Path, language: str, read: Callable[[Path], dict[str, dict[int, Any]]]
) -> None:
    regions, tags, authors = [make_region()], [make_tag()], [make_author()]
    published = [make_published(regions=regions, tags=tags, authors=authors) for _ in range(230)]
    file, copy = tmp_path / "copy", Copy()
    with serving(STATEMENT_TIMEOUT="30") as server:

        def ask(path: str) -> Any:
            answer = server.get(path)
            assert answer.status == 200
            return json.loads(answer.body)

        def until_it_is_whole() -> None:
            deadline = time.monotonic() + LONGEST
            wanted = listed(ask)
            while True:
                try:
                    copy.held = read(file)
                    if copy.as_listed() == wanted:
                        return
                except (OSError, sqlite3.Error, KeyError):
                    pass  # not begun, or in the middle of the first walk
                assert time.monotonic() < deadline, "the copy is not what is listed"
                time.sleep(0.2)

        command = [*client_of(language, tmp_path), server.url, str(file)]
        for _ in range(6):
            with subprocess.Popen(command) as client:
                time.sleep(0.4)
                client.send_signal(signal.SIGKILL)
        with subprocess.Popen(command) as client:
            until_it_is_whole()
            unpublish(published[0].article)
            Tag.objects.update(name="Renamed")
            make_published(tags=[make_tag("New")])
            until_it_is_whole()
            client.kill()
        unpublish(published[1].article)
        epoch.renew()
        with subprocess.Popen(command) as client:
            until_it_is_whole()
            client.kill()


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_it_is_about_forty_lines(language: str) -> None:
    assert lines_of(language) <= 50
