"""What each key of a line takes, and what is said of all else."""

from typing import Any

import pytest
from django.test import Client

from articles.importers import jsonl
from articles.models import Article, Author, Image, Region, Tag
from tests.articles.importing import make_line, refusals, run_command, run_import
from tests.factories import make_author, make_region, make_tag

pytestmark = pytest.mark.django_db

TEXTS = (
    *("external_id", "title", "slug", "kicker", "summary", "language", "canonical_url"),
    *("translation_of", "published_at", "updated_at"),
)
CONTROL = "It has a control character or half a surrogate pair. Remove it."


def refusal(**values: Any) -> str:
    """Why a line with these values is refused; a good line beside it is not imported either."""
    [(number, reason)] = refusals(make_line("good"), make_line("bad", **values))
    assert number == 2
    return reason


@pytest.mark.parametrize("key", TEXTS)
@pytest.mark.parametrize("value", [7, True, ["x"], {"x": 1}, 1.5])
def test_texts_are_strings(key: str, value: Any) -> None:
    assert refusal(**{key: value}) == f"{key}: It must be a string."


@pytest.mark.parametrize("key", TEXTS)
@pytest.mark.parametrize("value", ["a\0b", "a\ud800b", "\udfff", "a\x1bb", "a\x85b", "a\uffffb"])
def test_texts_have_no_control_characters(key: str, value: str) -> None:
    assert refusal(**{key: value}) == f"{key}: {CONTROL}"


@pytest.mark.parametrize("key", ["alt", "caption", "credit"])
def test_texts_of_the_lead_image_are_texts_too(key: str) -> None:
    image = {"url": "https://example.org/a.jpg"}

    assert refusal(lead_image={**image, key: "a\0b"}) == f"lead_image.{key}: {CONTROL}"
    assert refusal(lead_image={**image, key: 7}) == f"lead_image.{key}: It must be a string."


@pytest.mark.parametrize("key", ["title", "description"])
def test_texts_for_search_engines_are_texts_too(key: str) -> None:
    assert refusal(seo={key: "a\ud800b"}) == f"seo.{key}: {CONTROL}"
    assert refusal(seo={key: []}) == f"seo.{key}: It must be a string."


@pytest.mark.parametrize("key", ["external_id", "title"])
@pytest.mark.parametrize("value", ["", "  ", "\n", "\u00a0", "\u200b\u2003"])
def test_what_is_required_can_be_seen(key: str, value: str) -> None:
    assert refusal(**{key: value}) == f"{key}: It must not be empty."


@pytest.mark.parametrize("key", ["external_id", "title", "body_html"])
def test_what_is_required_is_there(key: str) -> None:
    assert refusal(**{key: None}) == f"{key}: It is missing."


@pytest.mark.parametrize(
    "key",
    ["slug", "language", "canonical_url", "published_at", "updated_at", "translation_of"],
)
def test_an_empty_text_is_not_an_absent_one_where_it_has_a_form(key: str) -> None:
    assert refusal(**{key: " "}) == f"{key}: It is empty. Give it a value or leave it out."


@pytest.mark.parametrize(
    ("key", "longest"),
    [("external_id", 255), ("title", 1000), ("kicker", 10_000), ("translation_of", 255)],
)
def test_texts_are_not_endless(key: str, longest: int) -> None:
    reason = refusal(**{key: "x" * (longest + 1)})

    assert reason == f"{key}: It must have at most {longest} characters."


def test_line_breaks_in_a_text_are_spaces() -> None:
    run_import(make_line(title=" Water\r\nlevels \n rise\t", kicker="\nWater\n"))

    article = Article.objects.get()
    assert (article.title, article.kicker) == ("Water levels   rise", "Water")


@pytest.mark.parametrize("key", ["titel", "id", "state", "regions ", "\u202eltit", "x" * 300])
def test_unknown_keys_are_refused(key: str) -> None:
    reason = refusal(**{key: 1})

    keys = ", ".join(sorted(jsonl.KEYS))
    assert reason.endswith(f"There is no such key. These exist: {keys}.")
    assert reason.isprintable()
    assert len(reason) < len(keys) + 150  # a key of 300 letters is not repeated


