import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone
from tqdm import tqdm

from cms.commands import ExplainedCommand
from rates.ingest import Outcome, ingest
from rates.models import Snapshot, Source
from rates.sources import SOURCES
from rates.sources.bulletin import MAX_BYTES, BulletinError
from rates.sources.fetching import FetchError
from rates.visits import NOT_THERE, visit

PAUSE = timedelta(milliseconds=200)  # between two requests, for the archive's sake
TROUBLES = 3  # so many requests that fail one after the other end a range


class Command(ExplainedCommand):
    help = """Takes in a source's bulletins of exchange rates: its latest one, that of a day, those
of a range of days, or one from a file. What cannot be believed goes to quarantine, with its
reasons, and is not served until an editor releases it. The same bulletin again changes nothing; a
different one for the same date becomes a new revision. What is no bulletin at all is refused, and
the exit code is then 1.

Sources: cbt, cbu, nbk, nbkr, nbkr_weekly, nbt, open_exchange_rates.

Examples:
  manage.py ingest_rates nbk                                        the latest
  manage.py ingest_rates nbk --date 2026-04-01
  manage.py ingest_rates nbk --from 2026-01-01 --to 2026-03-31      days with a bulletin
  manage.py ingest_rates cbu --file bulletin.json                   the date inside counts
  manage.py ingest_rates cbu --file bulletin.json --date 2026-04-01 of that day, or refused
  manage.py ingest_rates nbk --dry-run                              tell what would come of it"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="the source's slug, such as nbk")
        parser.add_argument("--date", type=_day, metavar="D", help="of that day (YYYY-MM-DD)")
        parser.add_argument("--from", type=_day, metavar="D", dest="since", help="from that day on")
        parser.add_argument("--to", type=_day, metavar="D", dest="until", help="up to that day")
        parser.add_argument("--file", metavar="F", help="read it from there; - is standard input")
        parser.add_argument("--dry-run", action="store_true", help="store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        source = _source(options["source"])
        self.dry_run: bool = options["dry_run"]
        if options["since"] or options["until"]:
            self._take_range(source, _days(source, options))
            return
        try:
            if options["file"]:
                document = _content(options["file"])
                outcome: Outcome | None = self._ingest(source, document, options["date"])
            elif options["date"]:
                outcome = self._fetch(source, options["date"])
            else:
                outcome = self._take_latest(source)
        except (BulletinError, FetchError) as error:
            raise CommandError(f"{source.slug}: {error}") from None
        unchanged = f"{source.slug}: nothing has changed since the last visit."
        self.stdout.write(self._told(source, outcome) if outcome else unchanged)

    def _take_latest(self, source: Source) -> Outcome | None:
        now = timezone.now()
        has_archive = SOURCES[source.slug].has_archive
        day = source.timetable.published_by(now) if has_archive else None
        return self._fetch(source, day) if self.dry_run else visit(source, day=day, now=now)

    def _take_range(self, source: Source, days: list[date]) -> None:
        counts: Counter[str] = Counter()
        failures = 0
        with tqdm(days, unit="day", disable=None, desc=source.slug) as bar:
            for day in bar:
                answers = self._take_day(source, day, counts)
                failures = 0 if answers else failures + 1
                if failures == TROUBLES:
                    break
                time.sleep(PAUSE.total_seconds())
        self._summarize(source, counts)
        if failures == TROUBLES:
            raise CommandError(
                f"{source.slug} does not answer: stopped at {day}. Go on later with --from {day}."
            )
        if counts["refused"]:
            raise CommandError("Some bulletins were refused; the lines above say why.")

    def _take_day(self, source: Source, day: date, counts: Counter[str]) -> bool:
        """Fetch and ingest that day's bulletin, and return whether the server answered."""
        try:
            outcome = self._fetch(source, day)
        except NOT_THERE as error:
            counts["without a bulletin"] += 1
            tqdm.write(f"{source.slug} {day}: {error}", file=self.stderr, end="")
        except (BulletinError, FetchError) as error:
            counts["refused"] += 1
            tqdm.write(f"{source.slug} {day}: {error}", file=self.stderr, end="")
            return not isinstance(error, FetchError)
        else:
            counts[_result(outcome)] += 1
            if outcome.snapshot.status == Snapshot.Status.QUARANTINED:
                tqdm.write(self._told(source, outcome), file=self.stdout, end="")
        return True

    def _summarize(self, source: Source, counts: Counter[str]) -> None:
        told = ", ".join(f"{count} {what}" for what, count in counts.items())
        self.stdout.write(f"{source.slug}: {told or 'no day with a bulletin'}{self._would()}.")

    def _would(self) -> str:
        return " (a dry run: nothing is stored)" if self.dry_run else ""

    def _fetch(self, source: Source, day: date | None) -> Outcome:
        fetched = SOURCES[source.slug].fetch(day)
        if fetched is None:
            raise FetchError("The server says that nothing has changed, without being asked.")
        return self._ingest(source, fetched.document, day, is_latest=day is None)

    def _ingest(
        self, source: Source, document: bytes, day: date | None, *, is_latest: bool = False
    ) -> Outcome:
        return ingest(
            source,
            document,
            now=timezone.now(),
            requested_date=day,
            is_latest=is_latest,
            dry_run=self.dry_run,
        )

    def _told(self, source: Source, outcome: Outcome) -> str:
        snapshot = outcome.snapshot
        line = (
            f"{source.slug} {snapshot.effective_date}: {_result(outcome)}, revision"
            f" {snapshot.revision}{self._would()}."
        )
        if snapshot.status == Snapshot.Status.QUARANTINED:
            line += "".join(f"\n  {reason['detail']}" for reason in snapshot.reasons)
        return f"{line}\n  {snapshot.note}" if snapshot.note else line


def _result(outcome: Outcome) -> str:
    if outcome.was_released:
        return "released"
    if not outcome.is_new:
        return "unchanged"
    return str(outcome.snapshot.status)


def _source(slug: str) -> Source:
    source = Source.objects.filter(slug=slug).first()
    if source is None or slug not in SOURCES:
        raise CommandError(f"There is no source {slug}. Use one of: {', '.join(sorted(SOURCES))}.")
    return source


def _days(source: Source, options: dict[str, Any]) -> list[date]:
    if options["date"] or options["file"]:
        raise CommandError("Give either --from and --to, or --date, or --file.")
    if options["since"] is None:
        raise CommandError("Say with --from where to begin.")
    if not SOURCES[source.slug].has_archive:
        raise CommandError(f"{source.slug} has its latest bulletin only, and no archive.")
    since: date = options["since"]
    until: date = options["until"] or source.timetable.published_by(timezone.now())
    if since > until:
        raise CommandError(f"--from {since} is after --to {until}: swap them.")
    return source.timetable.between(since, until)


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 -- a date has no zone
    except ValueError:
        raise ArgumentTypeError(f"{text} is not a date like 2026-04-01") from None


def _content(name: str) -> bytes:
    """The file's bytes; no more of them than it takes to see that it is too long."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else error
        raise CommandError(f"{name} cannot be read: {reason}.") from None
