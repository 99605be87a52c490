"""The step to the desk, from a version that kept no revisions of saves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from articles.models import Article, Byline, PublishedArticle
from articles.publishing import submit, unpublish
from articles.saving import save
from articles.workflow import Role
from tests.articles.roles import make_login
from tests.conftest import let_flushes_empty_the_audit
from tests.factories import make_author, make_published, make_region, make_tag

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]

BEFORE = "0002_former_addresses"


@pytest.fixture(autouse=True)
def _all_migrations() -> Iterator[None]:
    yield
    call_command("migrate", verbosity=0)
    let_flushes_empty_the_audit()


def upgrade(*, as_it_was: str = "") -> None:
    """Back to before there was the desk, where saving moved nothing; then forward again."""
    call_command("migrate", "articles", BEFORE, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE articles_article SET state = 'published'"
            " WHERE id IN (SELECT article_id FROM articles_publishedarticle)"
        )
        if as_it_was:
            cursor.execute(as_it_was)
    call_command("migrate", "articles", verbosity=0)


def bodies(article: Article) -> list[str]:
    kept = article.revisions.order_by("pk").values_list("content__body_html", flat=True)
    return list(kept)


def test_it_works() -> None:
    public = make_published("Wind", body_html="<p>Published</p>")
    upgrade(as_it_was="UPDATE articles_article SET body_html = '<p>The draft since then</p>'")

    article = Article.objects.get()
    assert (article.state, article.save_number) == ("draft", 1)
    assert PublishedArticle.objects.get().version == public.version
    submit(article, by=None)
    article.body_html = "<p>Newest</p>"
    save(article, by=make_login(Role.EDITOR), based_on=1)

    assert bodies(article) == [
        "<p>Published</p>",
        "<p>The draft since then</p>",
        "<p>Newest</p>",
    ]


def test_what_readers_have_as_it_is_stays_published() -> None:
    make_published(
        "Wind",
        summary="",
        regions=[make_region(), make_region()],
        tags=[make_tag()],
        authors=[make_author(), make_author()],
    )
    upgrade()

    article = Article.objects.get()
    assert (article.state, article.save_number) == ("published", 0)
    save(article, by=make_login(Role.EDITOR), based_on=0)
    assert article.revisions.count() == 2


@pytest.mark.parametrize("carried", ["regions", "tags", "authors"])
def test_a_change_of_what_it_carries_is_a_draft_too(carried: str) -> None:
    article = make_published("Wind", authors=[make_author(), make_author()]).article
    if carried == "authors":
        for row in article.bylines.all():
            Byline.objects.filter(pk=row.pk).update(position=9 - row.position)
    else:
        getattr(article, carried).add(make_tag() if carried == "tags" else make_region())
    upgrade()

    article.refresh_from_db()
    assert (article.state, article.save_number) == ("draft", 1)


def test_what_is_not_public_any_more_is_kept_at_its_next_save() -> None:
    article = make_published("Wind", body_html="<p>Published</p>").article
    unpublish(article)
    upgrade(as_it_was="UPDATE articles_article SET body_html = '<p>Since then</p>'")

    article.refresh_from_db()
    article.body_html = "<p>Newest</p>"
    save(article, by=make_login(Role.EDITOR), based_on=article.save_number)

    assert bodies(article) == ["<p>Published</p>", "<p>Since then</p>", "<p>Newest</p>"]
