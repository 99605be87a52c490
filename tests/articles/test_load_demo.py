import io
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from articles import demo
from articles.models import Article, PublishedArticle, Region
from articles.publishing import unpublish
from tests.articles.importing import everything

pytestmark = pytest.mark.django_db

NUMBER = len(list(demo.lines()))
URL = "/api/v1/articles?region=kazakhstan&page_size=6"


def load_demo(**options: Any) -> str:
    out = io.StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def test_it_works(client: Client) -> None:
    assert load_demo() == f"Demo newsroom: {NUMBER} articles created, 0 were there.\n"

    answer = client.get(URL).json()
    assert (answer["count"], answer["first"], answer["last"]) == (181, 1, 6)
    assert client.get("/api/v1/regions/almaty").json()["parent"] == "kazakhstan"
    assert client.get("/api/v1/articles/how-half-a-sea-came-back").json()["translations"] != []


def test_twice_changes_nothing_whatever_the_desk_did_meanwhile() -> None:
    load_demo()
    article, other = PublishedArticle.objects.order_by("pk")[:2]
    Article.objects.filter(pk=article.article_id).update(title="As edited")
    unpublish(other.article)
    Region.objects.filter(slug="almaty").update(name="Alma-Ata", description="As edited")
    before = everything()

    assert load_demo() == f"Demo newsroom: 0 articles created, {NUMBER} were there.\n"

    assert everything() == before


def test_a_dry_run_writes_nothing() -> None:
    before = everything()

    assert load_demo(dry_run=True) == (
        f"Demo newsroom: {NUMBER} articles would be created, 0 were there.\n"
    )

    assert everything() == before


def test_it_makes_no_login() -> None:
    load_demo()

    assert not get_user_model()._default_manager.exists()
