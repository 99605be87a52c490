import uuid

import pytest
from django.test import Client

from articles.models import Article
from cms.changes.models import Change
from tests.articles.importing import everything, make_line, refusals, run_import

pytestmark = pytest.mark.django_db

UNKNOWN = (
    "translation_of: There is no article “{}”, on a good line of this file or in the newsroom."
    " Import it first, or put it into this file."
)
TWO = (
    "translation_of: There are two articles in “{}” among these translations. Correct “language”"
    " or “translation_of”."
)


def translations(client: Client, slug: str) -> dict[str, str]:
    found = client.get(f"/api/v1/articles/{slug}").json()["translations"]
    return {each["language"]: each["slug"] for each in found}


def russian(external_id: str = "ru", original: str = "en", **values: object) -> dict[str, object]:
    return make_line(external_id, language="ru", translation_of=original, **values)


def test_it_works(client: Client) -> None:
    run_import(make_line("en"), russian())

    assert translations(client, "title-en") == {"ru": "title-ru"}
    assert translations(client, "title-ru") == {"en": "title-en"}


def test_the_original_may_come_later_in_the_file(client: Client) -> None:
    run_import(russian(), make_line("kk", language="kk", translation_of="ru"), make_line("en"))

    assert translations(client, "title-en") == {"kk": "title-kk", "ru": "title-ru"}


def test_the_original_may_be_in_the_newsroom(client: Client) -> None:
    run_import(make_line("en"))

    run_import(russian())

    assert translations(client, "title-en") == {"ru": "title-ru"}
    # Readers of the original see that it changed.
    assert Change.objects.filter(slug="title-en").count() == 2
    assert Article.objects.get(external_id="en").revision == 1


def test_two_originals_of_one_article_are_one_group(client: Client) -> None:
    run_import(make_line("en"), russian())

    run_import(make_line("kk", language="kk", translation_of="ru"))

    assert translations(client, "title-en") == {"kk": "title-kk", "ru": "title-ru"}


def test_circles_do_no_harm(client: Client) -> None:
    run_import(
        make_line("en", translation_of="kk"),
        russian(),
        make_line("kk", language="kk", translation_of="ru"),
    )

    assert translations(client, "title-en") == {"kk": "title-kk", "ru": "title-ru"}


def test_an_unknown_original_is_refused() -> None:
    assert refusals(make_line("1"), russian(original="nobody")) == [(2, UNKNOWN.format("nobody"))]


def test_an_article_is_not_its_own_translation() -> None:
    assert refusals(russian("1", "1")) == [
        (1, "translation_of: An article is not its own translation. Leave it out.")
    ]


def test_two_articles_in_one_language_are_refused() -> None:
    assert refusals(make_line("en"), russian("1"), russian("2")) == [
        (2, TWO.format("ru")),
        (3, TWO.format("ru")),
    ]
    assert refusals(make_line("en"), make_line("2", translation_of="en")) == [(2, TWO.format("en"))]


def test_a_translation_that_the_newsroom_has_already_is_refused() -> None:
    run_import(make_line("en"), russian())

    assert refusals(russian("other")) == [(1, TWO.format("ru"))]


def test_a_translation_that_was_not_imported_counts_too() -> None:
    group = uuid.uuid4()
    run_import(make_line("en"))
    Article.objects.update(translation_group=group)
    Article.objects.create(title="By the desk", language="ru", translation_group=group)

    assert refusals(russian()) == [(1, TWO.format("ru"))]


def test_a_language_cannot_change_to_that_of_a_translation() -> None:
    run_import(make_line("en"), russian())

    assert refusals(make_line("en", language="ru")) == [(1, TWO.format("ru"))]


def test_languages_may_change_places_in_one_file(client: Client) -> None:
    run_import(make_line("en"), russian())

    report = run_import(make_line("en", language="ru"), make_line("ru", translation_of="en"))

    assert (report.updated, report.errors) == (2, [])
    assert translations(client, "title-en") == {"en": "title-ru"}


@pytest.mark.parametrize(
    "bad", [{"title": ""}, {"body_html": "<p></p>"}, {"translation_of": "nobody"}]
)
def test_with_its_original_a_translation_is_left_out(client: Client, bad: dict[str, str]) -> None:
    report = run_import(
        make_line("kk", language="kk", translation_of="ru"),
        russian(),
        make_line("en", **bad),
        make_line("other"),
        skip_bad=True,
    )

    assert report.created == 1
    assert [line for line, _ in report.errors] == [1, 2, 3]
    assert report.errors[1][1] == UNKNOWN.format("en")
    assert report.errors[0][1] == UNKNOWN.format("ru")


def test_a_translation_stays_in_when_the_newsroom_has_its_original(client: Client) -> None:
    run_import(make_line("en"))

    report = run_import(make_line("en", title=""), russian(), skip_bad=True)

    assert (report.created, report.skipped) == (1, 1)
    assert translations(client, "title-en") == {"ru": "title-ru"}


def test_an_original_is_left_alone_when_its_translation_is_left_out() -> None:
    run_import(make_line("en"))
    before = everything()

    run_import(make_line("2", translation_of="en"), russian(slug="title-en"), skip_bad=True)

    assert everything() == before


def test_a_line_that_says_the_same_does_not_undo_what_the_desk_did(client: Client) -> None:
    run_import(make_line("en"), russian())
    Article.objects.filter(external_id="ru").update(translation_group=None)
    before = everything()

    assert run_import(make_line("en"), russian()).unchanged == 2

    assert everything() == before


def test_an_original_that_comes_again_finds_its_translation(client: Client) -> None:
    run_import(make_line("en", status="draft"), russian())
    Article.objects.get(external_id="en").delete()

    report = run_import(make_line("en"), russian())

    assert (report.created, report.unchanged) == (1, 1)
    assert translations(client, "title-en") == {"ru": "title-ru"}


def test_a_long_chain_is_no_burden() -> None:
    languages = [f"a{first}-{second}{second}" for first in "abcdefgh" for second in "abcdefghij"]
    lines = [
        make_line(str(number), language=language, translation_of=str(number + 1))
        for number, language in enumerate(languages)
    ]

    assert run_import(*lines, make_line(str(len(languages)))).created == 81
    assert Article.objects.values("translation_group").distinct().count() == 1
