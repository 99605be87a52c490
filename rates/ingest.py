"""From a bulletin's bytes to a snapshot: read, judged, stored; once, whoever else does the same."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import models, transaction

from rates import standing
from rates.judging import Figures, Reason, judge
from rates.models import Currency, Decision, Rate, Snapshot, Source
from rates.sources import SOURCES
from rates.sources.bulletin import Bulletin, BulletinError, OtherDateError, Quote
from rates.timetable import Timetable


@dataclass(frozen=True)
class Outcome:
    """``snapshot`` holds the bulletin; ``is_new`` unless it was there already. ``was_released``
    when it had been in quarantine and, judged again, no longer is."""

    snapshot: Snapshot
    is_new: bool
    was_released: bool = False


@dataclass(frozen=True)
class Provenance:
    """Where a bulletin is from: its bytes, what read them, and a note for the desk."""

    document: bytes
    parser_version: int
    note: str = ""
    entered_by_id: int | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.document).hexdigest()


def ingest(
    source: Source,
    document: bytes,
    *,
    now: datetime,
    requested_date: date | None = None,
    is_latest: bool = False,
    dry_run: bool = False,
) -> Outcome:
    """Read, judge and store a bulletin's document; return what came of it.

    ``requested_date`` is the day it was asked for: a bulletin of another date is refused, unless
    it says itself that it holds on that day, or that day has none of its own by the source's
    timetable. Without it the date inside counts; where the latest one was asked for (``is_latest``)
    a bulletin older than what is stored is refused. BulletinError when it cannot be believed to be
    a bulletin; nothing is stored then, nor in a dry run.
    """
    bulletin = read(source, document, requested_date=requested_date)
    if is_latest:
        _refuse_older(source, bulletin)
    provenance = Provenance(document, SOURCES[source.slug].PARSER_VERSION)
    with transaction.atomic():
        outcome = store(source, bulletin, provenance, now=now)
        if dry_run:
            transaction.set_rollback(True)
    return outcome


def read(source: Source, document: bytes, *, requested_date: date | None) -> Bulletin:
    """The bulletin in a document of the source; BulletinError as ``ingest`` says."""
    if source.slug not in SOURCES:
        raise BulletinError(f"Dastan cannot read bulletins of {source.slug}: enter them by hand.")
    parse = SOURCES[source.slug].parse
    try:
        return parse(document, requested_date=requested_date)
    except OtherDateError as error:
        bulletin = parse(document, requested_date=None)
        if not holds_on(error.requested_date, bulletin, source.timetable):
            raise
        return bulletin


def holds_on(day: date, bulletin: Bulletin, timetable: Timetable) -> bool:
    """Whether a bulletin of another date is the one in force on ``day``."""
    first = bulletin.effective_date
    if first <= day < first + timedelta(days=bulletin.valid_days):
        return True
    return not timetable.has_bulletin(day) and first == timetable.before(day)


def _refuse_older(source: Source, bulletin: Bulletin) -> None:
    newest = source.snapshots.current().order_by("-effective_date").first()
    if newest is not None and bulletin.effective_date < newest.effective_date:
        raise BulletinError(
            f"Asked for its latest bulletin, the source sent that of {bulletin.effective_date},"
            f" and has sent that of {newest.effective_date} before."
        )


def store(source: Source, bulletin: Bulletin, provenance: Provenance, *, now: datetime) -> Outcome:
    """Judge and store a bulletin, in the caller's transaction.

    The same one as the latest revision of its date (the same bytes, or the same quotes) changes
    nothing, except that one in quarantine is judged again. A different one is a new revision.
    """
    source = standing.lock(source)
    quotes, note = _known(source, bulletin)
    figures = _figures(source, bulletin.effective_date, quotes)
    reasons = judged(source, figures, now=now)
    revisions = source.snapshots.filter(effective_date=bulletin.effective_date)
    latest = revisions.order_by("-revision").first()
    if latest is not None and _is_same(latest, figures, provenance):
        return _seen_again(latest, reasons, now=now)
    snapshot = Snapshot.objects.create(
        source=source,
        effective_date=bulletin.effective_date,
        published_at=bulletin.published_at,
        fetched_at=now,
        revision=latest.revision + 1 if latest else 1,
        status=Snapshot.Status.QUARANTINED if reasons else Snapshot.Status.ACCEPTED,
        in_force_at=datetime.combine(bulletin.effective_date, time(), source.zone).astimezone(UTC),
        reasons=[each.as_json() for each in reasons],
        sha256=provenance.sha256,
        document=provenance.document,
        parser_version=provenance.parser_version,
        note=" ".join(part for part in (provenance.note, note) if part),
        entered_by_id=provenance.entered_by_id,
    )
    Rate.objects.bulk_create(
        Rate(snapshot=snapshot, currency_id=each.currency, value=each.value, nominal=each.nominal)
        for each in quotes
    )
    if not reasons:
        standing.settle(source, snapshot.effective_date, now=now)
        snapshot.refresh_from_db()
    return Outcome(snapshot, is_new=True)


def judged(source: Source, figures: Figures, *, now: datetime) -> list[Reason]:
    """What speaks against a bulletin of the source, given what is stored."""
    earlier = standing.before(source, figures.effective_date)
    before = earlier.figures() if earlier else None
    today, bands = source.today(now), source.bands
    reasons = judge(figures, today=today, bands=bands, before=before)
    if not any(reason.code == "band" for reason in reasons):
        return reasons
    # Others are asked only when it matters.
    witnesses = [each.figures() for each in _witnesses(source, figures.effective_date)]
    return judge(figures, today=today, bands=bands, before=before, witnesses=witnesses)


def _witnesses(source: Source, day: date) -> Iterable[Snapshot]:
    """What other publishers said around that day. Two sources of one bank are one witness."""
    around = (day - timedelta(days=3), day + timedelta(days=3))
    same_bank = models.Q(source__home_currency=source.home_currency_id, source__is_market=False)
    return (
        Snapshot.objects.current()
        .filter(effective_date__range=around)
        .exclude(source=source)
        .exclude(same_bank)
        .select_related("source")
        .prefetch_related("rates")
    )


def _known(source: Source, bulletin: Bulletin) -> tuple[list[Quote], str]:
    """The quotes of currencies that there are, and a note on those that were left out."""
    codes = set(Currency.objects.values_list("code", flat=True))
    known = [each for each in bulletin.quotes if each.currency in codes]
    unknown = sorted(each.currency for each in bulletin.quotes if each.currency not in codes)
    if not known:
        raise BulletinError(f"The bulletin quotes no currency of ISO 4217, but {unknown[0]}.")
    note = f"Left out, being no currency that Dastan knows: {', '.join(unknown)}."
    return known, note if unknown else ""


def _figures(source: Source, effective_date: date, quotes: Iterable[Quote]) -> Figures:
    printed = {each.currency: (each.value, each.nominal) for each in quotes}
    return Figures(effective_date, source.home_currency_id, printed, is_indirect=source.is_indirect)


def _is_same(latest: Snapshot, figures: Figures, provenance: Provenance) -> bool:
    if latest.sha256 == provenance.sha256:
        return True
    # What somebody typed is replaced by the bank's own document, also if it says the same.
    if latest.entered_by_id is not None and provenance.entered_by_id is None:
        return False
    return standing.are_same_quotes(latest.figures().quotes, figures.quotes)


def _seen_again(latest: Snapshot, reasons: list[Reason], *, now: datetime) -> Outcome:
    if latest.status != Snapshot.Status.QUARANTINED or reasons:
        return Outcome(latest, is_new=False)
    latest.status = Snapshot.Status.ACCEPTED
    latest.save(update_fields=["status"])
    latest.decisions.create(
        action=Decision.Action.RELEASED,
        by=None,
        at=now,
        comment="Seen and judged again, and nothing speaks against it any more.",
    )
    standing.settle(latest.source, latest.effective_date, now=now)
    latest.refresh_from_db()
    return Outcome(latest, is_new=False, was_released=True)
