"""Characters: which ones may be stored, what counts as white space, what counts as a word."""

import re

# Controls, lone surrogates and noncharacters: PostgreSQL, XML or JSON readers refuse some of them,
# and none of them can be read. Tab and line feed stay.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_LINE_END = re.compile("\r\n?")
_PAGE_END = re.compile("[\f\v]")
_SPACE = re.compile("[ \t\n\r\f\v]{2,}|[\t\n\r\f\v]")  # not the single space, which is right
_WORD = re.compile("[^ \t\n\r\f\v]+")
_BLANK = re.compile("[\\s\u200b\u2060\ufeff]*")


def printable(text: str) -> str:
    """`text` with line ends as line feeds and without what cannot be stored or read."""
    if text.isprintable():  # the usual case, and fast; false for no-break spaces, which stay too
        return text
    return _UNPRINTABLE.sub("", _PAGE_END.sub(" ", _LINE_END.sub("\n", text)))


def collapse(text: str) -> str:
    """`text` with each stretch of ASCII white space as one space; a no-break space is none."""
    return _SPACE.sub(" ", text)


def squeeze(text: str) -> str:
    """`text` collapsed, with no white space at its ends; "" when nothing can be seen in it."""
    return "" if is_blank(text) else collapse(text).strip(" ")


def is_blank(text: str) -> bool:
    """Whether nothing in `text` can be seen: white space of any kind, or of no width."""
    return _BLANK.fullmatch(text) is not None


def words(text: str) -> list[str]:
    """The words of `text`, parted by ASCII white space only: a no-break space stays in its word."""
    return _WORD.findall(text)


def first_words(text: str, limit: int) -> str:
    """The first `limit` words joined by one space; "..." follows directly if text was cut."""
    return join_first(words(text), limit)


def join_first(found: list[str], limit: int) -> str:
    """`first_words` for words that have been found already."""
    return " ".join(found[:limit]) + ("..." if len(found) > limit else "")
