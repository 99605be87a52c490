from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count
from django.urls import reverse

from cms.notices import Notice
from cms.webhooks.models import Delivery, Endpoint
from cms.webhooks.subjects import TEST

_PERMISSION = "webhooks.view_endpoint"


def about_webhooks(now: datetime) -> Iterator[Notice]:
    """What was switched off by itself, and of what is on that which lies as dead letters."""
    for endpoint in Endpoint.objects.exclude(switched_off=""):
        yield Notice(
            f"The webhook “{endpoint}” was switched off. {endpoint.switched_off}",
            reverse("admin:webhooks_endpoint_change", args=[endpoint.pk]),
            _PERMISSION,
        )
    dead = Delivery.objects.filter(state=Delivery.State.DEAD, endpoint__is_enabled=True)
    counted = dead.exclude(event=TEST).order_by("endpoint__name").values("endpoint__name")
    for name, pk, number in counted.annotate(number=Count("pk")).values_list(
        "endpoint__name", "endpoint", "number"
    ):
        page = reverse("admin:webhooks_delivery_changelist")
        yield Notice(
            f"The webhook “{name}” has {number} dead letters.",
            f"{page}?endpoint__id__exact={pk}&state__exact=dead",
            _PERMISSION,
        )
