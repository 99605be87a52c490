"""The hand-written articles: an HTML file each in `articles/`, under a little front matter."""

from collections.abc import Iterator
from pathlib import Path

DIRECTORY = Path(__file__).parent / "articles"
SEPARATOR = "\n---\n"
LISTS = ("regions", "tags", "authors")
SEO = {"seo_title": "title", "seo_description": "description"}


def handwritten() -> Iterator[dict[str, object]]:
    """Yield the articles in the order of their files' names."""
    for path in sorted(DIRECTORY.glob("*.html")):
        yield parse(path.stem, path.read_text(encoding="utf-8"))


def parse(stem: str, text: str) -> dict[str, object]:
    """Return the line of one file: `key: value` lines, a line of three hyphens, the body."""
    head, separator, body = text.partition(SEPARATOR)
    if not separator:
        message = f"{stem}: no front matter"
        raise ValueError(message)
    article: dict[str, object] = {"external_id": f"demo:{stem}", "status": "published"}
    seo: dict[str, str] = {}
    for line in head.splitlines():
        key, _, value = line.partition(": ")
        if key in SEO:
            seo[SEO[key]] = value
        elif key in LISTS:
            article[key] = value.split(", ")
        else:
            article[key] = True if key == "is_breaking" else value
    if seo:
        article["seo"] = seo
    article["body_html"] = body.strip()
    return article
