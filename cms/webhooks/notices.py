from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.desk.markup import as_stored
from cms.notices import Notice
from cms.webhooks.models import Delivery, Endpoint
from cms.webhooks.subjects import TEST

_PERMISSION = "webhooks.view_endpoint"


def about_webhooks(now: datetime) -> Iterator[Notice]:
    """What was switched off by itself, and of what is on that which lies as dead letters."""
    for endpoint in Endpoint.objects.exclude(switched_off=""):
        yield Notice(
            _("The webhook “{name}” was switched off.").format(name=endpoint),
            reverse("admin:webhooks_endpoint_change", args=[endpoint.pk]),
            _PERMISSION,
            detail=as_stored(endpoint.switched_off),
        )
    dead = Delivery.objects.filter(state=Delivery.State.DEAD, endpoint__is_enabled=True)
    counted = dead.exclude(event=TEST).order_by("endpoint__name").values("endpoint__name")
    for name, pk, number in counted.annotate(number=Count("pk")).values_list(
        "endpoint__name", "endpoint", "number"
    ):
        page = reverse("admin:webhooks_delivery_changelist")
        said = ngettext(
            "The webhook “{name}” has {number} dead letter.",
            "The webhook “{name}” has {number} dead letters.",
            number,
        )
        yield Notice(
            said.format(name=name, number=number),
            f"{page}?endpoint__id__exact={pk}&state__exact=dead",
            _PERMISSION,
        )
