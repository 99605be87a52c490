"""The counts that triggers keep are those that counting finds, whatever is done."""

import random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Listing, PublishedArticle, Region, Tally
from articles.publishing import publish, unpublish
from tests.factories import make_author, make_draft, make_published, make_region, make_tag

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

KEPT = """
SELECT kind, key, language, sum(number) FROM articles_tally GROUP BY 1, 2, 3 HAVING sum(number) <> 0
"""
COUNTED = """
SELECT kind, key, '', count(*) FROM articles_listing GROUP BY kind, key
UNION ALL SELECT 0, 0, '', count(*) FROM articles_publishedarticle HAVING count(*) > 0
UNION ALL SELECT 4, 0, language, count(*) FROM articles_publishedarticle GROUP BY language
"""


def assert_kept_is_counted() -> None:
    with connection.cursor() as cursor:
        cursor.execute(KEPT)
        kept = sorted(cursor.fetchall())
        cursor.execute(COUNTED)
        assert kept == sorted(cursor.fetchall())


def test_it_works() -> None:
    region, tag = make_region("Kazakhstan"), make_tag("Energy")
    one = make_published(regions=[region], tags=[tag], language="en")
    make_published(regions=[region], language="ru")

    total = Tally.objects.total
    assert total(Tally.Kind.ALL) == 2
    assert total(Tally.Kind.REGION, region.pk) == 2
    assert total(Tally.Kind.TAG, tag.pk) == 1
    assert total(Tally.Kind.LANGUAGE, language="ru") == 1

    unpublish(one.article)
    assert total(Tally.Kind.ALL) == 1
    assert total(Tally.Kind.TAG, tag.pk) == 0
    assert_kept_is_counted()


def test_whatever_is_done_they_stay_right() -> None:
    chance = random.Random(7)
    parent = make_region()
    regions = [parent, make_region(parent=parent), make_region()]
    tags, authors = [make_tag() for _ in range(3)], [make_author() for _ in range(2)]
    articles = [make_draft(regions=[chance.choice(regions)]) for _ in range(8)]
    for turn in range(60):
        article = chance.choice(articles)
        article.refresh_from_db()
        article.language = chance.choice(["en", "ru", "kk"])
        article.save()
        article.tags.set(chance.sample(tags, 2))
        article.regions.set(chance.sample(regions, 1))
        (publish if chance.random() < 0.7 else unpublish)(article)
        if turn % 10 == 0:
            Tally.objects.fold()
        if turn == 30:
            moved = Region.objects.get(pk=regions[2].pk)
            moved.parent = parent
            moved.save()
    assert len(authors) == 2
    assert PublishedArticle.objects.exists()
    assert_kept_is_counted()


def test_folding_leaves_one_row_a_list_and_changes_no_count() -> None:
    tag = make_tag()
    articles = [make_published(tags=[tag]) for _ in range(5)]
    unpublish(articles[0].article)
    assert Tally.objects.filter(kind=Tally.Kind.TAG).count() == 6

    assert Tally.objects.fold() > 0

    assert Tally.objects.filter(kind=Tally.Kind.TAG).count() == 1
    assert_kept_is_counted()
    assert Tally.objects.fold() == 0

    for article in articles[1:]:
        unpublish(article.article)
    Tally.objects.fold()
    assert not Tally.objects.exists(), "a list of nothing needs no row"


def test_a_language_that_is_changed_in_place_moves() -> None:
    make_published(language="en")
    PublishedArticle.objects.update(language="ru")

    assert Tally.objects.total(Tally.Kind.LANGUAGE, language="en") == 0
    assert Tally.objects.total(Tally.Kind.LANGUAGE, language="ru") == 1
    assert_kept_is_counted()


def test_a_listing_that_is_changed_in_place_moves() -> None:
    one, other = make_tag(), make_tag()
    make_published(tags=[one])
    Listing.objects.filter(kind=Listing.Kind.TAG).update(key=other.pk)

    assert Tally.objects.total(Tally.Kind.TAG, one.pk) == 0
    assert Tally.objects.total(Tally.Kind.TAG, other.pk) == 1


@pytest.mark.parametrize("table", ["articles_listing", "articles_publishedarticle"])
def test_an_emptied_table_counts_nothing(table: str) -> None:
    make_published(tags=[make_tag()])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {table} CASCADE")

    assert_kept_is_counted()


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 3), ("region=kazakhstan", 2), ("tag=energy", 2), ("author=asel", 1), ("language=ru", 1),
     ("language=RU", 1), ("language=kk", 0), ("region=kazakhstan&tag=energy", 1),
     ("region=kazakhstan&language=en", 2), ("tag=energy,water", 2), ("kind=news", 3),
     ("ordering=-updated_at", 3), ("ordering=-updated_at&tag=energy", 2)],
)  # fmt: skip
def test_lists_tell_the_right_count(client: Client, query: str, count: int) -> None:
    kazakhstan, energy = make_region("Kazakhstan"), make_tag("Energy")
    make_published(regions=[kazakhstan], tags=[energy], authors=[make_author("Asel")])
    make_published(regions=[make_region("North", parent=kazakhstan)], tags=[make_tag("Water")])
    make_published(tags=[energy], language="ru")

    answer = client.get(f"/api/v1/articles?{query}").json()

    expected = {"tag=energy,water": 3}.get(query, count)
    assert answer["count"] == expected == len(answer["results"])


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 2), ("region=kazakhstan&", 1), ("tag=energy&", 1), ("language=en&", 1),
     ("region=kazakhstan&tag=energy&", 0), ("kind=news&", 2), ("ordering=-updated_at&", 2)],
)  # fmt: skip
def test_a_list_that_leaves_some_out_counts_those_only(
    client: Client, query: str, count: int
) -> None:
    """As beside an article: each page of the site leaves out another one."""
    kazakhstan, energy = make_region("Kazakhstan"), make_tag("Energy")
    first = make_published(regions=[kazakhstan], tags=[energy])
    make_published(regions=[make_region("North", parent=kazakhstan)], tags=[make_tag("Water")])
    make_published(tags=[energy], language="ru")

    with CaptureQueriesContext(connection) as asked:
        left = f"exclude_ids={first.pk},{first.pk},{10**9}"
        answer = client.get(f"/api/v1/articles?{query}{left}").json()

    assert answer["count"] == count == len(answer["results"])
    counted = [each["sql"] for each in asked if "COUNT(" in each["sql"]]
    if "&tag" not in query and "kind" not in query:
        assert len(counted) == 1
        assert f"IN ({first.pk}, " in counted[0]
