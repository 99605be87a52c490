"""manage.py refresh_search, and the worker: searches follow what was renamed or changed."""

import io
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import PublishedArticle, Region, SearchEntry, SearchWord, Tag
from articles.models.search import refresh_renamed
from articles.publishing import publish, unpublish
from cms.changes.chores import Chores
from cms.changes.epoch import renew
from cms.changes.models import Change
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_published,
    make_region,
    make_tag,
)
from tests.threads import Thread

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def count(client: Client, q: str) -> int:
    return int(client.get("/api/v1/articles", {"q": q, "fields": "id"}).json()["count"])


def never() -> bool:
    return False


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("refresh_search", *arguments, stdout=out)
    return out.getvalue().strip()


def test_it_works(client: Client) -> None:
    make_published("Water", slug="water")
    make_draft("Draft")
    SearchEntry.objects.all().delete()
    assert count(client, "water") == 0

    assert run() == "1 articles refreshed."

    assert count(client, "water") == count(client, "wafer") == 1
    assert not SearchWord.objects.filter(word="draft").exists()


def test_articles_are_found_by_a_renamed_tags_new_name(client: Client) -> None:
    tag, region = make_tag("Hydrology"), make_region("Frunze")
    make_published(tags=[tag])
    make_published(regions=[region])
    make_published()
    Tag.objects.update(name="Waterworks")
    Region.objects.update(names={"ru": "Бишкек"})
    versions = list(PublishedArticle.objects.order_by("id").values_list("version", flat=True))
    assert count(client, "hydrology") == 1

    assert run("--renamed") == "2 articles refreshed."

    assert (count(client, "hydrology"), count(client, "waterworks")) == (0, 1)
    assert count(client, "бишкек") == 1
    assert run("--renamed") == "0 articles refreshed."
    # The articles themselves are what they were: whoever syncs need not fetch them again.
    assert versions == list(
        PublishedArticle.objects.order_by("id").values_list("version", flat=True)
    )


def test_kept_answers_are_told_that_more_is_found() -> None:
    tag = make_tag("Hydrology")
    make_published(tags=[tag])
    Tag.objects.update(name="Waterworks")
    before = Change.objects.count()

    run("--renamed")

    [change] = Change.objects.order_by("id")[before:]
    assert (change.topic, change.action, change.type) == ("articles", "upsert", "article")
    assert change.number is not None


def test_the_worker_does_it_when_it_starts_and_after_a_change(client: Client) -> None:
    make_published(tags=[make_tag("Hydrology")])
    chores = Chores()
    assert chores.perform(never) == 0

    Tag.objects.update(name="Waterworks")
    assert chores.perform(never) == 1
    assert chores.perform(never) == 0
    assert count(client, "waterworks") == 1
    Tag.objects.update(name="Canals")
    out = io.StringIO()
    call_command("worker", "--once", stdout=out)
    assert out.getvalue() == "1 done.\n"
    assert count(client, "canals") == 1


def walks(chores: Chores) -> int:
    """How often the worker's chores look at every public article, once performed."""
    with CaptureQueriesContext(connection) as queries:
        chores.perform(never)
    return sum("search_out_of_line" in query["sql"] for query in queries)


def test_only_what_may_be_a_new_name_for_an_article_is_looked_for_in_all_of_them() -> None:
    make_published(tags=[make_tag("Hydrology")])
    image = make_image()
    chores = Chores()
    assert walks(chores) == 1

    make_tag("New")
    make_region("New")
    image.alt = "Another"
    image.save()
    assert walks(chores) == 0

    Tag.objects.filter(name="Hydrology").update(name="Waterworks")
    assert walks(chores) == 1
    make_author("New").delete()
    assert walks(chores) == 1
    Change.objects.create(topic="taxonomy", action="reset", type="tag", at=timezone.now())
    assert walks(chores) == 1
    assert walks(chores) == 0
    assert walks(Chores()) == 1


def test_all_are_looked_at_where_the_log_was_cut_or_has_a_new_epoch() -> None:
    chores = Chores()
    make_tag("First")
    chores.perform(never)

    make_tag("Second")
    seen = Change.objects.order_by("number").last()
    make_tag("Third")
    assert seen
    seen.delete()
    assert walks(chores) == 1
    renew()
    assert walks(chores) == 1


def test_words_that_no_public_article_has_leave(client: Client) -> None:
    first, second = make_published("Kambarata"), make_published("Kambarata too")
    first.article.title = "Toktogul"
    first.delete()
    assert not SearchWord.objects.filter(word="kambarata").exists()

    run()

    assert list(
        SearchWord.objects.filter(word="kambarata").values_list("article_id", flat=True)
    ) == [second.pk]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO articles_searchword (word, article_id) VALUES ('secret', 0)")
    assert "did_you_mean" not in client.get("/api/v1/articles?q=secretx").json()
    run()
    assert not SearchWord.objects.filter(word="secret").exists()


def test_refreshing_what_is_right_changes_nothing() -> None:
    make_published("Water", tags=[make_tag("Hydrology")])
    before = list(SearchEntry.objects.values()), list(SearchWord.objects.order_by("id").values())

    run()

    after = list(SearchEntry.objects.values()), list(SearchWord.objects.order_by("id").values())
    assert before == after
    assert refresh_renamed() == 0


def test_it_ends_early_when_it_is_stopped(client: Client) -> None:
    make_published(tags=[make_tag("Hydrology")])
    Tag.objects.update(name="Waterworks")

    assert refresh_renamed(lambda: True) == 0

    assert count(client, "waterworks") == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_just_being_published_is_refreshed_after_it(client: Client) -> None:
    tag = make_tag("Hydrology")
    first = make_published(body_html="<p>Libelword</p>", tags=[tag]).article
    second = make_published(tags=[tag]).article
    Tag.objects.update(name="Waterworks")

    def refresh() -> int:
        try:
            return refresh_renamed()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():  # as an import, not in the order of the ids
            publish(second)
            refreshing = pool.submit(refresh)
            time.sleep(0.3)
            first.body_html = "<p>Corrected</p>"
            first.save()
            publish(first)
        refreshing.result(timeout=30)

    assert (count(client, "libelword"), count(client, "corrected")) == (0, 1)
    assert count(client, "waterworks") == 2
    assert refresh_renamed() == 0


@pytest.mark.django_db(transaction=True)
def test_who_unpublishes_holds_nothing_that_a_refresh_waits_for() -> None:
    article = make_published().article
    with transaction.atomic(), connection.cursor() as cursor:
        PublishedArticle.objects.select_for_update().get()  # as a refresh holds it
        unpublishing = Thread(lambda: unpublish(article))
        deadline, waiting = time.monotonic() + 30, 0
        while not waiting:
            assert time.monotonic() < deadline
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            [waiting] = cursor.fetchone()
        cursor.execute("SELECT FROM articles_searchentry FOR UPDATE NOWAIT")

    assert unpublishing.finish()
    assert not SearchEntry.objects.exists()
