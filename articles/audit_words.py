"""What the audit's page calls the verbs, and the details that were written down with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import pgettext_lazy

# The order of the filter: the verbs of articles, then the others.
VERBS: dict[str, Promise] = {
    "save": pgettext_lazy("audit", "save"),
    "submit": pgettext_lazy("audit", "submit"),
    "send_back": pgettext_lazy("audit", "send back"),
    "approve": pgettext_lazy("audit", "approve"),
    "schedule": pgettext_lazy("audit", "schedule"),
    "cancel_schedule": pgettext_lazy("audit", "cancel schedule"),
    "embargo": pgettext_lazy("audit", "embargo"),
    "publish": pgettext_lazy("audit", "publish"),
    "unpublish": pgettext_lazy("audit", "unpublish"),
    "correct": pgettext_lazy("audit", "correct"),
    "kill": pgettext_lazy("audit", "kill"),
    "restore_revision": pgettext_lazy("audit", "restore revision"),
    "trash": pgettext_lazy("audit", "trash"),
    "untrash": pgettext_lazy("audit", "untrash"),
    "delete_for_good": pgettext_lazy("audit", "delete for good"),
    "preview": pgettext_lazy("audit", "preview"),
    "merge": pgettext_lazy("audit", "merge"),
    "move_region": pgettext_lazy("audit", "move region"),
    "revoke_preview": pgettext_lazy("audit", "revoke preview"),
    "comment": pgettext_lazy("audit", "comment"),
    "resolve_comment": pgettext_lazy("audit", "resolve comment"),
    "reopen_comment": pgettext_lazy("audit", "reopen comment"),
}
_DETAILS: dict[str, Promise] = {
    "articles": pgettext_lazy("audit", "articles"),
    "at": pgettext_lazy("audit", "at"),
    "into": pgettext_lazy("audit", "into"),
    "note": pgettext_lazy("audit", "note"),
    "number": pgettext_lazy("audit", "number"),
    "place": pgettext_lazy("audit", "place"),
    "preview": pgettext_lazy("audit", "preview"),
    "reason": pgettext_lazy("audit", "reason"),
    "revision": pgettext_lazy("audit", "revision"),
    "slug": pgettext_lazy("audit", "slug"),
    "until": pgettext_lazy("audit", "until"),
}
_TIMES = ("at", "until")


def told_details(details: Mapping[str, Any]) -> str:
    """The details in a line, their times those of the newsroom's clock."""
    return " · ".join(
        f"{_DETAILS.get(name, name)}: {_newsroom_time(value) if name in _TIMES else value}"
        for name, value in details.items()
        if value is not None
    )


def _newsroom_time(text: object) -> object:
    """An instant by the newsroom's clock; what is none, as it was written down."""
    try:
        return f"{localtime(datetime.fromisoformat(str(text))):%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError):
        return text
