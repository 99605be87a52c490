"""Whether a verb may be done: the stored article as ``workflow`` sees it, and the login."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from articles import workflow
from articles.models import Article, PublishedArticle, Slug
from articles.workflow import Actor, Standing, State, Verb


def actor_of(by: AbstractBaseUser | None) -> Actor | None:
    """The login with its roles, read from its groups; None is the system. One that is not active
    has none."""
    if by is None:
        return None
    user: Any = by
    if not by.is_active:
        return workflow.actor_of(by.pk, (), is_superuser=False)
    if user.is_superuser:
        return workflow.actor_of(by.pk, (), is_superuser=True)
    groups = user.groups.values_list("name", flat=True)
    return workflow.actor_of(by.pk, set(groups), is_superuser=False)


def standings_of(keys: Iterable[int]) -> dict[int, Standing]:
    """How these articles stand, by primary key; one statement. Read it after locking them."""
    public = PublishedArticle.objects.filter(article=OuterRef("pk"))
    slugs = Slug.objects.filter(article=OuterRef("pk"), public_since__isnull=False)
    rows = (
        Article.objects.filter(pk__in=list(keys))
        .order_by()
        .values_list(
            "pk",
            "state",
            "created_by_id",
            "trashed_at",
            Exists(public),
            Exists(slugs),
            Exists(slugs.filter(gone_reason__isnull=False)),
        )
    )
    return {
        key: Standing(
            state=State(state),
            is_public=is_public,
            was_public=is_public or was_public,
            is_killed=is_killed and not is_public,
            is_trashed=trashed_at is not None,
            owner=owner,
        )
        for key, state, owner, trashed_at, is_public, was_public, is_killed in rows
    }


def standing_of(article: Article) -> Standing:
    """How one article stands; of one that is not stored yet, its own writer's draft. NotAllowed
    when it has been deleted meanwhile."""
    if article._state.adding:
        return Standing(State.DRAFT, owner=article.created_by_id)
    found = standings_of([article.pk])
    if article.pk not in found:
        raise workflow.NotAllowed(gettext("Somebody has deleted it meanwhile."))
    return found[article.pk]


def may(verb: Verb, article: Article, actor: Actor | None) -> bool:
    """Whether the actor may do this to the article as it is stored now; to one that was deleted,
    nobody anything."""
    try:
        standing = standing_of(article)
    except workflow.NotAllowed:
        return False
    return workflow.allows(verb, standing, actor)


def lock(keys: Iterable[int]) -> list[Article]:
    """The stored articles, locked until the end of the transaction, in the order of their ids."""
    # FOR NO KEY UPDATE: who only inserts a row that points here need not wait.
    return list(
        Article.objects.filter(pk__in=list(keys)).order_by("pk").select_for_update(no_key=True)
    )


def lock_allowed(
    verb: Verb, keys: Iterable[int], *, by: AbstractBaseUser | None
) -> tuple[list[Article], dict[int, Standing]]:
    """The stored articles, locked, and how they stand; NotAllowed, with the title if there are
    several, unless ``by`` may do this to each of them."""
    locked = lock(keys)
    standings = standings_of(article.pk for article in locked)
    actor = actor_of(by)
    for article in locked:
        try:
            workflow.check(verb, standings[article.pk], actor)
        except workflow.NotAllowed as error:
            if len(locked) == 1:
                raise
            raise workflow.NotAllowed(f"“{article.title}”: {error}") from None
    return locked, standings


def lock_one(
    verb: Verb, article: Article, *, by: AbstractBaseUser | None
) -> tuple[Article, Standing]:
    """``lock_allowed`` of one article; NotAllowed when it has been deleted meanwhile."""
    locked, standings = lock_allowed(verb, [article.pk], by=by)
    return _there(verb, locked), standings[article.pk]


def lock_there(verb: Verb, article: Article) -> Article:
    """The stored article, locked, whoever asks; NotAllowed when it has been deleted meanwhile."""
    return _there(verb, lock([article.pk]))


def deleted_meanwhile(verb: Verb) -> workflow.NotAllowed:
    """What is raised when the article of the verb is there no more."""
    sentence = gettext("Cannot {verb}: somebody has deleted it.")
    return workflow.NotAllowed(sentence.format(verb=verb.words))


def _there(verb: Verb, locked: list[Article]) -> Article:
    if not locked:
        raise deleted_meanwhile(verb)
    return locked[0]
