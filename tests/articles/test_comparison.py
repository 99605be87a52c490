"""Differences and three-way merges, without a database."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import body
from articles.body.markup import read
from articles.body.normal_form import normalise
from articles.body.splitting import top_blocks
from articles.comparison import compare, merge, merge_body, merge_text

words = st.lists(st.sampled_from(["a", "b", "c", "d", "e", "f"]), max_size=12).map(" ".join)
paragraphs = st.lists(words.filter(bool).map("<p>{}</p>".format), max_size=5).map("".join)


def test_it_works() -> None:
    before = {"title": "Wind", "body_html": "<p>One.</p><p>It blows hard.</p>", "tag_ids": [1]}
    after = {"title": "Wind", "body_html": "<p>One.</p><p>It blows.</p>", "tag_ids": [1, 2]}

    text, tags = compare(before, after)

    assert (text.name, tags.name) == ("body_html", "tag_ids")
    assert [(piece.change, piece.text) for piece in text.pieces] == [
        ("same", "<p>One.</p><p>It "),
        ("removed", "blows hard."),
        ("added", "blows."),
        ("same", "</p>"),
    ]
    assert (tags.before, tags.after, tags.pieces) == ([1], [1, 2], [])


def test_a_block_that_is_new_is_one_piece() -> None:
    [difference] = compare(
        {"body_html": "<p>A</p><p>B</p>"}, {"body_html": "<p>A</p><h2>New</h2><p>B</p>"}
    )

    assert [(piece.change, piece.text) for piece in difference.pieces] == [
        ("same", "<p>A</p>"),
        ("added", "<h2>New</h2>"),
        ("same", "<p>B</p>"),
    ]


@given(paragraphs, paragraphs)
def test_pieces_are_the_two_texts(before: str, after: str) -> None:
    found = compare({"body_html": before}, {"body_html": after})
    pieces = found[0].pieces if found else []

    assert bool(found) == (before != after)
    if found:
        old = "".join(piece.text for piece in pieces if piece.change != "added")
        new = "".join(piece.text for piece in pieces if piece.change != "removed")
        assert (old, new) == (before, after)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("a b c", "x b c", "a b y", "x b y"),
        ("a b c", "a c", "a b c d", "a c d"),
        ("a b c", "x", "x", "x"),
        ("a b c", "a b c", "", ""),
        ("a b c", "a x c", "a y c", None),
        ("a", "a b", "a c", None),
        ("a b c", "a c", "a x c", None),
    ],
)
def test_texts_are_merged_where_changes_do_not_touch(
    base: str, mine: str, theirs: str, merged: str | None
) -> None:
    assert merge_text(base, mine, theirs) == merged
    assert merge_text(base, theirs, mine) == merged


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        # Different blocks.
        ("<p>A</p><p>B</p>", "<p>X</p><p>B</p>", "<p>A</p><p>Y</p>", "<p>X</p><p>Y</p>"),
        ("<p>A</p><p>B</p>", "<p>A</p>", "<h2>T</h2><p>A</p><p>B</p>", "<h2>T</h2><p>A</p>"),
        # Different words of one block.
        ("<p>a b c</p>", "<p>x b c</p>", "<p>a b y</p>", "<p>x b y</p>"),
        # The same word; markup and a word; one removes what the other changes.
        ("<p>a b</p>", "<p>x b</p>", "<p>y b</p>", None),
        ("<p>a b c</p>", "<p><em>a</em> b c</p>", "<p>a b y</p>", None),
        ("<p>A</p><p>B</p>", "<p>A</p>", "<p>A</p><p>C</p>", None),
        # Each adds a block at the same place.
        ("", "<p>A</p>", "<p>B</p>", None),
        ("<p>A</p>", "<p>A</p><p>B</p>", "<p>A</p><p>C</p>", None),
    ],
)
def test_bodies_are_merged_by_blocks(base: str, mine: str, theirs: str, merged: str | None) -> None:
    assert merge_body(base, mine, theirs) == merged
    assert merge_body(base, theirs, mine) == merged


@given(paragraphs, paragraphs, paragraphs)
def test_what_comes_of_a_merge_is_a_body_and_loses_no_word(
    base: str, mine: str, theirs: str
) -> None:
    merged = merge_body(base, mine, theirs)

    assert merge_body(base, mine, base) == mine
    assert merge_body(base, base, theirs) == theirs
    if merged is not None:
        assert body.clean(merged) == merged
        known = set(body.words(f"{mine} {theirs}".replace("<p>", " ").replace("</p>", " ")))
        assert set(body.parse(merged).text.split()) <= known


def test_fields_are_merged_one_by_one() -> None:
    base = {"title": "Wind", "kicker": "", "kind": "news", "tag_ids": [1, 2], "lead_image_id": 1}
    mine = {**base, "kicker": "Weather", "tag_ids": [2, 3], "kind": "opinion"}
    theirs = {**base, "title": "Storm", "tag_ids": [1, 2, 4], "kind": "analysis"}

    result = merge(base, mine, theirs)

    assert result.content == {
        "title": "Storm",
        "kicker": "Weather",
        "kind": "opinion",
        "tag_ids": [2, 3, 4],
        "lead_image_id": 1,
    }
    [clash] = result.clashes
    assert (clash.name, clash.mine, clash.theirs) == ("kind", "opinion", "analysis")


def in_time(work: Callable[[], object]) -> None:
    started = time.process_time()
    work()
    assert time.process_time() - started < 3, "a second, on a machine that is not busy"


def text_of(letters: str, *, seed: int) -> str:
    chance = random.Random(seed)
    return " ".join(chance.choice(letters) for _ in range(4000))


@pytest.mark.bulk
@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        [f"<p>{text_of('ab', seed=seed)}</p>" for seed in range(3)],
        ("<p>" + "a a b " * 160_000 + "</p>", "<p>" + "a b " * 240_000 + "</p>", "<p>b</p>"),
        ["<p>" + f"{word} " * 300_000 + "</p>" for word in ("ab", "cd", "ef")],
        ("<p>a</p>" * 110_000 + "<p>x</p>", "<p>y</p>" + "<p>a</p>" * 110_000, "<p>a</p>"),
        [f"<p>{word}</p>" * 110_000 for word in "abc"],
        ("<p>a</p><p>b</p>" * 55_000, "<p>b</p><p>b</p><p>a</p>" * 35_000, "<p>c</p>" * 110_000),
        ["".join(f"<p>{word}{n}</p>" for n in range(60_000)) for word in "abc"],
        [
            "".join(f"<p>{text_of('ab', seed=seed + n)}</p>" for n in range(100))
            for seed in (0, 100, 200)
        ],
    ],
)
def test_the_worst_bodies_take_no_more_than_a_second(base: str, mine: str, theirs: str) -> None:
    contents = [{"body_html": text} for text in (base, mine, theirs)]

    in_time(lambda: compare(*contents[:2]))
    in_time(lambda: merge(*contents))


def test_what_would_take_too_long_is_replaced_and_clashes() -> None:
    base, mine, theirs = (f"<p>{text_of('ab', seed=seed)}</p>" for seed in range(3))

    [difference] = compare({"body_html": base}, {"body_html": mine})

    old = "".join(piece.text for piece in difference.pieces if piece.change != "added")
    assert old == base
    assert len(difference.pieces) < 5
    assert merge_body(base, mine, theirs) is None
    # What both begin and end with is no trouble, however long it is.
    assert merge_body(base, base + "<p>mine</p>", f"<p>theirs</p>{base}") == (
        f"<p>theirs</p>{base}<p>mine</p>"
    )


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>One &lt;b&gt;<br>two</p><hr><h2>Three</h2>",
        '<ul><li>One<ul><li>Two</li></ul></li></ul><p><a href="/?a=%3E&amp;b">x</a></p>',
        "<blockquote><p>One</p><p>Two</p></blockquote><pre>a\n\nb</pre>",
    ],
)
def test_blocks_are_those_that_the_parser_finds(html: str) -> None:
    html = body.clean(html)

    assert top_blocks(html) == [node.html() for node in normalise(read(html))]


def test_what_is_no_normal_form_is_split_all_the_same() -> None:
    for html in ("text", "</p></p>", "<p>a", "text<p>b</p>text", "<hr></hr><p>"):
        assert "".join(top_blocks(html)) == html


def test_signs_that_begin_no_tag_cost_no_more_than_other_text() -> None:
    in_time(lambda: compare({"title": "<" * 200_000}, {"title": "<" * 200_000 + "a"}))
