"""A WordPress export of N posts, imported twice: how long it takes, and how much memory."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from articles.models import Article, PublishedArticle
from tests.articles.wordpress.exports import (
    SITE,
    make_attachment,
    make_author,
    make_category,
    make_export,
    make_post,
    make_tag,
)
from tests.processes import start_python

PROMISE = (
    "Posts of 500 words, half of them of the block editor and half classic, with pictures,"
    " galleries, embeds, shortcodes and comments, every twentieth a draft, are imported by"
    " `manage.py import_wordpress`. Twenty thousand take at most five minutes on two cores, and"
    " under 400 MB of memory. The same file again changes nothing."
)
UNIT = "posts"

_SENTENCE = (
    "The reservoir above {word} holds <strong>more</strong> than it did, says"
    ' <a href="https://example.org/{word}">the ministry of {word}</a>, &amp; so on; '
    + "some more words that make it long "
    * 8
)
# Says at its end how much memory it had at most; of its own, since its address space is new.
_PROGRAM = """
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "import_wordpress", sys.argv[1]])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@dataclass
class Outcome:
    posts: int = 0
    published: int = 0
    megabytes_of_file: float = 0
    seconds: float = 0
    seconds_again: float = 0
    megabytes: float = 0
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        return {
            "posts imported": self.posts,
            "of these published": self.published,
            "the file (MB)": f"{self.megabytes_of_file:.0f}",
            "seconds": f"{self.seconds:.0f}",
            "seconds the second time, when nothing is new": f"{self.seconds_again:.0f}",
            "memory at most (MB)": f"{self.megabytes:.0f}",
            "errors": len(self.errors),
        }


def run(number: int) -> Outcome:
    """Import ``number`` posts into the current database, which may be committed to."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xml"
        with path.open("wb") as file:
            head, tail = make_export("\0").split(b"\0")
            file.write(head)
            file.writelines(part.encode() for part in parts(number))
            file.write(tail)
        outcome.megabytes_of_file = path.stat().st_size / 1e6
        outcome.seconds, said = _import(path, outcome)
        outcome.posts = Article.objects.filter(external_id__startswith="wordpress:").count()
        outcome.published = PublishedArticle.objects.filter(word_count__range=(400, 600)).count()
        if (outcome.posts, outcome.published) != (number, number - _drafts(number)):
            outcome.errors.append(f"{outcome.posts} posts, {outcome.published} published\n{said}")
        outcome.seconds_again, said = _import(path, outcome)
        if "0 created, 0 updated" not in said:
            outcome.errors.append(f"the second time: {said}")
    return outcome


def _import(path: Path, outcome: Outcome) -> tuple[float, str]:
    started = time.monotonic()
    process = start_python("-c", _PROGRAM, str(path))
    out, err = (stream.decode() for stream in process.communicate())
    if process.returncode:
        outcome.errors.append(err[-2000:])
    else:
        outcome.megabytes = max(outcome.megabytes, int(out.split()[-1]) / 1024)
    return time.monotonic() - started, out


def _drafts(number: int) -> int:
    return len(range(0, number, 20))


def parts(number: int) -> Iterator[str]:
    """The authors, categories, tags and items of an export with this many posts."""
    yield from (make_author(f"author{each}", f"Author {each}") for each in range(60))
    yield from (make_category(f"category-{each}", f"Category {each}") for each in range(20))
    yield from (make_tag(f"tag-{each}", f"Tag {each}") for each in range(300))
    for each in range(number):
        picture = 1_000_000 + each
        yield make_post(
            each + 1,
            _blocks(each, picture) if each % 2 else _classic(each, picture),
            title=f"Water levels rise in the place of number {each}",
            link=f"{SITE}/2026/02/water-{each}/",
            post_name=f"water-{each}",
            creator=f"author{each % 60}",
            excerpt=f"What the ministry said of place {each}." if each % 3 else "",
            status="publish" if each % 20 else "draft",
            terms=[
                ("category", f"category-{each % 20}", f"Category {each % 20}"),
                ("post_tag", f"tag-{each % 300}", f"Tag {each % 300}"),
                ("post_tag", f"tag-{each % 7}", f"Tag {each % 7}"),
            ],
            meta={"_thumbnail_id": str(picture), "_edit_last": "1"},
            more="<wp:comment><wp:comment_content>Well said.</wp:comment_content></wp:comment>" * 2,
        )
        yield make_attachment(picture, f"https://media.example.org/{each}.jpg", alt="A dam")


def _classic(each: int, picture: int) -> str:
    address = f"https://media.example.org/{each}.jpg"
    sentences = [_SENTENCE.format(word=f"place{number}") for number in range(7)]
    return "\n\n".join(
        (
            f"Post {each}.\nIts second line.",
            *sentences,
            f'[caption width="300"]<img src="{address}" alt="A dam" /> The dam.[/caption]',
            f'[gallery ids="{picture}"]',
            "https://youtu.be/dQw4w9WgXcQ",
            '[contact-form-7 id="1"]',
            "<ul>\n\t<li>one</li>\n\t<li>two</li>\n</ul>",
        )
    )


def _blocks(each: int, picture: int) -> str:
    paragraphs = "\n\n".join(
        "<!-- wp:paragraph -->\n<p>"
        + _SENTENCE.format(word=f"place{number}")
        + "</p>\n<!-- /wp:paragraph -->"
        for number in range(7)
    )
    return (
        f"<!-- wp:heading -->\n<h2>Post {each}</h2>\n<!-- /wp:heading -->\n\n{paragraphs}\n\n"
        f'<!-- wp:image {{"id":{picture}}} -->\n<figure class="wp-block-image">'
        f'<img src="https://media.example.org/{each}.jpg" alt="A dam"/></figure>\n'
        "<!-- /wp:image -->\n\n<!-- wp:latest-posts /-->\n\n"
        '<!-- wp:embed {"url":"https://youtu.be/dQw4w9WgXcQ"} -->\n'
        "<figure>https://youtu.be/dQw4w9WgXcQ</figure>\n<!-- /wp:embed -->"
    )
