"""Which articles of the desk a login may read; nothing else decides it."""

from __future__ import annotations

from django.db.models import Case, Exists, OuterRef, Q, Value, When

from articles import workflow
from articles.models import PublishedArticle
from articles.workflow import Actor, State


def visible_to(actor: Actor | None) -> Q:
    """A condition on articles: all, or of those who only write their own ones, in any state, and
    of others what readers have as it stands. While a colleague changes that, it is a draft."""
    if actor is None or workflow.reads_all(actor):
        return Q()
    public = Exists(PublishedArticle.objects.filter(article=OuterRef("pk")))
    own = When(created_by=actor.key, then=Value(True))
    # Not an OR: for that PostgreSQL reads the rows of all that is published, and here an index.
    return Q(Case(own, When(Q(Q(state=State.PUBLISHED), public), then=Value(True)), default=False))
