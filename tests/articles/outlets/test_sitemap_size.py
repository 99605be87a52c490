"""A sitemap of more articles than one part may have."""

import tracemalloc

import pytest
from django.db import connection
from django.test import Client

from articles.models import Article, Listing, PublishedArticle
from tests.articles.outlets.test_sitemap_views import body_of, locations
from tests.factories import make_published

pytestmark = [pytest.mark.django_db, pytest.mark.bulk]

_COPY = """
INSERT INTO {table} ({columns}) SELECT {values} FROM {table}, generate_series(1, 50000) n
"""


def make_many() -> None:
    """50,001 public articles with the ids 1 to 50,001, past the log."""
    one = make_published("Wind", slug="wind-50001")
    Listing.objects.all().delete()
    PublishedArticle.objects.update(id=50_001)
    Article.objects.update(public_id=50_001, translation_group=None)
    own = {
        Article: {"id": f"{one.article_id} + n", "public_id": "n", "slug": "'wind-' || n"},
        PublishedArticle: {
            "id": "n",
            "article_id": f"{one.article_id} + n",
            "slug": "'wind-' || n",
        },
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL dastan.bulk = 'on'")
        for model, values in own.items():
            columns = [field.column for field in model._meta.concrete_fields if not field.generated]
            cursor.execute(
                _COPY.format(
                    table=model._meta.db_table,
                    columns=", ".join(f'"{column}"' for column in columns),
                    values=", ".join(values.get(column or "", f'"{column}"') for column in columns),
                )
            )


def test_50_001_articles_make_two_parts_in_bounded_memory(client: Client) -> None:
    make_many()

    index = locations(body_of(client.get("/sitemap.xml")))
    assert index == [f"http://testserver/sitemap-{part}.xml" for part in (1, 2)]
    assert locations(body_of(client.get("/sitemap-2.xml"))) == ["http://testserver/en/wind-50001"]

    tracemalloc.start()
    size = urls = 0
    for piece in client.get("/sitemap-1.xml").streaming_content:  # type: ignore[attr-defined]  # it is one
        size += len(piece)
        urls += piece.count(b"<url>")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert urls == 50_000
    assert size > 4_000_000
    assert peak < 4_000_000  # bytes: less than what was sent
