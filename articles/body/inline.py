"""Inline text: runs of characters with the same marks, and how a paragraph's runs are put right."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import NamedTuple

from articles.body.characters import is_blank

MARKS = ("strong", "em", "u", "s", "sub", "sup", "code")
"""The marks from the outside in. A link stands outside them all."""

_NO_MARKS: frozenset[str] = frozenset()


class Run(NamedTuple):
    """Characters with one address (of a link) and one set of marks; a line feed is a `br`."""

    text: str
    href: str = ""
    marks: frozenset[str] = _NO_MARKS


Runs = tuple[Run, ...]
BREAK = Run("\n")


def make_run(text: str, href: str, marks: frozenset[str]) -> Run:
    """A run in normal form: code has no other mark, and a link is worth more than code."""
    if "code" in marks and len(marks) + bool(href) > 1:
        marks = marks - {"code"} if href else frozenset({"code"})
    return Run(text, href, marks)


def paragraphs(runs: Iterable[Run]) -> list[Runs]:
    """The runs of each paragraph in `runs`: blank lines part them, and none is blank.

    White space is single and not at the ends of a line, a break or a space between words has the
    marks that both its neighbours have, and no two neighbours have the same.
    """
    found: list[list[Run]] = []
    current: list[Run] = []
    for line in _lines(runs):
        if line:
            current += [BREAK, *line] if current else line
        elif current:
            found.append(current)
            current = []
    if current:
        found.append(current)
    return [_merged(paragraph) for paragraph in found]


def joined(parts: Iterable[Runs]) -> Runs:
    """One paragraph of several, each on a line of its own."""
    runs: list[Run] = []
    for part in parts:
        runs += [BREAK, *part] if runs else part
    return _merged(runs)


def runs_text(runs: Runs) -> str:
    """The plain text of `runs`, with a line feed for each break."""
    return "".join(run.text for run in runs)


def runs_html(runs: Runs) -> str:
    """The HTML of `runs`; an element that neighbours share is written once."""
    written: list[str] = []
    opened: tuple[str, ...] = ()
    for run in runs:
        tags = _start_tags(run.href, run.marks)
        if tags != opened:
            shared = _shared(opened, tags)
            written += _end_tags(opened[shared:])
            written += tags[shared:]
            opened = tags
        written.append(escape(run.text, quote=False).replace("\n", "<br>"))
    written += _end_tags(opened)
    return "".join(written)


def _lines(runs: Iterable[Run]) -> list[list[Run]]:
    """The runs of each line with single white space, and [] for a blank line."""
    lines: list[list[Run]] = []
    line: list[Run] = []
    spaced = True
    for run in runs:
        if run.text == "\n":
            lines.append(_stripped(line))
            line, spaced = [], True
            continue
        text = run.text.removeprefix(" ") if spaced else run.text
        if text:
            spaced = text.endswith(" ")
            line.append(run._replace(text=text))
    lines.append(_stripped(line))
    return lines


def _stripped(line: list[Run]) -> list[Run]:
    if all(is_blank(run.text) for run in line):
        return []
    last = line[-1]._replace(text=line[-1].text.removesuffix(" "))
    return [*line[:-1], last] if last.text else line[:-1]


def _merged(runs: list[Run]) -> Runs:
    """`runs` with the marks of what cannot be seen taken from both neighbours, equals merged."""
    merged: list[Run] = []
    for place, run in enumerate(runs):
        if run.text in {" ", "\n"} and 0 < place < len(runs) - 1:
            run = _between(runs[place - 1], run.text, runs[place + 1])
        if merged and merged[-1][1:] == run[1:]:
            merged[-1] = run._replace(text=merged[-1].text + run.text)
        else:
            merged.append(run)
    return tuple(merged)


def _between(before: Run, text: str, after: Run) -> Run:
    href = before.href if before.href == after.href else ""
    return Run(text, href, before.marks & after.marks)


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many tags both begin with."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


@lru_cache(maxsize=256)
def _start_tags(href: str, marks: frozenset[str]) -> tuple[str, ...]:
    link = (f'<a href="{escape(href)}">',) if href else ()
    return (*link, *(f"<{mark}>" for mark in MARKS if mark in marks))


def _end_tags(tags: tuple[str, ...]) -> list[str]:
    return ["</a>" if tag.startswith("<a ") else f"</{tag[1:]}" for tag in reversed(tags)]
