"""The change log: what is recorded, and how it is numbered."""

import threading
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from articles.models import Image, PublishedArticle, Region, Tag
from articles.publishing import publish, unpublish
from cms.changes.models import Change, LogHead
from tests.conftest import let_flushes_empty_the_audit
from tests.factories import make_draft, make_image, make_published, make_region, make_tag

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

# What only the desk, the log or Django itself has: readers never notice a change of it alone.
# Listing and Slug are written by a publication, which changes its public row as well, and so is
# FormerUrl by an import; a slot's trigger changes its collection. What is searched is written by a
# publication, too, or logged by who refreshes it.
NOT_PUBLIC = {
    "articles.Article",
    "articles.AuditEntry",
    "articles.FormerName",
    "articles.Presence",
    "articles.Preview",
    "articles.Article_regions",
    "articles.Article_tags",
    "articles.Byline",
    "articles.Comment",
    "articles.Comment_mentioned",
    "articles.FormerUrl",
    "articles.Listing",
    "articles.RelatedChoice",
    "articles.Revision",
    "articles.SavedFilter",
    "articles.SearchEntry",
    "articles.SearchWord",
    "articles.Slot",
    "articles.Slug",
    "articles.Suggestion",
    "articles.Tally",
    "changes.Change",
    "changes.Consumer",
    "changes.LogHead",
    "changes.Worker",
}
OURS = {"articles", "changes"}


def changes() -> list[tuple[str, str, str]]:
    return list(Change.objects.order_by("number").values_list("topic", "action", "type"))


def public_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OURS and model._meta.label not in NOT_PUBLIC
    ]


def test_it_works() -> None:
    tag = make_tag("Energy")
    published = make_published("Wind", tags=[tag])
    unpublish(published.article)

    rows = list(Change.objects.order_by("number"))
    head = LogHead.objects.get()
    assert [(row.topic, row.action, row.type, row.object_id, row.slug) for row in rows] == [
        ("taxonomy", "upsert", "tag", tag.pk, "energy"),
        ("articles", "upsert", "article", published.pk, "wind"),
        ("articles", "delete", "article", published.pk, "wind"),
    ]
    assert [row.number for row in rows] == [1, 2, 3]
    assert (head.number, head.articles, head.taxonomy, head.rates) == (3, 3, 1, 0)


