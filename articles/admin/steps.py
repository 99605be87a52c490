"""The verbs as the article's page offers them: what each will do, what it asks for, and the call.

Which of them are offered, and whether one may be done, says ``articles/workflow.py`` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles import publishing, workflow
from articles.models import Article, Origin
from articles.publishing.times import told
from articles.workflow import Actor, Standing, Verb
from cms.moments import parse_newsroom_moment

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Input:
    """What a verb asks for: ``kind`` is line, moment or tick."""

    name: str
    label: Text
    kind: str = "line"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A verb on the page: ``says`` tells what it will do, ``done`` that it was done."""

    verb: Verb
    label: Text
    says: Text
    done: Text
    inputs: tuple[Input, ...] = ()
    is_grave: bool = False

    def label_for(self, standing: Standing) -> Text:
        """What its button says."""
        if self.verb is Verb.PUBLISH and standing.is_public:
            return _("Publish the changes")
        return self.label

    def inputs_for(self, standing: Standing) -> tuple[Input, ...]:
        """Without what only matters for what readers have."""
        return tuple(each for each in self.inputs if each is not _MINOR or standing.is_public)


_NOTE = Input("note", _("Comment"))
_MINOR = Input("minor", _("Only a small change: keep the time of the last update"), "tick")

STEPS: tuple[Step, ...] = (
    Step(
        Verb.SUBMIT,
        _("Submit for review"),
        _("An editor is asked to look at it. You cannot change it until it is sent back."),
        _("Submitted for review."),
        (_NOTE,),
    ),
    Step(
        Verb.APPROVE,
        _("Approve"),
        _("It can be published or scheduled as it is. Readers see nothing yet."),
        _("Approved."),
        (_NOTE,),
    ),
    Step(
        Verb.SEND_BACK,
        _("Send back"),
        _("It becomes a draft again, and its writer reads your comment."),
        _("Sent back."),
        (Input("note", _("What is to be changed"), required=True),),
    ),
    Step(
        Verb.PUBLISH,
        _("Publish"),
        _("Readers get this version at once."),
        _("Published."),
        (_MINOR,),
    ),
    Step(
        Verb.CORRECT,
        _("Publish a correction"),
        _("Readers get this version at once, with a note of what was wrong that stays for good."),
        _("The correction is published."),
        (Input("note", _("What was wrong, for readers"), required=True),),
    ),
    Step(
        Verb.SCHEDULE,
        _("Schedule"),
        _("It is published by itself at that time of the newsroom's clock."),
        _("Scheduled."),
        (Input("at", _("When"), "moment", required=True),),
    ),
    Step(
        Verb.CANCEL_SCHEDULE,
        _("Cancel the schedule"),
        _("It is not published by itself any more, and stays approved."),
        _("The schedule is cancelled."),
    ),
    Step(
        Verb.EMBARGO,
        _("Embargo"),
        _("Nobody can publish it before that time. Left empty, the embargo is lifted."),
        _("The embargo is changed."),
        (Input("until", _("Until"), "moment"),),
    ),
    Step(
        Verb.UNPUBLISH,
        _("Unpublish"),
        _("Readers no longer find it, until it is published again."),
        _("Readers no longer have it."),
        (Input("reason", _("Why, for the desk")),),
        is_grave=True,
    ),
    Step(
        Verb.KILL,
        _("Kill"),
        _("Its addresses tell readers why, for good. Only a publisher can publish it again."),
        _("Killed."),
        (Input("reason", _("Why, for readers"), required=True),),
        is_grave=True,
    ),
    Step(
        Verb.TRASH,
        _("Put into the trash"),
        _("It leaves the desk's lists. A publisher can take it out again."),
        _("It is in the trash."),
        is_grave=True,
    ),
    Step(
        Verb.UNTRASH,
        _("Take out of the trash"),
        _("It is a draft again."),
        _("It is a draft again."),
    ),
)

_OF_STORED = (Verb.TRASH, Verb.UNTRASH, Verb.UNPUBLISH, Verb.CANCEL_SCHEDULE)


def next_steps(standing: Standing, actor: Actor | None, *, adding: bool = False) -> list[Step]:
    """What ``actor`` may do to the article now, in the order in which it is offered."""
    return [
        step
        for step in STEPS
        if workflow.allows(step.verb, standing, actor) and not (adding and step.verb in _OF_STORED)
    ]


def do_step(
    name: str,
    article: Article,
    given: Mapping[str, Any],
    *,
    by: AbstractBaseUser | None,
    origin: Origin,
) -> str:
    """Do the verb of this name with what its inputs hold (``schedule-at``), and return what was
    done. NotAllowed and ValidationError as the verbs raise them, and for a verb that is none."""
    step = next((step for step in STEPS if step.verb.value == name), None)
    if step is None:
        raise ValidationError(_("There is no such step. Choose one of the buttons."))
    asked = {
        each.name: str(given.get(f"{name}-{each.name}", "")).replace("\0", "")
        for each in step.inputs
    }
    _CALLS[step.verb](article, asked, {"by": by, "origin": origin})
    if step.verb == Verb.SCHEDULE and article.publish_at:
        return f"{step.done} {told(article.publish_at)}"
    return str(step.done)


def _moment(text: str) -> datetime:
    try:
        return parse_newsroom_moment(text)
    except ValueError as error:
        raise ValidationError(str(error)) from error


def _unpublish(article: Article, asked: dict[str, str], who: dict[str, Any]) -> None:
    if not publishing.unpublish(article, reason=asked["reason"], **who):
        raise ValidationError(_("Readers do not have it."))


def _embargo(article: Article, asked: dict[str, str], who: dict[str, Any]) -> None:
    until = _moment(asked["until"]) if asked["until"].strip() else None
    publishing.embargo(article, until=until, **who)


_Call = Callable[[Article, dict[str, str], dict[str, Any]], object]
_CALLS: dict[Verb, _Call] = {
    Verb.SUBMIT: lambda article, asked, who: publishing.submit(article, note=asked["note"], **who),
    Verb.APPROVE: lambda article, asked, who: publishing.approve(
        article, note=asked["note"], **who
    ),
    Verb.SEND_BACK: lambda article, asked, who: publishing.send_back(
        article, note=asked["note"], **who
    ),
    Verb.PUBLISH: lambda article, asked, who: publishing.publish(
        article, substantive=not asked["minor"], **who
    ),
    Verb.CORRECT: lambda article, asked, who: publishing.correct(
        article, note=asked["note"], **who
    ),
    Verb.SCHEDULE: lambda article, asked, who: publishing.schedule(
        article, at=_moment(asked["at"]), **who
    ),
    Verb.CANCEL_SCHEDULE: lambda article, asked, who: publishing.cancel_schedule(article, **who),
    Verb.EMBARGO: _embargo,
    Verb.UNPUBLISH: _unpublish,
    Verb.KILL: lambda article, asked, who: publishing.kill(article, reason=asked["reason"], **who),
    Verb.TRASH: lambda article, asked, who: publishing.trash(article, **who),
    Verb.UNTRASH: lambda article, asked, who: publishing.untrash(article, **who),
}
