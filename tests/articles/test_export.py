"""`export_articles`: what a line says, and what happens when it cannot be written."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import (
    FormerUrl,
    PublishedArticle,
    Redirect,
    Region,
    Tag,
)
from articles.publishing import publish
from tests.articles.moving import export
from tests.articles.two_databases import (
    HIDDEN_NAMES,
    add_what_is_not_public,
    fill_with_public_content,
)
from tests.factories import (
    make_author,
    make_collection,
    make_draft,
    make_image,
    make_published,
    make_region,
)
from tests.processes import start_command

pytestmark = pytest.mark.django_db


def test_it_works(tmp_path: Path) -> None:
    country = make_region("Kazakhstan", code="KZ", order=3, names={"ru": "Казахстан"})
    region = make_region("Zhambyl", parent=country)
    author = make_author("Asel", bio="Writes.\nReads.", picture=make_image(url="https://e.org/a"))
    article = make_draft(
        "Wind",
        slug="wind",
        body_html="<p>It blows.</p>",
        regions=[region],
        authors=[author],
        published_at=datetime(2026, 2, 20, 6, 15, tzinfo=UTC),
        corrections=[{"at": "2026-02-21T00:00:00Z", "note": "It did not."}],
    )
    publish(article)
    article.slug = "wind-2"
    article.save()
    publish(article)
    FormerUrl.objects.create(path="/old/wind", article=article)

    assert export(tmp_path / "all") == [
        {
            "region": {
                "slug": "kazakhstan",
                "name": "Kazakhstan",
                "names": {"ru": "Казахстан"},
                "code": "KZ",
                "order": 3,
            }
        },
        {"region": {"slug": "zhambyl", "name": "Zhambyl", "parent": "kazakhstan", "order": 0}},
        {
            "author": {
                "slug": "asel",
                "name": "Asel",
                "bio": "Writes.\nReads.",
                "picture": {"url": "https://e.org/a", "alt": "A hill"},
            }
        },
        {
            "external_id": f"dastan:{article.pk}",
            "title": "Wind",
            "slug": "wind-2",
            "body_html": "<p>It blows.</p>",
            "kind": "news",
            "language": "en",
            "status": "published",
            "published_at": "2026-02-20T06:15:00Z",
            "updated_at": _shown(PublishedArticle.objects.get().updated_at),
            "regions": ["zhambyl"],
            "authors": ["asel"],
            "corrections": [{"at": "2026-02-21T00:00:00Z", "note": "It did not."}],
            "former_slugs": ["wind"],
            "former_urls": ["/old/wind"],
        },
    ]


def _shown(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def test_what_readers_do_not_have_is_not_among_what_they_have(tmp_path: Path) -> None:
    fill_with_public_content()
    only = export(tmp_path / "without", "--public-only")
    add_what_is_not_public()

    assert export(tmp_path / "with", "--public-only") == only
    text = (tmp_path / "with").read_text()
    assert not [name for name in (*HIDDEN_NAMES, "A secret", "desk") if name in text]


def test_a_slot_that_holds_nothing_is_left_out(tmp_path: Path) -> None:
    article = make_published(external_id="1")
    late = datetime(2099, 1, 1, tzinfo=UTC)
    make_collection(
        {"article": article.article, "pinned_until": late},
        {"pinned_until": late},  # its article was deleted
        article,  # two editors at once
        {"rule": "newest", "pinned_until": late, "article": article.article},
        slug="front",
    )

    line = export(tmp_path / "all")[-1]

    assert line["collection"]["slots"] == [
        {"article": "1", "pinned_until": "2099-01-01T00:00:00Z"},
        {"rule": "newest", "number": 1},
    ]


def test_readers_do_not_have_a_redirect_from_where_a_page_stands(
    client: Client, tmp_path: Path
) -> None:
    make_published(slug="live")
    lines = [
        {"redirect": {"from": "/en/live", "to": "/en/a-secret"}},
        {"redirect": {"from": "/en/old", "to": "/en/live"}},
    ]
    for line in lines:
        Redirect.objects.create(path=line["redirect"]["from"], target=line["redirect"]["to"])

    assert export(tmp_path / "all")[-2:] == lines
    assert [
        line for line in export(tmp_path / "public", "--public-only") if "redirect" in line
    ] == [lines[1]]


def test_of_a_public_article_it_is_the_public_version(tmp_path: Path) -> None:
    article = make_published("Public title", slug="public-slug").article
    article.title, article.slug = "Desk title", "desk-slug"
    article.save()
    article.tags.add(Tag.objects.create(name="Desk tag", slug="desk-tag"))

    line = export(tmp_path / "all")[-1]

    assert (line["title"], line["slug"], "tags" in line) == ("Public title", "public-slug", False)


def test_a_thousand_articles_take_as_many_statements_as_ten(tmp_path: Path) -> None:
    for _ in range(2):
        make_published(regions=[make_region()])

    with CaptureQueriesContext(connection) as few:
        export(tmp_path / "few")
    for _ in range(20):
        make_published(regions=[Region.objects.earliest("pk")])
    with CaptureQueriesContext(connection) as many:
        export(tmp_path / "many")

    # The head; what was merged; regions, tags, authors; their slugs; the count; then, for 200
    # articles: articles, public rows, relations, slugs, former addresses, related ones; then slots,
    # their regions and tags, collections; redirects.
    assert len(few) == len(many) == 20


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("export_articles", "--output", str(tmp_path / "none" / "file"))


def test_a_failure_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before")
    Tag.objects.create(name="Broken", slug="broken")
    Tag.objects.update(names=["no object"])  # as only psql could write it

    with pytest.raises(AttributeError):
        call_command("export_articles", "--output", str(path))

    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.django_db(transaction=True)
def test_a_reader_who_has_enough_gets_no_traceback() -> None:
    for _ in range(40):
        make_draft(body_html=f"<p>{'Long. ' * 2000}</p>")

    process = start_command("export_articles")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith(b'{"external_id":')
    process.stdout.close()
    process.stdout = None  # so that communicate() leaves it alone

    _, said = process.communicate(timeout=60)
    assert b"Traceback" not in said
