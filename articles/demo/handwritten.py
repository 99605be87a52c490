"""The hand-written articles: an HTML file each in `articles/`, under a little front matter.

A line of it is `key: value`, the keys being those of the import, but for these: `picture` names
one of the demo's pictures, the lead picture, of which `alt`, `caption` and `credit` tell;
`seo_title` and `seo_description` make `seo`; each `correction` is a time and a note. In the body,
`picture:steppe` is the address of a picture.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from articles.demo.pictures import HEIGHT, WIDTH, file_name

DIRECTORY = Path(__file__).parent / "articles"
SEPARATOR = "\n---\n"
LISTS = ("regions", "tags", "authors")
SEO = {"seo_title": "title", "seo_description": "description"}
PICTURE = ("alt", "caption", "credit")


def handwritten(pictures_at: str) -> Iterator[dict[str, object]]:
    """Yield the articles in the order of their files' names. `pictures_at` is the address of the
    folder of the pictures, without a slash at the end."""
    for path in sorted(DIRECTORY.glob("*.html")):
        yield parse(path.stem, path.read_text(encoding="utf-8"), pictures_at)


def parse(stem: str, text: str, pictures_at: str) -> dict[str, object]:
    """Return the line of one file: front matter, a line of three hyphens, the body."""
    head, separator, body = text.partition(SEPARATOR)
    if not separator:
        message = f"{stem}: no front matter"
        raise ValueError(message)
    article: dict[str, object] = {"external_id": f"demo:{stem}", "status": "published"}
    seo: dict[str, str] = {}
    picture: dict[str, object] = {}
    corrections: list[dict[str, str]] = []
    for line in head.splitlines():
        key, _, value = line.partition(": ")
        if key in SEO:
            seo[SEO[key]] = value
        elif key in PICTURE:
            picture[key] = value
        elif key == "picture":
            address = f"{pictures_at}/{file_name(value)}"
            picture |= {"url": address, "width": WIDTH, "height": HEIGHT}
        elif key == "correction":
            at, _, note = value.partition(" ")
            corrections.append({"at": at, "note": note})
        elif key in LISTS:
            article[key] = value.split(", ")
        else:
            article[key] = True if key == "is_breaking" else value
    found = (("seo", seo), ("lead_image", picture), ("corrections", corrections))
    article.update((key, value) for key, value in found if value)
    article["body_html"] = re.sub(
        r"(?<=\")picture:([a-z-]+)(?=\")",
        lambda match: f"{pictures_at}/{file_name(match[1])}",
        body.strip(),
    )
    return article
