"""Currencies, who publishes their rates, and what was published."""

from rates.models.currency import Currency
from rates.models.decision import Decision
from rates.models.numeric import NumericField
from rates.models.snapshot import Rate, Snapshot, SnapshotQuerySet
from rates.models.source import Source

__all__ = [
    "Currency",
    "Decision",
    "NumericField",
    "Rate",
    "Snapshot",
    "SnapshotQuerySet",
    "Source",
]
