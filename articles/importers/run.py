"""One import of a file, from its first byte to the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from articles.importers import jsonl
from articles.importers.items import Item, ItemError, Report
from articles.importers.plan import Plan
from articles.importers.store import ArticleStore

Entries = Iterable[Item | tuple[int, ItemError]]


def import_jsonl(
    file: BinaryIO,
    *,
    now: datetime,
    skip_bad: bool = False,
    dry_run: bool = False,
    progress: Callable[[int], object] = lambda position: None,
) -> Report:
    """Import a seekable file of JSON lines, and report what was done.

    All or nothing: with an error, nothing is written, unless ``skip_bad`` leaves out the bad
    lines. ``dry_run`` does everything and undoes it. ``progress`` is told the position in
    the file; it is gone through twice, to check it and to store it.
    """
    plan = Plan()
    plan.read(_entries(file, now=now, progress=progress))
    if plan.report.errors and not skip_bad:
        return plan.report
    with transaction.atomic():
        store = ArticleStore(plan, now=now)
        store.begin()
        good = (
            entry
            for entry in _entries(file, now=now, progress=progress)
            if isinstance(entry, Item) and entry.line not in plan.bad
        )
        for _ in store.store(good):
            pass
        if dry_run or (plan.report.errors and not skip_bad):
            transaction.set_rollback(True)
    plan.report.errors.sort()
    return plan.report


def _entries(
    file: BinaryIO, *, now: datetime, progress: Callable[[int], object]
) -> Iterator[Item | tuple[int, ItemError]]:
    language = settings.NEWSROOM_LANGUAGES[0]
    file.seek(0)
    for number, line in jsonl.read_lines(file):
        try:
            yield jsonl.parse_line(number, line, language=language, now=now)
        except ItemError as error:
            yield number, error
        progress(file.tell())
