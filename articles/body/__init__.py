"""The body of an article: HTML in; clean HTML, blocks, plain text and excerpts out. Pure.

The normal form, which the desk stores and the editor loads and saves unchanged:

- At the top stand `p`, `h2` to `h4`, `ul`, `ol`, `blockquote`, `figure`, `div.gallery`, `table`,
  `pre` and `hr`, none of them blank. Items, cells and quotes hold blocks; an item begins with a
  paragraph, and it and a cell may have an empty one where HTML gave none.
- Inline there are `a` outside `strong`, `em`, `u`, `s`, `sub`, `sup`, `code` (in this order), and
  `br`. Code has no other mark.
- A figure is one image with `alt`, and one caption at most, which may end in a credit (`cite`).
- An embed is a paragraph that holds only a link with its own address as text.
"""

from dataclasses import dataclass

from articles.body.blocks import Block
from articles.body.characters import first_words, join_first, words
from articles.body.markup import read
from articles.body.nodes import html_of, pictures, text_of
from articles.body.normal_form import normalise

__all__ = ["MAX_LENGTH", "Block", "Body", "clean", "first_words", "parse", "words"]

MAX_LENGTH = 1_000_000
"""Characters of a body that forms and importers take: hostile ones cost some seconds each."""

SUMMARY_WORDS = 60
EXCERPT_WORDS = 500


@dataclass(frozen=True, slots=True)
class Body:
    """What a body is stored, served, searched and listed as."""

    html: str
    """The normal form, as the desk stores it."""
    served_html: str
    """The same with embeds as frames, as readers get it; it cleans to `html`."""
    blocks: list[Block]
    """The blocks, ready for JSON."""
    text: str
    """The plain text, without captions and embeds; a blank line parts blocks."""
    word_count: int
    summary: str
    """The first 60 words; "..." follows if text was cut."""
    excerpt: str
    """The first 500 words; "..." follows if text was cut."""
    image_urls: list[str]
    """The addresses of the pictures in the order they stand; repeated if a picture is."""


def clean(html: str) -> str:
    """The normal form of any HTML: safe, regular, and "" when nothing is left.

    `clean(clean(html)) == clean(html)`. Takes any string and raises nothing.
    """
    return html_of(normalise(read(html)))


def parse(html: str) -> Body:
    """All that is derived from a body; the HTML is cleaned first.

    `parse(clean(html)) == parse(html)` and `clean(parse(html).served_html) == clean(html)`.
    """
    nodes = normalise(read(html))
    text = text_of(nodes)
    found = words(text)
    return Body(
        html=html_of(nodes),
        served_html="".join(node.served_html() for node in nodes),
        blocks=[node.block() for node in nodes],
        text=text,
        word_count=len(found),
        summary=join_first(found, SUMMARY_WORDS),
        excerpt=join_first(found, EXCERPT_WORDS),
        image_urls=[picture.src for picture in pictures(nodes)],
    )
