"""What no source may say, asked of the parser of each."""

import ast
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rates.sources import SOURCES
from rates.sources.bulletin import MAX_BYTES, BulletinError
from tests.rates.sources.printed import DAY, DECIMAL_COMMA, PRINTERS, XML, Line, read

PACKAGE = Path(__file__).resolve().parents[3] / "rates" / "sources"
EVERY_SOURCE = pytest.mark.parametrize("source", sorted(SOURCES))
JSON = set(SOURCES) - XML

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE rates [
 <!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">
]>
<rates><date>&c;</date></rates>"""
OUTWARD = b"""<!DOCTYPE rates SYSTEM "http://127.0.0.1:9/evil.dtd"><rates/>"""


def printed(source: str, lines: Iterable[Line]) -> bytes:
    """A bulletin of that source, the numbers written as it writes them."""
    comma = source in DECIMAL_COMMA
    return PRINTERS[source](
        lines=[(code, value.replace(".", ",") if comma else value, n) for code, value, n in lines]
    )


def refused(source: str, document: bytes, match: str) -> None:
    with pytest.raises(BulletinError, match=match):
        read(SOURCES[source].parse, document)


@EVERY_SOURCE
def test_it_works(source: str) -> None:
    """What the refusals below stand on: as it is, each document is read."""
    bulletin = read(SOURCES[source].parse, PRINTERS[source]())

    assert (bulletin.source, bulletin.effective_date, len(bulletin.quotes)) == (source, DAY, 2)


@EVERY_SOURCE
@pytest.mark.parametrize("document", [b"", b" \r\n\t", b"\xef\xbb\xbf"])
def test_nothing_is_refused(source: str, document: bytes) -> None:
    refused(source, document, "The document is empty")


@EVERY_SOURCE
def test_a_truncated_document_is_refused(source: str) -> None:
    whole = PRINTERS[source]().rstrip()
    for length in range(2, len(whole), 7):
        refused(source, whole[:length], "perhaps truncated")


@EVERY_SOURCE
@pytest.mark.parametrize(
    "page",
    [b"<!DOCTYPE html><title>Closed</title>", b"\n  <HTML><body>502", b"\xef\xbb\xbf<html></html>"],
)
def test_a_page_with_status_200_is_refused(source: str, page: bytes) -> None:
    refused(source, page, "an HTML page instead of a bulletin")


@EVERY_SOURCE
def test_a_text_is_refused(source: str) -> None:
    refused(source, b"Service temporarily unavailable", "The document is not")


@EVERY_SOURCE
def test_fifty_megabytes_are_refused_unread(source: str) -> None:
    document = PRINTERS[source]() + b" " * 50_000_000

    refused(source, document, "bytes long; a bulletin has at most 2,000,000")


@EVERY_SOURCE
def test_the_longest_document_is_read(source: str) -> None:
    document = PRINTERS[source]()

    assert read(SOURCES[source].parse, document + b" " * (MAX_BYTES - len(document)))
    refused(source, document + b" " * (MAX_BYTES - len(document) + 1), "2,000,001 bytes long")


@pytest.mark.parametrize("source", sorted(XML))
@pytest.mark.parametrize("document", [BOMB, OUTWARD], ids=["bomb", "outward"])
def test_an_entity_bomb_is_refused(source: str, document: bytes) -> None:
    refused(source, document, "has a document type, as entity bombs do")


@pytest.mark.parametrize("source", sorted(JSON))
def test_a_deep_nest_is_refused(source: str) -> None:
    refused(source, b"[" * 900_000, "The document is not JSON")


@pytest.mark.parametrize("source", sorted(XML))
def test_a_deep_nest_of_elements_is_refused(source: str) -> None:
    refused(source, b"<a>" * 200_000 + b"</a>" * 200_000, "not a bulletin: it begins with <a>")


@pytest.mark.parametrize("source", sorted(XML - {"nbkr", "nbkr_weekly"}))
def test_another_encoding_than_declared_is_refused(source: str) -> None:
    """Windows-1251 within what calls itself UTF-8."""
    document = PRINTERS[source]().replace(b"?>", "?><!-- Курсы -->".encode("windows-1251"), 1)

    refused(source, document, "not well-formed")


@pytest.mark.parametrize("source", sorted(XML))
@pytest.mark.parametrize("encoding", [b"klingon", b"utf-7", b"shift_jis", b"rot13", b"base64"])
def test_an_encoding_that_is_none_is_refused(source: str, encoding: bytes) -> None:
    document = PRINTERS[source]().partition(b"?>")[2]

    refused(
        source,
        b'<?xml version="1.0" encoding="' + encoding + b'"?>' + document,
        "not well-formed",
    )


@pytest.mark.parametrize("source", sorted(JSON))
def test_json_that_is_not_unicode_is_refused(source: str) -> None:
    document = PRINTERS[source]().replace(b"{", '{"сўм": 1, '.encode("windows-1251"), 1)

    refused(source, document, "The document is not JSON")


@pytest.mark.parametrize("source", sorted(XML))
def test_the_bulletin_of_another_source_is_refused(source: str) -> None:
    for other in sorted(XML - {source}):
        refused(source, PRINTERS[other](), "This is not the bulletin|not a bulletin: it begins")


@EVERY_SOURCE
@pytest.mark.parametrize("value", ["0", "-9.44", "0.0000"])
def test_a_rate_that_is_not_positive_is_refused(source: str, value: str) -> None:
    refused(source, printed(source, [("TJS", value, "1")]), "The rate of TJS is not positive")


@pytest.mark.parametrize("source", sorted(set(SOURCES) - {"open_exchange_rates"}))
@pytest.mark.parametrize("nominal", ["0", "-100"])
def test_a_nominal_that_is_not_positive_is_refused(source: str, nominal: str) -> None:
    refused(source, printed(source, [("TJS", "9.44", nominal)]), "nominal of TJS is not positive")


@EVERY_SOURCE
def test_a_currency_twice_is_refused(source: str) -> None:
    lines = [("TJS", "9.44", "1"), ("UZS", "0.0073", "1"), ("TJS", "94.4", "1")]

    refused(source, printed(source, lines), "TJS is quoted twice|“TJS” is there twice")


@EVERY_SOURCE
@pytest.mark.parametrize("code", ["US", "USDT", "usd", "U$D", "ТJS", "840"])
def test_what_is_no_code_is_refused(source: str, code: str) -> None:
    """The T of one of them is Cyrillic."""
    document = printed(source, [("TJS", "9.44", "1")])
    encoding = "windows-1251" if source in DECIMAL_COMMA else "utf-8"

    refused(source, document.replace(b"TJS", code.encode(encoding)), "not a currency's code")


@EVERY_SOURCE
def test_a_code_that_nobody_knows_is_kept(source: str) -> None:
    """A parser has no list of currencies: who stores the bulletin does."""
    bulletin = read(SOURCES[source].parse, printed(source, [("QQQ", "9.44", "1")]))

    assert [quote.currency for quote in bulletin.quotes] == ["QQQ"]


@EVERY_SOURCE
def test_no_rates_are_refused(source: str) -> None:
    refused(source, printed(source, []), "The bulletin has no rates")


@EVERY_SOURCE
@given(data=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_damage_does_harm(source: str, data: st.DataObject) -> None:
    """However a document is damaged on its way: it is read, or refused, and nothing else."""
    document = bytearray(PRINTERS[source]())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(document) - 1))
        length = data.draw(st.integers(0, 12))
        document[place : place + length] = data.draw(st.binary(max_size=12))
        if not document:
            break

    with suppress(BulletinError):
        bulletin = read(SOURCES[source].parse, bytes(document), requested_date=None)
        assert all(quote.value > 0 and quote.nominal > 0 for quote in bulletin.quotes)


@pytest.mark.parametrize("name", ["bulletin", "figures", "documents", *sorted(XML | JSON)])
def test_parsing_is_pure(name: str) -> None:
    """No module of it asks for the time, the settings, the database or the network."""
    path = PACKAGE / f"{'nbkr' if name == 'nbkr_weekly' else name}.py"
    tree = ast.parse(path.read_text())
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}

    assert {each.split(".")[0] for each in imported} <= {
        "collections", "dataclasses", "datetime", "decimal", "defusedxml", "json", "rates", "re",
        "typing", "xml",
    }  # fmt: skip
    assert not {each for each in imported if each.startswith("rates")} & {
        "rates.sources.fetching",
        "rates.sources.publisher",
        "rates.models",
    }
    assert not asked & {"now", "today", "utcnow"}
