import io
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urljoin

import orjson
from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction
from django.templatetags.static import static
from django.utils import timezone
from tqdm import tqdm

from articles import demo
from articles.importers.progress import FilePasses
from articles.importers.run import ConflictError, import_jsonl
from articles.models import Article, Author, Collection, Kind, Region, Slot, Tag
from cms.commands import ExplainedCommand


class Command(ExplainedCommand):
    help = """Loads the demo newsroom: regions, authors, tags, and articles of which 181 are
published under “kazakhstan”, and a front page. What is there already stays as it is, so that
twice changes nothing. The pictures' addresses begin with PUBLIC_URL or, without it, with
http://HOST:PORT.

Examples:
  manage.py load_demo
  manage.py load_demo --dry-run    tell what would be done"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            load_taxonomy()
            created, there = self._load_articles()
            load_front_page()
            if options["dry_run"]:
                transaction.set_rollback(True)
        done = " would be" if options["dry_run"] else ""
        self.stdout.write(f"Demo newsroom: {created} articles{done} created, {there} were there.")

    def _load_articles(self) -> tuple[int, int]:
        """Import the articles that are missing; return how many those are, and how many were there.

        Those that are there aren't imported again: with another PORT the addresses of their
        pictures would differ, and the import would put them in the place of what the desk wrote.
        """
        lines = list(demo.lines(pictures_at=pictures_at()))
        external_ids = [line["external_id"] for line in lines]
        there = set(
            Article.objects.filter(external_id__in=external_ids).values_list(
                "external_id", flat=True
            )
        )
        file = io.BytesIO(
            b"\n".join(orjson.dumps(line) for line in lines if line["external_id"] not in there)
        )
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
        return report.created, len(there)


def pictures_at() -> str:
    """Return the absolute URL under which readers of this server get the demo's pictures."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104 -- no browser goes to “any address”
    host = f"[{host}]" if ":" in host else host
    return urljoin(settings.PUBLIC_URL or f"http://{host}:{settings.PORT}", static("demo"))


def load_front_page() -> None:
    """Make the demo's front page where it is missing."""
    page, is_new = Collection.objects.get_or_create(
        slug="front", defaults={"title": "Front page", "language": "en", "is_public": True}
    )
    if is_new:
        newest = Slot.Rule.NEWEST
        slots = [
            Slot(rule=Slot.Rule.BREAKING_FIRST, number=3),
            Slot(rule=newest, region=Region.objects.get(slug="kazakhstan"), number=4),
            Slot(rule=newest, tag=Tag.objects.get(slug="water"), number=3),
            Slot(rule=newest, kind=Kind.OPINION),
        ]
        for position, slot in enumerate(slots):
            slot.collection, slot.position = page, position
        Slot.objects.bulk_create(slots)


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
