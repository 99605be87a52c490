"""Shortcodes: `[gallery ids="1,2"]` and its like become HTML, or are left out and named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from articles import body
from articles.importers.items import ItemError
from articles.importers.wordpress.embeds import link_paragraph
from articles.importers.wordpress.media import Attachment, Library
from articles.importers.wordpress.notes import Notes
from articles.importers.wordpress.tokens import SHORTCODE, Token, tokens

# Common plugins' that may stand without attributes. Others are known by an underscore in their
# name, by attributes, or by an end: “[sic]” and “[1]” are text.
_PLUGINS = frozenset(
    ("adrotate", "ads", "adsense", "archives", "button", "clear", "columns", "contact-form",
     "contact-form-7", "display-posts", "divider", "donate", "ez-toc", "formidable",
     "googlemaps", "gravityform", "gravityforms", "layerslider", "metaslider", "ngg", "nggallery",
     "ninja-forms", "poll", "quads", "recent-posts", "related-posts", "sitemap", "slideshow",
     "smartslider3", "spacer", "subscribe", "table", "tablepress", "toc", "totalpoll",
     "woocommerce", "wpforms", "wpgmza")
)  # fmt: skip
# Those that show what stands at an address.
_EMBEDS = frozenset(
    ("dailymotion", "embed", "facebook", "instagram", "rutube", "soundcloud", "spotify",
     "telegram", "tiktok", "tweet", "twitter", "vimeo", "youtube")
)  # fmt: skip
_PLAYERS = frozenset(("audio", "video"))
_CAPTIONS = frozenset(("caption", "wp_caption"))
_HANDLED = _EMBEDS | _PLAYERS | _CAPTIONS | {"gallery", "playlist"}
_ENCLOSING = _EMBEDS | _PLAYERS | _CAPTIONS

_FILES = ("src", "mp4", "m4v", "webm", "ogv", "mp3", "m4a", "ogg", "wav", "flv", "wmv", "mov")
_BY_ID = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}
_QUOTES = re.compile("[\u201c\u201d\u2033\u00ab\u00bb]")
# The name has no `?+` around it: Python 3.11.2 keeps what such a group gave up.
_ATTRIBUTE = re.compile(
    r"""(?:(?P<name>[\w-]++)\s*+=\s*+|(?![\w-]++\s*+=))"""
    r"""(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>[^\s"']++))"""
)
_NAMED = re.compile(r"\s[\w-]+\s*=\s*[\w\"'&/\u201c\u201d\u2033]")
_ADDRESS = re.compile(r"https?://[^\s\"'<>\[\]]+")
_IMAGE = re.compile(r"\s*+(?:<a\s[^>]*>\s*+)?<img\s[^>]*>(?:\s*+</a>)?", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]*>")

TOO_LONG = (
    f"content:encoded: A body has at most {body.MAX_LENGTH} characters. Shorten the post in"
    " WordPress, and export it again."
)


def replaced(html: str, *, library: Library, post_id: str, notes: Notes) -> str:
    """``html`` with HTML in the place of WordPress's shortcodes, and without the others.

    Text that an unknown one encloses stays. Shortcodes in code, and in tags, are text; one that
    is escaped, as `[[gallery]]`, too. Raises ItemError when galleries make a body of it that is
    too long.
    """
    if "[" not in html:
        return html
    return _Replacer(list(tokens(html)), library, post_id, notes).replaced()


class _Replacer:
    def __init__(
        self, found: Sequence[Token], library: Library, post_id: str, notes: Notes
    ) -> None:
        self.tokens = found
        self.library = library
        self.post_id = post_id
        self.notes = notes
        self.codes = {
            place: match
            for place, token in enumerate(found)
            if token.kind == "shortcode" and (match := SHORTCODE.fullmatch(token.text))
        }
        # Where each name's end tags stand, the last first, so that those passed are popped.
        self.ends: dict[str, list[int]] = {}
        for place in sorted(self.codes, reverse=True):
            if self.codes[place]["slash"]:
                self.ends.setdefault(found[place].name, []).append(place)
        self.opened: set[str] = set()
        self.length = 0  # of galleries: a few letters may stand for many pictures

    def replaced(self) -> str:
        written: list[str] = []
        place = 0
        while place < len(self.tokens):
            if place in self.codes:
                text, place = self._code(place)
                written.append(text)
            else:
                written.append(self.tokens[place].text)
                place += 1
        return "".join(written)

    def _code(self, place: int) -> tuple[str, int]:
        """What stands for the shortcode at ``place``, and the place after all that it took."""
        match, name = self.codes[place], self.tokens[place].name
        end = self._end(name, place)
        if not self._is_meant(match, name, end):
            return match[0], place + 1
        if escaped := self._escaped(place, end):
            return escaped
        before, after = match["before"], match["after"]
        if match["slash"] or name not in _HANDLED:
            if not match["slash"]:
                self.opened.add(name)
                self.notes.leave_out("shortcode", name)
            return before + after, place + 1
        inside, following = "", place + 1
        if end is not None and name in _ENCLOSING:
            between = self.tokens[place + 1 : end]
            inside = "".join(token.text for token in between if token.kind != "shortcode")
            following = end + 1
        html = self._html(name, match["attributes"] or "", inside)
        return before + html + after, following

    def _escaped(self, place: int, end: int | None) -> tuple[str, int] | None:
        """The text that `[[gallery]]` or `[[caption]…[/caption]]` stands for, and what follows."""
        match = self.codes[place]
        last = place if match["after"] else end
        if not match["before"] or last is None or not self.codes[last]["after"]:
            return None
        written = "".join(token.text for token in self.tokens[place : last + 1])
        # As a reference, so that nothing takes it for a shortcode again.
        return written[1:-1].replace("[", "&#91;"), last + 1

    def _end(self, name: str, place: int) -> int | None:
        ends = self.ends.get(name, [])
        while ends and ends[-1] <= place:
            ends.pop()
        return ends[-1] if ends else None

    def _is_meant(self, match: re.Match[str], name: str, end: int | None) -> bool:
        """Whether this is a shortcode, and not words in brackets."""
        if name in _HANDLED or name in _PLUGINS or "_" in name:
            return True
        if match["slash"]:
            return name in self.opened
        return end is not None or bool(_NAMED.match(match["attributes"] or ""))

    def _html(self, name: str, written: str, inside: str) -> str:
        values, bare = _values(written)
        if name in _CAPTIONS:
            return _figure(inside, values.get("caption", ""))
        if name in ("gallery", "playlist"):
            return self._gallery(name, values)
        text = _TAGS.sub(" ", inside)
        if name in _PLAYERS:
            named = [values[each] for each in _FILES if values.get(each)]
            addresses = [*named, *bare, *_ADDRESS.findall(unescape(f"{written} {inside}"))]
        else:
            identifier = bare[0] if bare else values.get("id", "")
            page = _BY_ID.get(name, "") + identifier if name in _BY_ID and identifier else ""
            addresses = [*_ADDRESS.findall(unescape(f"{written} {text}")), page]
        address = next((each for each in addresses if _ADDRESS.fullmatch(each)), None)
        if address is None:
            self.notes.leave_out("shortcode", name)
            return inside
        return link_paragraph(address)

    def _gallery(self, name: str, values: dict[str, str]) -> str:
        ids = re.findall(r"[0-9]+", values.get("ids") or values.get("include", ""))
        if ids:
            found = self._known(ids)
        else:
            excluded = set(re.findall(r"[0-9]+", values.get("exclude", "")))
            uploaded = self.library.uploaded_to(values.get("id") or self.post_id)
            found = [each for each in uploaded if each.id not in excluded]
            if not found:
                self.notes.leave_out("gallery", name)
        parts = []
        for each in found:
            parts.append(
                link_paragraph(each.url, each.title) if name == "playlist" else each.figure()
            )
            self.length += len(parts[-1])
            if self.length > body.MAX_LENGTH:
                raise ItemError(TOO_LONG)
        html = "".join(parts)
        return f'<div class="gallery">{html}</div>' if html and name == "gallery" else html

    def _known(self, ids: list[str]) -> list[Attachment]:
        for each in ids:
            if each not in self.library.attachments:
                self.notes.leave_out("picture", each)
        return [self.library.attachments[each] for each in ids if each in self.library.attachments]


def _figure(inside: str, caption: str) -> str:
    """The picture that a caption encloses; the text after it is the caption of newer WordPress."""
    if image := _IMAGE.match(inside):
        text = caption or inside[image.end() :].strip()
        return f"<figure>{image[0].strip()}<figcaption>{text}</figcaption></figure>"
    return f"{inside}<p>{caption}</p>" if caption else inside


def _values(written: str) -> tuple[dict[str, str], list[str]]:
    """The attributes with names, names in lower case, and the values without."""
    text = _QUOTES.sub('"', unescape(written)) if "&" in written or _QUOTES.search(written) else ""
    values: dict[str, str] = {}
    bare: list[str] = []
    # A caption may hold quotes of its own in references, so these are only tried where none work.
    for match in _ATTRIBUTE.finditer(written if '"' in written or not text else text):
        value = (match["double"] or match["single"] or match["bare"] or "").strip()
        if match["name"]:
            values.setdefault(match["name"].lower(), value)
        elif value:
            bare.append(value.removeprefix("="))
    return values, bare
