"""What differs between two versions of an article, and what becomes of three. Pure.

A version is the content of a revision: a dictionary of fields. Bodies are compared block by block,
and within a block, as other texts are, word by word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice, pairwise, takewhile
from operator import attrgetter
from typing import Any

from articles.alignment import Effort, spans
from articles.body.splitting import top_blocks

Content = Mapping[str, Any]
Tokens = list[str]

BODY = "body_html"
TEXTS = ("title", "kicker", "summary", BODY, "seo_title", "seo_description")

# A tag, the space between words, a word: joined again they are the text.
_TOKENS = re.compile(r"<[^<>]*>|\s+|[^\s<]+|<")


# What it takes to look into a block, however short it is.
_STEPS_OF_A_BLOCK = 700


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: ``change`` is "same", "removed" or "added"."""

    change: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is not the same in two versions; of a text, ``pieces`` in their order."""

    name: str
    before: Any
    after: Any
    pieces: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that both changed, and not alike: each's value, and what it was."""

    name: str
    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merge:
    """``content`` has what either changed; of the ``clashes`` it has mine."""

    content: dict[str, Any]
    clashes: list[Clash]


def compare(a: Content, b: Content) -> list[Difference]:
    """What is different in ``b``, field by field in the order of ``a``, then those new in ``b``.

    What would take too long to compare word by word is one piece removed and one added.
    """
    effort = Effort()
    return [
        Difference(name, a.get(name), b.get(name), _pieces(name, a.get(name), b.get(name), effort))
        for name in dict.fromkeys((*a, *b))
        if a.get(name) != b.get(name)
    ]


def merge(base: Content, mine: Content, theirs: Content) -> Merge:
    """Both changes of ``base`` in one, field by field; texts where their changes don't touch.

    Lists of ids take what either added and lose what either removed. What both changed, and not
    alike, is a clash; so is what would take too long to merge word by word.
    """
    effort = Effort()
    content: dict[str, Any] = {}
    clashes = []
    for name in dict.fromkeys((*theirs, *mine)):
        values = (base.get(name), mine.get(name), theirs.get(name))
        merged = _merged(name, *values, effort)
        if merged is _CLASH:
            clashes.append(Clash(name, *values))
            merged = mine.get(name)
        content[name] = merged
    return Merge(content, clashes)


def merge_text(base: str, mine: str, theirs: str, effort: Effort | None = None) -> str | None:
    """Both changes of a text in one, word by word; None when they touch."""
    effort = effort or Effort()
    merged = _merge_tokens(_words(base), _words(mine), _words(theirs), effort)
    return None if merged is None else "".join(merged)


def merge_body(base: str, mine: str, theirs: str, effort: Effort | None = None) -> str | None:
    """Both changes of a body in one: of different blocks, or of different words in a block whose
    markup neither changed. None when they touch."""
    effort = effort or Effort()
    merged = _merge_blocks(top_blocks(base), top_blocks(mine), top_blocks(theirs), effort)
    return None if merged is None else "".join(merged)


_CLASH: Any = object()


def _merged(name: str, base: Any, mine: Any, theirs: Any, effort: Effort) -> Any:
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    if name in TEXTS:
        merge_words = merge_body if name == BODY else merge_text
        merged = merge_words(base or "", mine or "", theirs or "", effort)
        return _CLASH if merged is None else merged
    if name.endswith("_ids"):
        return _merged_ids(base or [], mine, theirs)
    return _CLASH


def _merged_ids(base: Sequence[int], mine: Sequence[int], theirs: Sequence[int]) -> list[int]:
    removed = (set(base) - set(mine)) | (set(base) - set(theirs))
    return [each for each in dict.fromkeys((*mine, *theirs)) if each not in removed]


def _words(text: str) -> Tokens:
    return _TOKENS.findall(text)


@dataclass(frozen=True, slots=True)
class _Edit:
    """``tokens`` instead of those of the base from ``start`` to ``end``."""

    start: int
    end: int
    tokens: tuple[str, ...]

    @property
    def is_one_block(self) -> bool:
        """Whether one block stands for one other."""
        return self.end - self.start == len(self.tokens) == 1

    def touches(self, other: _Edit) -> bool:
        """Whether the two change, or insert at, the same place."""
        return (self.start < other.end and other.start < self.end) or self.start == other.start


def _edits(base: Tokens, other: Tokens, effort: Effort) -> list[_Edit]:
    return [
        _Edit(span.start, span.end, tuple(other[span.from_ : span.to]))
        for span in spans(base, other, effort)
        if not span.is_same
    ]


def _merge_tokens(base: Tokens, mine: Tokens, theirs: Tokens, effort: Effort) -> Tokens | None:
    edits = {*_edits(base, mine, effort), *_edits(base, theirs, effort)}
    return _apply(base, sorted(edits, key=_place))


