"""What lines say of related articles: these first, or never."""

import pytest
from django.test import Client

from articles.models import Article, RelatedChoice, Revision
from articles.publishing import restore_revision
from articles.revisions import relations_of
from articles.saving import save
from tests.articles.importing import everything, make_line, refusals, run_import
from tests.factories import make_draft, make_published

pytestmark = pytest.mark.django_db


def related(client: Client, slug: str) -> list[str]:
    response = client.get(f"/api/v1/articles/{slug}/related")
    return [each["slug"] for each in response.json()["results"]]


def chosen(external_id: str) -> tuple[list[str | None], list[str | None]]:
    article = Article.objects.get(external_id=external_id)
    relations = relations_of([article])[article.pk]
    names = dict(Article.objects.values_list("pk", "external_id"))
    first, never = relations.pinned_ids or [], relations.excluded_ids or []
    return [names[key] for key in first], [names[key] for key in never]


def test_it_works(client: Client) -> None:
    one = make_line("1", slug="one", title="Wind", related_first=["4", "2"], related_never=["3"])
    report = run_import(
        one,
        make_line("2", slug="two"),
        make_line("3", slug="three", title="Wind"),
        make_line("4", slug="four"),
        make_line("5", slug="five", title="Wind"),
    )

    assert (report.created, report.errors, report.warnings) == (5, [], [])
    assert related(client, "one") == ["four", "two", "five"]
    assert chosen("1") == (["4", "2"], ["3"])


def test_the_same_lines_again_change_nothing() -> None:
    lines = [make_line("1", related_first=["2"]), make_line("2", related_never=["1"])]
    run_import(*lines)
    before = everything()

    assert run_import(*lines).unchanged == 2
    assert everything() == before


def test_what_a_line_leaves_out_stays_and_an_empty_list_takes_all_away(client: Client) -> None:
    others = [
        make_line("2", slug="two", title="Snow"),
        make_line("3", slug="three", title="Hail"),
    ]
    line = make_line("1", slug="one", related_first=["2"], related_never=["3"])
    run_import(line, *others)

    run_import(make_line("1", slug="one", title="Changed"))
    assert chosen("1") == (["2"], ["3"])
    run_import(make_line("1", slug="one", related_first=["3"]))
    assert chosen("1") == (["3"], [])
    assert related(client, "one") == ["three"]
    run_import(make_line("1", slug="one", related_first=[]))
    assert chosen("1") == ([], [])
    assert related(client, "one") == []


def test_an_article_of_the_newsroom_may_be_named(client: Client) -> None:
    make_published(slug="there", external_id="there")

    run_import(make_line("1", slug="one", related_first=["there"]))

    assert related(client, "one") == ["there"]


def test_the_revision_of_the_import_has_them_too() -> None:
    run_import(make_line("1", related_first=["2"]), make_line("2", status="draft"))
    article = Article.objects.get(external_id="1")
    [revision] = Revision.objects.filter(article=article)
    article.title = "Changed"
    save(article, by=None, based_on=article.save_number)
    assert Revision.objects.filter(article=article).count() == 2
    RelatedChoice.objects.all().delete()
    article.refresh_from_db()

    restore_revision(article, by=None, revision=revision)

    assert chosen("1") == (["2"], [])


def test_a_draft_has_them_for_when_it_is_published(client: Client) -> None:
    run_import(make_line("1", status="draft", related_first=["2"]), make_line("2", status="draft"))

    assert chosen("1") == (["2"], [])


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"related_first": ["x"]}, "related_first: There is no article “x”, on a good line of"),
        ({"related_never": ["2", "x"]}, "related_never: There is no article “x”, on a good line"),
        ({"related_first": ["1"]}, "related_first: An article is not related to itself."),
        (
            {"related_first": ["2"], "related_never": ["2"]},
            "related_never: “2” is to come first too. Drop one.",
        ),
        ({"related_first": "2"}, "related_first: It must be a list of strings."),
        ({"related_first": ["2"] * 101}, "related_first: It must have at most 100 entries."),
        ({"related_never": ["x" * 256]}, "related_never: It must have at most 255 characters."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(values: dict[str, object], reason: str) -> None:
    make_draft(external_id="2")

    [(line, told)] = refusals(make_line("3"), make_line("1", **values))

    assert (line, told[: len(reason)]) == (2, reason)


def test_lines_that_name_what_is_not_imported_go_with_it() -> None:
    lines = [
        make_line("1", related_first=["2"]),
        make_line("2", translation_of="3", language="ru"),
        make_line("3", title=""),
        make_line("4", translation_of="1", language="ru"),
        make_line("5"),
    ]

    assert [line for line, _ in refusals(*lines)] == [1, 2, 3, 4]
    report = run_import(*lines, skip_bad=True)
    assert (report.skipped, report.created) == (4, 1)


def test_what_turns_out_to_be_empty_is_left_out_of_them(client: Client) -> None:
    hidden = make_line("2", body_html="<object><p>x</p></object>")
    line = make_line("1", slug="one", related_first=["2", "3"])

    report = run_import(line, hidden, make_line("3", slug="three"), skip_bad=True)

    assert [line for line, _ in report.errors] == [2]
    assert report.warnings == [(1, "related_first: There is no article “2”, so it is left out.")]
    assert related(client, "one") == ["three"]


@pytest.mark.parametrize("key", ["related_first", "related_never"])
def test_a_name_that_cannot_be_stored_is_refused(key: str) -> None:
    before = everything()

    [(_, refusal)] = refusals(make_line("1", **{key: ["\ud800"]}))

    assert f"{key}: It has a control character or half a surrogate pair" in refusal
    assert everything() == before
