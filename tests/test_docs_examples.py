"""What docs/api.md shows is what the demo's server answers."""

import json
import re
import shlex
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client

from cms.api.problems import CONTENT_TYPE
from tests.test_docs import ROOT, Example, examples


def requests_shown() -> list[Example]:
    guide = ROOT / "docs" / "api.md"
    found = [each for each in examples() if each.path == guide and each.command.startswith("curl ")]
    assert len(found) > 5
    return found


def ask(client: Client, command: str) -> Any:
    """The answer of this server to a curl command."""
    _, *words = shlex.split(command)
    headers: dict[str, str] = {"host": "127.0.0.1:8000"}
    url, method = "", "GET"
    while words:
        match words.pop(0):
            case "-H":
                name, _, value = words.pop(0).partition(":")
                headers[name] = value.strip()
            case "-X":
                method = words.pop(0)
            case "-i":
                pass
            case word:
                url = word
    parts = urlsplit(url)
    return client.generic(method, f"{parts.path}?{parts.query}", headers=headers)


def assert_like(shown: Any, real: Any, where: str, *, exactly: bool) -> None:
    """The same keys everywhere, in the same order, and the same types; texts and numbers too if
    ``exactly``. Where … stands, any text may. What is null in one may have a value in the other,
    unless ``exactly``."""
    if isinstance(shown, dict) and isinstance(real, dict):
        assert list(shown) == list(real), where
        for key in shown:
            assert_like(shown[key], real[key], f"{where}.{key}", exactly=exactly)
    elif isinstance(shown, list) and isinstance(real, list):
        assert len(shown) == len(real) or not exactly, where
        for number, (item, other) in enumerate(zip(shown, real, strict=False)):
            assert_like(item, other, f"{where}[{number}]", exactly=exactly)
    elif isinstance(shown, str) and isinstance(real, str):
        assert not exactly or fits(shown, real), f"{where}: {real}"
    elif exactly:
        assert shown == real, where
    else:
        assert shown is None or real is None or type(shown) is type(real), where


def fits(shown: str, real: str) -> bool:
    """Whether the texts are the same, but for what … stands for."""
    pattern = ".*".join(re.escape(part) for part in shown.split("…"))
    return re.fullmatch(pattern, real, re.DOTALL) is not None


@pytest.mark.django_db
def test_requests_that_are_shown_are_answered_as_shown(client: Client) -> None:
    call_command("load_demo", verbosity=0)
    call_command("load_demo_rates", verbosity=0)

    for example in requests_shown():
        response = ask(client, example.command)
        body = example.answer
        if "-i" in shlex.split(example.command):
            head, _, body = example.answer.partition("\n\n")
            assert_head(head, response)
        else:
            assert response.status_code == 200, example.command
        if body.strip():
            assert_body(json.loads(body), response, example.command)


def assert_head(head: str, response: Any) -> None:
    """The status that is shown, and each header."""
    status, *lines = head.strip().splitlines()
    assert status.split()[1] == str(response.status_code), head
    for line in lines:
        name, _, value = line.partition(": ")
        assert fits(value, response.get(name, "")), f"{name}: {response.get(name)}"


def assert_body(shown: Any, response: Any, command: str) -> None:
    """A problem to the letter; of other answers the shape, since the demo's content grows."""
    is_problem = response["Content-Type"] == CONTENT_TYPE
    assert_like(shown, json.loads(response.content), command, exactly=is_problem)