def _place(edit: _Edit) -> tuple[int, int]:
    return edit.start, edit.end


def _apply(base: Tokens, edits: Sequence[_Edit]) -> Tokens | None:
    """The base with all edits, in their order; None when two of them touch."""
    if any(before.touches(after) for before, after in pairwise(edits)):
        return None
    result: Tokens = []
    position = 0
    for edit in edits:
        result += [*base[position : edit.start], *edit.tokens]
        position = edit.end
    return result + base[position:]


def _merge_blocks(base: Tokens, mine: Tokens, theirs: Tokens, effort: Effort) -> Tokens | None:
    """As ``_merge_tokens``, but where both changed the same blocks, one for one, within them."""
    ours, others = _edits(base, mine, effort), _edits(base, theirs, effort)
    edits: list[_Edit] = []
    touching = _Touching(_one_by_one(others))
    for edit in _one_by_one(ours):
        clashing = touching.of(edit)
        if clashing and edit not in clashing:
            within = _merge_within(base, edit, clashing, effort)
            if within is None:
                return None
            edit = within
        edits.append(edit)
    taken = {_place(edit) for edit in edits}
    edits += [other for other in _one_by_one(others) if _place(other) not in taken]
    return _apply(base, sorted(edits, key=_place))


def _one_by_one(edits: Sequence[_Edit]) -> list[_Edit]:
    """The edits, those that replace blocks by as many others as one edit a block."""
    single = []
    for edit in edits:
        if edit.end - edit.start == len(edit.tokens):
            single += [
                _Edit(edit.start + number, edit.start + number + 1, (token,))
                for number, token in enumerate(edit.tokens)
            ]
        else:
            single.append(edit)
    return single


class _Touching:
    """Finds those of many edits, in their order, that touch one of the others' edits, which are
    asked for in their order too."""

    def __init__(self, edits: Sequence[_Edit]) -> None:
        self.edits = edits
        self.position = 0

    def of(self, edit: _Edit) -> list[_Edit]:
        while (
            self.position < len(self.edits)
            and self.edits[self.position].end <= edit.start
            and self.edits[self.position].start < edit.start
        ):
            self.position += 1
        rest = islice(self.edits, self.position, None)
        near = takewhile(lambda other: other.start < edit.end or other.start == edit.start, rest)
        return [other for other in near if edit.touches(other)]


def _merge_within(
    base: Tokens, edit: _Edit, clashing: Sequence[_Edit], effort: Effort
) -> _Edit | None:
    [other, *more] = clashing
    if more or _place(edit) != _place(other) or not (edit.is_one_block and other.is_one_block):
        return None
    if not effort.spend(_STEPS_OF_A_BLOCK):
        return None
    versions = (base[edit.start], edit.tokens[0], other.tokens[0])
    if len({_markup(version) for version in versions}) > 1:
        return None
    merged = merge_text(*versions, effort)
    return None if merged is None else _Edit(edit.start, edit.end, (merged,))


def _markup(block: str) -> tuple[str, ...]:
    return tuple(token for token in _words(block) if token.startswith("<"))


def _pieces(name: str, before: Any, after: Any, effort: Effort) -> list[Piece]:
    if name not in TEXTS:
        return []
    if name != BODY:
        return _joined(_word_pieces(before or "", after or "", effort))
    a, b = top_blocks(before or ""), top_blocks(after or "")
    pieces: list[Piece] = []
    for is_same, start, end, from_, to in spans(a, b, effort):
        if is_same:
            pieces.append(Piece("same", "".join(a[start:end])))
        elif end - start == to - from_:
            for old, new in zip(a[start:end], b[from_:to], strict=True):
                pieces += _word_pieces(old, new, effort)
        else:
            pieces += _replaced(a[start:end], b[from_:to])
    return _joined(pieces)


def _word_pieces(before: str, after: str, effort: Effort) -> list[Piece]:
    if not effort.spend(_STEPS_OF_A_BLOCK):
        return _replaced([before], [after])
    a, b = _words(before), _words(after)
    pieces: list[Piece] = []
    for is_same, start, end, from_, to in spans(a, b, effort):
        if is_same:
            pieces.append(Piece("same", "".join(a[start:end])))
        else:
            pieces += _replaced(a[start:end], b[from_:to])
    return pieces


def _replaced(removed: Sequence[str], added: Sequence[str]) -> list[Piece]:
    pieces = [Piece("removed", "".join(removed)), Piece("added", "".join(added))]
    return [piece for piece in pieces if piece.text]


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind as one piece."""
    return [
        Piece(change, "".join(piece.text for piece in alike))
        for change, alike in groupby(pieces, attrgetter("change"))
    ]
