"""A bad line refuses the file, or is left out; a dry run writes nothing; a crash leaves nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from articles.importers import store
from articles.importers.run import ConflictError, import_jsonl
from articles.models import Article, Image, Region
from articles.publishing import unpublish
from tests.articles.importing import (
    NOW,
    as_file,
    everything,
    make_line,
    refusals,
    run_command,
    run_import,
)
from tests.factories import make_published

pytestmark = pytest.mark.django_db


def write(path: Path, *lines: Any) -> str:
    (path / "file.jsonl").write_bytes(as_file(*lines).getvalue())
    return str(path / "file.jsonl")


def test_it_works(tmp_path: Path) -> None:
    run_import(make_line("old"))
    before = everything()
    good = make_line("new", regions=["Osh"], lead_image={"url": "https://example.org/a.jpg"})

    file = write(tmp_path, make_line("old", title="Changed"), good, "", "{}", make_line("3", x=1))
    code, out, err = run_command(file)

    assert (code, out) == (1, "")
    assert everything() == before
    first, second, last = err.splitlines()
    assert first.startswith(
        "line 4: status: It must be one of: draft, scheduled, published. external_id: It"
    )
    assert second.startswith("line 5: x: There is no such key.")
    assert last == (
        "2 lines cannot be imported, so nothing was. Correct what is wrong, or leave bad lines"
        " out with --skip-bad."
    )


def test_it_counts_one_line_as_one(tmp_path: Path) -> None:
    assert "1 line cannot be imported" in run_command(write(tmp_path, "{}"))[2]


def test_it_leaves_bad_lines_out_where_it_may(client: Client, tmp_path: Path) -> None:
    bad = make_line("bad", body_html="<p></p>", tags=["Nowhere"], lead_image={"url": "x"})

    code, out, err = run_command(
        write(tmp_path, make_line("1"), bad, "[", make_line("2")), "--skip-bad"
    )

    assert (code, out) == (0, "2 created, 0 updated, 0 unchanged, 2 skipped.\n")
    assert [line.partition(":")[0] for line in err.splitlines()] == ["line 2", "line 3"]
    assert client.get("/api/v1/articles").json()["count"] == 2
    assert everything()["articles_tag"] == []


def test_it_names_all_lines_that_it_leaves_out_but_not_endless_ones_that_stop_it(
    tmp_path: Path,
) -> None:
    file = write(tmp_path, *["{}"] * 150)

    assert len(run_command(file, "--skip-bad")[2].splitlines()) == 150
    assert run_command(file)[2].splitlines()[-2] == "… and 50 more"


def test_a_bad_line_leaves_its_article_as_it_was(client: Client) -> None:
    run_import(make_line("1", slug="a"))
    before = everything()

    report = run_import(make_line("1", slug="a", title=""), skip_bad=True)

    assert (report.skipped, report.unchanged) == (1, 0)
    assert everything() == before


def test_a_dry_run_tells_what_would_be_done_and_does_nothing(tmp_path: Path) -> None:
    run_import(make_line("1"), make_line("2"))
    before = everything()
    file = write(tmp_path, make_line("1"), make_line("2", title="Changed"), make_line("3"))

    assert run_command(file, "--dry-run") == (
        0,
        "1 would be created, 1 would be updated, 1 unchanged, 0 skipped.\n",
        "",
    )
    assert everything() == before
    assert run_command(file)[1] == "1 created, 1 updated, 1 unchanged, 0 skipped.\n"


def test_a_dry_run_finds_the_same_errors(tmp_path: Path) -> None:
    make_published(slug="taken")
    before = everything()
    file = write(tmp_path, make_line("1"), make_line("2", slug="taken"), make_line("3", kind="x"))

    assert run_command(file, "--dry-run") == run_command(file)
    code, out, _ = run_command(file, "--dry-run", "--skip-bad")
    assert (code, out) == (0, "1 would be created, 0 would be updated, 0 unchanged, 2 skipped.\n")
    assert everything() == before


def test_it_tells_all_errors_at_once_in_the_order_of_the_lines() -> None:
    make_published(slug="taken")

    errors = refusals(
        make_line("1", slug="taken"),
        make_line("2", translation_of="nobody"),
        "{",
        make_line("4", body_html="<script>x</script>"),
        make_line("5", slug="own"),
        make_line("5", slug="own"),
    )

    assert [line for line, _ in errors] == [1, 2, 3, 4, 6]
    assert errors[-1][1] == (
        "external_id: “5” stands on line 5 already. Keep one."
        " slug: “own” stands on line 5 already. Change one."
    )


def test_a_slug_belongs_to_one_article(client: Client) -> None:
    former = make_published(slug="former").article
    former.slug = "present"
    former.save()
    gone = make_published(slug="gone").article
    unpublish(gone)
    Article.objects.create(title="Draft", slug="draft")

    for slug in ("former", "present", "gone", "draft"):
        assert refusals(make_line(slug=slug)) == [
            (1, f"slug: Another article holds “{slug}”. Choose another one.")
        ]


def test_slugs_that_are_made_up_keep_clear_of_those_that_are_given(client: Client) -> None:
    report = run_import(
        make_line("1", title="Water"),
        make_line("2", title="Water"),
        make_line("3", title="Other", slug="water"),
    )

    assert report.errors == []
    slugs = Article.objects.order_by("external_id").values_list("slug", flat=True)
    assert list(slugs) == ["water-2", "water-3", "water"]


def test_a_crash_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    run_import(make_line("0", tags=["Water"]))
    before = everything()
    write_chunk = store.ArticleStore._write
    chunks = []

    def crash_at_the_second(self: Any, pairs: Any) -> None:
        chunks.append(len(pairs))
        write_chunk(self, pairs)
        if len(chunks) == 2:
            raise RuntimeError("the power is gone")

    monkeypatch.setattr(store.ArticleStore, "_write", crash_at_the_second)
    lines = [make_line(str(number), tags=[f"Tag {number}"]) for number in range(500)]

    with pytest.raises(RuntimeError, match="the power is gone"):
        run_import(*lines)

    assert chunks == [200, 200]
    assert everything() == before


def test_a_file_that_changes_between_the_passes_is_refused() -> None:
    before = everything()
    file = as_file(make_line("1", slug="a"), make_line("2", slug="b"))

    def swap(position: int) -> None:
        if position == len(file.getvalue()):
            file.seek(0)
            file.write(file.getvalue().replace(b'"slug": "b"', b'"slug": "a"'))
            file.seek(position)

    with pytest.raises(ConflictError, match="nothing was imported"):
        import_jsonl(file, now=NOW, progress=swap)

    assert everything() == before


def test_what_a_bad_line_names_is_not_made() -> None:
    run_import(
        make_line("1", regions=["Osh"], kind="x"),
        make_line("2", translation_of="3", language="ru", authors=["Zarina"]),
        make_line("4", body_html="<!-- -->", lead_image={"url": "https://example.org/a.jpg"}),
        skip_bad=True,
    )

    assert (Article.objects.count(), Region.objects.count(), Image.objects.count()) == (0, 0, 0)


def test_the_report_is_what_happened() -> None:
    run_import(make_line("1"), make_line("2"))

    report = run_import(
        make_line("1"),
        make_line("2", title="Changed"),
        make_line("3"),
        json.dumps([]),
        skip_bad=True,
    )

    assert (report.lines, report.created, report.updated, report.unchanged, report.skipped) == (
        *(4, 1, 1, 1, 1),
    )
