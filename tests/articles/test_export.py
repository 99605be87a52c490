"""`export_articles`: what comes out can be imported, and then answers as it did."""

import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.merging import merge
from articles.models import (
    Article,
    Collection,
    FormerUrl,
    PublishedArticle,
    Redirect,
    Region,
    RelatedChoice,
    Slot,
    Slug,
    Tag,
)
from articles.models.article import State
from articles.publishing import publish
from tests.articles.importing import run_import
from tests.articles.two_databases import (
    HIDDEN_NAMES,
    PUBLIC_SLUGS,
    add_what_is_not_public,
    fill_with_public_content,
)
from tests.articles.wordpress.exports import (
    make_author as make_wordpress_author,
)
from tests.articles.wordpress.exports import make_category, make_export, make_post, run_wordpress
from tests.factories import (
    make_author,
    make_collection,
    make_draft,
    make_image,
    make_published,
    make_region,
    make_tag,
)
from tests.processes import start_command

pytestmark = pytest.mark.django_db

HEAVY = "excerpt,body_html,blocks,body_text,corrections"
LISTS = ("articles", "regions", "tags", "authors")
TABLES = (
    *("searchentry", "publishedarticle", "listing", "slug", "formerurl", "preview", "revision"),
    *("byline", "formername", "presence", "slot", "collection", "redirect", "relatedchoice"),
    *("article_regions", "article_tags", "article", "author", "tag", "image", "region"),
)


def export(path: Path, *arguments: str) -> list[dict[str, Any]]:
    """The lines of an export, which also stand in the file."""
    call_command("export_articles", *arguments, "--output", str(path), stderr=io.StringIO())
    return [json.loads(line) for line in path.read_text().splitlines()]


def empty_the_newsroom() -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM articles_{table}")


def move(lines: list[dict[str, Any]]) -> None:
    """Import the lines into a newsroom that has nothing."""
    empty_the_newsroom()
    report = run_import(*lines, now=datetime(2030, 1, 1, tzinfo=UTC))
    assert (report.errors, report.warnings, report.created) == ([], [], len(lines))


def answers(client: Client, slugs: Iterable[str] = ()) -> dict[str, Any]:
    """Every answer that readers can get, but for what may differ: ids and revisions."""
    found: dict[str, Any] = {}
    for name in LISTS:
        pages: list[Any] = []
        query = f"?page_size=100&include={HEAVY}" if name == "articles" else "?page_size=100"
        url: str | None = f"/api/v1/{name}{query}"
        while url:
            page = client.get(url).json()
            pages += page["results"]
            url = page["next"]
        found[name] = [_comparable(each) for each in pages]
        for each in [*(each["slug"] for each in pages), *slugs]:
            for path in (f"/api/v1/{name}/{each}", f"/api/v1/{name}/{each}?locale=ru"):
                if name == "articles":
                    path = path.replace("?locale=ru", "/related?limit=20")
                response = client.get(path)
                body = response.json() if response.content else None
                found[path] = (
                    response.status_code,
                    response.get("Location"),
                    _comparable(body),
                )
    for slug in Collection.objects.public().values_list("slug", flat=True):
        for path in (f"/api/v1/collections/{slug}", f"/api/v1/collections/{slug}?fields=slug"):
            response = client.get(path)
            found[path] = (response.status_code, _comparable(response.json()))
    for path in Redirect.objects.values_list("path", flat=True):
        response = client.get("/api/v1/redirects", {"path": path})
        found[path] = (response.status_code, response.json())
    return found


def _comparable(answer: Any) -> Any:
    if not isinstance(answer, dict):
        return answer
    comparable = {key: value for key, value in answer.items() if key not in ("id", "revision")}
    if "results" in answer:
        comparable["results"] = [_comparable(each) for each in answer["results"]]
    return comparable


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


def test_importing_it_gives_an_api_that_answers_the_same(client: Client, tmp_path: Path) -> None:
    fill_with_public_content()
    add_what_is_not_public()
    before = answers(client, PUBLIC_SLUGS)
    assert before["/api/v1/articles/former"][0] == 301
    assert before["/api/v1/articles/killed"][0] == 410

    move(export(tmp_path / "all"))

    assert answers(client, PUBLIC_SLUGS) == before


def test_importing_the_demo_newsroom_gives_an_api_that_answers_the_same(
    client: Client, tmp_path: Path
) -> None:
    call_command("load_demo", stdout=io.StringIO())
    before = answers(client)
    lines = export(tmp_path / "demo")

    move(lines)

    assert answers(client) == before
    assert export(tmp_path / "again") == lines


def test_importing_what_came_from_wordpress_gives_an_api_that_answers_the_same(
    client: Client, tmp_path: Path
) -> None:
    file = make_export(
        make_wordpress_author("asel", "Asel Tokmurat"),
        make_category("kazakhstan", "Kazakhstan"),
        make_category("almaty", "Almaty", parent="kazakhstan"),
        make_post(1, "One.\n\n[caption]<img src='https://e.org/a.jpg'> Two[/caption]", title=""),
        make_post(2, "", terms=[("category", "almaty", "Almaty"), ("post_tag", "x", "X")]),
        make_post(3, status="private"),
    )
    assert run_wordpress(file, region_categories=["kazakhstan"]).errors == []
    before = answers(client)
    addresses = set(FormerUrl.objects.values_list("path", flat=True))
    assert len(before["articles"]) == 2

    move(export(tmp_path / "wordpress"))

    assert answers(client) == before
    assert set(FormerUrl.objects.values_list("path", flat=True)) == addresses


