"""``manage.py import_wordpress``: from the file to the API, and the promises of an import."""

import io
import sys
from pathlib import Path

import pytest
from django.test import Client

from articles.models import Article, FormerUrl, PublishedArticle
from tests.articles.importing import everything
from tests.articles.test_import_terminal import run_in_a_pipe, run_on_a_terminal
from tests.articles.wordpress.exports import (
    SITE,
    make_attachment,
    make_author,
    make_category,
    make_export,
    make_post,
    make_tag,
    run_command,
    run_wordpress,
)

pytestmark = pytest.mark.django_db

LONG = "x" * 1_000_001


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.xml"
    path.write_bytes(make_export(make_author("asel", "Asel"), make_post(1), make_post(2)))
    return path


def test_it_works(client: Client, tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    file.write_bytes(
        make_export(
            make_author("asel", "Asel Tokmurat"),
            make_category("kazakhstan", "Kazakhstan"),
            make_category("water", "Water &amp; life"),
            make_tag("dams", "Dams"),
            make_post(
                41,
                "<!-- wp:paragraph --><p>The reservoir is <b>full</b>.</p><!-- /wp:paragraph -->",
                title="Water levels &#8220;rise&#8221;",
                excerpt="The <em>editor’s</em> own &amp; only.",
                post_name="water-levels-rise",
                link=f"{SITE}/2026/02/water-levels-rise/",
                post_modified_gmt="2026-02-21 19:00:00",
                terms=[
                    ("category", "kazakhstan", "Kazakhstan"),
                    ("category", "water", "Water &amp; life"),
                    ("post_tag", "dams", "Dams"),
                    ("post_format", "post-format-video", "Video"),
                ],
                meta={"_thumbnail_id": "7", "_edit_lock": "1:1"},
            ),
            make_attachment(
                7,
                "https://media.example.org/dam.jpg",
                alt="A dam",
                excerpt="The <b>dam</b>",
                metadata='a:5:{s:5:"width";i:1200;s:6:"height";i:800;s:4:"file";s:7:"dam.jpg";}',
            ),
        )
    )

    code, out, err = run_command(str(file), "--region-category", "kazakhstan")

    assert (code, err) == (0, "")
    assert out == (
        "5 created, 0 updated, 0 unchanged, 0 skipped.\n"
        "In the file: posts 1, regions 1, tags 2, authors 1.\n"
        "Left out: attachments 1.\n"
    )
    answer = client.get("/api/v1/articles/water-levels-rise").json()
    assert answer == {
        "id": PublishedArticle.objects.get().id,
        "slug": "water-levels-rise",
        "title": "Water levels “rise”",
        "kicker": None,
        "summary": "The editor’s own & only.",
        "kind": "news",
        "language": "en",
        "published_at": "2026-02-20T06:15:00Z",
        "updated_at": "2026-02-21T19:00:00Z",
        "word_count": 4,
        "reading_minutes": 1,
        "is_breaking": False,
        "regions": [{"slug": "kazakhstan", "name": "Kazakhstan"}],
        "tags": [{"slug": "water", "name": "Water & life"}, {"slug": "dams", "name": "Dams"}],
        "authors": [{"slug": "asel-tokmurat", "name": "Asel Tokmurat"}],
        "lead_image": {
            "url": "https://media.example.org/dam.jpg",
            "alt": "A dam",
            "caption": "The dam",
            "credit": None,
            "width": 1200,
            "height": 800,
        },
        "url": "/en/water-levels-rise",
        "excerpt": "The reservoir is full.",
        "body_html": "<p>The reservoir is <strong>full</strong>.</p>",
        "corrections": [],
        "translations": [],
        "canonical_url": None,
        "seo": answer["seo"],
        "revision": 1,
    }
    assert Article.objects.get().external_id == "wordpress:old.example.org:41"
    assert set(FormerUrl.objects.values_list("path", flat=True)) == {
        "/2026/02/water-levels-rise",
        "/?p=41",
    }


def test_the_same_file_again_changes_nothing(export: Path) -> None:
    run_command(str(export))
    before = everything()

    code, out, err = run_command(str(export))

    assert (code, err) == (0, "")
    assert out.startswith("0 created, 0 updated, 3 unchanged, 0 skipped.\n")
    assert everything() == before


def test_a_post_that_changed_is_updated_and_what_the_desk_did_to_others_stays() -> None:
    run_wordpress(make_export(make_post(1), make_post(2)))
    Article.objects.filter(slug="title-2").update(title="Written at the desk")

    report = run_wordpress(make_export(make_post(1, "<p>New.</p>"), make_post(2)))

    assert (report.created, report.updated) == (0, 1)
    assert Article.objects.get(slug="title-1").body_html == "<p>New.</p>"
    assert Article.objects.get(slug="title-2").title == "Written at the desk"


def test_a_post_that_is_private_now_is_taken_from_readers(client: Client) -> None:
    run_wordpress(make_export(make_post(1)))
    assert client.get("/api/v1/articles/title-1").status_code == 200

    run_wordpress(make_export(make_post(1, status="private")))

    assert client.get("/api/v1/articles/title-1").status_code == 404


def test_with_an_error_nothing_is_imported(tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    file.write_bytes(make_export(make_post(1), make_post(2, LONG), make_post(1), make_post("x")))
    before = everything()

    code, out, err = run_command(str(file), "--media-csv", str(tmp_path / "media.csv"))

    assert (code, out) == (1, "")
    assert err == (
        "line 29: content:encoded: A body has at most 1000000 characters. Shorten the post in"
        " WordPress, and export it again.\n"
        "line 46: external_id: “wordpress:old.example.org:1” stands on line 12 already. Keep one."
        " slug: “title-1” stands on line 12 already. Change one.\n"
        "line 63: wp:post_id: It must be a number.\n"
        "3 posts cannot be imported, so nothing was. Correct what is wrong, or leave bad posts out"
        " with --skip-bad."
    )
    assert everything() == before
    assert not (tmp_path / "media.csv").exists()


def test_bad_posts_can_be_left_out(tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    file.write_bytes(make_export(make_post(1), make_post(2, LONG), make_post(3)))

    code, out, err = run_command(str(file), "--skip-bad")

    assert code == 0
    assert out.startswith("3 created, 0 updated, 0 unchanged, 1 skipped.\n")
    assert err.startswith("line 29: content:encoded: ")
    assert set(Article.objects.values_list("slug", flat=True)) == {"title-1", "title-3"}


def test_a_dry_run_tells_and_writes_nothing(export: Path, tmp_path: Path) -> None:
    before = everything()

    code, out, err = run_command(str(export), "--dry-run", "--media-csv", str(tmp_path / "m.csv"))

    assert (code, err) == (0, "")
    assert out.startswith("3 would be created, 0 would be updated, 0 unchanged, 0 skipped.\n")
    assert everything() == before
    assert not (tmp_path / "m.csv").exists()


def test_warnings_name_the_line(tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    file.write_bytes(make_export(make_post(1, "A [acme_form] B"), make_post(2, "", title="")))

    code, _, err = run_command(str(file))

    assert code == 0
    assert err == (
        "line 12: warning: Shortcodes that are not known were left out (text within them stays):"
        " acme_form.\n"
        "line 29: warning: It has no body.\n"
        "line 29: warning: It has no title: “Untitled 2” is taken.\n"
    )


def test_an_export_without_posts_is_said_to_be_empty(tmp_path: Path) -> None:
    file = tmp_path / "export.xml"
    file.write_bytes(make_export(make_author("asel", "Asel")))

    code, out, err = run_command(str(file))

    assert (code, err) == (0, "There is no post in it.\n")
    assert out.startswith("0 created, 0 updated, 0 unchanged, 0 skipped.\n")


def test_it_reads_standard_input(monkeypatch: pytest.MonkeyPatch, export: Path) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(export.read_bytes()))
    monkeypatch.setattr(sys, "stdin", stdin)

    assert run_command("-")[1].startswith("3 created")


def test_it_says_why_a_file_cannot_be_read_or_written(export: Path, tmp_path: Path) -> None:
    assert run_command(str(tmp_path / "none.xml"))[2] == (
        f"{tmp_path}/none.xml cannot be read: No such file or directory."
    )
    assert run_command(str(export), "--media-csv", str(tmp_path / "no" / "m.csv"))[2] == (
        f"The posts are imported, but {tmp_path}/no/m.csv cannot be written: No such file or"
        " directory. Run it again with another --media-csv."
    )
    assert run_command(str(export), "--language", "english!")[2] == (
        "--language: It must be a language tag (BCP 47) such as en or ru."
    )


@pytest.mark.parametrize(
    ("of_site", "options", "language"),
    [
        ("en-US", (), "en"),
        ("ru-RU", (), "ru"),
        ("ru", (), "ru"),
        ("fr-FR", (), "en"),
        ("", (), "en"),
        ("en-US", ("--language", "kk"), "kk"),
    ],
)
def test_the_language_is_the_sites_or_the_one_asked_for(
    of_site: str, options: tuple[str, ...], language: str, tmp_path: Path
) -> None:
    file = tmp_path / "export.xml"
    file.write_bytes(make_export(make_post(), language=of_site))

    run_command(str(file), *options)

    assert Article.objects.get().language == language


@pytest.mark.django_db(transaction=True)
def test_it_shows_a_bar_on_a_terminal_and_none_in_a_pipe(export: Path) -> None:
    code, shown = run_on_a_terminal("import_wordpress", str(export))
    assert code == 0
    assert "Importing: 100%" in shown
    assert "3 created, 0 updated, 0 unchanged, 0 skipped." in shown

    code, out, err = run_in_a_pipe("import_wordpress", str(export))
    assert (code, err) == (0, "")
    assert out.startswith("0 created, 0 updated, 3 unchanged, 0 skipped.\n")


@pytest.mark.django_db(transaction=True)
def test_its_help_has_examples_that_can_be_copied() -> None:
    code, out, err = run_in_a_pipe("import_wordpress", "--help")

    assert (code, err) == (0, "")
    assert "\n  manage.py import_wordpress export.xml --dry-run      tell what" in out
    assert "\n  zcat export.xml.gz | manage.py import_wordpress -\n" in out
