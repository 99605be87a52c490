"""docs/importing.md tells the format as it is."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client

from articles.importers import jsonl, outlet_lines
from tests.articles.importing import NOW, make_line, run_import

PAGE = (Path(__file__).parents[2] / "docs" / "importing.md").read_text()

pytestmark = pytest.mark.django_db


def test_its_line_can_be_imported_and_shows_in_the_api(client: Client) -> None:
    line, *_ = re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)
    shown = json.loads(line)

    report = run_import(shown)

    assert (report.created, report.errors) == (1, [])
    article = client.get("/api/v1/articles/zhanatas-wind").json()
    assert article["title"] == shown["title"]
    assert article["published_at"] == "2026-02-20T06:15:00Z"
    assert article["body_html"] == shown["body_html"]
    assert article["regions"][1] == {"slug": "zhambyl", "name": "Zhambyl"}


def test_its_lines_of_regions_tags_and_authors_can_be_imported() -> None:
    _, lines, _ = re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)

    report = run_import(*lines.splitlines())

    assert (report.created, report.errors) == (4, [])
    shown = {key for line in lines.splitlines() for key in next(iter(json.loads(line).values()))}
    assert shown == set().union(*jsonl.TAXONOMY_KEYS.values())


def test_its_lines_of_collections_and_redirects_can_be_imported() -> None:
    before = re.findall(r"```json\n(.*?)\n```", PAGE, re.DOTALL)
    run_import(json.loads(before[0]), *before[1].splitlines())

    report = run_import(*before[2].splitlines())

    assert (report.created, report.errors) == (2, [])
    collection, redirect = (json.loads(line) for line in before[2].splitlines())
    assert collection["collection"].keys() == outlet_lines.COLLECTION_KEYS
    slots = collection["collection"]["slots"]
    assert {key for slot in slots for key in slot} == outlet_lines.SLOT_KEYS
    assert redirect["redirect"].keys() == outlet_lines.REDIRECT_KEYS


def test_it_names_every_key_and_no_other() -> None:
    rows = re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)

    assert {key for row in rows for key in re.findall(r"`(\w+)`", row)} == jsonl.KEYS


def test_its_errors_are_those_of_the_importer() -> None:
    future = make_line("3", published_at="2100-01-01")
    report = run_import(
        make_line("1"), make_line("cms-2041"), future, make_line("4"), make_line("5"),
        make_line("6"), make_line("cms-2041"), now=NOW,
    )  # fmt: skip

    told = re.findall(r"^line (\d+): (.*)$", PAGE, re.MULTILINE)
    assert [(int(line), reason) for line, reason in told] == report.errors
