"""docs/migrating-from-wordpress.md, followed step by step."""

import json
import re
import shlex
from pathlib import Path

import pytest
from django.test import Client

from articles.importers.wordpress.media import COLUMNS
from articles.models import Article, FormerUrl
from tests.articles.wordpress.exports import run_command
from tests.test_docs import ROOT, Example, examples

PAGE = ROOT / "docs" / "migrating-from-wordpress.md"

pytestmark = pytest.mark.django_db


def steps() -> list[Example]:
    found = [each for each in examples() if each.path == PAGE]
    assert len(found) == 4
    return found


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page's export, in the folder that its commands run in."""
    [export] = re.findall(r"```xml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / "export.xml").write_text(export)
    monkeypatch.chdir(tmp_path)


def test_each_step_shows_what_it_says(client: Client) -> None:
    for step in steps():
        program, *arguments = shlex.split(step.command)
        if program == "curl":
            address = arguments[0].removeprefix("http://127.0.0.1:8000")
            assert client.get(address).json() == json.loads(step.answer)
        else:
            code, out, err = run_command(*arguments[2:])
            assert (code, err + out) == (0, step.answer.rstrip("\n") + "\n"), step.command
        if "--dry-run" in arguments:
            assert Article.objects.count() == 0
    assert Path("media.csv").read_text().startswith(",".join(f'"{each}"' for each in COLUMNS))
    assert set(FormerUrl.objects.values_list("path", flat=True)) == {
        "/2026/05/ferry-runs-again",
        "/?p=12",
    }


def test_it_names_every_column_of_the_list() -> None:
    [sentence] = re.findall(r"`media\.csv` lists all (.*?) A text", PAGE.read_text(), re.DOTALL)

    assert re.findall(r"`(\w+)`", sentence) == list(COLUMNS)
