"""One import of a WordPress export, from its first byte to the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from django.conf import settings
from django.utils.timezone import get_default_timezone

from articles.importers.items import ItemError, Report
from articles.importers.run import Entry, import_items
from articles.importers.wordpress.conversion import Conversion
from articles.importers.wordpress.export import Post
from articles.importers.wordpress.media import Library
from articles.importers.wordpress.reading import read_export
from articles.importers.wordpress.slugs import slugs_of_posts, wanted_slug
from articles.importers.wordpress.survey import Survey, is_imported, survey
from articles.importers.wordpress.vocabulary import Vocabulary
from articles.models import Region, Slug
from cms import languages

PASSES = 3
"""How often the file is gone through: to see what there is, to check it, and to store it."""


@dataclass(slots=True)
class Outcome:
    """What an import did, and the files of the export, which it did not fetch."""

    report: Report = field(default_factory=Report)
    library: Library = field(default_factory=Library)


def import_wordpress(
    file: BinaryIO,
    *,
    now: datetime,
    region_categories: Iterable[str] = (),
    language: str = "",
    skip_bad: bool = False,
    dry_run: bool = False,
    progress: Callable[[int], object] = lambda position: None,
    waiting: Callable[[], object] = lambda: None,
) -> Outcome:
    """Import the posts of a seekable file as ``import_items`` does, and report what was done.

    Categories become regions when their slug is that of a region of the newsroom, or one of
    ``region_categories``. ``language`` is that of all posts; where it is empty, that of the site if
    the newsroom has it, else the newsroom's first. ``progress`` is told the position in the file,
    which is gone through three times. Raises ExportError when the file cannot be read, and
    ConflictError; then nothing was imported.
    """
    found = survey(read_export(file, progress=progress))
    known = set(Region.objects.values_list("slug", flat=True))
    vocabulary = Vocabulary(found, region_slugs=known, named=region_categories)
    conversion = Conversion(
        site=found.site_name,
        library=found.library,
        vocabulary=vocabulary,
        slugs=_slugs(found),
        language=language or _language_of(found),
        now=now,
        zone=get_default_timezone(),
    )

    def read() -> Iterator[Entry]:
        yield from vocabulary.items()
        for record in read_export(file, progress=progress):
            if isinstance(record, Post) and is_imported(record):
                try:
                    yield conversion.item(record)
                except ItemError as error:
                    yield record.line, error

    report = import_items(read, now=now, skip_bad=skip_bad, dry_run=dry_run, waiting=waiting)
    report.warnings = sorted([*report.warnings, *vocabulary.warnings])
    report.found = {"posts": len(found.slugs), **vocabulary.counts()}
    report.left_out = {what: number for what, number in found.left_out.items() if number}
    return Outcome(report, found.library)


def _slugs(found: Survey) -> dict[str, str]:
    """The posts' slugs. One that an article from elsewhere holds is not free."""
    prefix = f"wordpress:{found.site_name}:"
    wanted = {wanted_slug(each.text) for each in found.slugs}
    rows = Slug.objects.filter(text__in=wanted).values_list("text", "article__external_id")
    holders = dict(rows.iterator())

    def is_free(slug: str, post_id: str) -> bool:
        if slug not in wanted:
            rows = Slug.objects.filter(text=slug).values_list("article__external_id", flat=True)
            return all(holder == f"{prefix}{post_id}" for holder in rows)
        return slug not in holders or holders[slug] == f"{prefix}{post_id}"

    return slugs_of_posts(found.slugs, is_free=is_free)


def _language_of(found: Survey) -> str:
    ours: list[str] = settings.NEWSROOM_LANGUAGES
    written = found.site.language.replace("_", "-").lower()
    for each in ours:
        if written == each.lower() or written.partition("-")[0] == each.lower().partition("-")[0]:
            return languages.canonical(each)
    return languages.canonical(ours[0])
