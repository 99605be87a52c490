"""A bulletin typed in by hand, for a bank whose server is down."""

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from rates.ingest import Outcome, Provenance, store
from rates.models import Source
from rates.sources.bulletin import Bulletin, Quote

BY_HAND = 0
"""The parser version of what no parser has read."""


def enter_by_hand(
    source: Source,
    *,
    effective_date: date,
    quotes: Sequence[Quote],
    by: AbstractBaseUser,
    comment: str = "",
    at: datetime | None = None,
) -> Outcome:
    """Store what somebody has read off a bank's page, and return what came of it.

    It is judged like any bulletin: a slip of the hand ends in quarantine, from where it can be
    released. ``quotes`` are in the source's own direction. When the bank's document comes, it
    becomes a later revision. ``at`` is now unless told (UTC). BulletinError for quotes that no
    bulletin can have, such as a currency twice.
    """
    bulletin = Bulletin(source.slug, effective_date, None, tuple(quotes))
    lines = [f"{each.nominal:f} {each.currency} {each.value:f}\n" for each in quotes]
    document = f"{source.slug} {effective_date}\n{''.join(lines)}".encode()
    provenance = Provenance(document, BY_HAND, comment.strip(), entered_by_id=by.pk)
    with transaction.atomic():
        return store(source, bulletin, provenance, now=at or timezone.now())
