"""Versions of articles as people read them: names for ids, marked words for differences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy

from articles import body
from articles.comparison import BODY, TEXTS, Difference, Piece, compare
from articles.labels import LABELS
from articles.models import Article, Author, Image, Region, Tag
from articles.visibility import visible_to
from articles.workflow import Actor

_NAMED: dict[str, tuple[Any, str]] = {
    "region_ids": (Region, "name"),
    "tag_ids": (Tag, "name"),
    "author_ids": (Author, "name"),
    "pinned_ids": (Article, "title"),
    "excluded_ids": (Article, "title"),
}
UNREADABLE = gettext_lazy("An article that you cannot read")
_MOMENTS = ("breaking_until", "expires_at")
_PARTS = re.compile(r"<[^>]*>|[^<]+")


@dataclass(frozen=True, slots=True)
class Shown:
    """A field that differs, as HTML for two columns."""

    name: str
    label: str
    before: SafeString
    after: SafeString


def shown_differences(
    a: Mapping[str, Any], b: Mapping[str, Any], actor: Actor | None
) -> list[Shown]:
    """What differs between two contents, in the order of ``a``, for this reader; bodies are
    cleaned first, whoever stored them. Eight statements at most."""
    differences = compare(with_clean_body(a), with_clean_body(b))
    names = names_in([a, b], actor)
    return [_shown(each, names) for each in differences]


def with_clean_body(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same content, its body in the normal form."""
    return {**content, BODY: body.clean(content.get(BODY) or "")}


def _shown(each: Difference, names: Mapping[tuple[str, Any], str]) -> Shown:
    label = str(LABELS.get(each.name, each.name))
    if each.name in TEXTS:
        is_html = each.name == BODY
        before = _side(each.pieces, "removed", is_html=is_html)
        return Shown(each.name, label, before, _side(each.pieces, "added", is_html=is_html))
    before, after = (_value(each.name, value, names) for value in (each.before, each.after))
    return Shown(each.name, label, before, after)


def _side(pieces: Sequence[Piece], change: str, *, is_html: bool) -> SafeString:
    """One column: what is the same, and what only this side has, marked."""
    mark = "del" if change == "removed" else "ins"
    html = ""
    for piece in pieces:
        if piece.change == "same":
            html += piece.text if is_html else str(escape(piece.text))
        elif piece.change == change:
            html += (
                _marked(piece.text, mark) if is_html else f"<{mark}>{escape(piece.text)}</{mark}>"
            )
    return mark_safe(html)  # noqa: S308  # escaped, or a body in the normal form, which is safe


def _marked(html: str, mark: str) -> str:
    """The words and pictures of a part of a body, each marked; its tags stay where they are."""
    return "".join(
        f"<{mark}>{part}</{mark}>"
        if part.startswith("<img") or (not part.startswith("<") and part.strip())
        else part
        for part in _PARTS.findall(html)
    )


def titles_for(actor: Actor | None, keys: Iterable[int]) -> dict[int, str]:
    """The titles of these articles, by key; of those that the actor may not read, that they are
    such."""
    rows = Article.objects.filter(pk__in=list(keys))
    titles = dict(rows.values_list("pk", "title"))
    if condition := visible_to(actor):
        readable = set(rows.filter(condition).values_list("pk", flat=True))
        hidden = str(UNREADABLE)
        return {key: title if key in readable else hidden for key, title in titles.items()}
    return titles


def names_in(
    contents: Iterable[Mapping[str, Any]], actor: Actor | None
) -> dict[tuple[str, Any], str]:
    """The names of all regions, tags, authors, pictures and articles in these contents, by field
    and id, as the actor may read them."""
    contents = list(contents)
    names: dict[tuple[str, Any], str] = {}
    for field, (model, name) in _NAMED.items():
        keys = {key for content in contents for key in content.get(field) or []}
        if keys and model is Article:
            names.update({(field, key): said for key, said in titles_for(actor, keys).items()})
        elif keys:
            rows = model._default_manager.filter(pk__in=keys).values_list("pk", name)
            names.update({(field, key): said for key, said in rows})
    pictures = {key for content in contents if (key := content.get("lead_image_id"))}
    if pictures:
        for image in Image.objects.filter(pk__in=pictures):
            names["lead_image_id", image.pk] = (
                f"{image.alt} ({image.url})" if image.alt else image.url
            )
    return names


def _value(name: str, value: Any, names: Mapping[tuple[str, Any], str]) -> SafeString:
    if name in _NAMED:
        unknown = gettext("deleted since")
        listed = [(names.get((name, key), unknown),) for key in value or []]
        return format_html_join(", ", "{}", listed)
    if name == "corrections":
        notes = [(each.get("note", ""),) for each in value or []]
        return format_html_join(" · ", "{}", notes)
    return escape(plain(name, value, names))


def plain(name: str, value: Any, names: Mapping[tuple[str, Any], str]) -> str:
    """A value of one field as a line of text."""
    if value in (None, "", []):
        return "—"
    if name == "lead_image_id":
        return names.get((name, value), gettext("deleted since"))
    if name in _MOMENTS:
        return f"{localtime(datetime.fromisoformat(value)):%A %Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(value)
