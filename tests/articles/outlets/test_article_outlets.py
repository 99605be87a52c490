"""/api/v1/articles/{slug}/ninjs and /json-ld."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Slug
from articles.publishing import kill, publish, unpublish
from articles.workflow import Role
from cms.api.caching import forget_all
from tests.articles.outlets.schemas import NINJS
from tests.articles.outlets.test_json_formats import check
from tests.articles.roles import make_login
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_published,
    make_region,
    make_tag,
)
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

FORMATS = pytest.mark.parametrize("form", ["ninjs", "json-ld"])


def test_it_works(client: Client) -> None:
    article = make_published(
        "Wind",
        slug="wind",
        body_html="<p>It blows.</p>",
        regions=[make_region("Osh")],
        tags=[make_tag("Energy")],
        authors=[make_author("Asel"), make_author("Zarina")],
        lead_image=make_image(credit="Dastan", width=30, height=20),
        corrections=[{"at": "2026-02-20T09:40:00Z", "note": "It did not."}],
    )

    ninjs = client.get("/api/v1/articles/wind/ninjs").json()
    json_ld = client.get("/api/v1/articles/wind/json-ld").json()

    check(ninjs, NINJS)
    assert ninjs["by"] == "Asel, Zarina"
    assert ninjs["bodies"][0]["value"] == "<p>It blows.</p>"
    assert ninjs["altIds"] == [{"role": "id", "value": str(article.pk)}]
    assert json_ld["@type"] == "NewsArticle"
    assert json_ld["url"] == "http://testserver/en/wind"
    assert [author["name"] for author in json_ld["author"]] == ["Asel", "Zarina"]
    assert json_ld["image"][0]["creditText"] == "Dastan"
    assert json_ld["correction"][0]["text"] == "It did not."


@FORMATS
def test_a_former_slug_leads_to_the_same_form(client: Client, form: str) -> None:
    article = make_published(slug="former").article
    article.slug = "present"
    article.save()
    publish(article)

    response = client.get(f"/api/v1/articles/former/{form}")

    assert response.status_code == 301
    assert response["Location"] == f"/api/v1/articles/present/{form}"


@FORMATS
def test_what_is_not_public_is_not_there(client: Client, form: str) -> None:
    make_draft(slug="draft")
    unpublish(make_published(slug="killed").article)
    Slug.objects.filter(text="killed").update(gone_reason="A court.")

    assert_problem(client.get(f"/api/v1/articles/draft/{form}"), "not-found")
    assert_problem(client.get(f"/api/v1/articles/never/{form}"), "not-found")
    assert assert_problem(client.get(f"/api/v1/articles/killed/{form}"), "gone")["detail"] == (
        "A court."
    )


@FORMATS
def test_parameters_are_refused(client: Client, form: str) -> None:
    make_published(slug="wind")

    response = client.get(f"/api/v1/articles/wind/{form}?fields=title")

    assert_problem(response, "unknown-parameter", parameter="fields")


@FORMATS
def test_it_takes_two_statements(client: Client, form: str) -> None:
    make_published(slug="wind", authors=[make_author()], lead_image=make_image())
    client.get(f"/api/v1/articles/wind/{form}")
    forget_all()

    with CaptureQueriesContext(connection) as queries:
        client.get(f"/api/v1/articles/wind/{form}")

    # The log's head, the article with all that it shows.
    assert len(queries) == 2


def test_partners_are_told_to_take_down_what_was_withdrawn(client: Client) -> None:
    [killed, unpublished, back] = [
        make_published(slug=slug).article for slug in ("killed", "unpublished", "back")
    ]
    uri = client.get("/api/v1/articles/killed/ninjs").json()["uri"]
    unpublish(unpublished)
    publisher = make_login(Role.PUBLISHER)
    for article in (back, killed):
        kill(article, by=publisher, reason="A court.")
    publish(back, by=publisher)

    for url in ("/feeds/ninjs.json", "/feeds/ninjs.json?tag=never"):
        items = client.get(url).json()["items"]
        gone = [item for item in items if item["pubStatus"] == "canceled"]
        assert [(item["uri"], item["edNote"]) for item in gone] == [(uri, "A court.")]
        check(gone[0], NINJS)
        assert gone[0]["versionCreated"]


def test_partners_are_told_when_what_was_unpublished_is_withdrawn_for_good(client: Client) -> None:
    article = make_published(slug="wind").article
    uri = client.get("/api/v1/articles/wind/ninjs").json()["uri"]
    assert [item["uri"] for item in client.get("/feeds/ninjs.json").json()["items"]] == [uri]
    unpublish(article)
    before = client.get("/feeds/ninjs.json")
    assert before.json()["items"] == []

    kill(article, by=make_login(Role.PUBLISHER), reason="A court.")

    after = client.get("/feeds/ninjs.json", headers={"If-None-Match": before["ETag"]})
    [gone] = after.json()["items"]
    assert (gone["uri"], gone["pubStatus"], gone["edNote"]) == (uri, "canceled", "A court.")
