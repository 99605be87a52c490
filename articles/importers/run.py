"""One import of a file, from its first byte to the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from articles.importers import jsonl
from articles.importers.items import (
    CollectionItem,
    Item,
    ItemError,
    RedirectItem,
    Report,
    TaxonomyItem,
)
from articles.importers.plan import Plan
from articles.importers.store import ArticleStore
from articles.models.search import refresh_renamed
from cms.changes.heads import read_head

Entry = Item | TaxonomyItem | CollectionItem | RedirectItem | tuple[int, ItemError]

# Imports go one after another: two of one file would each make what the other is making.
_IMPORT_LOCK = 7_301_847


class ConflictError(Exception):
    """Somebody else wrote what the import was writing; nothing was imported."""


def import_jsonl(
    file: BinaryIO,
    *,
    now: datetime,
    skip_bad: bool = False,
    dry_run: bool = False,
    progress: Callable[[int], object] = lambda position: None,
    waiting: Callable[[], object] = lambda: None,
) -> Report:
    """Import a seekable file of JSON lines as ``import_items`` does, and report what was done.

    ``progress`` is told the position in the file, which is gone through twice.
    """
    return import_items(
        lambda: _entries(file, now=now, progress=progress),
        now=now,
        skip_bad=skip_bad,
        dry_run=dry_run,
        waiting=waiting,
    )


def import_items(
    read: Callable[[], Iterable[Entry]],
    *,
    now: datetime,
    skip_bad: bool = False,
    dry_run: bool = False,
    waiting: Callable[[], object] = lambda: None,
) -> Report:
    """Import what ``read`` gives, and report what was done.

    ``read`` is called twice, to check the items and to store them, and gives the same both times;
    a bad item is its line and an error. All or nothing: with an error, nothing is written, unless
    ``skip_bad`` leaves out the bad items. ``dry_run`` does everything and undoes it. ``waiting``
    is called when another import has to end first. Raises ConflictError; then nothing was
    imported.
    """
    plan = Plan()
    plan.read(read())
    names_known_at = read_head().taxonomy
    try:
        with transaction.atomic():
            _wait_for_other_imports(waiting)
            plan.settle(now=now)
            if skip_bad or not plan.bad:
                _store(plan, read(), now=now)
            if dry_run or (plan.bad and not skip_bad):
                transaction.set_rollback(True)
    except (IntegrityError, ValidationError) as error:
        raise ConflictError(
            "Somebody else changed the same articles, slugs or names meanwhile, so nothing was"
            f" imported. Run it again. ({' '.join(str(error).split())})"
        ) from error
    if read_head().taxonomy != names_known_at:  # a name changed while what carries it was unseen
        refresh_renamed(since=names_known_at)
    plan.report.errors.sort()
    plan.report.warnings.sort()
    return plan.report


def _store(plan: Plan, items: Iterable[Entry], *, now: datetime) -> None:
    plan.report.count(plan.taxonomy.store(now=now))
    ArticleStore(plan, now=now).store(
        item for item in items if isinstance(item, Item) and plan.is_to_be_stored(item)
    )
    plan.report.count(plan.collections.store(plan.refuse))
    plan.report.count(plan.redirects.store())  # last: nobody else writes redirects from here on


def _wait_for_other_imports(waiting: Callable[[], object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_IMPORT_LOCK])
        if cursor.fetchone() != (True,):
            waiting()
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])


def _entries(
    file: BinaryIO, *, now: datetime, progress: Callable[[int], object]
) -> Iterator[Entry]:
    language = settings.NEWSROOM_LANGUAGES[0]
    file.seek(0)
    for number, line in jsonl.read_lines(file):
        try:
            yield jsonl.parse_line(number, line, language=language, now=now)
        except ItemError as error:
            yield number, error
        progress(file.tell())
