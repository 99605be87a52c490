"""XML and JSON from outside, opened with care: bounded, without entities, without floats."""

import json
from decimal import Decimal
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from rates.sources.bulletin import MAX_BYTES, BulletinError

_LONGEST_NUMBER = 60  # characters


def xml_root(document: bytes, *, name: str) -> Element:
    """Return the root element, whose name must be ``name``.

    The document's own declaration of its encoding holds. Raises BulletinError for what is too
    long, empty, an HTML page, not well-formed (truncated, of another encoding than declared), or
    has a document type, which no bulletin needs and entity bombs do (CVE-2003-1564).
    """
    _check(document)
    try:
        root: Element = defusedxml.ElementTree.fromstring(document, forbid_dtd=True)
    except DefusedXmlException:
        raise BulletinError(
            "The document has a document type, as entity bombs do; it was not read."
        ) from None
    except (ParseError, LookupError, ValueError) as error:
        raise BulletinError(
            f"The document is not well-formed XML, perhaps truncated ({error})."
        ) from None
    if root.tag != name:
        raise BulletinError(f"The document is not a bulletin: it begins with <{root.tag[:40]}>.")
    return root


def text_of(element: Element, name: str) -> str | None:
    """Return the text of the one child of that name, or None; two are a BulletinError."""
    found = element.findall(name)
    if len(found) > 1:
        raise BulletinError(f"<{element.tag}> has more than one <{name}>.")
    return found[0].text if found else None


def json_value(document: bytes) -> Any:
    """Return the document's value, in which every number is a Decimal, digit for digit.

    Raises BulletinError for what is too long, empty, an HTML page, not JSON (RFC 8259: truncated,
    not UTF-8, NaN), nested too deeply, or an object that names a member twice, of which a parser
    would silently keep the last.
    """
    _check(document)
    try:
        return json.loads(
            document,
            parse_float=_decimal,
            parse_int=_decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError) as error:
        raise BulletinError(f"The document is not JSON, perhaps truncated ({error}).") from None


def _check(document: bytes) -> None:
    if len(document) > MAX_BYTES:
        raise BulletinError(
            f"The document is {len(document):,} bytes long; a bulletin has at most {MAX_BYTES:,}."
        )
    start = document[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        raise BulletinError("The document is empty.")
    if start.startswith((b"<!doctype html", b"<html")):
        raise BulletinError("The source sent an HTML page instead of a bulletin.")


def _decimal(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER:
        raise BulletinError(f"A number is {len(text)} characters long.")
    return Decimal(text)


def _refuse_constant(text: str) -> NoReturn:
    raise BulletinError(f"{text} is not a number.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise BulletinError(f"“{name[:40]}” is there twice.")
        members[name] = value
    return members
