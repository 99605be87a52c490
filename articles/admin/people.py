"""Who asks, as the desk's rules know them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from articles import workflow
from articles.models import Article
from articles.publishing.allowed import actor_of, standing_of
from articles.workflow import NotAllowed, Standing, Verb


def user_of(request: HttpRequest) -> AbstractBaseUser | None:
    """The login; None where nobody is signed in."""
    return request.user if request.user.is_authenticated else None


def asking(request: HttpRequest) -> workflow.Actor | None:
    """The login as an actor; its roles are asked for several times a page, and read once."""
    held: workflow.Actor | None = getattr(request, "_desk_actor", None)
    if held is None:
        user = user_of(request)
        held = workflow.Actor(0, frozenset()) if user is None else actor_of(user)
        request._desk_actor = held  # type: ignore[attr-defined]  # ours, for this request
    return held


def standing_for(request: HttpRequest, article: Article) -> Standing:
    """How the article stands; read once for a page that only shows, anew for each change."""
    if request.method not in ("GET", "HEAD"):
        return standing_of(article)
    held: dict[int, Standing] = request.__dict__.setdefault("_desk_standings", {})
    if article.pk not in held:
        held[article.pk] = standing_of(article)
    return held[article.pk]


def may_now(request: HttpRequest, verb: Verb, article: Article) -> bool:
    """Whether who asks may do this to the article now; to one that was deleted, nobody anything."""
    try:
        return workflow.allows(verb, standing_for(request, article), asking(request))
    except NotAllowed:
        return False


def sentences(error: ValidationError | NotAllowed) -> str:
    """What a refusal says."""
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
