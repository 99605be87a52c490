"""A snapshot's figures beside those that were accepted before it, for the eyes of an editor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.desk.markup import as_stored
from rates import standing
from rates.arithmetic import Ratio, change, displayed_percent
from rates.models import Snapshot

Printed = tuple[Decimal, Decimal]
_DOUBTS = {
    "too-far-ahead": gettext_lazy("Dated too far ahead."),
    "home": gettext_lazy("Its own currency is not worth itself."),
    "peg": gettext_lazy("Off the peg."),
    "band": gettext_lazy("Moved too far."),
    "truncated": gettext_lazy("Currencies are missing."),
}


@dataclass(frozen=True)
class Row:
    """A currency as it is printed now and as it was before; empty where it is not printed.

    ``moved`` is the change of what one unit is worth, in percent. ``details`` are the reasons to
    doubt it, as HTML.
    """

    currency: str
    now: str
    before: str
    moved: str
    details: list[SafeString]


@dataclass(frozen=True)
class Comparison:
    """``rows``: the doubtful ones first, then in alphabetical order. ``general`` are the reasons
    that are about no single currency."""

    before: Snapshot | None
    rows: list[Row]
    general: list[SafeString]

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
            [doubt(each) for each in reasons if each.get("currency") == code],
        )
        for code in sorted({*now, *then})
    ]
    rows.sort(key=lambda row: not row.details)
    general = [doubt(each) for each in reasons if not each.get("currency")]
    return Comparison(before, rows, general)


def doubt(reason: Mapping[str, Any]) -> SafeString:
    """A reason as HTML: what is wrong in the reader's language, and how it was stored."""
    kind = _DOUBTS.get(reason.get("code", ""))
    told = as_stored(reason["detail"])
    return format_html("<strong>{}</strong> {}", kind, told) if kind else told


def doubts(reasons: Sequence[Mapping[str, Any]], *, most: int) -> SafeString:
    """The first reasons in one line, and how many more there are."""
    first = format_html_join(" ", "{}", [(doubt(each),) for each in reasons[:most]])
    if len(reasons) <= most:
        return first
    more = _("And {number} more.").format(number=len(reasons) - most)
    return format_html("{} {}", first, more)


def _text(printed: Printed | None) -> str:
    """As the bank prints it: the value, and for how many units where that is not one."""
    if printed is None:
        return ""
    value, nominal = printed
    if nominal == 1:
        return f"{value:f}"
    return _("{value} for {nominal}").format(value=f"{value:f}", nominal=f"{nominal:f}")


def _moved(code: str, now: Mapping[str, Printed], then: Mapping[str, Printed]) -> str:
    if code not in now or code not in then:
        return ""
    moved = displayed_percent(change(now=Ratio(*now[code]), before=Ratio(*then[code])).percent)
    return moved if moved.startswith(("-", "0%")) else f"+{moved}"
