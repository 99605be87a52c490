import gc
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import taxonomy_snapshot
from articles.models import Region, Tag
from articles.taxonomy_snapshot import TaxonomySnapshot, current
from cms.changes.models import LogHead
from cms.changes.snapshot import read_snapshot
from tests.factories import make_author, make_image, make_published, make_region, make_tag


def read() -> TaxonomySnapshot:
    with read_snapshot():
        return current()


def loads(act: Callable[[], object] = lambda: None) -> int:
    """How many statements the next reading costs after ``act``, beside the version's query."""
    act()
    with CaptureQueriesContext(connection) as queries:
        read()
    return len(queries) - 1


@pytest.mark.django_db
def test_it_works() -> None:
    country = make_region("Kazakhstan")
    almaty = make_region("Almaty", parent=country)
    medeu = make_region("Medeu", parent=almaty)
    water, energy = make_tag("Water"), make_tag("Energy")
    asel = make_author("Asel")

    snapshot = read()

    assert snapshot.names("tag", [energy.pk, water.pk]) == [
        {"slug": "energy", "name": "Energy"},
        {"slug": "water", "name": "Water"},
    ]
    assert snapshot.names("author", [asel.pk, asel.pk + 1]) == [{"slug": "asel", "name": "Asel"}]
    assert snapshot.names("region", []) == []
    assert snapshot.find("region", ["almaty", "nowhere"]) == [almaty.pk]
    assert snapshot.find("tag", ["almaty"]) == []
    assert sorted(snapshot.with_descendants([country.pk])) == [country.pk, almaty.pk, medeu.pk]
    assert snapshot.with_descendants([medeu.pk, medeu.pk]) == [medeu.pk]
    assert sorted(snapshot.with_descendants([medeu.pk, almaty.pk])) == [almaty.pk, medeu.pk]


def test_it_is_not_read_outside_of_a_snapshot() -> None:
    with pytest.raises(LookupError):
        current()


@pytest.mark.django_db
def test_it_ends_for_a_tree_that_turns_in_a_circle() -> None:
    first = make_region("First")
    second = make_region("Second", parent=first)
    Region.objects.filter(pk=first.pk).update(parent=second)  # past Region.save, which refuses it

    assert sorted(read().with_descendants([first.pk])) == [first.pk, second.pk]


@pytest.mark.django_db
def test_it_is_loaded_in_one_statement_and_then_kept() -> None:
    tag = make_tag("Water")

    assert loads() == 1
    assert loads() == 0
    assert read() is read()
    assert loads(lambda: make_published(tags=[tag])) == 0
    assert loads(lambda: tag.save()) == 0  # nothing changed


@pytest.mark.django_db
def test_it_is_loaded_again_after_every_change_of_the_taxonomy() -> None:
    tag, region, author = make_tag("Water"), make_region("Osh"), make_author("Asel")
    read()

    def raw(sql: str) -> Callable[[], object]:
        return lambda: connection.cursor().execute(sql)

    changes: list[Callable[[], object]] = [
        lambda: Tag.objects.filter(pk=tag.pk).update(name="Waters"),
        lambda: make_tag("New"),
        lambda: Region.objects.filter(pk=region.pk).update(parent=make_region("Above")),
        raw(f"UPDATE articles_author SET slug = 'asel-t' WHERE id = {author.pk}"),
        raw(f"DELETE FROM articles_tag WHERE id = {tag.pk}"),
        lambda: make_image(),  # of the same topic; a load too many harms nobody
        lambda: LogHead.objects.update(epoch=uuid.uuid4()),
    ]
    assert [loads(change) for change in changes] == [1] * len(changes)
    assert loads() == 0
    snapshot = read()
    assert snapshot.names("tag", [tag.pk]) == []
    assert snapshot.find("author", ["asel"]) == []
    assert snapshot.find("author", ["asel-t"]) == [author.pk]
    assert snapshot.with_descendants(snapshot.find("region", ["above"]))[1:] == [region.pk]


@pytest.mark.django_db
def test_old_ones_are_not_kept() -> None:
    tag = make_tag("Water")
    for number in range(20):
        Tag.objects.filter(pk=tag.pk).update(name=f"Water {number}")
        read()

    gc.collect()
    alive = [each for each in gc.get_objects() if type(each) is TaxonomySnapshot]

    assert [each.names("tag", [tag.pk])[0]["name"] for each in alive] == ["Water 19"]
    assert alive == [read()]


@pytest.mark.django_db(transaction=True)
def test_each_thread_sees_the_names_of_its_own_snapshot() -> None:
    tag = make_tag("Name 0")
    stop = Event()

    def watch() -> int:
        seen = set()
        try:
            while not stop.is_set():
                with read_snapshot():
                    [shown] = current().names("tag", [tag.pk])
                    # In the same REPEATABLE READ transaction.
                    assert shown["name"] == Tag.objects.get(pk=tag.pk).name
                    seen.add(shown["name"])
        finally:
            connection.close()
        return len(seen)

    with ThreadPoolExecutor(4) as pool:
        watching = [pool.submit(watch) for _ in range(4)]
        try:
            for number in range(1, 150):
                Tag.objects.filter(pk=tag.pk).update(name=f"Name {number}")
        finally:
            stop.set()
        assert all(each.result() > 1 for each in watching)


@pytest.mark.django_db(transaction=True)
def test_an_older_snapshot_that_is_still_read_never_shows_newer_names() -> None:
    tag = make_tag("Old")

    with read_snapshot(), ThreadPoolExecutor(1) as pool:
        before = taxonomy_snapshot.current()

        def rename_and_read() -> str:
            try:
                Tag.objects.filter(pk=tag.pk).update(name="New")
                return read().names("tag", [tag.pk])[0]["name"]
            finally:
                connection.close()

        assert pool.submit(rename_and_read).result() == "New"
        assert taxonomy_snapshot.current().names("tag", [tag.pk])[0]["name"] == "Old"
        assert before.names("tag", [tag.pk])[0]["name"] == "Old"
    assert read().names("tag", [tag.pk])[0]["name"] == "New"