def test_unknown_keys_within_are_refused() -> None:
    image = {"url": "https://example.org/a.jpg"}

    assert refusal(lead_image={**image, "src": "x"}).startswith("lead_image.src: There is no such")
    assert refusal(seo={"keywords": "x"}) == (
        "seo.keywords: There is no such key. These exist: description, title."
    )


@pytest.mark.parametrize("value", [None, 5, "", "public", "Published", ["draft"], {}, True])
def test_the_status_is_one_of_three(value: Any) -> None:
    assert refusal(status=value) == "status: It must be one of: draft, scheduled, published."


@pytest.mark.parametrize("value", ["", "blog", "News", 1, ["news"]])
def test_the_kind_is_one_of_six(value: Any) -> None:
    assert refusal(kind=value) == (
        "kind: It must be one of: news, analysis, opinion, interview, sponsored, page."
    )


@pytest.mark.parametrize("value", ["true", 1, 0, "", []])
def test_a_flag_is_a_flag(value: Any) -> None:
    assert refusal(is_breaking=value) == "is_breaking: It must be true or false."


@pytest.mark.parametrize("value", [7, True, ["<p>Text</p>"], {"html": "x"}])
def test_the_body_is_a_string(value: Any) -> None:
    assert refusal(body_html=value) == "body_html: It must be a string of HTML."


@pytest.mark.parametrize(
    "html",
    [
        "",
        "  \n ",
        "<p></p><p>&nbsp;</p>",
        "<script>alert('text')</script>",
        "<style>p { color: red }</style>",
        "<!-- <p>text</p> -->",
        "<script><p>text</p></script>",
        "<div><br></div>",
        "\0",
        "\ud800",
    ],
)
def test_something_is_left_of_the_body(html: str) -> None:
    assert refusal(body_html=html) == (
        "body_html: Nothing is left of it after cleaning. Give it text that readers can see."
    )


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("Text without a paragraph", "<p>Text without a paragraph</p>"),
        ("<p>a\0b\ud800c\x1bd\x85</p>", None),
        ('<p onclick="x()">Text</p><script>x()</script>', "<p>Text</p>"),
    ],
)
def test_the_body_is_cleaned(client: Client, html: str, cleaned: str | None) -> None:
    report = run_import(make_line(body_html=html))

    assert report.created == 1
    served = client.get("/api/v1/articles/title-1").json()["body_html"]
    assert cleaned in (None, served)
    assert not {"\0", "\ud800", "\x1b", "\x85"} & set(served)
    # The same again is the same, although half a surrogate pair cannot be stored.
    assert run_import(make_line(body_html=html)).unchanged == 1


@pytest.mark.parametrize(
    "value", ["a b", "a/b", "вода", "a.b", "x" * 201, "a?b", "../a", "a%20b", "é"]
)
def test_a_slug_can_stand_in_a_path(value: str) -> None:
    assert "is not a slug: use 1 to 200 ASCII letters" in refusal(slug=value)


@pytest.mark.parametrize("value", ["english!", "e", "en_US", "en-", "русский", "en-x"])
def test_a_language_is_a_language_tag(value: str) -> None:
    assert refusal(language=value) == (
        "language: It must be a language tag (BCP 47) such as en or ru."
    )


@pytest.mark.parametrize(
    "value",
    ["example.org/a", "javascript:alert(1)", "//example.org/a", "ftp://example.org/a",
     "https://", "https://exa mple.org", "data:text/html,x", "https://a\nb"],
)  # fmt: skip
def test_a_url_is_one_of_http(value: str) -> None:
    assert refusal(canonical_url=value) == "canonical_url: It must be an http or https URL."
    assert refusal(lead_image={"url": value}) == "lead_image.url: It must be an http or https URL."


