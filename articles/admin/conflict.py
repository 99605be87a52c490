"""The page on which two changes of one article meet: what the colleague did, both in one, and
what has to be chosen.

It is a form that sends what the article's form sends, so that nothing else has to save it: hidden
fields for what is merged, two radio buttons of the field's name for what clashes.
"""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from articles.admin.related import PREFIX, stored_rows
from articles.admin.shown import Shown, names_in, plain, shown_differences
from articles.comparison import BODY, Clash
from articles.labels import LABELS
from articles.revisions import CHOICES
from articles.saving import StaleSaveError
from articles.workflow import Actor

_FIELDS = {
    "region_ids": "regions",
    "tag_ids": "tags",
    "author_ids": "byline",
    "lead_image_id": "lead_image",
}
# What no field of the form holds; related articles are rows of their own.
_NOT_SENT = (*CHOICES, "corrections", "translation_group")


def conflict_context(
    error: StaleSaveError, sent: QueryDict, *, object_id: str, actor: Actor | None
) -> dict[str, Any]:
    """What the template shows ``actor``: ``theirs`` as differences, ``mine`` and ``merged`` as
    pairs of field and value to send, ``clashes`` to choose from."""
    theirs = {each.name: each.after for each in error.differences}
    base = {each.name: each.before for each in error.differences}
    clashing = {clash.name for clash in error.merge.clashes}
    content = error.merge.content
    merged = [
        pair
        for name, value in content.items()
        if name not in clashing and name not in _NOT_SENT
        for pair in _pairs(name, value)
    ]
    own = {_field(name) for name in content}
    others = [
        (name, value)
        for name, values in sent.lists()
        if name not in own | {"based_on", "csrfmiddlewaretoken"} and not name.startswith("_")
        for value in values
    ]
    rows = [(name, value) for name, value in others if name.startswith(f"{PREFIX}-")]
    others = [(name, value) for name, value in others if not name.startswith(f"{PREFIX}-")]
    if rows:
        pinned, excluded = (content.get(name) or [] for name in CHOICES)
        merged += stored_rows(object_id, pinned, excluded)
    kept = [(name, value) for name, values in sent.lists() if name in own for value in values]
    return {
        "number": error.number,
        "saved_by": error.saved_by.get_username() if error.saved_by else "",
        "theirs": shown_differences(base, theirs, actor),
        "merged": [*merged, *others],
        "mine": [*kept, *others, *rows],
        "clashes": _clashes(error.merge.clashes, actor),
    }


def _clashes(clashes: list[Clash], actor: Actor | None) -> list[dict[str, Any]]:
    names = names_in(
        ({clash.name: value} for clash in clashes for value in (clash.mine, clash.theirs)), actor
    )
    return [
        {
            "field": _field(clash.name),
            "label": LABELS.get(clash.name, clash.name),
            "is_body": clash.name == BODY,
            "differences": _against(clash, actor),
            "mine": _sent(clash.mine),
            "theirs": _sent(clash.theirs),
            "mine_shown": plain(clash.name, clash.mine, names),
            "theirs_shown": plain(clash.name, clash.theirs, names),
        }
        for clash in clashes
    ]


def _against(clash: Clash, actor: Actor | None) -> Shown | None:
    """Mine against theirs, word by word."""
    shown = shown_differences({clash.name: clash.theirs}, {clash.name: clash.mine}, actor)
    return next((each for each in shown if each.name == clash.name), None)


def _field(name: str) -> str:
    return _FIELDS.get(name, name)


def _pairs(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, list):
        return [(_field(name), str(each)) for each in value]
    return [(_field(name), _sent(value))]


def _sent(value: Any) -> str:
    """A value of a content as the form sends it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    return str(value)
