"""What a verb would refuse, told before it is tried: for lists and confirmations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

from articles import workflow
from articles.models import Article
from articles.publishing.allowed import actor_of, standings_of
from articles.publishing.publication import refuse_untitled
from articles.publishing.times import refuse_embargoed, refuse_expired
from articles.workflow import NotAllowed, Standing, Verb


class Prospect(NamedTuple):
    """An article as it stands, and the sentence by which the verb would refuse it; empty if it
    would not."""

    article: Article
    standing: Standing
    refusal: str


def prospects(
    verb: Verb, articles: Sequence[Article], *, by: AbstractBaseUser | None, at: datetime
) -> list[Prospect]:
    """What would become of each of these stored articles at ``at``, in their order.

    Two statements for any number. Nothing is locked: the verb itself checks again.
    """
    actor = actor_of(by)
    standings = standings_of(article.pk for article in articles)
    return [
        Prospect(article, standing, _refusal(verb, article, standing, actor, at))
        for article in articles
        if (standing := standings.get(article.pk))
    ]


def _refusal(
    verb: Verb,
    article: Article,
    standing: Standing,
    actor: workflow.Actor | None,
    at: datetime,
) -> str:
    try:
        workflow.check(verb, standing, actor)
        if verb is Verb.PUBLISH:
            refuse_untitled([article])
            refuse_embargoed([article], at=at)
            refuse_expired([article], at=at)
    except NotAllowed as error:
        return str(error)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
