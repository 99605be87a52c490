"""Addresses, players and frames in a post: each becomes a paragraph with a link, of which the body
makes an embed where it knows the provider."""

from __future__ import annotations

import re
from html import escape, unescape

from articles.body.embeds import find_embed
from articles.importers.wordpress.notes import Notes
from articles.importers.wordpress.tokens import Token, attributes_of, tokens

_QUOTED_EMBEDS = frozenset(
    ("fb-video", "instagram-media", "telegram-post", "tiktok-embed", "twitter-tweet",
     "twitter-video")
)  # fmt: skip
_LOST = frozenset(("applet", "canvas", "embed", "iframe", "math", "object", "svg"))
_ADDRESS = re.compile(r"(?:https?:)?//[^\s\"'<>\[\]]+")
_SOURCES = re.compile(r"""\s(?:src|data|value)\s*=\s*["']?([^\s"'<>]+)""", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p(?:\s[^<>]*)?>\s*+(https?://[^\s\"'<>\[\]]++)\s*+</p>", re.IGNORECASE)
_CAPTION = re.compile(r"""<div\s[^<>]*\bclass\s*=\s*["'][^"'<>]*\bwp-caption\b""", re.IGNORECASE)
_CAPTION_TEXT = re.compile(r"""<p\s[^<>]*\bwp-caption-text\b[^<>]*>""", re.IGNORECASE)


def link_paragraph(address: str, text: str = "") -> str:
    """A paragraph with nothing but a link: to an item at a provider that is embedded, or to any
    page or file; its text is the address where there is none."""
    shown = escape(text or address, quote=False)
    return f'<p><a href="{escape(address)}">{shown}</a></p>'


def is_embed(address: str) -> bool:
    return find_embed(address) is not None


def with_links(html: str, *, notes: Notes) -> str:
    """``html`` with paragraphs that link to what players, frames and embed codes show.

    A frame whose provider is known is left to the body. Quotation marks stand for `<q>`.
    """
    return _PARAGRAPH.sub(
        lambda match: link_paragraph(unescape(match[1])), _Linker(notes).linked(html)
    )


class _Linker:
    def __init__(self, notes: Notes) -> None:
        self.notes = notes

    def linked(self, html: str) -> str:
        found = list(tokens(html))
        written: list[str] = []
        place = 0
        while place < len(found):
            token = found[place]
            if token.name == "blockquote" and (quoted := self._quoted(found, place)):
                text, place = quoted
                written.append(text)
                continue
            if token.name == "div" and _CAPTION.match(token.text):
                text, place = self._caption(found, place)
                written.append(text)
                continue
            written.append(self._one(token))
            place += 1
        return "".join(written)

    def _one(self, token: Token) -> str:
        if token.kind == "whole" and token.name in ("audio", "video"):
            return self._player(token)
        if token.name in _LOST and token.kind in ("whole", "tag"):
            return self._lost(token)
        if token.name == "q" and token.kind in ("tag", "end"):
            return "“" if token.kind == "tag" else "”"
        return token.text

    def _player(self, token: Token) -> str:
        sources = (unescape(each) for each in _SOURCES.findall(token.text))
        address = next((each for each in sources if _ADDRESS.fullmatch(each)), None)
        if address is None:
            self.notes.leave_out("element", token.name)
            return ""
        return link_paragraph(_absolute(address))

    def _lost(self, token: Token) -> str:
        """What takes the place of an element that the body would drop: a link where it shows
        something that is embedded, or a page."""
        addresses = [_absolute(unescape(each)) for each in _SOURCES.findall(token.text)]
        if known := next(filter(is_embed, addresses), None):
            return link_paragraph(known)
        if token.name == "iframe":
            source = _absolute(attributes_of(token.text).get("src", ""))
            if source.startswith(("http://", "https://")):
                return link_paragraph(source)
        self.notes.leave_out("element", token.name)
        return ""

    def _quoted(self, found: list[Token], place: int) -> tuple[str, int] | None:
        """The link for an embed code that is a quotation, and the place after it."""
        token = found[place]
        if token.kind != "tag":
            return None
        attributes = attributes_of(token.text)
        if not _QUOTED_EMBEDS & set(attributes.get("class", "").split()):
            return None
        named = (attributes.get("cite", ""), attributes.get("data-instgrm-permalink", ""))
        addresses = [each for each in named if each]
        for end in range(place + 1, len(found)):
            inner = found[end]
            if inner.kind == "end" and inner.name == "blockquote":
                # The post's own address comes last, after those of the people it mentions.
                address = next(filter(is_embed, reversed(addresses)), None)
                return (link_paragraph(address), end + 1) if address else None
            if inner.kind == "tag" and inner.name == "a":
                addresses.append(attributes_of(inner.text).get("href", ""))
            elif inner.name == "blockquote":
                return None
        return None

    def _caption(self, found: list[Token], place: int) -> tuple[str, int]:
        """The figure that a caption's `<div>` is, and the place after it; or that tag alone."""
        written: list[str] = []
        for end in range(place + 1, len(found)):
            token = found[end]
            if token.name == "div":
                if token.kind != "end" or not any("<figcaption>" in each for each in written):
                    break
                return f"<figure>{''.join(written)}</figcaption></figure>", end + 1
            if token.kind == "tag" and _CAPTION_TEXT.match(token.text):
                written.append("<figcaption>")
            elif token.name != "p":
                written.append(self._one(token))
        return found[place].text, place + 1


def _absolute(address: str) -> str:
    return f"https:{address}" if address.startswith("//") else address
