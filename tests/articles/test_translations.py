"""How translations stand, at the desk."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.publishing import publish, trash
from articles.translations import Standing, Translation, Version, translations_of
from articles.workflow import Role
from tests.articles.desk import signed_in, url
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def version(key: int, language: str, begun: int, changed: int, **values: Any) -> Version:
    day = timedelta(days=1)
    return Version(key, language, FIRST + begun * day, FIRST + changed * day, True)._replace(
        **values
    )


def test_it_works() -> None:
    english, russian = version(1, "en", 0, 5), version(2, "ru", 1, 3)
    kazakh = version(3, "kk", 2, 6, is_public=False)

    found = translations_of(english, [russian, kazakh], languages=["en", "ru", "uz"])

    assert found == [
        Translation("kk", 3, Standing.NOT_PUBLIC),
        Translation("ru", 2, Standing.OLDER),
        Translation("uz", None, Standing.MISSING),
    ]


def test_the_original_is_never_older_than_its_translation() -> None:
    english, russian = version(1, "en", 0, 1), version(2, "ru", 1, 3)

    [of_russian] = translations_of(russian, [english], languages=["en", "ru"])

    assert of_russian == Translation("en", 1, Standing.CURRENT)


@pytest.fixture
def desk() -> Client:
    return signed_in(make_login(Role.EDITOR))


def column(client: Client, article: Article) -> str:
    """What the list's column of translations says of the article."""
    page = client.get(url("article"))
    admin = page.context["cl"].model_admin
    [row] = [each for each in page.context["cl"].result_list if each.pk == article.pk]
    return str(admin.translations(row) or "")


@pytest.mark.django_db
def test_the_list_and_the_form_tell_what_is_missing_and_older(desk: Client, settings: Any) -> None:
    settings.NEWSROOM_LANGUAGES = ["en", "ru", "kk"]
    group = uuid.uuid4()
    english = make_published(translation_group=group).article
    russian = make_published(language="ru", translation_group=group).article
    alone = make_published(language="uz").article

    assert "ru</a>: up to date" in column(desk, english)
    assert "kk: missing" in column(desk, english)
    assert column(desk, alone).count("missing") == 3
    english.title = "New facts"
    english.save()
    assert "older" not in column(desk, english)
    publish(english)

    assert "ru</a>: older than its original" in column(desk, english)
    assert "this one: older than its original" in column(desk, russian)
    form = desk.get(url("article", "change", english.pk)).content.decode()
    assert f'<a href="{url("article", "change", russian.pk)}">ru</a>: older' in form
    publish(russian)
    assert "older" not in column(desk, english) + column(desk, russian)


@pytest.mark.django_db
def test_what_is_in_the_trash_is_missing(desk: Client) -> None:
    group = uuid.uuid4()
    english = make_draft(translation_group=group)
    russian = make_draft(language="ru", translation_group=group)
    assert "ru</a>: not public" in column(desk, english)

    trash(russian, by=None)

    assert "ru: missing" in column(desk, english)


@pytest.mark.django_db
def test_the_list_can_show_what_is_not_translated(desk: Client) -> None:
    group = uuid.uuid4()
    make_published("Both", translation_group=group)
    make_published("Оба", language="ru", translation_group=group)
    make_published("English")

    found = desk.get(f"{url('article')}?untranslated=ru").context["cl"].result_list

    assert [each.title for each in found] == ["English"]
    assert desk.get(f"{url('article')}?untranslated=zz").context["cl"].result_count == 3
    assert desk.get(url("article", "add")).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 50])
def test_the_list_needs_the_same_statements_for_any_number(desk: Client, number: int) -> None:
    for _ in range(number):
        group = uuid.uuid4()
        make_published(translation_group=group)
        make_draft(language="ru", translation_group=group)
    desk.get(url("article"))

    with CaptureQueriesContext(connection) as queries:
        assert desk.get(url("article")).status_code == 200

    assert len(queries) <= 11
    assert len([each for each in queries if "array" in each["sql"].lower()]) == 1
