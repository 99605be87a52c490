"""docs/webhooks.md: what it shows verifies what is sent, and its handler revalidates."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from articles.publishing import unpublish
from cms.webhooks import subjects
from cms.webhooks.delivery import BACKOFF
from tests.cms.webhooks.subscriber import Message, Subscriber, make_endpoint, work
from tests.factories import make_published
from tests.node import NODE

PAGE = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text()
pytestmark = pytest.mark.django_db


def code(language: str, number: int = 0) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found[number])


def headers_of(message: Message) -> dict[str, str]:
    return {
        "webhook-id": message.id,
        "webhook-timestamp": str(message.timestamp),
        "webhook-signature": " ".join(message.signatures),
    }


def sent(subscriber: Subscriber) -> tuple[Message, str]:
    endpoint = make_endpoint(subscriber.url)
    make_published("Water", slug="water")
    work()
    return subscriber.messages[0], endpoint.secret


def forged(headers: dict[str, str], body: str, secret: str) -> list[tuple[Any, str, str]]:
    """What must not be taken for genuine."""
    old = {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 400)}
    return [
        (headers, body + " ", secret),
        (headers, body, "whsec_" + "A" * 44),
        (old, body, secret),
        ({**headers, "webhook-id": "msg_other"}, body, secret),
        ({**headers, "webhook-timestamp": "soon"}, body, secret),
        ({**headers, "webhook-signature": "v1,"}, body, secret),
        ({**headers, "webhook-signature": ""}, body, secret),
    ]


def test_it_verifies_in_python(subscriber: Subscriber) -> None:
    message, secret = sent(subscriber)
    names: dict[str, Any] = {}
    exec(code("python"), names)
    headers, body = headers_of(message), message.body.decode()

    assert names["is_genuine"](headers, body.encode(), secret)
    both = {**headers, "webhook-signature": "v1,AAAA " + headers["webhook-signature"]}
    assert names["is_genuine"](both, body.encode(), secret)
    for each, text, key in forged(headers, body, secret):
        assert not names["is_genuine"](each, text.encode(), key)


def node(folder: Path, script: str) -> Any:
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "isGenuine.ts").write_text(code("typescript"))
    (folder / "main.ts").write_text(script)
    ran = subprocess.run(
        [NODE, "--no-warnings", "main.ts"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_it_verifies_in_typescript(subscriber: Subscriber, tmp_path: Path) -> None:
    message, secret = sent(subscriber)
    headers, body = headers_of(message), message.body.decode()
    cases = [(headers, body, secret), *forged(headers, body, secret)]
    script = (
        'import { isGenuine } from "./isGenuine.ts";\n'
        f"const cases = {json.dumps(cases)};\n"
        "console.log(JSON.stringify(cases.map(([h, b, s]) => isGenuine(h, b, s))));\n"
    )

    assert node(tmp_path, script) == [True] + [False] * (len(cases) - 1)


def test_its_handler_revalidates_the_article_and_the_front_page(
    subscriber: Subscriber, tmp_path: Path, httpserver: HTTPServer
) -> None:
    message, secret = sent(subscriber)
    cache = tmp_path / "node_modules" / "next"
    cache.mkdir(parents=True)
    (cache / "package.json").write_text('{"type": "module", "exports": {"./cache": "./cache.js"}}')
    (cache / "cache.js").write_text(
        "export const seen = []; export const revalidatePath = (...p) => seen.push(p);"
    )
    (tmp_path / "route.ts").write_text(code("typescript", 1))
    script = f"""
process.env.DASTAN_SECRET = {json.dumps(secret)};
import {{ seen }} from "next/cache";
import {{ POST }} from "./route.ts";
const headers = {json.dumps(headers_of(message))};
const body = {json.dumps(message.body.decode())};
const ask = (text: string) =>
  POST(new Request("https://x/", {{ method: "POST", headers, body: text }}));
const answers = [(await ask(body)).status, (await ask(body + " ")).status];
console.log(JSON.stringify([answers, seen]));
"""

    assert node(tmp_path, script) == [[204, 401], [["/en/water"], ["/"]]]


def test_its_message_is_like_those_that_are_sent(subscriber: Subscriber) -> None:
    shown = json.loads(code("json"))
    make_endpoint(subscriber.url)
    unpublish(make_published().article)
    work()

    for message in subscriber.messages:
        assert list(message.payload) == list(shown)
        assert list(message.payload["data"]) == list(shown["data"])


def test_it_names_every_event_and_every_pause() -> None:
    named = set(re.findall(r"`([a-z]+(?:\.[a-z]+)?)`", PAGE))

    assert {*subjects.events(), subjects.RESTARTED, subjects.TEST} <= named
    assert "5 s, 1, 5 and 30 minutes, 1, 2, 4, 8, 12, 21 and 24 hours" in " ".join(PAGE.split())
    assert [each // 3600 for each in BACKOFF[4:]] == [1, 2, 4, 8, 12, 21, 24]
    assert BACKOFF[:4] == [5, 60, 300, 1800]
