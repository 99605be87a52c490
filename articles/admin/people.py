"""Who asks, as the desk's rules know them."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from articles import workflow
from articles.publishing.allowed import actor_of
from articles.workflow import NotAllowed


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


def sentences(error: ValidationError | NotAllowed) -> str:
    """What a refusal says."""
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
