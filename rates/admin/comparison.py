"""A snapshot's figures beside those that were accepted before it, for the eyes of an editor."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rates import standing
from rates.arithmetic import Ratio, change, displayed_percent
from rates.models import Snapshot

Printed = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Row:
    """A currency as it is printed now and as it was before; empty where it is not printed.

    ``moved`` is the change of what one unit is worth, in percent. ``details`` are the reasons to
    doubt it.
    """

    currency: str
    now: str
    before: str
    moved: str
    details: list[str]


@dataclass(frozen=True)
class Comparison:
    """``rows``: the doubtful ones first, then in alphabetical order. ``general`` are the reasons
    that are about no single currency."""

    before: Snapshot | None
    rows: list[Row]
    general: list[str]

    @property
    def doubtful(self) -> list[Row]:
        return [row for row in self.rows if row.details]


def compare(snapshot: Snapshot) -> Comparison:
    """Compare a snapshot with the one that counts of the nearest earlier effective date."""
    before = standing.before(snapshot.source, snapshot.effective_date)
    now = snapshot.figures().quotes
    then = before.figures().quotes if before else {}
    reasons: list[dict[str, Any]] = snapshot.reasons
    rows = [
        Row(
            code,
            _text(now.get(code)),
            _text(then.get(code)),
            _moved(code, now, then),
            [each["detail"] for each in reasons if each.get("currency") == code],
        )
        for code in sorted({*now, *then})
    ]
    rows.sort(key=lambda row: not row.details)
    general = [each["detail"] for each in reasons if not each.get("currency")]
    return Comparison(before, rows, general)


def _text(printed: Printed | None) -> str:
    """As the bank prints it: the value, and for how many units where that is not one."""
    if printed is None:
        return ""
    value, nominal = printed
    return f"{value:f}" if nominal == 1 else f"{value:f} for {nominal:f}"


def _moved(code: str, now: Mapping[str, Printed], then: Mapping[str, Printed]) -> str:
    if code not in now or code not in then:
        return ""
    moved = displayed_percent(change(now=Ratio(*now[code]), before=Ratio(*then[code])).percent)
    return moved if moved.startswith(("-", "0%")) else f"+{moved}"
