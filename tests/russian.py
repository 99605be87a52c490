"""What a page of the desk still says in English to whoever reads Russian."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_VOID = {"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# What stands in these is not said, or is said to machines.
_SILENT = {"code", "kbd", "script", "style", "textarea", "time"}
_SAID = {"alt", "aria-label", "placeholder", "title"}
# Addresses, and names that only programs have: with a dot or an underscore within.
_ADDRESS = re.compile(r"\S+://\S*|\S+@\S+|(?<!\w)/[\w/?=&.%{}-]+|[\w-]+([._][\w-]+)+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]+")
# Words that Russian takes as they are; and what Django says instead of its icons.
_TAKEN = {"API", "BCP", "CSV", "HTML", "HTTP", "HTTPS", "ISO", "JSON", "RSS", "SEO", "URL"}
_TAKEN |= {"WordPress", "True", "False", "None"}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.said += [value for name, value in attrs if name in _SAID and value]
        if tag == "input" and values.get("type") in ("submit", "button", "reset"):
            self.said.append(values.get("value") or "")
        if tag not in _VOID:
            foreign = values.get("translate") == "no"
            self.open.append(f"{tag} silent" if foreign or tag in _SILENT else tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop().split()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(tag.endswith(" silent") for tag in self.open):
            self.said.append(data)


def english(html: str, *names: str) -> list[str]:
    """The sentences, labels and titles with Latin words that are neither names that the test
    gave nor addresses; in the order of the page, each once."""
    page = _Page()
    page.feed(html)
    found: dict[str, None] = {}
    for said in page.said:
        text = " ".join(said.split())
        words = set(_LATIN.findall(_ADDRESS.sub(" ", text)))
        if words - _TAKEN - set(names):
            found[text] = None
    return list(found)
