"""A post's content, as WordPress stores it, to HTML for the body, which does the final cleaning."""

from __future__ import annotations

from articles.importers.wordpress import blocks, shortcodes
from articles.importers.wordpress.embeds import with_links
from articles.importers.wordpress.media import Library
from articles.importers.wordpress.notes import Notes
from articles.importers.wordpress.paragraphs import with_breaks


def converted(content: str, *, library: Library, post_id: str, notes: Notes) -> str:
    """The HTML that readers of the site saw, in so far as an article can have it.

    Blocks, shortcodes, players and frames become plain HTML, the lines of a classic post
    paragraphs. ``library`` has the pictures of galleries; ``post_id`` is whose pictures a gallery
    without ids shows; ``notes`` are told what is left out.
    """

    def without_shortcodes(html: str) -> str:
        return shortcodes.replaced(html, library=library, post_id=post_id, notes=notes)

    html = blocks.converted(
        content,
        classic=lambda html: with_breaks(without_shortcodes(html)),
        shortcodes=without_shortcodes,
        notes=notes,
    )
    return with_links(html, notes=notes).strip()
