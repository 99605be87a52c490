"""`export_articles`: what comes out can be imported, and then answers as it did."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from articles.merging import merge
from articles.models import (
    Article,
    FormerUrl,
    PublishedArticle,
    Redirect,
    RelatedChoice,
    Slot,
    Slug,
    Tag,
)
from articles.models.article import State
from articles.publishing import publish
from tests.articles.moving import answers, export, move
from tests.articles.two_databases import (
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
    make_draft,
    make_published,
    make_region,
    make_tag,
)

pytestmark = pytest.mark.django_db


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
