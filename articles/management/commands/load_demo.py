import io
from argparse import ArgumentParser
from typing import Any

import orjson
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from articles import demo
from articles.importers.items import Report
from articles.importers.progress import FilePasses
from articles.importers.run import ConflictError, import_jsonl
from articles.models import Author, Region, Tag
from cms.commands import ExplainedCommand


class Command(ExplainedCommand):
    help = """Loads the demo newsroom: regions, authors, tags, and articles of which 181 are
published under “kazakhstan”. Twice changes nothing, and what you changed meanwhile stays.

Examples:
  manage.py load_demo
  manage.py load_demo --dry-run    tell what would be done"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            load_taxonomy()
            report = self._import_articles()
            if options["dry_run"]:
                transaction.set_rollback(True)
        done = " would be" if options["dry_run"] else ""
        updated = f" {report.updated}{done} updated," if report.updated else ""
        self.stdout.write(
            f"Demo newsroom: {report.created} articles{done} created,{updated}"
            f" {report.unchanged} were there."
        )

    def _import_articles(self) -> Report:
        file = io.BytesIO(b"\n".join(orjson.dumps(line) for line in demo.lines()))
        size = 2 * len(file.getvalue())
        with tqdm(total=size, disable=None, desc="Demo newsroom", unit="B", unit_scale=True) as bar:
            passes = FilePasses(bar, size // 2)
            try:
                report = import_jsonl(file, now=timezone.now(), progress=passes.at)
            except ConflictError as error:
                raise CommandError(str(error)) from None
        if report.errors:
            _, reason = report.errors[0]
            raise CommandError(
                f"The demo cannot be loaded into this newsroom, so nothing of it was: {reason}"
            )
        return report


def load_taxonomy() -> None:
    """Make the demo's regions, tags and authors where they are missing."""
    for entry in demo.REGIONS:
        parent = entry["parent"]
        defaults = {
            **{key: entry[key] for key in ("name", "names", "order", "description")},
            "code": entry["code"] or "",
            "parent": Region.objects.get(slug=parent) if parent else None,
        }
        Region.objects.get_or_create(slug=entry["slug"], defaults=defaults)
    for entry in demo.TAGS:
        Tag.objects.get_or_create(
            slug=entry["slug"], defaults={"name": entry["name"], "names": entry["names"]}
        )
    for entry in demo.AUTHORS:
        defaults = {key: entry[key] for key in ("name", "names", "role", "bio")}
        Author.objects.get_or_create(slug=entry["slug"], defaults=defaults)
