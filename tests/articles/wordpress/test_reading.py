"""Files that are exports, that are none, and that are damaged."""

import gzip
import io
from pathlib import Path

import pytest

from articles.importers.wordpress.export import Person, Post, Site, Term
from articles.importers.wordpress.reading import read_export
from articles.models import Article
from tests.articles.wordpress.exports import (
    make_author,
    make_category,
    make_export,
    make_post,
    make_tag,
    refusal,
    run_command,
    run_wordpress,
)

pytestmark = pytest.mark.django_db


def test_it_works() -> None:
    file = make_export(
        make_author("asel", "Asel Tokmurat"),
        make_category("water", "Water", description="All of it"),
        make_tag("dams", "Dams"),
        make_post(1, "A", terms=[("category", "water", "Water")], meta={"_thumbnail_id": "7"}),
    )

    site, author, category, tag, post = read_export(io.BytesIO(file))

    assert site == Site("https://old.example.org", "en-US")
    assert author == Person(12, "asel", "Asel Tokmurat")
    assert category == Term(13, "category", "water", "Water", description="All of it")
    assert tag == Term(14, "post_tag", "dams", "Dams")
    assert isinstance(post, Post)
    assert (post.line, post.id, post.content, post.meta) == (15, "1", "A", {"_thumbnail_id": "7"})
    assert [(term.taxonomy, term.slug, term.name) for term in post.terms] == [
        ("category", "water", "Water")
    ]


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_it_takes_both_versions_and_both_namespaces(version: str, scheme: str) -> None:
    report = run_wordpress(make_export(make_post(), version=version, scheme=scheme))

    assert (report.found["posts"], report.errors) == (1, [])
    assert Article.objects.get().body_html == "<p>Body.</p>"


def test_text_need_not_stand_in_cdata() -> None:
    post = make_post(1, "<p>A &amp; B</p>").replace("<![CDATA[<p>A &amp; B</p>]]>", "&lt;p>A")

    run_wordpress(make_export(post))

    assert Article.objects.get().body_html == "<p>A</p>"


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "line 1: It ends in the middle, so it was cut off on the way."),
        (b"external_id,title\n1,Water\n", "It is not XML."),
        (b"\x89PNG\r\n\x1a\n\x00", "It is not XML."),
        (b"<html><body>Please log in</body></html>", "It is XML, but no WordPress export"),
        (b"<!DOCTYPE html><html></html>", "It declares a document type or entities"),
        (gzip.compress(make_export(), mtime=0), "It is packed (gzip). Unpack it first."),
        (b"PK\x03\x04...", "It is packed (zip). Unpack it first."),
        (
            b"<rss><channel><title>A</title><item></item></channel></rss>",
            "It is a feed, but no WordPress export (there is no wp:wxr_version).",
        ),
        (b"<rss><channel></channel></rss>", "It is a feed, but no WordPress export"),
        (
            make_export(make_post(), version="1.0"),
            "It is a WordPress export of version '1.0'; 1.1 and 1.2 can be read.",
        ),
        (
            make_export(make_post(), version="2.0"),
            "It is a WordPress export of version '2.0'; 1.1 and 1.2 can be read.",
        ),
        (make_export(make_post(), site=""), "It does not say which site it is of"),
        (make_export(make_post(), site="http://[bad"), "It does not say which site it is of"),
        (make_export(make_post())[:-400], "It ends in the middle, so it was cut off on the way."),
        (
            make_export(make_post()).replace(b"</item>", b"</post>"),
            "line 28: It is not well-formed XML: mismatched tag.",
        ),
        (make_export("<wp:a>&nbsp;</wp:a>"), "line 12: It is not well-formed XML: undefined"),
        (
            make_export(make_post()).replace(b"UTF-8", b"rot13"),
            "Its encoding, “rot13”, is not known here. Save it as UTF-8.",
        ),
    ],
)
def test_what_is_no_export_is_refused_with_a_sentence(file: bytes, reason: str) -> None:
    assert reason in refusal(file)
    assert reason in refusal(file, skip_bad=True)


def test_a_refusal_names_the_file_and_has_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_bytes(make_export(make_post())[:-400])

    code, out, err = run_command(str(path))

    assert (code, out) == (1, "")
    assert err.startswith(f"{path} cannot be imported. line 20: ")
    assert err.endswith(
        "It ends in the middle, so it was cut off on the way. Export or copy it again."
    )


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("cp1251", "windows-1251"),
        ("koi8-r", "KOI8-R"),
    ],
)
def test_it_reads_other_encodings(encoding: str, name: str) -> None:
    text = make_export(make_post(1, "Вода")).decode().replace("UTF-8", name)

    run_wordpress(text.encode(encoding))

    assert Article.objects.get().body_html == "<p>Вода</p>"


@pytest.mark.parametrize("before", [b"\n\n", b" \r\n"])
def test_blank_lines_before_the_declaration_do_no_harm(before: bytes) -> None:
    report = run_wordpress(before + make_export(make_post()))

    assert (report.found["posts"], report.errors) == (1, [])


def test_characters_that_xml_does_not_allow_are_mended_and_told() -> None:
    content = "One\x00 two\x1b.\n\nВод\udcd0.\n\nThree\ufffe."
    file = make_export(make_post(1), make_post(2, "@")).replace(
        b"@", content.encode(errors="surrogateescape")
    )

    report = run_wordpress(file)

    assert Article.objects.get(slug="title-1").body_html == "<p>Body.</p>"
    assert Article.objects.get(slug="title-2").body_html == (
        "<p>One two.</p><p>Вод\N{REPLACEMENT CHARACTER}.</p><p>Three\N{REPLACEMENT CHARACTER}.</p>"
    )
    assert report.warnings == [
        (29, "Characters that XML does not allow were mended, on line 34, 36, 38.")
    ]


def test_a_letter_between_two_chunks_is_whole() -> None:
    body = "ж" * 70_000  # of two bytes, and the file is read in pieces of an even number

    for start in ("", "a"):
        run_wordpress(make_export(make_post(1, f"<p>{start}{body}</p>")))
        assert Article.objects.get().body_html == f"<p>{start}{body}</p>"


def test_pages_menus_and_comments_are_counted() -> None:
    report = run_wordpress(
        make_export(
            make_post(1, more="<wp:comment><wp:comment_id>5</wp:comment_id></wp:comment>" * 3),
            make_post(2, post_type="page"),
            make_post(3, post_type="page"),
            make_post(4, post_type="nav_menu_item"),
            make_post(5, post_type="acme_event"),
            make_post(6, post_type="revision", status="inherit"),
            make_post(7, status="trash"),
            make_post(8, status="auto-draft"),
            make_post(9, terms=[("category", "uncategorized", "Uncategorized")]),
        )
    )

    assert (report.found["posts"], Article.objects.count()) == (2, 2)
    assert report.left_out == {
        "comments": 3,
        "pages": 2,
        "entries of menus": 1,
        "items of type acme_event": 1,
        "revisions": 1,
        "posts of status trash": 1,
        "posts of status auto-draft": 1,
        "“uncategorized”": 1,
    }
