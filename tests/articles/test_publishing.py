from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Listing, PublishedArticle, Revision, Slug
from articles.publishing import NotPublishableError, publish, publish_many, unpublish
from articles.workflow import NotAllowed, Role
from cms.changes.models import Change
from tests.articles.roles import make_login
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_published,
    make_region,
    make_tag,
)

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def everything() -> dict[str, list[Any]]:
    """All that a refused publication must leave as it was."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values())
        for model in (Article, PublishedArticle, Revision, Slug, Listing, Change)
    }


def test_it_works() -> None:
    region, tag = make_region("Kazakhstan"), make_tag("Energy")
    authors = [make_author("Zarina"), make_author("Asel")]
    image = make_image()
    article = make_draft(
        "Wind",
        body_html="<p>It blows.</p>",
        regions=[region],
        tags=[tag],
        authors=authors,
        lead_image=image,
    )

    published = publish(article, by=None, at=NOW)

    stored = PublishedArticle.objects.get()
    assert stored == published
    assert (stored.title, stored.slug, stored.body_html) == ("Wind", "wind", "<p>It blows.</p>")
    assert (stored.summary, stored.excerpt, stored.body_text) == ("It blows.",) * 3
    assert (stored.word_count, stored.revision) == (2, 1)
    assert stored.region_ids == [region.pk]
    assert stored.tag_ids == [tag.pk]
    assert stored.author_ids == [author.pk for author in authors]
    assert stored.image_ids == [image.pk]
    assert stored.published_at == stored.updated_at == NOW
    assert stored.version == published.version > 0
    assert (article.state, article.is_public) == ("published", True)
    assert (article.public_id, article.revision) == (stored.pk, 1)
    assert article.version == stored.version


def test_saving_changes_nothing_for_readers() -> None:
    article = make_published("Old title", slug="old").article
    before = PublishedArticle.objects.values().get()
    changes = Change.objects.count()

    article.title = "New title"
    article.slug = "new"
    article.body_html = "<p>New</p>"
    article.save()
    article.tags.add(make_tag("New tag"))

    assert PublishedArticle.objects.values().get() == before
    assert Change.objects.exclude(type="tag").count() == changes


def test_a_stale_save_does_not_undo_what_a_publication_wrote() -> None:
    article = make_draft("Wind")
    stale = Article.objects.get(pk=article.pk)
    published = publish(article, at=NOW)

    stale.title = "Wind, again"
    stale.save()

    article.refresh_from_db()
    assert (article.public_id, article.revision) == (published.pk, 1)
    assert article.published_at == NOW
    assert publish(article, at=LATER).pk == published.pk


def test_it_counts_revisions_and_keeps_id_and_date() -> None:
    article = make_draft("Wind")
    first = publish(article, at=NOW)
    article.title = "Wind, corrected"
    article.save()

    second = publish(article, at=LATER)

    assert (second.pk, second.revision, second.published_at) == (first.pk, 2, NOW)
    assert (second.title, second.updated_at) == ("Wind, corrected", LATER)
    assert second.version > first.version


def test_a_change_that_is_not_substantive_leaves_updated_at() -> None:
    article = make_published("Wind").article
    before = article.updated_at

    assert publish(article, at=LATER, substantive=False).updated_at == before


def test_id_revision_and_date_outlive_unpublication() -> None:
    first = make_published("Wind")
    article = first.article
    unpublish(article)
    assert article.state == "draft"

    again = publish(article, at=LATER)

    assert (again.pk, again.revision) == (first.pk, 2)
    assert again.published_at == first.published_at
    assert again.version > first.version


def test_it_keeps_a_past_date_and_moves_a_future_one_to_now() -> None:
    past = make_draft(published_at=NOW - timedelta(days=900))
    future = make_draft(published_at=NOW + timedelta(days=1))

    assert publish(past, at=NOW).published_at == NOW - timedelta(days=900)
    assert publish(future, at=NOW).published_at == NOW


def test_it_publishes_what_is_stored() -> None:
    article = make_draft("Stored")
    article.title = "Only in memory"

    assert publish(article).title == "Stored"
    assert article.title == "Stored"


def test_it_writes_a_revision_with_all_content() -> None:
    editor = make_login(Role.EDITOR)
    tag = make_tag()
    article = make_draft("Wind", tags=[tag], seo_title="Seo", expires_at=LATER)

    publish(article, by=editor, at=NOW)

    revision = Revision.objects.get()
    assert (revision.kind, revision.created_by, revision.created_at) == ("publication", editor, NOW)
    assert revision.content["title"] == "Wind"
    assert revision.content["tag_ids"] == [tag.pk]
    assert revision.content["seo_title"] == "Seo"
    assert revision.content["expires_at"] == LATER.isoformat()


def test_it_refuses_an_article_without_a_title_and_changes_nothing() -> None:
    fine, untitled = make_draft("Fine"), make_draft("Untitled")
    Article.objects.filter(pk=untitled.pk).update(title="  ")
    before = everything()

    with pytest.raises(NotPublishableError, match="title"):
        publish_many([fine, untitled])

    assert everything() == before


def test_it_refuses_a_slug_that_another_article_holds_and_changes_nothing() -> None:
    make_published("First", slug="taken")
    article = make_draft("Second", slug="free")
    Article.objects.filter(pk=article.pk).update(slug="taken")  # past the model's own care
    before = everything()

    with pytest.raises(ValidationError, match="taken"):
        publish(article)

    assert everything() == before


def test_the_desks_slug_becomes_public_with_the_next_publication() -> None:
    article = make_published("Wind", slug="wind").article
    article.slug = "storm"
    article.save()
    assert PublishedArticle.objects.get().slug == "wind"

    publish(article)

    assert PublishedArticle.objects.get().slug == "storm"
    assert set(Slug.objects.filter(public_since__isnull=False).values_list("text", flat=True)) == {
        "storm",
        "wind",
    }


def test_two_articles_may_trade_slugs_over_time() -> None:
    first = make_published("First", slug="one").article
    second = make_draft("Second", slug="two")
    first.slug = "uno"
    first.save()
    publish(first)

    second.slug = "one"
    with pytest.raises(ValidationError, match="one"):  # it redirects to the first one
        second.save()


def test_unpublishing_takes_it_from_every_list() -> None:
    published = make_published(regions=[make_region()], tags=[make_tag()], authors=[make_author()])
    assert Listing.objects.count() == 3

    assert unpublish(published.article) is True
    assert unpublish(published.article) is False

    assert not PublishedArticle.objects.exists()
    assert not Listing.objects.exists()
    assert Slug.objects.get().public_since is not None


def test_what_was_deleted_meanwhile_is_refused_with_a_sentence() -> None:
    article = make_draft()
    Article.objects.filter(pk=article.pk).delete()

    with pytest.raises(NotAllowed, match="somebody has deleted it"):
        publish(article)


def test_what_is_public_cannot_be_deleted() -> None:
    article = make_published().article

    with pytest.raises(Exception, match="protected"):
        article.delete()

    assert PublishedArticle.objects.exists()


def test_it_lists_an_article_under_its_regions_ancestors_once() -> None:
    country = make_region("Kazakhstan")
    city, other = make_region("Almaty", parent=country), make_region("Astana", parent=country)
    published = make_published(regions=[city, other])

    assert set(Listing.objects.values_list("kind", "key")) == {
        (Listing.Kind.REGION, region.pk) for region in (country, city, other)
    }

    published.article.regions.set([country])
    publish(published.article)
    assert set(Listing.objects.values_list("key", flat=True)) == {country.pk}


def test_moving_a_region_moves_its_articles_lists() -> None:
    asia, country, city = make_region("Asia"), make_region("Kazakhstan"), make_region("Almaty")
    make_published(regions=[city])

    city.parent = country
    city.save()
    country.parent = asia
    country.save()
    assert set(Listing.objects.values_list("key", flat=True)) == {asia.pk, country.pk, city.pk}

    city.parent = None
    city.save()
    assert set(Listing.objects.values_list("key", flat=True)) == {city.pk}


def test_a_region_cannot_stand_below_itself() -> None:
    country = make_region("Kazakhstan")
    city = make_region("Almaty", parent=country)
    country.parent = city

    with pytest.raises(ValidationError, match="below itself"):
        country.save()

    country.refresh_from_db()
    assert country.parent is None


@pytest.mark.parametrize("number", [1, 100])
def test_it_needs_the_same_statements_for_one_and_for_a_hundred(number: int) -> None:
    region, tag, author = make_region(), make_tag(), make_author()
    articles = [
        make_draft(f"Article {n}", regions=[region], tags=[tag], authors=[author])
        for n in range(number)
    ]

    with CaptureQueriesContext(connection) as queries:
        publish_many(articles)

    # Lock articles, how they stand; share the tree; relations; public ids; reserve slugs (three)
    # and make them public; public rows; listings (two); searches; revisions; versions; articles;
    # audit. Savepoints and the log's constraints of the test are not counted.
    statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) <= 16, [statement[:100] for statement in statements]
    assert PublishedArticle.objects.count() == number


@time_machine.travel(NOW, tick=False)
def test_a_slug_is_made_from_the_title_and_numbered_when_taken() -> None:
    slugs = [make_draft("Ветер у Жанатаса").slug for _ in range(3)]

    assert slugs == ["veter-u-zhanatasa", "veter-u-zhanatasa-2", "veter-u-zhanatasa-3"]
    assert make_draft("Əhməd Şah").slug == "ahmad-sah"
    assert make_draft("!!!").slug == "article"


def test_a_slug_that_never_was_public_is_free_again() -> None:
    article = make_draft("Wind", slug="wind")
    article.slug = "storm"
    article.save()

    assert make_draft("Other", slug="wind").slug == "wind"
