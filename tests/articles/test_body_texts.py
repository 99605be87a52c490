"""`articles.body`: the plain text, and the excerpts that are cut from it."""

import pytest

from articles.body import first_words, parse, words

YOUTUBE = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
EMBED = f'<p><a href="{YOUTUBE}">{YOUTUBE}</a></p>'


def test_the_plain_text_has_a_line_for_each_item_and_row() -> None:
    body = parse(
        "<h2>a</h2><p>b<br>c</p><ul><li>d<ul><li>e</ul><li>f</ul><blockquote>g<p>h</blockquote>"
        "<table><tr><td>i<p>j<td>k<tr><td>l<td></table><pre>m\n n</pre><hr>"
        "<figure><img src=/x alt=no><figcaption>no<cite>no</cite></figcaption></figure>"
    )
    assert body.text == "a\n\nb\nc\n\nd\ne\nf\n\ng\n\nh\n\ni j\tk\nl\n\nm\n n"


def test_words_are_parted_by_ascii_white_space_only() -> None:
    assert words(" a\u00a0b\tc\nd\re\ff\vg\u2003h  i ") == [
        "a\u00a0b",
        "c",
        "d",
        "e",
        "f",
        "g\u2003h",
        "i",
    ]
    assert words(" \n") == []
    assert parse("<p>5&nbsp;000 <b>тенге</b>,&nbsp;или</p>").word_count == 2


def test_an_excerpt_is_cut_after_its_last_word() -> None:
    assert first_words(" a\n b\u00a0c ", 2) == "a b\u00a0c"
    assert first_words("a b c", 2) == "a b..."
    assert first_words("", 2) == ""


@pytest.mark.parametrize(("count", "end"), [(499, "w499"), (500, "w500"), (501, "w500...")])
def test_the_excerpt_is_the_first_500_words_and_the_summary_60(count: int, end: str) -> None:
    body = parse("".join(f"<p>w{number}</p>" for number in range(1, count + 1)))
    assert body.word_count == count
    assert body.excerpt == " ".join(f"w{n}" for n in range(1, min(count, 500))) + f" {end}"
    assert body.summary.endswith(" w60...")
    assert len(body.summary.split()) == 60


def test_a_no_break_space_keeps_the_500th_word_whole() -> None:
    body = parse("<p>" + "слово " * 499 + "5&nbsp;000&nbsp;₸</p>")
    assert body.word_count == 500
    assert body.excerpt.endswith(" 5\u00a0000\u00a0₸")
    assert parse("<p>" + "слово " * 499 + "5&nbsp;000 ₸</p>").excerpt.endswith(" 5\u00a0000...")
