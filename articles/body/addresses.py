"""Addresses that a body may carry. Whatever is not plainly harmless is refused, not mended."""

import re

LONGEST = 4096
"""Characters in the longest attribute value kept."""

_WEB = re.compile(
    r"(?P<scheme>https?)://(?P<host>[\w.-]*\w[\w.-]*|\[[0-9a-f:.]+\])(?P<port>:[0-9]{1,5})?"
    r"(?P<rest>(?:[/?#][^\s\\]*)?)",
    re.IGNORECASE,
)
_SITE = re.compile(r"/(?![/\\])[^\s\\]*")
_FRAGMENT = re.compile(r"#[^\s\\]+")
_CONTACT = re.compile(r"(?P<scheme>mailto|tel):(?P<rest>[^\s\\/][^\s\\]*)", re.IGNORECASE)


def page_address(value: str) -> str | None:
    """The address of a picture or page: http, https, or a path on this site; else None.

    A space is written as %20, as browsers do. Backslashes, other white space, user names and
    `//host` are refused.
    """
    address = value.strip(" \t\n").replace(" ", "%20")
    if len(address) > LONGEST:
        return None
    if match := _WEB.fullmatch(address):
        return f"{match['scheme'].lower()}://{match['host']}{match['port'] or ''}{match['rest']}"
    return address if _SITE.fullmatch(address) else None


def link_address(value: str) -> str | None:
    """The address of a link: as of a page, or mailto, tel, or a #fragment; else None."""
    if page := page_address(value):
        return page
    address = value.strip(" \t\n").replace(" ", "%20")
    if len(address) > LONGEST:
        return None
    if match := _CONTACT.fullmatch(address):
        return f"{match['scheme'].lower()}:{match['rest']}"
    return address if _FRAGMENT.fullmatch(address) else None
