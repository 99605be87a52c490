"""The demo newsroom's content holds what the demo's pages promise."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import unescape
from html.parser import HTMLParser
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from slugify import slugify

from articles import body
from articles.demo import AUTHORS, REGIONS, TAGS, lines
from articles.demo.pictures import DIRECTORY, PICTURES, file_name
from articles.models import Kind

KEYS = {
    *("external_id", "title", "slug", "kicker", "summary", "body_html", "kind", "language"),
    *("status", "published_at", "updated_at", "regions", "tags", "authors", "is_breaking"),
    *("seo", "translation_of", "lead_image", "corrections"),
}
ELEMENTS = {
    "a": ("href",),
    "code": ("class",),
    "div": ("class",),
    "img": ("src", "alt", "width", "height"),
    **dict.fromkeys(("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "strong", "em"), ()),
    **dict.fromkeys(("table", "thead", "tbody", "tr", "th", "td", "pre", "hr"), ()),
    **dict.fromkeys(("figure", "figcaption", "cite"), ()),
}
"""The elements that bodies are written in, with their attributes."""
PICTURES_AT = "https://demo.example/static/demo"
LAST_MOMENT = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


class Article:
    """A line with its values typed for reading."""

    def __init__(self, line: dict[str, object]) -> None:
        self.line = line
        self.external_id = str(line["external_id"])
        self.title = str(line["title"])
        self.body = str(line["body_html"])
        self.published = line["status"] == "published"
        self.handwritten = not re.search(r"-\d\d$", self.external_id)

    def mappings(self, key: str) -> list[dict[str, object]]:
        value = self.line.get(key, [])
        assert isinstance(value, list | dict)
        return value if isinstance(value, list) else [value]

    def slugs(self, key: str) -> list[str]:
        value = self.line[key]
        assert isinstance(value, list)
        return value

    def moment(self, key: str) -> dt.datetime:
        return dt.datetime.strptime(str(self.line[key]), "%Y-%m-%dT%H:%M:%S%z")

    @property
    def words(self) -> int:
        return len(unescape(re.sub(r"<[^>]+>", " ", self.body)).split())

    @property
    def first_paragraph(self) -> str:
        return self.body[: self.body.index("</p>")]


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return [Article(line) for line in lines(pictures_at=PICTURES_AT)]


@pytest.fixture(scope="module")
def written(articles: list[Article]) -> list[Article]:
    return [each for each in articles if each.handwritten]


def slugs(taxonomy: list[dict[str, object]]) -> set[str]:
    found = [str(each["slug"]) for each in taxonomy]
    assert len(found) == len(set(found))
    return set(found)


def common_subsequence(one: str, other: str) -> int:
    """Return the length of the longest common subsequence (bit-parallel, after Hyyrö 2004)."""
    places: dict[str, int] = {}
    for position, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << position
    full = (1 << len(one)) - 1
    row = full
    for letter in other:
        matched = row & places.get(letter, 0)
        row = (row + matched | row - matched) & full
    return len(one) - row.bit_count()


def alike(texts: list[str], ratio: float) -> Iterator[tuple[str, str]]:
    """Yield the pairs that are at least as similar as that.

    Two upper bounds of difflib's ratio come first, because it takes long: the letters in common,
    whatever their order, and the longest common subsequence.
    """
    letters = [Counter(text) for text in texts]
    for one, other in combinations(range(len(texts)), 2):
        pair = texts[one], texts[other]
        least = ratio * (len(pair[0]) + len(pair[1])) / 2
        if (letters[one] & letters[other]).total() < least or common_subsequence(*pair) < least:
            continue
        if any(SequenceMatcher(None, *each).ratio() >= ratio for each in (pair, pair[::-1])):
            yield pair


def test_similarity_is_noticed() -> None:
    copies = ["A clinic on rails stops at nine sidings", "A clinic on rails stops at five sidings"]

    assert list(alike(["Robots sweep the field at night", *copies], 0.9)) == [tuple(copies)]


def test_181_published_articles_are_in_kazakhstan_or_below(articles: list[Article]) -> None:
    below = {str(each["slug"]) for each in REGIONS if each["parent"] == "kazakhstan"}
    kazakhstan = {"kazakhstan", *below}
    inside = [bool(kazakhstan.intersection(each.slugs("regions"))) for each in articles]
    published = [each.published for each in articles]

    assert below == {"almaty", "astana", "mangystau"}
    assert sum(here and out for here, out in zip(inside, published, strict=True)) == 181
    assert 40 <= sum(out and not here for here, out in zip(inside, published, strict=True)) <= 60
    assert published.count(False) == 4
    assert any(here and not out for here, out in zip(inside, published, strict=True))


def test_the_articles_are_the_same_at_every_run() -> None:
    one, other = (list(lines(pictures_at=PICTURES_AT)) for _ in range(2))

    assert one == other


def test_a_line_has_the_import_formats_keys_and_values(articles: list[Article]) -> None:
    for article in articles:
        line = article.line
        assert set(line) <= KEYS, article.external_id
        assert line["language"] in {"en", "ru"}
        assert line["status"] in {"published", "draft"}
        assert line["kind"] in Kind.values


@pytest.mark.parametrize("key", ["external_id", "title", "published_at"])
def test_no_two_articles_share(articles: list[Article], key: str) -> None:
    values = [each.line[key] for each in articles]

    assert len(set(values)) == len(values)


def test_slugs_made_from_titles_are_unique(articles: list[Article]) -> None:
    made = [slugify(each.title) for each in articles]

    assert all(made)
    assert len(set(made)) == len(made)


def test_no_two_titles_are_nearly_the_same(articles: list[Article]) -> None:
    assert not list(alike([each.title for each in articles], 0.9))


def test_no_two_first_paragraphs_are_nearly_the_same(articles: list[Article]) -> None:
    assert not list(alike([each.first_paragraph for each in articles], 0.85))


@pytest.mark.parametrize(
    ("key", "taxonomy"), [("regions", REGIONS), ("tags", TAGS), ("authors", AUTHORS)]
)
def test_what_an_article_names_exists_and_what_exists_is_named(
    articles: list[Article], key: str, taxonomy: list[dict[str, object]]
) -> None:
    named = [each.slugs(key) for each in articles]

    assert all(each and len(set(each)) == len(each) for each in named)
    assert {slug for each in named for slug in each} == slugs(taxonomy)


def test_countries_have_a_code_and_places_within_them_a_parent() -> None:
    top = {str(each["slug"]): each["code"] for each in REGIONS if each["parent"] is None}

    assert sorted(map(str, top.values())) == ["AF", "KG", "KZ", "TJ", "TM", "UZ"]
    assert all(
        each["parent"] in top and each["code"] is None
        for each in REGIONS
        if each["parent"] is not None
    )


def test_times_are_in_the_newsrooms_year_and_a_half(articles: list[Article]) -> None:
    moments = [each.moment("published_at") for each in articles]

    assert min(moments) >= dt.datetime(2025, 6, 1, tzinfo=dt.UTC)
    assert max(moments) <= LAST_MOMENT
    assert moments == sorted(moments)
    assert all(
        each.moment("published_at") < each.moment("updated_at") <= LAST_MOMENT
        for each in articles
        if "updated_at" in each.line
    )


def test_translations_follow_their_originals_in_another_language(articles: list[Article]) -> None:
    by_id = {each.external_id: each for each in articles}
    translations = [each for each in articles if "translation_of" in each.line]

    assert len(translations) == 5
    for translation in translations:
        original = by_id[str(translation.line["translation_of"])]
        assert "translation_of" not in original.line
        assert original.line["language"] != translation.line["language"]
        assert original.moment("published_at") < translation.moment("published_at")


def test_two_bodies_are_longer_than_an_excerpt(articles: list[Article]) -> None:
    assert sum(each.words > 520 for each in articles) >= 2


def test_reports_are_short_and_handwritten_articles_are_not(articles: list[Article]) -> None:
    for article in articles:
        if article.handwritten:
            assert 150 <= article.words <= 700, article.external_id
        else:
            assert 90 <= article.words <= 200, article.external_id
            assert 3 <= article.body.count("<p>") <= 5, article.external_id


def test_many_articles_are_handwritten_in_two_languages_and_of_every_kind(
    written: list[Article],
) -> None:
    assert len(written) >= 30
    assert sum(each.line["language"] == "ru" for each in written) >= 6
    assert {each.line["kind"] for each in written} == set(Kind.values)


def test_each_handwritten_article_has_a_picture_described_in_its_language(
    written: list[Article],
) -> None:
    for article in written:
        [picture] = article.mappings("lead_image")
        told = " ".join(str(picture.get(key, "")) for key in ("alt", "caption", "credit"))
        assert re.fullmatch(rf"{PICTURES_AT}/[a-z-]+\.svg", str(picture["url"]))
        assert (picture["width"], picture["height"]) == (1600, 900)
        assert len(str(picture["alt"])) >= 30, article.external_id
        assert bool(re.search("[а-я]", told)) == (article.line["language"] == "ru")


def test_corrections_are_dated_at_the_update_that_made_them(articles: list[Article]) -> None:
    corrected = [each for each in articles if "corrections" in each.line]

    assert len(corrected) >= 3
    for article in corrected:
        for correction in article.mappings("corrections"):
            assert set(correction) == {"at", "note"}
            assert correction["at"] == article.line["updated_at"]
            assert correction["note"]


def test_sponsored_articles_say_so_first(written: list[Article]) -> None:
    sponsored = [each for each in written if each.line["kind"] == "sponsored"]

    assert sponsored
    for article in sponsored:
        assert re.match("<p><em>(This article was paid for|Материал оплачен) ", article.body)
        assert article.slugs("authors") == ["partner-studio"]


def test_every_kind_of_block_is_shown(written: list[Article]) -> None:
    blocks = [block for each in written for block in body.parse(each.body).blocks]
    captioned = [block for block in blocks if block["type"] == "image"]

    assert {block["type"] for block in blocks} == {
        *("paragraph", "heading", "list", "quote", "image", "gallery", "table"),
        *("code", "embed", "divider"),
    }
    assert {block["level"] for block in blocks if block["type"] == "heading"} == {2, 3, 4}
    assert {block["ordered"] for block in blocks if block["type"] == "list"} == {True, False}
    assert all(block["caption"] and block["credit"] for block in captioned)


def test_bodies_are_balanced_and_use_known_elements_only(articles: list[Article]) -> None:
    class Checker(HTMLParser):
        open_elements: list[str]

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tuple(name for name, _ in attrs) == ELEMENTS[tag]
            if tag not in {"img", "hr"}:
                self.open_elements.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open_elements.pop() == tag

    for article in articles:
        checker = Checker()
        checker.open_elements = []
        checker.feed(article.body)
        checker.close()
        assert checker.open_elements == [], article.external_id


def test_no_placeholder_or_double_space_is_left_in_a_text(articles: list[Article]) -> None:
    for article in articles:
        prose = re.sub("<pre>.*?</pre>", "", article.title + article.body, flags=re.DOTALL)
        assert not re.search(r"[{}]|  | [.,;:]|\.\.|picture:", prose), article.title


def test_the_files_of_the_pictures_are_what_the_code_draws() -> None:
    """If they differ: python -m articles.demo.pictures."""
    drawn = {file_name(name): draw() for name, draw in PICTURES.items()}

    assert {path.name: path.read_text("utf-8") for path in DIRECTORY.iterdir()} == drawn


def test_every_picture_is_another_and_stands_by_itself() -> None:
    drawn = [draw() for draw in PICTURES.values()]

    assert len(set(drawn)) == len(drawn) >= 8
    for picture in drawn:
        root = ET.fromstring(picture)
        assert (root.attrib["width"], root.attrib["height"]) == ("1600", "900")
        assert len(picture) < 60_000
        assert not re.search(r"href|url\((?!#)|<script|<text", picture)


def test_every_picture_is_shown(written: list[Article]) -> None:
    shown = {str(picture["url"]) for each in written for picture in each.mappings("lead_image")}

    assert shown == {f"{PICTURES_AT}/{file_name(name)}" for name in PICTURES}
