"""manage.py generate_newsroom: a newsroom of any size, to measure with."""

import re
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from articles.models import (
    Article,
    Author,
    Listing,
    PublishedArticle,
    Region,
    Revision,
    SearchEntry,
    Slug,
    Tag,
    Tally,
)
from articles.publishing import publish, unpublish
from cms.changes.models import Change
from tests.factories import make_author, make_draft, make_region, make_tag

pytestmark = pytest.mark.django_db

URL = "/api/v1/articles"


def test_it_works(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("generate_newsroom", "--articles", "250")

    told = capsys.readouterr().out
    assert re.match(r"250 articles need about \d+ MB of disk", told)
    assert told.rstrip().endswith("250 articles are public.")
    found = client.get(f"{URL}?page_size=100&include=body_html,excerpt").json()
    assert found["count"] == 250
    assert len({each["slug"] for each in found["results"]}) == 100
    for each in found["results"]:
        assert len(each["excerpt"].split()) == 60
        assert (each["word_count"], len(each["regions"]), len(each["authors"])) == (60, 1, 1)
        assert each["tags"]
    moments = [each["published_at"] for each in found["results"]]
    assert moments == sorted(moments, reverse=True)
    assert client.get(f"{URL}/{found['results'][0]['slug']}").status_code == 200
    assert [(each.action, each.topic) for each in Change.objects.filter(topic="articles")] == [
        ("reset", "articles")
    ]


def test_lists_and_their_counts_are_as_publishing_would_have_left_them(client: Client) -> None:
    call_command("generate_newsroom", "--articles", "120")
    before = set(Listing.objects.values_list("article_id", "kind", "key", "published_at"))
    counts = {region.slug: Tally.objects.total(1, region.pk) for region in Region.objects.all()}
    for slug, count in counts.items():
        listed = client.get(f"{URL}?region={slug}&page_size=100&cursor=&count=exact").json()
        assert listed["count"] == count

    articles = list(Article.objects.order_by("pk"))
    for article in articles[:10]:
        unpublish(article)
        publish(article)
    assert set(Listing.objects.values_list("article_id", "kind", "key", "published_at")) == before
    assert Slug.objects.count() == Revision.objects.values("article").distinct().count() == 120


def test_searches_know_of_them_when_asked_for(client: Client) -> None:
    call_command("generate_newsroom", "--articles", "40", "--searchable")

    title = PublishedArticle.objects.order_by("pk")[0].title
    found = client.get(URL, {"q": f'"{title}"', "facets": "region"}).json()
    assert [each["title"] for each in found["results"]] == [title]
    assert SearchEntry.objects.count() == 40
    assert sum(each["count"] for each in found["facets"]["region"]) >= 1


def test_without_that_a_refresh_lets_searches_know(client: Client) -> None:
    call_command("generate_newsroom", "--articles", "20")
    assert client.get(URL, {"q": "place"}).json()["count"] == 0

    call_command("refresh_search")
    assert client.get(URL, {"q": "place"}).json()["count"] == 20


def test_it_never_stands_beside_real_articles() -> None:
    make_draft("Real")
    with pytest.raises(CommandError, match="has articles"):
        call_command("generate_newsroom", "--articles", "10")

    assert Article.objects.count() == 1
    assert not Region.objects.exists()


@pytest.mark.parametrize("make", [make_region, make_tag, make_author])
def test_nor_beside_real_regions_tags_or_authors(make: Callable[[str], object]) -> None:
    make("Real")
    with pytest.raises(CommandError, match="has articles, regions, tags or authors"):
        call_command("generate_newsroom", "--articles", "10")

    assert not Article.objects.exists()
    assert sum(model._default_manager.count() for model in (Region, Tag, Author)) == 1


@pytest.mark.parametrize("number", ["0", "-5"])
def test_it_makes_one_or_more(number: str) -> None:
    with pytest.raises(CommandError, match="one article or more"):
        call_command("generate_newsroom", "--articles", number)

    assert not Article.objects.exists()
