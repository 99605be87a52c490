from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from rates.models.snapshot import Snapshot


class Action(models.TextChoices):
    RELEASED = "released", _("Released")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Decision(models.Model):
    """That a snapshot was released or withdrawn, by whom and why; ``by`` is null where Dastan
    looked again and another source now agreed."""

    Action = Action

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="decisions")
    action = models.CharField(max_length=20, choices=Action)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    comment = models.TextField()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.snapshot}: {self.action}"
