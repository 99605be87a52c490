from django.conf import settings
from django.db import models

from rates.models.snapshot import Snapshot


class Action(models.TextChoices):
    RELEASED = "released", "Released"
    WITHDRAWN = "withdrawn", "Withdrawn"


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

    def __str__(self) -> str:
        return f"{self.snapshot}: {self.action}"
