"""Which articles of the desk a login may read; nothing else decides it."""

from __future__ import annotations

from django.db.models import Case, Q, Value, When

from articles import workflow
from articles.workflow import Actor, State


def visible_to(actor: Actor | None) -> Q:
    """A condition on articles: all, or of those who only write their own ones, in any state, and
    of others what readers have as it stands. While a colleague changes that, it is a draft."""
    if actor is None or workflow.reads_all(actor):
        return Q()
    own = When(created_by=actor.key, then=Value(True))
    public = When(state=State.PUBLISHED, public__isnull=False, then=Value(True))
    # Not an OR: for that PostgreSQL reads the rows of all that is published, and here an index.
    return Q(Case(own, public, default=False))
