"""Which parts of two sequences are the same, in bounded time. Pure.

``difflib`` takes a time that grows with the cube of what is compared where much is alike, such as
a text of one word, or two versions of a paragraph that share nothing but the spaces. So what both
begin and end with is left out, spaces alone match nothing, and an ``Effort`` bounds the rest: what
would go beyond it counts as replaced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

# About half a second on a slow machine: 30 ns a step.
MOST_STEPS = 15_000_000


class Span(NamedTuple):
    """``a[start:end]`` and ``b[from_:to]``, the same or not."""

    is_same: bool
    start: int
    end: int
    from_: int
    to: int


class Effort:
    """How many steps may still be taken, over all that is compared for one answer."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self.left = steps

    def spend(self, steps: int) -> bool:
        """Take these steps; False, and none is taken, where they are too many."""
        if steps > self.left:
            return False
        self.left -= steps
        return True


def spans(a: Sequence[str], b: Sequence[str], effort: Effort) -> list[Span]:
    """The two sequences as spans that are the same, or are replaced, in their order."""
    shortest = min(len(a), len(b))
    head = 0
    while head < shortest and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < shortest - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    found = [Span(True, 0, head, 0, head)]
    found += _middle(a[head : len(a) - tail], b[head : len(b) - tail], head, effort)
    found.append(Span(True, len(a) - tail, len(a), len(b) - tail, len(b)))
    return [span for span in found if span.end > span.start or span.to > span.from_]


def _middle(a: Sequence[str], b: Sequence[str], offset: int, effort: Effort) -> list[Span]:
    if not (a and b and effort.spend(_steps(a, b))):
        return [Span(False, offset, offset + len(a), offset, offset + len(b))]
    matcher = SequenceMatcher(str.isspace, a, b, autojunk=False)
    return [
        Span(tag == "equal", start + offset, end + offset, from_ + offset, to + offset)
        for tag, start, end, from_, to in matcher.get_opcodes()
    ]


def _steps(a: Sequence[str], b: Sequence[str]) -> int:
    """How many steps difflib takes at most: the pairs that are alike, for each match again."""
    first, second = Counter(a), Counter(b)
    alike = {token for token in first.keys() & second.keys() if not token.isspace()}
    pairs = sum(first[token] * second[token] for token in alike)
    matches = sum(min(first[token], second[token]) for token in alike)
    return (pairs + len(a) + len(b)) * (matches + 1)
