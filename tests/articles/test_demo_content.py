"""The demo newsroom's content holds what the demo's pages promise."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import unescape
from html.parser import HTMLParser
from itertools import combinations

import pytest
from slugify import slugify

from articles.demo import AUTHORS, REGIONS, TAGS, lines

KEYS = {
    *("external_id", "title", "slug", "kicker", "summary", "body_html", "kind", "language"),
    *("status", "published_at", "updated_at", "regions", "tags", "authors", "is_breaking"),
    *("seo", "translation_of"),
}
ELEMENTS = {
    *("p", "h2", "h3", "ul", "ol", "li", "blockquote", "a", "strong", "em"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
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
    return [Article(line) for line in lines()]


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
    assert list(lines()) == list(lines())


def test_a_line_has_the_import_formats_keys_and_values(articles: list[Article]) -> None:
    for article in articles:
        line = article.line
        assert set(line) <= KEYS, article.external_id
        assert line["language"] in {"en", "ru"}
        assert line["status"] in {"published", "draft"}
        assert line["kind"] in {"news", "analysis", "opinion", "interview", "sponsored", "page"}


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

    assert len(translations) == 2
    for translation in translations:
        original = by_id[str(translation.line["translation_of"])]
        assert "translation_of" not in original.line
        assert original.line["language"] != translation.line["language"]
        assert original.moment("published_at") < translation.moment("published_at")


def test_two_bodies_are_longer_than_an_excerpt(articles: list[Article]) -> None:
    assert sum(each.words > 520 for each in articles) >= 2


def test_reports_are_short_and_handwritten_articles_are_not(articles: list[Article]) -> None:
    written = [each for each in articles if each.handwritten]

    assert len(written) == 14
    assert all(150 <= each.words <= 550 for each in written)
    assert {each.line["kind"] for each in written} == {"news", "analysis", "opinion", "interview"}
    assert all(
        90 <= each.words <= 200 and 3 <= each.body.count("<p>") <= 5
        for each in articles
        if not each.handwritten
    )


def test_bodies_are_balanced_and_use_plain_elements_only(articles: list[Article]) -> None:
    class Checker(HTMLParser):
        open_elements: list[str]

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag in ELEMENTS
            assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
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
        assert not re.search(r"[{}]|  | [.,;:]|\.\.", article.title + article.body), article.title
