import uuid

import pytest
from django.test import Client

from articles.models import Article
from articles.publishing import link_translations, unpublish
from tests.factories import make_draft, make_published

pytestmark = pytest.mark.django_db


def translations(client: Client, slug: str) -> list[tuple[str, str]]:
    answer = client.get(f"/api/v1/articles/{slug}").json()
    return [(each["language"], each["slug"]) for each in answer["translations"]]


def test_it_lists_the_other_public_ones_by_language(client: Client) -> None:
    group = uuid.uuid4()
    for language in ("ru", "en", "kk"):
        make_published(slug=f"water-{language}", language=language, translation_group=group)
    make_published(slug="other", language="uz", translation_group=uuid.uuid4())

    assert translations(client, "water-en") == [("kk", "water-kk"), ("ru", "water-ru")]
    assert translations(client, "water-kk") == [("en", "water-en"), ("ru", "water-ru")]
    assert translations(client, "other") == []


def test_articles_of_no_group_are_no_translations_of_each_other(client: Client) -> None:
    make_published(slug="one")
    make_published(slug="two", language="ru")

    assert translations(client, "one") == []


def test_a_draft_and_an_unpublished_one_are_not_named(client: Client) -> None:
    group = uuid.uuid4()
    make_published(slug="public", language="en", translation_group=group)
    make_draft(slug="draft", language="ru", translation_group=group)
    gone = make_published(slug="gone", language="kk", translation_group=group)
    unpublish(gone.article)

    assert translations(client, "public") == []


def test_it_names_the_public_slug_and_language_and_not_the_desks(client: Client) -> None:
    group = uuid.uuid4()
    make_published(slug="public", language="en", translation_group=group)
    other = make_published(slug="as-published", language="ru", translation_group=group)
    article = Article.objects.get(pk=other.article_id)
    article.slug, article.language = "as-saved", "kk"
    article.save()

    assert translations(client, "public") == [("ru", "as-published")]


def test_linking_shows_at_once(client: Client) -> None:
    english, russian = make_published(slug="en"), make_published(slug="ru", language="ru")
    draft = make_draft(slug="kk", language="kk")

    link_translations([english.article, russian.article, draft], group=uuid.uuid4())

    assert translations(client, "en") == [("ru", "ru")]
    assert translations(client, "ru") == [("en", "en")]