def test_a_url_is_not_endless() -> None:
    url = "https://example.org/" + "x" * 2000

    assert refusal(canonical_url=url) == "canonical_url: A URL has at most 2,000 characters."


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("https://example.org/a.jpg", "lead_image: It must be an object."),
        ([], "lead_image: It must be an object."),
        ({}, "lead_image.url: It is missing."),
        ({"url": None}, "lead_image.url: It must be a string."),
        ({"url": ""}, "lead_image.url: It must not be empty."),
        (
            {"url": "https://example.org/a.jpg", "width": 0},
            "lead_image.width: It must be a whole number from 1 to 100000.",
        ),
        (
            {"url": "https://example.org/a.jpg", "height": True},
            "lead_image.height: It must be a whole number from 1 to 100000.",
        ),
    ],
)
def test_a_lead_image_has_an_address(value: Any, reason: str) -> None:
    assert refusal(lead_image=value) == reason


@pytest.mark.parametrize("key", ["published_at", "updated_at"])
@pytest.mark.parametrize(
    "value",
    ["yesterday", "2026-02-20T10:00:00", "2026-02-20 10:00:00Z", "20.02.2026", "1771500000",
     "2026-2-3", "2026-02-20T10:00Z", "٢٠٢٦-02-20"],
)  # fmt: skip
def test_a_time_is_a_date_or_has_an_offset(key: str, value: str) -> None:
    assert refusal(**{key: value}).startswith(f"{key}: It takes a date such as 2026-02-21")


@pytest.mark.parametrize(
    "value",
    ["2026-02-30", "2026-13-01", "2025-02-29", "2026-02-20T24:00:01Z", "2026-02-20T10:61:00Z",
     "0000-01-01", "9999-12-31T23:59:59-05:00"],
)  # fmt: skip
def test_a_time_exists(value: str) -> None:
    assert refusal(published_at=value) == f"published_at: There is no such time as {value}."


@pytest.mark.parametrize("value", ["0001-01-01T00:00:00Z", "1599-12-31", "9999-12-31T23:59:59Z"])
def test_a_time_can_be_shown_everywhere(value: str) -> None:
    assert refusal(published_at=value, status="draft") == (
        "published_at: It must lie in the years 1600 to 2999."
    )


def test_what_is_published_has_no_date_in_the_future() -> None:
    assert refusal(published_at="2026-11-01T12:00:01Z") == (
        "published_at: It lies in the future. Give a past time, or import the article as a draft."
    )
    assert refusal(updated_at="2026-11-01T12:00:01Z", status="draft") == (
        "updated_at: It lies in the future. Give a past time."
    )


def test_a_draft_may_have_a_date_in_the_future() -> None:
    run_import(make_line(status="draft", published_at="2027-01-01"))

    assert str(Article.objects.get().published_at) == "2026-12-31 19:00:00+00:00"


def test_it_was_not_updated_before_it_was_published(client: Client) -> None:
    run_import(
        make_line("1", updated_at="2020-01-01"),
        make_line("2", published_at=None, updated_at="2020-01-01"),
    )

    first = client.get("/api/v1/articles/title-1").json()
    second = client.get("/api/v1/articles/title-2").json()
    assert first["updated_at"] == first["published_at"] == "2026-02-20T06:15:00Z"
    assert second["updated_at"] == second["published_at"] == "2026-11-01T12:00:00Z"


@pytest.mark.parametrize("key", ["regions", "tags", "authors"])
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("Water", "It must be a list of names or slugs."),
        ({"name": "Water"}, "It must be a list of names or slugs."),
        (["Water", 7], "It must be a list of names or slugs."),
        ([["Water"]], "It must be a list of names or slugs."),
        (["Water", " "], "A name must not be empty."),
        (["\u200b"], "A name must not be empty."),
        (["x" * 201], "A name has at most 200 characters, and no control characters."),
        (["a\0b"], "A name has at most 200 characters, and no control characters."),
        (["\ud800"], "A name has at most 200 characters, and no control characters."),
        ([f"Name {n}" for n in range(101)], "It must have at most 100 entries."),
    ],
)
def test_names_are_a_list_of_names(key: str, value: Any, reason: str) -> None:
    assert refusal(**{key: value}) == f"{key}: {reason}"


