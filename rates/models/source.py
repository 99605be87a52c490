from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Self
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.changes.triggers import log_changes
from rates.judging import Bands, Peg
from rates.models.numeric import NumericField
from rates.timetable import Timetable

PEGS_HELP = _(
    'Write {"TMT": {"per": "USD", "rate": "3.5", "since": "2015-01-01"}}: how many units of the'
    " currency are worth one of the other, as a text, and since when."
)


class Quotation(models.TextChoices):
    """Which way a source quotes: the terms of the foreign exchange market."""

    DIRECT = "direct", _("home currency per nominal units of the currency")
    INDIRECT = "indirect", _("units of the currency per nominal units of the home currency")


class SourceQuerySet(models.QuerySet["Source"]):
    def enabled(self) -> Self:
        """Those whose bulletins are fetched."""
        return self.filter(is_enabled=True)


class Source(models.Model):
    """Who publishes rates, when, and how far to trust them.

    A bulletin is published on each of ``weekdays`` (ISO: Monday is 1) at ``publishes_at``, local
    time of ``time_zone``, and takes effect ``days_ahead`` days later. When ``grace`` has passed
    since and it is not there, the source is stale. ``band_percent`` is how far a currency may move
    between bulletins, ``peg_band_percent`` how far from its ``pegs``:
    ``{"TMT": {"per": "USD", "rate": "3.5", "since": "2015-01-01"}}``.

    ``next_expected_at``, ``stale_from`` (UTC; null while nothing was ever accepted), ``is_stale``
    and ``due_at`` follow from the timetable and the latest accepted bulletin; ``next_attempt_at``
    and ``next_recheck_at`` are when the worker fetches. rates/standing.py and rates/fetching.py
    write them; after a change of the timetable, ``standing.reckon`` brings them in line.
    """

    slug = models.SlugField(_("slug"), max_length=40, unique=True)
    name = models.TextField(pgettext_lazy("of a source", "name"))
    home_currency = models.ForeignKey(
        "rates.Currency",
        on_delete=models.PROTECT,
        related_name="home_sources",
        verbose_name=_("home currency"),
    )
    quotation = models.CharField(
        _("quotation"), max_length=10, choices=Quotation, default=Quotation.DIRECT
    )
    is_market = models.BooleanField(_("market feed"), default=False)
    url = models.URLField(_("public page"), blank=True, default="")
    attribution = models.TextField(_("attribution"), blank=True, default="")
    redistributable = models.BooleanField(_("redistributable"), default=True)
    is_enabled = models.BooleanField(_("fetched"), default=True)

    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)]),
        verbose_name=_("weekdays"),
        help_text=_("When it publishes; Monday is 1, Sunday 7."),
    )
    publishes_at = models.TimeField(_("publishes at"), help_text=_("Local time of the time zone."))
    days_ahead = models.PositiveSmallIntegerField(
        _("days ahead"), default=0, validators=[MaxValueValidator(7)]
    )
    grace = models.DurationField(_("grace"), default=timedelta(hours=6))

    band_percent = NumericField(
        _("band percent"), default=Decimal(10), validators=[MinValueValidator(0)]
    )
    pegs = models.JSONField(_("pegs"), blank=True, default=dict, help_text=PEGS_HELP)
    peg_band_percent = NumericField(
        _("peg band percent"), default=Decimal("0.5"), validators=[MinValueValidator(0)]
    )

    last_attempt_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_success_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, default="", editable=False)
    etag = models.TextField(blank=True, default="", editable=False)
    last_modified = models.TextField(blank=True, default="", editable=False)
    next_expected_at = models.DateTimeField(null=True, editable=False)
    stale_from = models.DateTimeField(null=True, editable=False)
    is_stale = models.BooleanField(default=False, editable=False)
    due_at = models.DateTimeField(null=True, editable=False)
    next_attempt_at = models.DateTimeField(null=True, editable=False)
    next_recheck_at = models.DateTimeField(null=True, editable=False)
    version = models.BigIntegerField(editable=False, default=0)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        indexes = [
            # The clock: which source turns stale next.
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="rates_source_due"
            ),
        ]
        triggers = log_changes("rates", "source")

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of its dates and of its timetable."""
        return ZoneInfo(self.time_zone)

    @property
    def is_indirect(self) -> bool:
        """Whether it prints units of the currency for the home currency."""
        return self.quotation == Quotation.INDIRECT

    @property
    def bands(self) -> Bands:
        """How far its figures may stray."""
        pegs = [
            Peg(code, peg["per"], Decimal(peg["rate"]), date.fromisoformat(peg["since"]))
            for code, peg in self.pegs.items()
        ]
        return Bands(self.band_percent, pegs, self.peg_band_percent)

    @property
    def timetable(self) -> Timetable:
        """When its bulletins are due."""
        return Timetable(
            self.zone,
            frozenset(self.weekdays),
            self.publishes_at,
            self.days_ahead,
            self.grace,
        )

    def today(self, now: datetime) -> date:
        """The date at ``now`` in its time zone."""
        return now.astimezone(self.zone).date()

    def reckon(self, latest: date | None, *, now: datetime) -> None:
        """Set, without saving, what follows from the timetable when ``latest`` is the newest
        effective date that was accepted. A source that never had one is not stale: it has nothing
        to be old."""
        if latest is None:
            self.next_expected_at = self.stale_from = self.due_at = None
            self.is_stale = False
            return
        self.next_expected_at = self.timetable.next_expected_at(latest)
        self.stale_from = self.timetable.stale_from(latest)
        self.is_stale = self.stale_from <= now
        self.due_at = None if self.is_stale else self.stale_from

    def clean(self) -> None:
        if self.time_zone not in available_timezones():
            raise ValidationError({"time_zone": _("Use a name such as Asia/Almaty.")})
        if not self.weekdays:
            raise ValidationError({"weekdays": _("Name at least one weekday, such as 1,2,3,4,5.")})
        try:
            positive = all(peg.rate > 0 and peg.rate.is_finite() for peg in self.bands.pegs)
        except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
            positive = False
        if not positive:
            raise ValidationError({"pegs": PEGS_HELP})
