from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from cms.changes.triggers import FunctionTrigger, log_changes
from rates.judging import Figures
from rates.models.currency import Currency
from rates.models.numeric import NumericField
from rates.models.source import Source


class Status(models.TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    QUARANTINED = "quarantined", _("Quarantined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def current(self) -> Self:
        """The revision of each bulletin that counts, in force or not yet."""
        return self.filter(is_current=True)

    def in_force(self, now: datetime) -> Self:
        """Those that readers may be served at ``now``: their effective date has begun."""
        return self.current().filter(in_force_at__lte=now)

    def earlier_than(self, effective_date: date) -> Self:
        """Of an earlier effective date, the nearest one first."""
        return self.filter(effective_date__lt=effective_date).order_by("-effective_date")


class Snapshot(models.Model):
    """One source's bulletin for one effective date, as it was published: append-only.

    Triggers refuse to change what was published. ``revision`` counts the bulletins of a date from
    1. ``is_current`` marks the one that counts, the latest accepted revision. It is served from
    ``in_force_at`` on: 00:00 of the effective date in the source's time zone, in UTC; ``due_at``
    is the same moment until the clock has noticed it. ``reasons`` say why it was quarantined:
    ``[{"code", "detail", "currency", …}]``. ``is_carried_forward`` marks a bulletin that repeats
    every figure of the one before, as on weekends. ``decisions`` tell who released or withdrew it.
    """

    Status = Status

    # No index of their own for source and currency: unique constraints begin with them.
    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="snapshots",
        db_index=False,
        verbose_name=_("source"),
    )
    effective_date = models.DateField(_("effective date"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    fetched_at = models.DateTimeField(_("fetched at"))
    revision = models.PositiveIntegerField(_("revision"))
    status = models.CharField(_("status"), max_length=20, choices=Status)
    is_current = models.BooleanField(default=False)
    is_carried_forward = models.BooleanField(_("is carried forward"), default=False)
    in_force_at = models.DateTimeField(_("in force at"))
    due_at = models.DateTimeField(null=True, blank=True)
    reasons = models.JSONField(_("reasons"), blank=True, default=list)
    sha256 = models.CharField(max_length=64)
    document = models.BinaryField()
    parser_version = models.PositiveIntegerField(_("parser version"))
    note = models.TextField(_("note"), blank=True, default="")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    version = models.BigIntegerField(editable=False, default=0)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-effective_date", "source", "-revision"]
        get_latest_by = ["effective_date", "revision"]
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        permissions = [("judge_snapshot", gettext_noop("Can release and withdraw snapshots"))]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "effective_date", "revision"], name="rates_snapshot_revision"
            ),
            # What readers are served: at most one a source and date. Serves their reads too.
            models.UniqueConstraint(
                fields=["source", "effective_date"],
                condition=Q(is_current=True),
                name="rates_snapshot_one_current",
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(status="accepted"),
                name="rates_snapshot_current_is_accepted",
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="rates_snapshot_from_one"),
        ]
        indexes = [
            # The clock: what comes into force next.
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="rates_snapshot_due"
            ),
            # /rates/snapshots and the admin, newest first.
            models.Index(fields=["-effective_date", "-id"], name="rates_snapshot_newest"),
        ]
        triggers = [
            *log_changes("rates", "snapshot"),
            FunctionTrigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                function="rates_keep_snapshot",
            ),
        ]

    def __str__(self) -> str:
        said = gettext("{source} {date} revision {number}")
        return said.format(source=self.source.slug, date=self.effective_date, number=self.revision)

    def figures(self) -> Figures:
        """Its quotes, as values; read in one query unless they are prefetched."""
        return Figures(
            self.effective_date,
            self.source.home_currency_id,
            {rate.currency_id: (rate.value, rate.nominal) for rate in self.rates.all()},
            is_indirect=self.source.is_indirect,
        )


class Rate(models.Model):
    """A quote as it was printed: ``value`` for ``nominal`` units, in the direction of the source's
    ``quotation``. Never changed, and deleted only together with the snapshots of a source."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="rates")
    currency = models.ForeignKey(
        Currency, on_delete=models.PROTECT, related_name="rates", db_index=False
    )
    value = NumericField()
    nominal = NumericField(default=Decimal(1))

    class Meta:
        ordering = ["snapshot", "currency"]
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        constraints = [
            # Each currency once; and all that a history reads, without looking at the table.
            models.UniqueConstraint(
                fields=["currency", "snapshot"],
                include=["value", "nominal"],
                name="rates_rate_once_a_snapshot",
            ),
            # PostgreSQL holds NaN for greater than any number.
            models.CheckConstraint(
                condition=Q(value__gt=0) & Q(value__lt=Decimal(10) ** 30),
                name="rates_rate_positive_value",
            ),
            models.CheckConstraint(
                condition=Q(nominal__gt=0) & Q(nominal__lt=Decimal(10) ** 30),
                name="rates_rate_positive_nominal",
            ),
        ]
        triggers = [
            FunctionTrigger(
                name="append_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                function="rates_keep_rate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nominal} {self.currency_id} = {self.value}"
