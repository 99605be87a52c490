"""What of the log subscribers are told. An app registers a ``Subject`` for a type of change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cms.changes.models import Change


@dataclass(frozen=True)
class Told:
    """What is told of one change: the event, where the thing can be read (a path of the API, None
    when it is gone), and what the subscribers' filters look at: ids of regions with all above
    them, ids of tags, languages, as they were before or are after the change."""

    event: str
    path: str | None
    region_ids: frozenset[int] = frozenset()
    tag_ids: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()
    is_filtered: bool = False


@dataclass(frozen=True)
class Subject:
    """``tell(changes)`` says by their numbers what is told of them; what is left out, because
    readers cannot notice it, is not told. ``events`` are those that it may name, with what they
    mean."""

    type_name: str
    events: Mapping[str, str]
    tell: Callable[[Sequence[Change]], Mapping[int, Told]]


@dataclass(frozen=True)
class Choices:
    """What the filters can be set to, for the admin: ids with names."""

    regions: Callable[[], Sequence[tuple[int, str]]] = field(default=list)
    tags: Callable[[], Sequence[tuple[int, str]]] = field(default=list)


RESTARTED = "changes.restarted"
TEST = "test"
_OF_ALL = {
    RESTARTED: "so much has changed at once that everything has to be read anew; always told"
}

_subjects: dict[str, Subject] = {}
_choices: list[Choices] = []


def register(subject: Subject, *, choices: Choices | None = None) -> None:
    """Make a subject known; called in ``AppConfig.ready()``."""
    _subjects[subject.type_name] = subject
    if choices is not None:
        _choices[:] = [choices]


def choices() -> Choices:
    return _choices[0] if _choices else Choices()


def events() -> dict[str, str]:
    """Every event that can be chosen, with what it means."""
    return {name: text for each in _subjects.values() for name, text in each.events.items()}


def told_of(changes: Sequence[Change]) -> dict[int, Told]:
    """What is told of these changes, by their numbers."""
    told: dict[int, Told] = {}
    for name, subject in _subjects.items():
        mine = [change for change in changes if change.type == name and change.action != "reset"]
        if mine:
            told.update(subject.tell(mine))
    for change in changes:
        if change.action == "reset" and change.number is not None:
            told[change.number] = Told(RESTARTED, None)
    return told
