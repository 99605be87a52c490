"""What a second import does: nothing where the file says the same, and what it says elsewhere."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Image, PublishedArticle, Revision, Slug, Tag
from articles.publishing import publish, unpublish
from cms.changes.models import Change
from tests.articles.importing import NOW, everything, make_line, run_import

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
FULL = make_line(
    slug="a",
    regions=["Kazakhstan", "Osh"],
    tags=["Water", "Energy"],
    authors=["Zarina", "Aybek"],
    lead_image={"url": "https://media.example.org/a.jpg", "alt": "A"},
)


def article_json(client: Client, slug: str = "a") -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/api/v1/articles/{slug}").json()
    return answer


def change(**values: Any) -> None:
    """Import the full line with other values, an hour later."""
    report = run_import({**FULL, **values}, now=LATER)
    assert (report.updated, report.errors) == (1, [])


def test_it_works() -> None:
    draft = make_line("2", status="draft", tags=["Water"])
    translation = make_line("3", language="ru", translation_of="1")
    run_import(FULL, draft, translation)
    before = everything()

    report = run_import(FULL, draft, translation, now=LATER)

    assert (report.created, report.updated, report.unchanged) == (0, 0, 3)
    assert everything() == before


def test_the_order_of_keys_and_spaces_say_nothing() -> None:
    run_import(FULL)
    before = everything()

    report = run_import(json.dumps(dict(reversed(FULL.items())), indent=1).replace("\n", " "))

    assert report.unchanged == 1
    assert everything() == before


def test_the_order_of_lines_says_nothing() -> None:
    lines = [make_line("1"), make_line("2", translation_of="1", language="ru"), make_line("3")]
    run_import(*lines)
    before = everything()

    assert run_import(*reversed(lines)).unchanged == 3
    assert everything() == before


def test_a_changed_line_is_published_again(client: Client) -> None:
    run_import(FULL)
    before = article_json(client)

    change(title="Changed")

    after = article_json(client)
    assert after == {
        **before,
        "title": "Changed",
        "revision": 2,
        "updated_at": "2026-11-01T13:00:00Z",
    }
    assert Revision.objects.count() == 2
    assert Change.objects.filter(topic="articles").count() == 2


def test_the_file_may_say_when_it_was_updated(client: Client) -> None:
    run_import(FULL)

    change(updated_at="2026-03-01T00:00:00Z")

    assert article_json(client)["updated_at"] == "2026-03-01T00:00:00Z"


def test_the_file_may_correct_when_it_was_published(client: Client) -> None:
    run_import(FULL)

    change(published_at="2026-01-01T00:00:00Z")

    assert article_json(client)["published_at"] == "2026-01-01T00:00:00Z"
    assert client.get("/api/v1/articles?tag=water").json()["results"][0]["slug"] == "a"


def test_a_date_that_is_left_out_later_stays(client: Client) -> None:
    run_import(FULL)

    change(published_at=None, title="Changed")

    assert article_json(client)["published_at"] == "2026-02-20T06:15:00Z"


def test_a_former_slug_redirects(client: Client) -> None:
    run_import(FULL)

    change(slug="b")

    response = client.get("/api/v1/articles/a")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/articles/b")
    assert article_json(client, "b")["slug"] == "b"


def test_a_slug_that_is_left_out_later_stays(client: Client) -> None:
    run_import(FULL)

    change(slug=None, title="Changed")

    assert article_json(client)["title"] == "Changed"


def test_what_becomes_a_draft_is_unpublished(client: Client) -> None:
    run_import(FULL)

    change(status="draft")

    assert client.get("/api/v1/articles/a").status_code == 404
    article = Article.objects.get()
    assert (article.state, article.revision, article.published_at is None) == ("draft", 1, False)


def test_what_comes_back_has_its_id_and_date_again(client: Client) -> None:
    run_import(FULL)
    before = article_json(client)
    change(status="draft")

    change(title="Back")

    after = article_json(client)
    assert (after["id"], after["published_at"]) == (before["id"], before["published_at"])
    assert after["revision"] == 2


def test_edits_of_the_desk_survive_a_line_that_says_the_same(client: Client) -> None:
    run_import(FULL, make_line("2", slug="two"))
    article = Article.objects.get(external_id="1")
    article.title = "As edited"
    article.slug = "edited"
    article.save()
    publish(article)
    unpublish(Article.objects.get(external_id="2"))
    before = everything()

    assert run_import(FULL, make_line("2", slug="two"), now=LATER).unchanged == 2

    assert everything() == before
    assert article_json(client, "edited")["title"] == "As edited"
    assert client.get("/api/v1/articles/two").status_code == 404


def test_a_line_that_says_the_same_does_not_mind_who_has_its_slug_now() -> None:
    line = make_line(slug="a", status="draft")
    run_import(line)
    article = Article.objects.get()
    article.slug = "edited"
    article.save()
    Article.objects.create(title="Other", slug="a")

    report = run_import(line)

    assert (report.unchanged, report.errors) == (1, [])


def test_relations_are_replaced_in_the_order_of_the_file(client: Client) -> None:
    run_import(FULL)

    change(regions=["Osh", "Almaty"], tags=["Energy", "Water", "Gas"], authors=["Aybek"])

    after = article_json(client)
    assert [each["slug"] for each in after["regions"]] == ["osh", "almaty"]
    assert [each["slug"] for each in after["tags"]] == ["energy", "water", "gas"]
    assert [each["slug"] for each in after["authors"]] == ["aybek"]
    assert client.get("/api/v1/articles?region=kazakhstan").json()["count"] == 0
    assert client.get("/api/v1/authors/zarina").status_code == 404


def test_relations_that_are_left_out_later_are_gone(client: Client) -> None:
    run_import(FULL)

    change(regions=None, tags=[], authors=None, lead_image=None)

    after = article_json(client)
    assert after["regions"] == after["tags"] == after["authors"] == []
    assert after["lead_image"] is None


def test_a_lead_image_changes(client: Client) -> None:
    run_import(FULL, make_line("2", lead_image=FULL["lead_image"]))
    assert Image.objects.count() == 1

    change(lead_image={"url": "https://media.example.org/a.jpg", "alt": "B", "width": 800})

    image = article_json(client)["lead_image"]
    assert (image["alt"], image["width"]) == ("B", 800)
    # The other article's picture is what it was.
    assert article_json(client, "title-2")["lead_image"]["alt"] == "A"


def test_articles_that_are_not_in_the_file_stay(client: Client) -> None:
    run_import(FULL)

    run_import(make_line("2"))

    assert client.get("/api/v1/articles").json()["count"] == 2


def test_an_article_that_the_desk_made_is_no_ones_line(client: Client) -> None:
    Article.objects.create(title="Title 1")

    assert run_import(make_line("1")).created == 1
    assert Article.objects.count() == 2
    assert article_json(client, "title-1-2")["title"] == "Title 1"


def test_what_the_desk_deleted_comes_again() -> None:
    run_import(FULL)
    article = Article.objects.get()
    unpublish(article)
    article.delete()

    assert run_import(FULL).created == 1


def test_a_schedule_of_the_desk_gives_way_to_a_changed_line() -> None:
    run_import({**FULL, "status": "draft"})
    Article.objects.update(state="scheduled", publish_at=datetime(2027, 1, 1, tzinfo=UTC))

    report = run_import({**FULL, "status": "draft", "title": "Changed"})

    article = Article.objects.get()
    assert (report.updated, article.state, article.due_at) == (1, "draft", None)


def test_a_slug_that_was_never_public_is_free_again() -> None:
    run_import(make_line(slug="a", status="draft"))
    run_import(make_line(slug="b", status="draft"))

    assert list(Slug.objects.values_list("text", flat=True)) == ["b"]
    assert run_import(make_line("2", slug="a")).errors == []


def test_a_second_import_reads_little(django_assert_max_num_queries: Any) -> None:
    lines = [make_line(str(number), tags=["Water"]) for number in range(300)]
    run_import(*lines)

    # Savepoint and its release, the lock, digests, four lookups, then names of three taxonomies.
    with CaptureQueriesContext(connection) as queries:
        assert run_import(*lines).unchanged == 300
    assert len(queries) <= 13, [query["sql"][:200] for query in queries]
    assert Tag.objects.count() == 1
    assert PublishedArticle.objects.count() == 300
