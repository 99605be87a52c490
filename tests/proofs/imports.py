"""An import of N articles of 600 words while others publish: how long, and how much memory."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connections

from articles.models import PublishedArticle
from articles.publishing import publish
from tests.factories import make_draft
from tests.processes import start_python

PROMISE = (
    "Articles of 600 words, with links and lists, are imported by `manage.py import_articles` while"
    " another publication goes on every tenth of a second. Ten thousand take at most 90 s on two"
    " cores, and under 400 MB of memory."
)
UNIT = "articles"

_PARAGRAPH = (
    "<p>The reservoir above {word} holds <strong>more</strong> than it did, says"
    ' <a href="https://example.org/{word}">the ministry of {word}</a>, &amp; so on; '
    + "some more words that make it long " * 8
    + "</p><ul><li>one of {word}</li><li>two</li><li>three of them</li></ul>"
)
# Says at its end how much memory it had at most; of its own, since its address space is new.
_PROGRAM = """
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "import_articles", sys.argv[1]])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@dataclass
class Outcome:
    articles: int = 0
    seconds: float = 0
    megabytes: float = 0
    published_meanwhile: int = 0
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        return {
            "articles imported": self.articles,
            "seconds": f"{self.seconds:.0f}",
            "memory at most (MB)": f"{self.megabytes:.0f}",
            "other publications meanwhile": self.published_meanwhile,
            "errors": len(self.errors),
        }


def run(number: int) -> Outcome:
    """Import ``number`` articles into the current database, which may be committed to."""
    outcome = Outcome()
    article = make_draft("Published meanwhile")
    done = threading.Event()

    def publish_meanwhile() -> None:
        while not done.wait(0.1):
            publish(article)
            outcome.published_meanwhile += 1
        connections.close_all()

    others = threading.Thread(target=publish_meanwhile)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        with path.open("w") as file:
            file.writelines(f"{json.dumps(line)}\n" for line in lines(number))
        others.start()
        started = time.monotonic()
        process = start_python("-c", _PROGRAM, str(path))
        out, err = (stream.decode() for stream in process.communicate())
        outcome.seconds = time.monotonic() - started
        done.set()
        others.join()
    if process.returncode:
        outcome.errors.append(err[-2000:])
        return outcome
    outcome.megabytes = int(out.split()[-1]) / 1024
    outcome.articles = PublishedArticle.objects.filter(word_count__range=(550, 650)).count()
    if outcome.articles != number:
        outcome.errors.append(f"{number - outcome.articles} articles are not there")
    return outcome


def lines(number: int) -> Iterator[dict[str, Any]]:
    text = "".join(_PARAGRAPH.format(word=f"place{each}") for each in range(7))
    for each in range(number):
        yield {
            "external_id": str(each),
            "title": f"Water levels rise in the place of number {each}",
            "body_html": f"<p>Article {each}.</p>{text}",
            "status": "published",
            "regions": ["Kazakhstan", f"Region {each % 20}"],
            "tags": [f"Tag {each % 300}", f"Tag {each % 7}"],
            "authors": [f"Author {each % 60}"],
            "lead_image": {"url": f"https://media.example.org/{each}.jpg", "alt": "A dam"},
        }