def names_after_import(client: Client, key: str, *entries: str) -> list[str]:
    assert run_import(make_line(**{key: list(entries)})).errors == []
    named = client.get("/api/v1/articles/title-1").json()[key]
    return [each["name"] for each in named]


@pytest.mark.parametrize("key", ["regions", "tags", "authors"])
def test_names_keep_their_order_and_stand_once(client: Client, key: str) -> None:
    entries = ("Water", "Energy", "water", "WATER", "energy", " Water ")

    assert names_after_import(client, key, *entries) == ["Water", "Energy"]


@pytest.mark.parametrize(
    "entry",
    ["Kazakhstan", "kazakhstan", "KAZAKHSTAN", "Казахстан", "казахстан", "qazaqstan", "Qazaqstan"],
)
def test_a_name_is_found_in_any_case_and_language_and_by_its_slug(
    client: Client, entry: str
) -> None:
    make_region("Kazakhstan", slug="qazaqstan", names={"ru": "Казахстан"})

    assert names_after_import(client, "regions", entry) == ["Kazakhstan"]
    assert Region.objects.count() == 1


def test_a_name_in_another_script_is_found_when_it_comes_to_the_same_slug(client: Client) -> None:
    make_author("Asel")

    assert names_after_import(client, "authors", "Асел") == ["Asel"]
    assert Author.objects.count() == 1


def test_names_that_only_share_a_slug_are_not_the_same(client: Client) -> None:
    assert names_after_import(client, "tags", "C++", "C", "C#", "🔥", "❄") == [
        *("C++", "C", "C#", "🔥", "❄"),
    ]
    assert sorted(Tag.objects.values_list("slug", flat=True)) == ["c", "c-2", "c-3", "tag", "tag-2"]


def test_long_names_that_only_begin_alike_are_not_the_same() -> None:
    stem = "The ministry of water and of all that flows below the mountains and above the desert of"
    run_import(make_line(tags=[f"{stem} sands in the west", f"{stem} sands in the east"]))

    assert Tag.objects.count() == 2


def test_an_exact_name_comes_before_a_slug_and_a_slug_before_another_case(client: Client) -> None:
    make_tag("C++", slug="c")
    make_tag("C", slug="c-2")
    make_tag("Oil and gas", slug="oil")
    make_tag("OIL", slug="oil-2")

    assert names_after_import(client, "tags", "C") == ["C"]
    assert names_after_import(client, "tags", "c") == ["C++"]
    assert names_after_import(client, "tags", "oil") == ["Oil and gas"]
    assert names_after_import(client, "tags", "Oil") == ["OIL"]


def test_a_name_that_the_desk_has_changed_is_still_found_by_its_slug(client: Client) -> None:
    make_tag("Water resources", slug="water")

    assert names_after_import(client, "tags", "Water", "Water!") == ["Water resources", "Water!"]


def test_a_new_name_whose_slug_another_name_holds_gets_a_number(client: Client) -> None:
    make_tag("Rivers", slug="water")

    assert names_after_import(client, "tags", "Water!") == ["Water!"]
    assert Tag.objects.get(name="Water!").slug == "water-2"


def test_one_line_is_told_all_that_is_wrong_with_it() -> None:
    reason = refusal(title="", body_html=7, published_at="x", lead_image={"url": 1}, nope=1)

    for key in ("title", "body_html", "published_at", "lead_image.url", "nope"):
        assert reason.count(f"{key}: ") == 1
    assert Image.objects.count() == 0


def test_what_is_printed_moves_no_cursor(tmp_path: Any) -> None:
    file = tmp_path / "file"
    file.write_text('{"\\u001b[2J": 1, "title": "\\u001b[2J", "slug": "\\u001b[2J"}')

    code, out, err = run_command(str(file))

    assert (code, out) == (1, "")
    assert "\x1b" not in err
