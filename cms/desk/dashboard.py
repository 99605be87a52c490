"""What stands on the desk's first page.

An app registers panels (lists of a few items, whose number is a link to the whole list) and
concerns (what needs somebody's attention) in its ``AppConfig.ready()``. Each is asked with the
login and the present, makes a number of statements that does not grow, and returns nothing to who
may not see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.utils.functional import Promise

from cms.notices import notices

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Item:
    """One line; ``href`` is the page that it leads to, if there is one, ``at`` (UTC) is shown in
    newsroom time, ``detail`` beside the text."""

    text: Text
    href: str
    detail: Text = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """``count`` is how many there are in the list at ``href``, where that matters; ``items`` the
    first of them.
    A ``timeline`` shows the time of day before each."""

    title: Text
    href: str
    count: int | None
    items: Sequence[Item]
    empty: Text
    is_timeline: bool = False


PanelOf = Callable[[AbstractBaseUser, datetime], Panel | None]
ItemsOf = Callable[[AbstractBaseUser, datetime], Iterable[Item]]

_panels: dict[str, tuple[int, PanelOf]] = {}
_concerns: dict[str, ItemsOf] = {}
_links: dict[str, tuple[int, ItemsOf]] = {}


def register_panel(name: str, make: PanelOf, *, place: int) -> None:
    """Show a panel; those with a smaller ``place`` stand before it."""
    _panels[name] = (place, make)


def register_concerns(name: str, make: ItemsOf) -> None:
    """Let an app say what needs attention."""
    _concerns[name] = make


def register_links(name: str, make: ItemsOf, *, place: int) -> None:
    """Let an app offer ways in, as buttons at the top; those of a smaller ``place`` first."""
    _links[name] = (place, make)


def panels_for(user: AbstractBaseUser, *, now: datetime) -> list[Panel]:
    """The panels of a login, in their order."""
    made = [make(user, now) for _, make in sorted(_panels.values(), key=_place)]
    return [panel for panel in made if panel is not None]


def concerns_for(user: AbstractBaseUser, *, now: datetime) -> list[Item]:
    """All that needs the attention of a login: notices first, then concerns by app."""
    login: Any = user
    noticed = [
        Item(each.text, each.url, each.detail)
        for each in notices(now)
        if not each.permission or login.has_perm(each.permission)
    ]
    return [*noticed, *(item for _, make in sorted(_concerns.items()) for item in make(user, now))]


def dashboard_for(user: Any, *, now: datetime) -> dict[str, Any]:
    """What the template of the first page shows."""
    links = [item for _, make in sorted(_links.values(), key=_place) for item in make(user, now)]
    return {
        "links": links,
        "panels": panels_for(user, now=now),
        "concerns": concerns_for(user, now=now),
    }


def _place(registered: tuple[int, Any]) -> int:
    return registered[0]
