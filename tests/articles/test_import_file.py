import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from articles.models import Article, PublishedArticle
from tests.articles.importing import (
    as_file,
    make_line,
    refusals,
    run_command,
    run_import,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Any:
    def feed(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    return feed


def test_it_works(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(
        json.dumps(
            {
                "external_id": "news-1",
                "title": "Water levels rise",
                "slug": "water-levels-rise",
                "kicker": "Water",
                "summary": "The editor's own.",
                "body_html": "<p>The reservoir<script>alert(1)</script> is <b>full</b>.</p>",
                "kind": "analysis",
                "language": "ru",
                "status": "published",
                "published_at": "2026-02-20T11:15:00+05:00",
                "updated_at": "2026-02-21",
                "regions": ["Kazakhstan", "Almaty"],
                "tags": ["Water", "air-quality"],
                "authors": ["Zarina", "Aybek"],
                "lead_image": {
                    "url": "https://media.example.org/dam.jpg",
                    "alt": "A dam",
                    "caption": "The dam",
                    "credit": "Dastan",
                },
                "canonical_url": "https://example.org/water",
                "is_breaking": True,
                "seo": {"title": "Water", "description": "All about it"},
            }
        )
        + "\n"
    )

    assert run_command(str(file)) == (0, "1 created, 0 updated, 0 unchanged, 0 skipped.\n", "")

    answer = client.get("/api/v1/articles/water-levels-rise").json()
    assert answer == {
        "id": PublishedArticle.objects.get().id,
        "slug": "water-levels-rise",
        "title": "Water levels rise",
        "kicker": "Water",
        "summary": "The editor's own.",
        "kind": "analysis",
        "language": "ru",
        "published_at": "2026-02-20T06:15:00Z",
        "updated_at": "2026-02-20T19:00:00Z",
        "word_count": 4,
        "reading_minutes": 1,
        "is_breaking": True,
        "regions": [
            {"slug": "kazakhstan", "name": "Kazakhstan"},
            {"slug": "almaty", "name": "Almaty"},
        ],
        "tags": [
            {"slug": "water", "name": "Water"},
            {"slug": "air-quality", "name": "Air Quality"},
        ],
        "authors": [{"slug": "zarina", "name": "Zarina"}, {"slug": "aybek", "name": "Aybek"}],
        "lead_image": {
            "url": "https://media.example.org/dam.jpg",
            "alt": "A dam",
            "caption": "The dam",
            "credit": "Dastan",
            "width": None,
            "height": None,
        },
        "url": "/ru/water-levels-rise",
        "excerpt": "The reservoir is full.",
        "body_html": "<p>The reservoir is <strong>full</strong>.</p>",
        "corrections": [],
        "translations": [],
        "canonical_url": "https://example.org/water",
        "seo": {"title": "Water", "description": "All about it"},
        "revision": 1,
    }


def test_it_makes_up_what_may_be_left_out(client: Client) -> None:
    run_import(make_line(title="Вода и люди"))

    answer = client.get("/api/v1/articles/voda-i-liudi").json()
    assert (answer["language"], answer["kind"], answer["is_breaking"]) == ("en", "news", False)
    assert answer["summary"] == "Body 1."
    assert answer["regions"] == answer["tags"] == answer["authors"] == []
    assert answer["lead_image"] is answer["canonical_url"] is answer["kicker"] is None
    assert answer["updated_at"] == answer["published_at"] == "2026-02-20T06:15:00Z"


def test_it_takes_null_for_what_may_be_left_out(client: Client) -> None:
    optional = (
        *("slug", "kicker", "summary", "kind", "language", "updated_at", "regions", "tags"),
        *("authors", "lead_image", "canonical_url", "is_breaking", "seo", "translation_of"),
    )

    report = run_import(json.dumps({**make_line(), **dict.fromkeys(optional)}))

    assert (report.created, report.errors) == (1, [])
    assert client.get("/api/v1/articles/title-1").status_code == 200


def test_it_keeps_drafts_from_readers(client: Client) -> None:
    run_import(make_line(status="draft", published_at=None, regions=["Nowhere"], tags=["Secret"]))

    assert Article.objects.get().title == "Title 1"
    assert client.get("/api/v1/articles").json()["count"] == 0
    assert client.get("/api/v1/articles/title-1").status_code == 404
    assert client.get("/api/v1/tags").json()["count"] == 0
    assert client.get("/api/v1/regions").json()["count"] == 0


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf%s\n%s\n",
        b"%s\r\n%s\r\n",
        b"\n\n  \n%s\n\r\n\t\n%s",
        b"%s\n%s",
        b"  %s  \n\t%s\n\n\n",
    ],
    ids=["byte order mark", "CRLF", "blank lines", "no newline at the end", "spaces around"],
)
def test_it_takes_files_as_editors_write_them(content: bytes) -> None:
    lines = [json.dumps(make_line(each)).encode() for each in ("1", "2")]

    report = run_import(content % tuple(lines))

    assert (report.lines, report.created, report.errors) == (2, 2, [])


def test_it_counts_blank_lines_when_it_names_a_line() -> None:
    assert [line for line, _ in refusals("", make_line(), "\r", "{}", "", "[]")] == [4, 6]


def test_it_reads_standard_input(stdin: Any) -> None:
    stdin(as_file(make_line("1"), make_line("2")).getvalue())

    assert run_command("-") == (0, "2 created, 0 updated, 0 unchanged, 0 skipped.\n", "")
    assert Article.objects.count() == 2


def test_it_reads_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = subprocess.Popen(
        ["/bin/sh", "-c", f"cat > {pipe}"], stdin=subprocess.PIPE, close_fds=True
    )
    assert writer.stdin is not None
    with writer.stdin as end:
        end.write(as_file(make_line()).getvalue())

    assert run_command(str(pipe))[:2] == (0, "1 created, 0 updated, 0 unchanged, 0 skipped.\n")
    assert writer.wait() == 0


def test_it_says_that_an_empty_file_is_empty(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"\n \n")

    assert run_command(str(tmp_path / "empty")) == (
        0,
        "0 created, 0 updated, 0 unchanged, 0 skipped.\n",
        "There is no line in it.\n",
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.jsonl", "No such file or directory"),
        (".", "Is a directory"),
        ("a\0b", "embedded null byte"),
    ],
)
def test_it_says_why_a_file_cannot_be_read(tmp_path: Path, name: str, reason: str) -> None:
    code, out, err = run_command(f"{tmp_path}/{name}")

    assert (code, out) == (1, "")
    assert err == f"{tmp_path}/{name} cannot be read: {reason}."


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"title": "caf\xe9"}', "It is not valid UTF-8 (byte 14). Save it as UTF-8."),
        (as_file("{}").getvalue().decode().encode("utf-16"), "It is not valid UTF-8"),
        ("title: Water", "It is not JSON: Expecting value (column 1)."),
        ('{"title": "Water"', "It is not JSON: Expecting ',' delimiter (column 18)."),
        ("{} {}", "It is not JSON: Extra data (column 4)."),
        ('{"title": NaN}', "It is not JSON that can be read: NaN is not a JSON value."),
        ('{"title": -Infinity}', "It is not JSON that can be read: -Infinity is not a JSON value."),
        ('{"title": ' + "9" * 5000 + "}", "It is not JSON that can be read: Exceeds the limit"),
        ("[" * 100_000, "It is not JSON that can be read: it is nested too deeply."),
        ("[]", "A line must be a JSON object, such as"),
        ('"text"', "A line must be a JSON object, such as"),
        ("null", "A line must be a JSON object, such as"),
        ('{"title": "a", "title": "b"}', "The key “title” stands twice. Keep one."),
        ('{"seo": {"title": "a", "title": "b"}}', "The key “title” stands twice. Keep one."),
        (b'{"title": "\0"}', "It is not JSON: Invalid control character at (column 12)."),
    ],
)
def test_it_refuses_what_is_not_a_json_object(line: Any, reason: str) -> None:
    [(number, found)] = refusals(make_line("good"), line)

    assert number == 2
    assert found.startswith(reason)


def test_it_refuses_a_line_that_is_too_long_and_reads_on() -> None:
    long = make_line("long", body_html="<p>" + "x" * 20_000_000)

    [first, last] = refusals(make_line("good"), long, make_line("2"), "{")

    assert first == (2, "The line is longer than 16777216 bytes. Split it or shorten it.")
    assert last[0] == 4
