"""What the rates show on the desk's first page: bulletins in quarantine, sources that are late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms.desk.dashboard import Item
from cms.desk.markup import as_stored
from rates.models import Snapshot, Source
from rates.models.snapshot import Status


def concerns(user: AbstractBaseUser, now: datetime) -> Iterable[Item]:
    """Two statements: how many bulletins wait to be judged, and which sources are stale."""
    login: Any = user
    if login.has_perm("rates.view_snapshot"):
        waiting = Snapshot.objects.filter(status=Status.QUARANTINED).count()
        if waiting:
            said = ngettext(
                "{n} bulletin of rates is in quarantine",
                "{n} bulletins of rates are in quarantine",
                waiting,
            )
            page = f"{reverse('admin:rates_snapshot_changelist')}?status__exact=quarantined"
            yield Item(said.format(n=waiting), page, _("Readers have the rates before it."))
    if login.has_perm("rates.view_source"):
        for source in Source.objects.enabled().filter(is_stale=True).order_by("pk"):
            said = _("{source} has had no new rates for too long").format(source=source)
            page = reverse("admin:rates_source_change", args=[source.pk])
            yield Item(said, page, as_stored(source.last_error))
