"""/articles/{slug}/related: what else its readers may want to read."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import PublishedArticle, RelatedChoice
from articles.publishing import publish, unpublish
from tests.articles.desk import article_form, make_user, signed_in, url
from tests.factories import make_author, make_draft, make_image, make_published, make_region
from tests.factories import make_tag as tag
from tests.problems import assert_problem

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

AT = datetime(2026, 1, 1, tzinfo=UTC)


def related(client: Client, article: PublishedArticle, **values: Any) -> list[str]:
    response = client.get(
        f"/api/v1/articles/{article.slug}/related", {"fields": "title", "limit": 20, **values}
    )
    assert response.status_code == 200, response.content
    return [each["title"] for each in response.json()["results"]]


def test_it_works(client: Client) -> None:
    water = tag("Water")
    one = make_published("One", tags=[water])
    make_published("Two", tags=[water])
    make_published("Apart")

    answer = client.get(f"/api/v1/articles/{one.slug}/related").json()

    assert list(answer) == ["results"]
    assert [each["title"] for each in answer["results"]] == ["Two"]
    assert answer["results"][0]["tags"] == [{"slug": "water", "name": "Water"}]
    assert "body_html" not in answer["results"][0]


def test_what_is_rare_weighs_more(client: Client) -> None:
    rare, common = tag("Rare"), tag("Common")
    for number in range(30):
        make_published(f"Common {number}", tags=[common], published_at=AT)
    one = make_published("One", tags=[rare, common], published_at=AT)
    make_published("Of the rare", tags=[rare], published_at=AT - timedelta(days=60))

    assert related(client, one)[0] == "Of the rare"


def test_a_title_of_none_but_stop_words_leaves_the_rest_in_order(client: Client) -> None:
    rare, common = tag("Rare"), tag("Common")
    one = make_published("Who was the who", tags=[rare, common], published_at=AT)
    make_published("Of the rare", tags=[rare], published_at=AT)
    for number in range(10):
        make_published(f"Later {number}", tags=[common], published_at=AT)

    assert related(client, one)[0] == "Of the rare"


def test_regions_count_and_the_newer_of_equals_comes_first(client: Client) -> None:
    country = make_region("Kazakhstan")
    almaty = make_region("Almaty", parent=country)
    one = make_published("One", regions=[almaty], published_at=AT)
    make_published("Same city", regions=[almaty], published_at=AT)
    make_published("Same country", regions=[country], published_at=AT)
    make_published("Same city, newer", regions=[almaty], published_at=AT + timedelta(days=1))

    assert related(client, one) == ["Same city, newer", "Same city", "Same country"]


def test_words_of_the_title_count_without_any_tag(client: Client) -> None:
    one = make_published("Reservoirs of the Naryn are full", published_at=AT)
    make_published("A reservoir", published_at=AT)
    make_published("Naryn's full reservoir", published_at=AT)
    make_published("Other", body_html="<p>Reservoirs of the Naryn are full</p>", published_at=AT)

    assert related(client, one) == ["Naryn's full reservoir", "A reservoir"]


def test_it_never_shows_itself_translations_other_languages_pages_or_what_is_not_public(
    client: Client,
) -> None:
    group, water = uuid.uuid4(), tag("Water")
    one = make_published("Water one", tags=[water], translation_group=group)
    make_published("Water two", tags=[water])
    make_published("Water translated", tags=[water], translation_group=group, language="ru")
    make_published("Water in Russian", tags=[water], language="ru")
    make_published("Water page", tags=[water], kind="page")
    make_draft("Water draft", tags=[water])
    unpublish(make_published("Water unpublished", tags=[water]).article)

    assert related(client, one) == ["Water two"]


def test_an_editor_pins_and_excludes_with_the_next_publication(client: Client) -> None:
    water = tag("Water")
    one = make_published("One", tags=[water])
    near = make_published("Near", tags=[water])
    far = make_published("Far", language="ru")
    further = make_published("Further")
    make_published("Near too", tags=[water])
    draft = make_draft("Draft")
    choices = [(further, 1, False), (far, 0, False), (near, 2, True)]
    for other, position, is_excluded in choices:
        RelatedChoice.objects.create(
            article=one.article, other=other.article, position=position, is_excluded=is_excluded
        )
    RelatedChoice.objects.create(article=one.article, other=draft, position=0)
    assert related(client, one) == ["Near too", "Near"]

    publish(one.article)
    assert related(client, one) == ["Far", "Further", "Near too"]
    assert related(client, near)[:2] == ["Near too", "One"] or "One" in related(client, near)

    publish(draft)
    assert related(client, one) == ["Far", "Draft", "Further", "Near too"]
    unpublish(far.article)
    assert related(client, one) == ["Draft", "Further", "Near too"]


def test_the_desk_has_a_place_for_it(client: Client) -> None:
    one, other = make_published("One", slug="one"), make_published("Other", language="ru")
    desk = signed_in(make_user("chief", is_superuser=True))
    form = {
        "related_choices-TOTAL_FORMS": 1,
        "related_choices-0-other": other.article_id,
        "related_choices-0-position": 0,
        "related_choices-0-article": one.article_id,
    }

    response = desk.post(
        url("article", "change", one.article_id),
        article_form(title="One", slug="one", based_on=0, **form),
    )

    assert response.status_code == 302, response.context["errors"]
    publish(one.article)
    assert related(client, one) == ["Other"]


def test_the_desk_refuses_the_article_itself(client: Client) -> None:
    one = make_published("One", slug="one")
    desk = signed_in(make_user("chief", is_superuser=True))
    form = {
        "related_choices-TOTAL_FORMS": 1,
        "related_choices-0-other": one.article_id,
        "related_choices-0-position": 0,
        "related_choices-0-article": one.article_id,
    }

    response = desk.post(
        url("article", "change", one.article_id),
        article_form(title="New", slug="one", based_on=0, **form),
    )

    assert response.status_code == 200
    assert not RelatedChoice.objects.exists()
    one.article.refresh_from_db()
    assert one.article.title == "One"


def test_it_is_limited(client: Client) -> None:
    water = tag("Water")
    one = make_published("One", tags=[water])
    for number in range(9):
        make_published(f"Other {number}", tags=[water])

    address = f"/api/v1/articles/{one.slug}/related"
    assert len(client.get(address).json()["results"]) == 6
    assert len(client.get(f"{address}?limit=3").json()["results"]) == 3
    for limit in ("0", "21", "x", "-1"):
        assert_problem(client.get(f"{address}?limit={limit}"), "invalid-parameter",
                       parameter="limit")  # fmt: skip


def test_a_former_slug_leads_on_and_a_killed_article_says_so(client: Client) -> None:
    article = make_published("Former", slug="former").article
    article.slug = "present"
    article.save()
    publish(article)

    moved = client.get("/api/v1/articles/former/related?limit=3")
    assert (moved.status_code, moved["Location"]) == (
        301,
        "/api/v1/articles/present/related?limit=3",
    )
    unpublish(article)
    assert_problem(client.get("/api/v1/articles/present/related"), "not-found")
    make_draft(slug="draft")
    assert_problem(client.get("/api/v1/articles/draft/related"), "not-found")
    assert_problem(client.get("/api/v1/articles/never/related"), "not-found")


def test_signs_in_a_title_do_no_harm(client: Client) -> None:
    one = make_published("It's \\ a 'quoted' http://a.b/c'd\\e | & ! (title):* <->")
    make_published("A quoted title")

    assert related(client, one) == ["A quoted title"]


@pytest.mark.parametrize("number", [1, 100])
def test_the_number_of_queries_holds(client: Client, number: int) -> None:
    region, water, image = make_region("Kazakhstan"), tag("Water"), make_image()
    one = make_published("Reservoir", regions=[region], tags=[water])
    for _ in range(number):
        make_published("Reservoir", regions=[region], tags=[water], lead_image=image,
                       authors=[make_author()])  # fmt: skip

    with CaptureQueriesContext(connection) as queries:
        found = client.get(f"/api/v1/articles/{one.slug}/related?limit=20").json()["results"]

    assert len(found) == min(number, 20)
    # The version's query; a setting; which they are; their cards; names of the taxonomy once.
    assert len(queries) <= 5, [each["sql"][:80] for each in queries]
