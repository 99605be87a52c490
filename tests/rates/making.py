"""Snapshots for tests, stored directly: no judging, no clock."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from rates.models import Currency, Rate, Snapshot, Source


def make_snapshot(
    source: str, effective_date: date | str, quotes: Mapping[str, object], **values: Any
) -> Snapshot:
    """A snapshot of the source with that slug, accepted and current unless ``values`` say
    otherwise. ``quotes`` are values as printed, or (value, nominal) each."""
    if isinstance(effective_date, str):
        effective_date = date.fromisoformat(effective_date)
    publisher = Source.objects.get(slug=source)
    document = f"{source} {effective_date} {sorted(quotes.items())}".encode()
    midnight = datetime.combine(effective_date, time(), publisher.zone).astimezone(UTC)
    revision = publisher.snapshots.filter(effective_date=effective_date).count() + 1
    status = values.pop("status", Snapshot.Status.ACCEPTED)
    if status == Snapshot.Status.ACCEPTED:
        publisher.snapshots.filter(effective_date=effective_date).update(is_current=False)
    snapshot = Snapshot.objects.create(
        **{
            "source": publisher,
            "effective_date": effective_date,
            "fetched_at": midnight,
            "revision": revision,
            "status": status,
            "is_current": status == Snapshot.Status.ACCEPTED,
            "in_force_at": midnight,
            "sha256": hashlib.sha256(document).hexdigest(),
            "document": document,
            "parser_version": 1,
            **values,
        }
    )
    Rate.objects.bulk_create(
        Rate(
            snapshot=snapshot,
            currency=Currency.objects.get(code=code),
            value=Decimal(str(printed[0] if isinstance(printed, tuple) else printed)),
            nominal=Decimal(str(printed[1])) if isinstance(printed, tuple) else Decimal(1),
        )
        for code, printed in quotes.items()
    )
    return snapshot
