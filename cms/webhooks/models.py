from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.webhooks import signing
from cms.webhooks.subjects import RESTARTED, Told


def message_id() -> str:
    """An id that no other message has; it stays over retries."""
    return f"msg_{uuid.uuid4().hex}"


# Django would read every message to delete it; and one that comes meanwhile would be in the way.
_REMOVE = (
    """
    DELETE FROM webhooks_attempt WHERE delivery_id IN (
        SELECT id FROM webhooks_delivery WHERE endpoint_id = ANY(%(keys)s))
    """,
    "DELETE FROM webhooks_delivery WHERE endpoint_id = ANY(%(keys)s)",
    "DELETE FROM webhooks_endpoint WHERE id = ANY(%(keys)s)",
)


class EndpointManager(models.Manager["Endpoint"]):
    def remove(self, keys: Iterable[int]) -> None:
        """Delete these endpoints with all their messages, however many; none comes meanwhile."""
        with transaction.atomic():
            rows = self.filter(pk__in=keys).order_by("pk").select_for_update()
            found = list(rows.values_list("pk", flat=True))
            with connection.cursor() as cursor:
                for statement in _REMOVE:
                    cursor.execute(statement, {"keys": found})


class Endpoint(models.Model):
    """A subscriber: where it is told, and of what.

    Empty filters let everything through. ``secret`` signs, and until ``old_secret_until`` (UTC) so
    does ``old_secret``. ``failing_since`` is the first failure after the last success;
    ``quiet_until`` is what its Retry-After asked for. What switched it off by itself says
    ``switched_off``.
    """

    name = models.CharField(pgettext_lazy("of a webhook", "name"), max_length=100, unique=True)
    url = models.CharField(_("address"), max_length=2000)
    is_enabled = models.BooleanField(_("switched on"), default=True)
    events = ArrayField(models.CharField(max_length=50), verbose_name=_("events"), default=list)
    region_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    tag_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=35), default=list, blank=True)
    secret = models.CharField(max_length=100, default=signing.make_secret, editable=False)
    old_secret = models.CharField(max_length=100, blank=True, default="", editable=False)
    old_secret_until = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    quiet_until = models.DateTimeField(null=True, editable=False)
    switched_off = models.TextField(blank=True, default="", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EndpointManager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.name

    def wants(self, told: Told) -> bool:
        """Whether it is told of this."""
        if told.event == RESTARTED:
            return True
        if told.event not in self.events:
            return False
        if not told.is_filtered:
            return True
        pairs: list[tuple[list[int] | list[str], frozenset[int] | frozenset[str]]] = [
            (self.region_ids, told.region_ids),
            (self.tag_ids, told.tag_ids),
            ([each.lower() for each in self.languages], told.languages),
        ]
        return all(not wanted or set(wanted) & there for wanted, there in pairs)

    def secrets(self, now: datetime) -> list[str]:
        """Those that sign now, the newest first."""
        is_old_valid = self.old_secret_until is not None and self.old_secret_until > now
        return [self.secret, self.old_secret] if is_old_valid else [self.secret]


class Delivery(models.Model):
    """One message to one subscriber. ``payload`` is the JSON that is sent, to the byte, at each
    try. ``subject`` names the thing; of one subject only the oldest pending one is sent.

    While ``leased_until`` (UTC) lies ahead a worker is at it. ``tries`` and ``begun_at`` count
    from the last time that it was begun, by a change or by hand.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        DELIVERED = "delivered", _("Delivered")
        DEAD = "dead", _("Dead letter")

    endpoint = models.ForeignKey(
        Endpoint, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    message_id = models.CharField(_("message id"), max_length=40, default=message_id, unique=True)
    event = models.CharField(_("event"), max_length=50)
    subject = models.CharField(_("subject"), max_length=60)
    version = models.BigIntegerField(_("version"), null=True)
    change_number = models.BigIntegerField(null=True)
    payload = models.TextField(_("payload"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    created_at = models.DateTimeField(_("created at"))
    begun_at = models.DateTimeField()
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(_("tries"), default=0)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            # What is due of an endpoint; whether an older one of the subject is pending.
            models.Index(
                fields=["endpoint", "next_at"],
                condition=Q(state="pending"),
                name="webhooks_delivery_due",
            ),
            models.Index(
                fields=["endpoint", "subject", "id"],
                condition=Q(state="pending"),
                name="webhooks_delivery_order",
            ),
            # Send all since; and what is old enough to forget.
            models.Index(fields=["endpoint", "created_at"], name="webhooks_delivery_since"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject}"


class Attempt(models.Model):
    """One try of a delivery, and what came back: ``status`` is null when no answer came, and
    ``error`` says why."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField(_("at"))
    status = models.PositiveSmallIntegerField(pgettext_lazy("of HTTP", "status"), null=True)
    answer = models.TextField(_("answer"), blank=True, default="")
    error = models.TextField(_("error"), blank=True, default="")
    seconds = models.FloatField()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}: {self.status or '–'}"
