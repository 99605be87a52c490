"""Imports beside other writers, and imports that are killed, on tables that really commit."""

import signal
import threading
import time
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from articles.importers.items import Report
from articles.importers.run import ConflictError, import_jsonl
from articles.importers.store import CHUNK
from articles.models import Article, PublishedArticle, Tag
from articles.publishing import publish, unpublish
from cms.changes.chores import Chores
from cms.changes.models import Change, LogHead
from tests.articles.importing import NOW, as_file, everything, make_line, run_import
from tests.factories import make_draft, make_published, make_region, make_tag
from tests.processes import start_command
from tests.threads import Thread

pytestmark = pytest.mark.django_db(transaction=True)


def assert_log_is_whole() -> None:
    numbers = list(Change.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert LogHead.objects.get().number == len(numbers)


def test_it_works_while_others_publish() -> None:
    region, tag = make_region("Kazakhstan"), make_tag("Water")
    lines = [
        make_line(str(number), title="Water", regions=["Kazakhstan"], tags=["Water", "New"])
        for number in range(500)
    ]
    run_import(*lines[:100])
    mine = [make_published(regions=[region], tags=[tag]).article for _ in range(4)]
    ended = threading.Event()

    def edit(article: Article) -> int:
        turns = 0
        while not ended.is_set() or turns == 0:
            article.refresh_from_db()
            article.slug = f"{article.pk}-{turns % 3}"
            article.save()
            publish(article)
            if turns % 2:
                unpublish(article)
            make_draft(f"Draft {article.pk} {turns}", tags=[tag])
            turns += 1
        return turns

    editors = [Thread(lambda article=article: edit(article)) for article in mine]  # type: ignore[misc]
    changed = [{**line, "kicker": "New"} for line in lines]
    try:
        report = Thread(lambda: run_import(*changed)).finish()
    finally:
        ended.set()
    turns = [editor.finish() for editor in editors]

    assert (report.created, report.updated, report.errors) == (400, 100, [])
    assert min(turns) >= 1
    assert PublishedArticle.objects.filter(kicker="New").count() == 500
    assert_log_is_whole()


def test_two_imports_of_one_file_go_one_after_the_other() -> None:
    lines = [make_line(str(number), tags=[f"Tag {number}"]) for number in range(5)]
    is_waiting = threading.Event()
    second: list[Thread] = []

    def run_second() -> Report:
        return run_import(*lines, waiting=is_waiting.set)

    def start_second(position: int) -> None:
        steps.append(position)
        if len(steps) == len(lines) + 1:  # the second pass has begun
            second.append(Thread(run_second))
            assert is_waiting.wait(30)

    steps: list[int] = []
    first = run_import(*lines, progress=start_second)
    report = second[0].finish()

    assert (first.created, first.unchanged) == (5, 0)
    assert (report.created, report.unchanged, report.errors) == (0, 5, [])
    assert Article.objects.count() == Tag.objects.count() == 5
    assert_log_is_whole()


def test_who_takes_a_name_meanwhile_makes_it_start_again() -> None:
    """The import has read the tags when somebody else makes one that it is going to make."""
    before = everything()
    lines = [make_line(str(number), tags=["Water"]) for number in range(2)]
    steps: list[int] = []

    def take(position: int) -> None:
        steps.append(position)
        if len(steps) == len(lines) + 1:
            Thread(lambda: make_tag("Water")).finish()

    with pytest.raises(ConflictError, match="Run it again"):
        import_jsonl(as_file(*lines), now=NOW, progress=take)

    assert everything()["articles_article"] == before["articles_article"] == []
    assert run_import(*lines).created == 2


def test_what_is_renamed_meanwhile_is_found_by_its_new_name(client: Client) -> None:
    """The worker looks for articles by a former name while the import's cannot be seen yet."""
    make_tag("Hydrology")
    lines = [make_line(str(number), tags=["Hydrology"]) for number in range(CHUNK + 1)]
    worker = Chores()
    worker.perform(lambda: False)
    steps: list[int] = []

    def rename() -> None:
        Tag.objects.update(name="Waterworks")
        worker.perform(lambda: False)

    def rename_when_half_is_stored(position: int) -> None:
        steps.append(position)
        if len(steps) == 2 * len(lines):
            Thread(rename).finish()

    run_import(*lines, progress=rename_when_half_is_stored)

    for word, count in (("hydrology", 0), ("waterworks", len(lines))):
        assert client.get("/api/v1/articles", {"q": word}).json()["count"] == count


def last_public_id() -> int:
    with connection.cursor() as cursor:
        # A sequence is outside transactions: it tells how far another process has come.
        cursor.execute("SELECT last_value FROM articles_public_id_seq WHERE is_called")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def test_an_import_that_is_killed_leaves_nothing(tmp_path: Path) -> None:
    run_import(make_line("0", tags=["Water"]))
    before = everything()
    start = last_public_id()
    lines = [make_line(str(number), tags=["Water", "New"]) for number in range(2000)]
    (tmp_path / "file").write_bytes(as_file(*lines).getvalue())

    process = start_command("import_articles", str(tmp_path / "file"))
    deadline = time.monotonic() + 60
    while last_public_id() == start and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert process.returncode == -signal.SIGKILL
    assert last_public_id() > start, "it was killed before it wrote anything"
    assert everything() == before
    report = run_import(*lines)  # waits for the server to see that the other is gone
    assert (report.created, report.unchanged) == (1999, 0) or report.updated == 1
    assert_log_is_whole()
