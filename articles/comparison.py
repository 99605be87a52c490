"""What differs between two versions of an article, and what becomes of three. Pure.

A version is the content of a revision: a dictionary of fields. Bodies are compared block by block,
and within a block, as other texts are, word by word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from articles.body.markup import read
from articles.body.normal_form import normalise

Content = Mapping[str, Any]
Tokens = list[str]

BODY = "body_html"
TEXTS = ("title", "kicker", "summary", BODY, "seo_title", "seo_description")

# A tag, the space between words, a word: joined again they are the text.
_TOKENS = re.compile(r"<[^>]*>|\s+|[^\s<]+|<")


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
    """What is different in ``b``, field by field in the order of ``a``, then those new in ``b``."""
    return [
        Difference(name, a.get(name), b.get(name), _pieces(name, a.get(name), b.get(name)))
        for name in dict.fromkeys((*a, *b))
        if a.get(name) != b.get(name)
    ]


def merge(base: Content, mine: Content, theirs: Content) -> Merge:
    """Both changes of ``base`` in one, field by field; texts where their changes don't touch.

    Lists of ids take what either added and lose what either removed. What both changed, and not
    alike, is a clash.
    """
    content: dict[str, Any] = {}
    clashes = []
    for name in dict.fromkeys((*theirs, *mine)):
        values = (base.get(name), mine.get(name), theirs.get(name))
        merged = _merged(name, *values)
        if merged is _CLASH:
            clashes.append(Clash(name, *values))
            merged = mine.get(name)
        content[name] = merged
    return Merge(content, clashes)


def merge_text(base: str, mine: str, theirs: str) -> str | None:
    """Both changes of a text in one, word by word; None when they touch."""
    merged = _merge_tokens(_words(base), _words(mine), _words(theirs))
    return None if merged is None else "".join(merged)


def merge_body(base: str, mine: str, theirs: str) -> str | None:
    """Both changes of a body in one: of different blocks, or of different words in a block whose
    markup neither changed. None when they touch."""
    merged = _merge_blocks(blocks_of(base), blocks_of(mine), blocks_of(theirs))
    return None if merged is None else "".join(merged)


def blocks_of(html: str) -> Tokens:
    """The blocks at the top of a body, each as HTML in the normal form."""
    return [node.html() for node in normalise(read(html))]


_CLASH: Any = object()


def _merged(name: str, base: Any, mine: Any, theirs: Any) -> Any:
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    if name in TEXTS:
        merge_words = merge_body if name == BODY else merge_text
        merged = merge_words(base or "", mine or "", theirs or "")
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


def _edits(base: Tokens, other: Tokens) -> list[_Edit]:
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return [
        _Edit(start, end, tuple(other[from_:to]))
        for tag, start, end, from_, to in matcher.get_opcodes()
        if tag != "equal"
    ]


def _merge_tokens(base: Tokens, mine: Tokens, theirs: Tokens) -> Tokens | None:
    return _apply(base, sorted({*_edits(base, mine), *_edits(base, theirs)}, key=_place))


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


def _merge_blocks(base: Tokens, mine: Tokens, theirs: Tokens) -> Tokens | None:
    """As ``_merge_tokens``, but where both changed the same blocks, one for one, within them."""
    ours, others = _edits(base, mine), _edits(base, theirs)
    edits: list[_Edit] = []
    for edit in _one_by_one(ours):
        clashing = [other for other in _one_by_one(others) if edit.touches(other)]
        if clashing and edit not in clashing:
            within = _merge_within(base, edit, clashing)
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


def _merge_within(base: Tokens, edit: _Edit, clashing: Sequence[_Edit]) -> _Edit | None:
    [other, *more] = clashing
    if more or _place(edit) != _place(other) or not (edit.is_one_block and other.is_one_block):
        return None
    versions = (base[edit.start], edit.tokens[0], other.tokens[0])
    if len({_markup(version) for version in versions}) > 1:
        return None
    merged = merge_text(*versions)
    return None if merged is None else _Edit(edit.start, edit.end, (merged,))


def _markup(block: str) -> tuple[str, ...]:
    return tuple(token for token in _words(block) if token.startswith("<"))


def _pieces(name: str, before: Any, after: Any) -> list[Piece]:
    if name not in TEXTS:
        return []
    if name != BODY:
        return _joined(_word_pieces(before or "", after or ""))
    a, b = blocks_of(before or ""), blocks_of(after or "")
    pieces: list[Piece] = []
    for tag, start, end, from_, to in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(a[start:end])))
        elif end - start == to - from_:
            for old, new in zip(a[start:end], b[from_:to], strict=True):
                pieces += _word_pieces(old, new)
        else:
            pieces += _replaced(a[start:end], b[from_:to])
    return _joined(pieces)


def _word_pieces(before: str, after: str) -> list[Piece]:
    a, b = _words(before), _words(after)
    pieces: list[Piece] = []
    for tag, start, end, from_, to in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(a[start:end])))
        else:
            pieces += _replaced(a[start:end], b[from_:to])
    return pieces


def _replaced(removed: Sequence[str], added: Sequence[str]) -> list[Piece]:
    pieces = [Piece("removed", "".join(removed)), Piece("added", "".join(added))]
    return [piece for piece in pieces if piece.text]


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind as one piece."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].change == piece.change:
            joined[-1] = Piece(piece.change, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined
