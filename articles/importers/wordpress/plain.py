"""Plain text of WordPress's titles, names and other single lines."""

from html import unescape

from articles.body.characters import printable, squeeze
from articles.importers.wordpress.tokens import tokens


def plain_text(html: str) -> str:
    """One line of text: tags left out, references decoded, white space single."""
    text = html
    if "<" in html:
        text = "".join(token.text for token in tokens(html) if token.kind in ("text", "shortcode"))
    return squeeze(printable(unescape(text)))
