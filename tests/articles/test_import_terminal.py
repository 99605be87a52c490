"""What ``manage.py import_articles`` shows on a terminal, in a pipe, and as its exit code."""

import os
import pty
import subprocess
import termios
from pathlib import Path

import pytest

from tests.articles.importing import as_file, make_line
from tests.processes import start_command

pytestmark = pytest.mark.django_db(transaction=True)


def run_on_a_terminal(*arguments: str) -> tuple[int, str]:
    """The exit code, and all that the terminal showed."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    process = start_command(*arguments, output=theirs)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 4096):
            shown += chunk
    except OSError:  # Linux's way to say that the other end is closed
        pass
    os.close(ours)
    return process.wait(timeout=60), shown.decode()


def run_in_a_pipe(*arguments: str) -> tuple[int, str, str]:
    process = start_command(*arguments, output=subprocess.PIPE)
    out, err = process.communicate(timeout=60)
    return process.returncode, out.decode(), err.decode()


def test_it_works(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_bytes(as_file(*(make_line(str(number)) for number in range(20))).getvalue())

    code, shown = run_on_a_terminal("import_articles", str(file))

    assert code == 0
    assert "Importing: 100%" in shown
    assert "20 created, 0 updated, 0 unchanged, 0 skipped." in shown


def test_it_shows_no_bar_in_a_pipe(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_bytes(as_file(make_line()).getvalue())

    assert run_in_a_pipe("import_articles", str(file)) == (
        0,
        "1 created, 0 updated, 0 unchanged, 0 skipped.\n",
        "",
    )


def test_a_refusal_is_an_exit_code_and_no_traceback(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_bytes(b"{}\n")

    code, out, err = run_in_a_pipe("import_articles", str(file))

    assert (code, out) == (1, "")
    assert err.startswith("line 1: status: It must be one of: draft, scheduled, published.")
    assert "1 line cannot be imported, so nothing was." in err
    assert "Traceback" not in err


def test_its_help_has_examples_that_can_be_copied() -> None:
    code, out, err = run_in_a_pipe("import_articles", "--help")

    assert (code, err) == (0, "")
    assert "\n  manage.py import_articles articles.jsonl --dry-run     tell what" in out
    assert "\n  zcat articles.jsonl.gz | manage.py import_articles -\n" in out
