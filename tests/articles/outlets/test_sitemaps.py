"""Sitemaps, held to schemas made after https://www.sitemaps.org/schemas/sitemap/0.9/."""

from datetime import UTC, datetime
from io import StringIO
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from articles.outlets.sitemaps import news_sitemap, sitemap, sitemap_index
from tests.articles.outlets.making import HOSTILE

NOW = datetime(2026, 2, 21, 6, 15, tzinfo=UTC)
_LOC = """
  <xs:simpleType name="loc"><xs:restriction base="xs:anyURI">
    <xs:minLength value="12"/><xs:maxLength value="2048"/>
  </xs:restriction></xs:simpleType>"""
_HEAD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
  targetNamespace="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" elementFormDefault="qualified">"""
INDEX = f"""{_HEAD}{_LOC}
  <xs:element name="sitemapindex"><xs:complexType><xs:sequence>
    <xs:element name="sitemap" minOccurs="0" maxOccurs="50000"><xs:complexType><xs:all>
      <xs:element name="loc" type="loc"/>
      <xs:element name="lastmod" type="xs:dateTime" minOccurs="0"/>
    </xs:all></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element></xs:schema>"""
PART = f"""{_HEAD}{_LOC}
  <xs:element name="urlset"><xs:complexType><xs:sequence>
    <xs:element name="url" minOccurs="0" maxOccurs="50000"><xs:complexType><xs:sequence>
      <xs:element name="loc" type="loc"/>
      <xs:element name="lastmod" type="xs:dateTime" minOccurs="0"/>
      <xs:any namespace="##other" minOccurs="0" maxOccurs="unbounded" processContents="skip"/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element></xs:schema>"""


def check(text: str, schema: str) -> ET.Element:
    xmlschema.XMLSchema(StringIO(schema)).validate(text)
    return ET.fromstring(text)


def test_an_index_names_its_parts() -> None:
    root = check(sitemap_index([("https://e.example.org/sitemap.xml?part=1", NOW)]), INDEX)

    assert [each.text for each in root.iter()][2:] == [
        "https://e.example.org/sitemap.xml?part=1",
        "2026-02-21T06:15:00+00:00",
    ]


def test_a_part_has_addresses_dates_and_translations() -> None:
    alternates = [("en", "https://e.example.org/en/a?x=1&y=2"), ("ru", "https://e.example.org/ru")]
    text = "".join(sitemap([("https://e.example.org/en/a?x=1&y=2", NOW, alternates)]))

    root = check(text, PART)
    links = root.findall(".//{http://www.w3.org/1999/xhtml}link")
    assert [(link.get("hreflang"), link.get("href")) for link in links] == alternates


@pytest.mark.parametrize(
    "text", [sitemap_index([]), "".join(sitemap([])), news_sitemap([], newsroom="x")]
)
def test_nothing_is_a_sitemap_too(text: str) -> None:
    check(text, INDEX if "sitemapindex" in text else PART)


def test_a_part_comes_piece_by_piece() -> None:
    pieces = list(sitemap((f"https://e.example.org/{number}", NOW, ()) for number in range(50_000)))

    assert len(pieces) == 50_001
    assert max(len(piece) for piece in pieces) < 1000


def test_news_have_their_titles_whatever_these_hold() -> None:
    articles = [("https://e.example.org/a", HOSTILE, "kk-Latn", NOW)]
    root = check(news_sitemap(articles, newsroom=HOSTILE), PART)

    found = {each.tag.rpartition("}")[2]: each.text for each in root.iter()}
    assert (found["language"], found["publication_date"]) == ("kk", "2026-02-21T06:15:00+00:00")
    assert found["title"] == found["name"]
    assert "]]>" in str(found["title"])
