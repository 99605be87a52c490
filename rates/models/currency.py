from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cms.changes.triggers import log_changes


class CurrencyQuerySet(models.QuerySet["Currency"]):
    def ticker(self) -> Self:
        """The currencies of the ticker, in the editors' order."""
        return self.filter(is_on_ticker=True).order_by("order", "code")


class Currency(models.Model):
    """A currency of ISO 4217.

    ``names`` holds its name by BCP 47 tag: "en", "ru", and the language of its country.
    ``ticker_source`` is whom the ticker prefers for this currency in the ticker's quote (USD).
    """

    code = models.CharField(_("code"), primary_key=True, max_length=3)
    numeric_code = models.CharField(_("numeric code"), max_length=3)
    minor_units = models.PositiveSmallIntegerField(_("minor units"), null=True, blank=True)
    names = models.JSONField(_("names"), default=dict)
    is_on_ticker = models.BooleanField(_("on the ticker"), default=False)
    order = models.PositiveIntegerField(_("order"), default=0)
    ticker_source = models.ForeignKey(
        "rates.Source",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ticker source"),
    )
    version = models.BigIntegerField(editable=False, default=0)

    objects = CurrencyQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("currency")
        verbose_name_plural = _("currencies")
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z]{3}$"), name="rates_currency_code"
            ),
            models.CheckConstraint(
                condition=Q(numeric_code__regex=r"^[0-9]{3}$"), name="rates_currency_numeric_code"
            ),
        ]
        triggers = log_changes("rates", "currency")

    def __str__(self) -> str:
        return self.code
