"""What README.md shows is what happens."""

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

README = Path(__file__).parent.parent / "README.md"

pytestmark = pytest.mark.django_db


def requests_and_answers() -> list[tuple[str, Any]]:
    """Each curl of the README that is followed by the JSON that it gives."""
    pattern = r"\$ curl '(http://127\.0\.0\.1:8000[^']+)'\n```\n\n```json\n(.*?)\n```"
    return [
        (url, json.loads(answer))
        for url, answer in re.findall(pattern, README.read_text(), re.DOTALL)
    ]


def matches(shown: Any, real: Any) -> bool:
    """Whether they are the same; "…" at the end of a shown text leaves the rest open."""
    if isinstance(shown, dict):
        return shown.keys() == real.keys() and all(matches(shown[k], real[k]) for k in shown)
    if isinstance(shown, list):
        return len(shown) == len(real) and all(map(matches, shown, real))
    if isinstance(shown, str) and shown.endswith("…"):
        return bool(real.startswith(shown[:-1]))
    return bool(shown == real)


def test_its_requests_give_its_answers(client: Client) -> None:
    call_command("load_demo", stdout=io.StringIO())
    shown = requests_and_answers()
    assert len(shown) == 2

    for url, answer in shown:
        path = url.removeprefix("http://127.0.0.1:8000")
        real = client.get(path, headers={"host": "127.0.0.1:8000"}).json()
        assert matches(answer, real), json.dumps(real, ensure_ascii=False, indent=2)


def test_its_import_imports(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    [lines] = re.findall(r"<<'END'\n(.*?)\nEND", README.read_text(), re.DOTALL)
    [report] = re.findall(r"import_articles articles\.jsonl\n(.*)\n", README.read_text())
    [url] = re.findall(
        r"curl 'http://127\.0\.0\.1:8000(/api/v1/articles/[^']+)'", README.read_text()
    )
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    out = io.StringIO()

    call_command("import_articles", "-", stdout=out)

    assert out.getvalue().strip() == report
    assert client.get(url).status_code == 200