def test_what_readers_have_is_enough_to_answer_the_same(client: Client, tmp_path: Path) -> None:
    fill_with_public_content()
    add_what_is_not_public()
    before = answers(client)

    move(export(tmp_path / "public", "--public-only"))

    assert answers(client) == before


def test_what_readers_do_not_have_is_not_among_what_they_have(tmp_path: Path) -> None:
    fill_with_public_content()
    only = export(tmp_path / "without", "--public-only")
    add_what_is_not_public()

    assert export(tmp_path / "with", "--public-only") == only
    text = (tmp_path / "with").read_text()
    assert not [name for name in (*HIDDEN_NAMES, "A secret", "desk") if name in text]


def test_what_editors_arranged_comes_back_with_what_readers_do_not_have(
    client: Client, tmp_path: Path
) -> None:
    fill_with_public_content()
    add_what_is_not_public()
    lines = export(tmp_path / "all")

    move(lines)

    assert client.get("/api/v1/collections/planned").status_code == 404
    planned = Slot.objects.filter(collection__slug="planned").earliest("position")
    assert planned.article == Article.objects.get(slug="a-draft")
    assert [line for line in export(tmp_path / "again") if "collection" in line] == [
        line for line in lines if "collection" in line
    ]


def test_related_articles_come_back_as_readers_have_them(client: Client, tmp_path: Path) -> None:
    one, two, three, four = (
        make_published("Wind", slug=slug).article for slug in ("one", "two", "three", "four")
    )
    draft = make_draft("Wind")
    for position, other in enumerate((draft, four, two)):
        RelatedChoice.objects.create(article=one, other=other, position=position)
    RelatedChoice.objects.create(article=one, other=three, is_excluded=True)
    RelatedChoice.objects.create(article=draft, other=one)
    publish(one)
    RelatedChoice.objects.filter(article=one, other=four).delete()  # not published
    before = answers(client)
    names = [f"dastan:{each.pk}" for each in (one, two, three, four, draft)]

    public = export(tmp_path / "public", "--public-only")
    lines = export(tmp_path / "all")
    move(lines)

    assert answers(client) == before
    assert export(tmp_path / "again") == lines
    assert public[0]["related_first"] == [names[3], names[1]]
    assert public[0]["related_never"] == [names[2]]
    assert lines[0]["related_first"] == [names[4], names[3], names[1]]
    assert lines[4]["related_first"] == [names[0]]


def test_what_was_merged_leads_where_it_led(client: Client, tmp_path: Path) -> None:
    names = []
    makers: dict[str, Any] = {"region": make_region, "tag": make_tag, "author": make_author}
    for kind, make in makers.items():
        first, second, last, secret = (make(slug=f"{kind}-{each}") for each in range(4))
        carried: dict[str, Any] = {f"{kind}s": [first, second, last]}
        make_published(**carried)
        merge(secret, into=first, by=None)
        merge(first, into=second, by=None)
        merge(second, into=last, by=None)
        names += [each.slug for each in (first, second, secret)]
        Redirect.objects.create(path=f"/old/{kind}", target=f"/{kind}s/{first.slug}")
    before = answers(client, names)
    assert [before[f"/api/v1/tags/tag-{each}"][0] for each in range(4)] == [301, 301, 200, 404]

    public = export(tmp_path / "public", "--public-only")
    lines = export(tmp_path / "all")
    move(lines)

    assert before["/old/tag"][1]["location"] == "/tags/tag-2"
    assert answers(client, names) == before
    assert export(tmp_path / "again") == lines
    move(public)
    assert answers(client, names) == before
    assert "tag-3" in (tmp_path / "all").read_text()
    assert "tag-3" not in (tmp_path / "public").read_text()


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


def test_drafts_come_back_as_drafts_and_schedules_as_schedules(tmp_path: Path) -> None:
    due = datetime(2099, 1, 1, tzinfo=UTC)
    make_draft("A draft", body_html="", expires_at=due)
    make_draft("Scheduled", state=State.SCHEDULED, publish_at=due, breaking_until=due)

    move(export(tmp_path / "all"))

    draft, scheduled = Article.objects.order_by("pk")
    assert (draft.title, draft.state, draft.body_html) == ("A draft", State.DRAFT, "")
    assert draft.expires_at == due
    assert (scheduled.state, scheduled.publish_at) == (State.SCHEDULED, due)
    assert scheduled.breaking_until == due
    assert not PublishedArticle.objects.exists()


def test_a_killed_article_stays_killed_without_its_text_being_public(
    client: Client, tmp_path: Path
) -> None:
    article = make_published(slug="killed").article
    article.public.delete()
    Slug.objects.update(gone_reason="Withdrawn.")

    move(export(tmp_path / "all"))

    response = client.get("/api/v1/articles/killed")
    assert (response.status_code, response.json()["detail"]) == (410, "Withdrawn.")
    assert client.get("/api/v1/articles").json()["count"] == 0


def test_a_slug_that_is_another_tags_name_finds_its_own(tmp_path: Path) -> None:
    wind = Tag.objects.create(name="Wind", slug="air")
    Tag.objects.create(name="air", slug="breath")
    make_draft("Wind").tags.add(wind)

    move(export(tmp_path / "all"))

    assert [tag.slug for tag in Article.objects.get().tags.all()] == ["air"]


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