@pytest.mark.parametrize("model", public_models(), ids=lambda model: model.__name__)
def test_it_finds_every_trigger_on_every_public_model(model: type[models.Model]) -> None:
    """Dropping any one of them, or adding a public model without them, fails here."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT regexp_replace(t.tgname, '^pgtrigger_(.*)_[0-9a-f]{5}$', '\\1'), p.proname"
            " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = %s::regclass AND NOT t.tgisinternal AND t.tgenabled = 'O'"
            " AND p.proname LIKE 'changes%%'",
            [model._meta.db_table],
        )
        assert dict(cursor.fetchall()) == {
            "version_insert": "changes_set_version",
            "version_update": "changes_set_version",
            "log_write": "changes_log",
            "log_update": "changes_log",
            "log_truncate": "changes_log",
        }


def test_it_finds_the_numbering_triggers() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgdeferrable, tginitdeferred FROM pg_trigger"
            " WHERE tgrelid = 'changes_change'::regclass AND NOT tgisinternal ORDER BY tgname"
        )
        assert cursor.fetchall() == [
            ("changes_number", True, True),
            ("changes_requeue", True, True),
        ]


def test_it_records_every_way_of_writing() -> None:
    tag = make_tag("Energy")
    Tag.objects.filter(pk=tag.pk).update(name="Power")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE articles_tag SET name = 'Grid' WHERE id = %s", [tag.pk])
    Tag.objects.bulk_create([Tag(slug="a", name="A"), Tag(slug="b", name="B")])
    Tag.objects.all().delete()

    assert [action for _, action, _ in changes()] == [
        *["upsert"] * 5,
        *["delete"] * 3,
    ]


def test_it_records_a_truncation_as_a_reset() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE articles_tag CASCADE")

    assert ("taxonomy", "reset", "tag") in changes()


def test_it_records_nothing_when_nothing_changed() -> None:
    image, region = make_image(), make_region("Kazakhstan")
    before = Change.objects.count()
    version = Region.objects.get().version

    image.save()
    region.save()
    Region.objects.update(name="Kazakhstan")

    region.refresh_from_db()
    assert Change.objects.count() == before
    assert region.version == version


def test_it_gives_each_change_a_version_that_was_never_used() -> None:
    image = make_image()
    seen = []
    for number in range(3):
        image.caption = str(number)
        image.save()
        image.refresh_from_db()
        seen.append(image.version)
    published = make_published()
    seen.append(PublishedArticle.objects.get(pk=published.pk).version)
    unpublish(published.article)
    seen.append(Change.objects.get(action="delete").version or 0)
    seen.append(publish(published.article).article.version)

    assert seen == sorted(set(seen))
    assert seen[0] > 0


def test_it_says_nothing_of_what_only_the_desk_sees() -> None:
    article = make_draft("A draft")
    article.title = "Another title"
    article.save()
    article.delete()

    assert changes() == []


def test_a_bulk_load_records_only_what_it_says_itself() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL dastan.bulk = 'on'")
    make_tag()

    assert changes() == []


@pytest.mark.django_db(transaction=True)
def test_it_numbers_a_transaction_at_its_commit_and_in_its_order() -> None:
    before = LogHead.objects.get().number
    with transaction.atomic():
        make_tag("First")
        make_image(alt="Second")
        make_region("Third")
        assert Change.objects.filter(number__isnull=True).count() == 3
        assert LogHead.objects.get().number == before

    rows = list(Change.objects.order_by("number").values_list("number", "type"))
    assert rows == [(before + 1, "tag"), (before + 2, "image"), (before + 3, "region")]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_gap() -> None:
    before = LogHead.objects.get().number
    with transaction.atomic():
        make_tag("Never")
        transaction.set_rollback(True)
    with transaction.atomic():
        make_tag("Kept")
        with transaction.atomic():
            make_tag("Rolled back to a savepoint")
            transaction.set_rollback(True)
        make_tag("Kept too")

    numbers = Change.objects.order_by("number").values_list("number", "slug")
    assert list(numbers) == [(before + 1, "kept"), (before + 2, "kept-too")]


@pytest.mark.django_db(transaction=True)
def test_it_makes_the_head_again_when_it_is_missing() -> None:
    LogHead.objects.all().delete()

    make_tag("Energy")

    head = LogHead.objects.get()
    assert (head.number, head.taxonomy) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.bulk
def test_it_numbers_twenty_thousand_changes_of_one_transaction_in_no_time() -> None:
    with transaction.atomic():
        Tag.objects.bulk_create(Tag(slug=f"t{n}", name=f"T{n}") for n in range(20_000))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(number) - min(number) FROM changes_change")
        assert cursor.fetchone() == (20_000, 19_999)


@pytest.mark.django_db(transaction=True)
def test_two_transactions_get_numbers_in_the_order_of_their_commits() -> None:
    started, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            make_tag("Began first")
            started.set()
            may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    started.wait(10)
    make_tag("Committed first")  # does not wait for the other one
    may_commit.set()
    thread.join()

    order = Change.objects.order_by("number").values_list("slug", flat=True)
    assert list(order) == ["committed-first", "began-first"]


@pytest.mark.django_db(transaction=True)
def test_the_log_can_be_removed_and_installed_again() -> None:
    """The migrations are reversible, with their functions, triggers and sequences."""
    from django.core.management import call_command

    def objects() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT proname FROM pg_proc WHERE proname LIKE 'changes\\_%%'"
                " UNION ALL SELECT relname FROM pg_class WHERE relname IN"
                " ('changes_version_seq', 'articles_public_id_seq', 'changes_change')"
                " UNION ALL SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger%%'"
                " ORDER BY 1"
            )
            return list(cursor.fetchall())

    before = objects()
    try:
        call_command("migrate", "articles", "zero", verbosity=0)
        call_command("migrate", "changes", "zero", verbosity=0)
        assert objects() == []
    finally:
        call_command("migrate", verbosity=0)
        let_flushes_empty_the_audit()
    assert objects() == before
    make_tag("Works again")
    assert Image.objects.count() == 0
