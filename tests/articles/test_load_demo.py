"""`load_demo` fills an empty newsroom, and leaves alone what it finds in one."""

import io
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from articles.demo import AUTHORS, REGIONS, TAGS
from articles.demo.pictures import PICTURES
from articles.management.commands.load_demo import pictures_at
from articles.models import (
    Article,
    Author,
    Collection,
    Image,
    PublishedArticle,
    Region,
    Revision,
    Slot,
    Tag,
)
from articles.publishing import publish
from cms.changes.models import Change

pytestmark = pytest.mark.django_db

MODELS = (
    *(Article, Author, Change, Collection, Image, PublishedArticle, Region, Revision, Slot, Tag),
)
BREAKING = "demo:almaty-earthquake"


def load(*arguments: str) -> str:
    out = io.StringIO()
    call_command("load_demo", *arguments, stdout=out)
    return out.getvalue()


def contents() -> dict[str, list[Any]]:
    """Every row of the newsroom, with all its values."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values()) for model in MODELS
    }


def test_it_works(client: Client) -> None:
    said = load()

    assert said == "Demo newsroom: 242 articles created, 0 were there.\n"
    assert client.get("/api/v1/articles?region=kazakhstan").json()["count"] == 181
    assert client.get("/api/v1/articles").json()["count"] == 238
    front = client.get("/api/v1/collections/front").json()["results"]
    assert len(front) == 11
    assert front[0]["is_breaking"]
    found = (Region.objects.count(), Tag.objects.count(), Author.objects.count())
    assert found == (len(REGIONS), len(TAGS), len(AUTHORS))
    assert list(
        PublishedArticle.objects.filter(is_breaking=True)
        .order_by("-published_at")
        .values_list("language", flat=True)
    ) == ["ru", "en"]


def test_readers_get_each_picture_at_its_address(client: Client, settings: Settings) -> None:
    settings.HOST, settings.PORT = "127.0.0.1", 9123
    load()

    images = PublishedArticle.objects.exclude(lead_image=None).select_related("lead_image")
    urls = {article.lead_image.url for article in images if article.lead_image}
    assert len(urls) == len(PICTURES)
    for url in urls:
        response = client.get(url.removeprefix("http://127.0.0.1:9123"))
        assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml"), url
        assert b"".join(response.streaming_content).startswith(b"<svg ")  # type: ignore[attr-defined]  # of Django's test client


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/static/demo"),
        ("0.0.0.0", "http://127.0.0.1:8000/static/demo"),
        ("::", "http://[::1]:8000/static/demo"),
        ("news.example.org", "http://news.example.org:8000/static/demo"),
    ],
)
def test_pictures_are_where_a_browser_reaches_the_server(
    settings: Settings, host: str, address: str
) -> None:
    settings.PUBLIC_URL, settings.HOST, settings.PORT = "", host, 8000

    assert pictures_at() == address


def test_pictures_of_bodies_too_have_the_public_address(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://cms.example.org"
    load()

    begin = "https://cms.example.org/static/demo/"
    bodies = PublishedArticle.objects.filter(body_html__contains="<img")
    assert bodies.count() >= 3
    assert all(f'<img src="{begin}' in article.body_html for article in bodies)
    assert all(url.startswith(begin) for url in Image.objects.values_list("url", flat=True))


def test_loading_twice_changes_nothing_even_on_another_port(settings: Settings) -> None:
    load()
    before = contents()
    settings.PORT = settings.PORT + 1

    said = load()

    assert said == "Demo newsroom: 0 articles created, 242 were there.\n"
    assert contents() == before


def test_what_the_desk_changed_stays(settings: Settings) -> None:
    load()
    article = Article.objects.get(external_id=BREAKING)
    Article.objects.filter(pk=article.pk).update(title="All clear in Almaty")
    publish(article)
    Region.objects.filter(slug="almaty").update(description="Apples.")
    settings.PORT = settings.PORT + 1

    load()

    assert PublishedArticle.objects.get(article=article).title == "All clear in Almaty"
    assert Region.objects.get(slug="almaty").description == "Apples."


def test_what_is_missing_is_loaded_again_as_what_it_was() -> None:
    load()
    translation = Article.objects.get(external_id=f"{BREAKING}-ru")
    PublishedArticle.objects.filter(article=translation).delete()
    translation.delete()

    said = load()

    assert said == "Demo newsroom: 1 articles created, 241 were there.\n"
    again = PublishedArticle.objects.get(article__external_id=f"{BREAKING}-ru")
    original = PublishedArticle.objects.get(article__external_id=BREAKING)
    assert again.translation_group == original.translation_group is not None


def test_a_dry_run_tells_and_writes_nothing() -> None:
    before = contents()

    said = load("--dry-run")

    assert said == "Demo newsroom: 242 articles would be created, 0 were there.\n"
    assert contents() == before


def test_it_makes_no_login() -> None:
    load()

    assert not get_user_model()._default_manager.exists()
