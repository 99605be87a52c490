"""What the desk has to know before it begins: among what needs attention
on the admin's first page.

An app registers a function that says what is wrong now, in sentences.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence, and the page of the admin where it can be mended, if there is one.
    ``permission`` is that of those who are told; everybody, where it is empty. ``detail`` is what
    a program said of it."""

    text: str
    url: str = ""
    permission: str = ""
    detail: str = ""


Notify = Callable[[datetime], Iterable[Notice]]

_notify: list[Notify] = []


def register(notify: Notify) -> None:
    """Make known who says what is wrong; called in ``AppConfig.ready()``."""
    if notify not in _notify:
        _notify.append(notify)


def notices(now: datetime) -> list[Notice]:
    """All that is wrong now."""
    return [notice for notify in _notify for notice in notify(now)]
