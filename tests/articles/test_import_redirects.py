"""Lines about redirects."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Redirect
from cms.changes.models import Change
from tests.articles.importing import everything, make_line, refusals, run_import
from tests.factories import make_published

pytestmark = pytest.mark.django_db


def redirect(path: str, target: str, **values: Any) -> dict[str, Any]:
    return {"redirect": {"from": path, "to": target, **values}}


def stored() -> dict[str, str]:
    return dict(Redirect.objects.values_list("path", "target"))


def test_it_works(client: Client) -> None:
    report = run_import(
        redirect("/старое/", "/en/title-1"), make_line("1"), redirect("/b", "/старое")
    )

    assert (report.created, report.errors) == (3, [])
    for path in ("/старое", "/b"):
        answer = client.get("/api/v1/redirects", {"path": path}).json()
        assert answer["location"] == "/en/title-1"
    assert Change.objects.filter(topic="articles", type="redirect").count() == 2


def test_the_same_lines_again_change_nothing() -> None:
    lines = [redirect("/a", "/b"), redirect("/b", "/c")]
    run_import(*lines)
    before = everything()

    report = run_import(redirect("/a/", "/b"), lines[1])

    assert (report.unchanged, report.created, report.updated) == (2, 0, 0)
    assert everything() == before


def test_what_the_desk_changed_since_stays_until_the_line_says_something_else() -> None:
    run_import(redirect("/a", "/b"))
    row = Redirect.objects.get()
    row.target = "/desk"
    row.save()

    assert run_import(redirect("/a", "/b")).unchanged == 1
    assert stored() == {"/a": "/desk"}
    assert run_import(redirect("/a", "/c")).updated == 1
    assert stored() == {"/a": "/c"}
    assert Redirect.objects.get().pk == row.pk


def test_the_two_ends_of_one_may_change_places() -> None:
    Redirect.objects.create(path="/a", target="/b")

    report = run_import(redirect("/b", "/a"), redirect("/a", "/c"))

    assert (report.created, report.updated, report.errors) == (1, 1, [])
    assert stored() == {"/a": "/c", "/b": "/a"}


@pytest.mark.parametrize(
    ("lines", "line", "reason"),
    [
        ([redirect("/a/", "/x"), redirect("/a", "/y")], 2, "redirect.from: “/a” stands on line 1"),
        ([redirect("/x", "/x/?y=1")], 1, "redirect.to: It would lead to itself."),
        (
            [redirect("/x", "/y"), redirect("/y", "/z"), redirect("/z", "/x")],
            3,
            "redirect.to: That would go round in a circle: /z → /x → /y → /z.",
        ),
        (
            [redirect("/there", "/new")],
            1,
            "redirect.to: That would go round in a circle: /there → /new → /there.",
        ),
        ([redirect("https://evil.example/a", "/b")], 1, "redirect.from: It takes a path on the"),
        ([redirect("/a", "//evil.example")], 1, "redirect.to: It takes a path on the newsroom's"),
        ([redirect("/a", "/\\evil.example")], 1, "redirect.to: It takes a path on the newsroom's"),
        ([redirect("/a", "")], 1, "redirect.to: It must not be empty."),
        (
            [redirect("/" + "я" * 1000, "/b")],
            1,
            "redirect.from: A path has at most 2000 characters",
        ),
        ([{"redirect": {"from": "/a"}}], 1, "redirect.to: It is missing."),
        ([redirect("/a", "/b", status=302)], 1, "redirect.status: There is no such key. These exi"),
        ([{"redirect": None}], 1, "redirect: It must be an object."),
        ([{**redirect("/a", "/b"), "title": "x"}], 1, "title: There is no such key."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(
    lines: list[Any], line: int, reason: str
) -> None:
    Redirect.objects.create(path="/new", target="/there")

    [(number, told)] = refusals(*lines)

    assert (number, told[: len(reason)]) == (line, reason)


def test_a_bad_one_may_be_left_out_and_leaves_what_was_there() -> None:
    Redirect.objects.create(path="/a", target="/b")

    report = run_import(
        redirect("/b", "/c"), redirect("/c", "/a"), redirect("/a", "/c"), skip_bad=True
    )

    # The third line closes a circle; then the one that was there closes it with the first two.
    assert [line for line, _ in report.errors] == [2, 3]
    assert stored() == {"/a": "/b", "/b": "/c"}


def test_a_dry_run_writes_none() -> None:
    before = everything()

    assert run_import(redirect("/a", "/b"), dry_run=True).created == 1
    assert everything() == before


def test_it_counts_only_while_no_public_page_stands_there(client: Client) -> None:
    make_published(slug="live")
    run_import(redirect("/en/live", "/en/other"))

    assert client.get("/api/v1/redirects", {"path": "/en/live"}).status_code == 404


def test_a_circle_that_somebody_closed_meanwhile_is_not_written() -> None:
    Redirect.objects.create(path="/b", target="/a")

    with pytest.raises(ValidationError, match="round in a circle"):
        Redirect.objects.put([Redirect(path="/x", target="/y"), Redirect(path="/a", target="/b")])

    assert stored() == {"/b": "/a"}


def test_a_thousand_take_as_many_statements_as_ten() -> None:
    counts = []
    for name, number in (("few", 10), ("many", 1000)):
        with CaptureQueriesContext(connection) as queries:
            run_import(*(redirect(f"/{name}/{each}", f"/to/{each}") for each in range(number)))
        counts.append(len(queries))

    assert counts[0] == counts[1]
