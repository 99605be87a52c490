"""The table of the workflow, by itself, and every verb held to it for every state and role."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from articles import publishing, workflow
from articles.models import Article, AuditEntry, PublishedArticle, Revision, Slug
from articles.preview import make_preview
from articles.publishing.allowed import actor_of, standing_of
from articles.saving import save
from articles.workflow import Actor, NotAllowed, Role, Standing, State, Verb
from cms.changes.models import Change
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published

SOON = datetime(2099, 1, 1, tzinfo=UTC)
EDITOR = Actor(1, frozenset({Role.EDITOR}))
WRITER = Actor(2, frozenset({Role.WRITER}))
PUBLISHER = Actor(3, frozenset({Role.PUBLISHER}))


def changed(article: Article, by: User | None) -> None:
    article.title += ", changed"
    save(article, by=by, based_on=article.save_number)


VERBS: dict[Verb, Callable[[Article, User | None], object]] = {
    Verb.SAVE: changed,
    Verb.SUBMIT: lambda article, by: publishing.submit(article, by=by),
    Verb.SEND_BACK: lambda article, by: publishing.send_back(article, by=by, note="Shorter."),
    Verb.APPROVE: lambda article, by: publishing.approve(article, by=by),
    Verb.SCHEDULE: lambda article, by: publishing.schedule(article, by=by, at=SOON),
    Verb.CANCEL_SCHEDULE: lambda article, by: publishing.cancel_schedule(article, by=by),
    Verb.EMBARGO: lambda article, by: publishing.embargo(article, by=by, until=None),
    Verb.PUBLISH: lambda article, by: publishing.publish(article, by=by),
    Verb.UNPUBLISH: lambda article, by: publishing.unpublish(article, by=by),
    Verb.CORRECT: lambda article, by: publishing.correct(article, by=by, note="It was Osh."),
    Verb.KILL: lambda article, by: publishing.kill(article, by=by, reason="Wrong."),
    Verb.RESTORE_REVISION: lambda article, by: publishing.restore_revision(
        article, by=by, revision=article.revisions.earliest("pk")
    ),
    Verb.TRASH: lambda article, by: publishing.trash(article, by=by),
    Verb.UNTRASH: lambda article, by: publishing.untrash(article, by=by),
    Verb.DELETE_FOR_GOOD: lambda article, by: publishing.delete_for_good(article, by=by),
    Verb.PREVIEW: lambda article, by: make_preview(article, by=by),
}


def test_it_works() -> None:
    draft = Standing(State.DRAFT, owner=2)

    workflow.check(Verb.SUBMIT, draft, WRITER)

    assert workflow.state_after(Verb.SUBMIT, State.DRAFT, by_system=False) is State.IN_REVIEW


@pytest.mark.parametrize(
    ("verb", "article", "actor", "sentence"),
    [
        (
            Verb.PUBLISH,
            Standing(State.DRAFT, owner=2),
            WRITER,
            "You cannot publish it: an editor or a publisher can.",
        ),
        (
            Verb.SUBMIT,
            Standing(State.DRAFT, owner=9),
            WRITER,
            "You cannot submit it: a writer's own articles only; an editor or a publisher can.",
        ),
        (
            Verb.SAVE,
            Standing(State.IN_REVIEW, owner=2),
            WRITER,
            "You cannot save it while it is in review: an editor can, or can send it back to you.",
        ),
        (
            Verb.KILL,
            Standing(State.PUBLISHED, is_public=True, was_public=True),
            EDITOR,
            "You cannot kill it: a publisher can.",
        ),
        (
            Verb.PUBLISH,
            Standing(State.IN_REVIEW),
            PUBLISHER,
            "Cannot publish: it is in review: approve it or send it back first.",
        ),
        (
            Verb.PUBLISH,
            Standing(State.DRAFT, was_public=True, is_killed=True),
            EDITOR,
            "Cannot publish: it was killed. A publisher can publish it again.",
        ),
        (
            Verb.PUBLISH,
            Standing(State.DRAFT, was_public=True, is_killed=True),
            None,
            "Cannot publish: it was killed. A publisher can publish it again.",
        ),
        (
            Verb.SAVE,
            Standing(State.DRAFT, is_trashed=True),
            EDITOR,
            "Cannot save: it is in the trash. A publisher can untrash it.",
        ),
        (
            Verb.TRASH,
            Standing(State.DRAFT, is_public=True, was_public=True),
            EDITOR,
            "Cannot trash: readers have it. An editor or a publisher can unpublish it first.",
        ),
        (
            Verb.UNPUBLISH,
            Standing(State.DRAFT),
            EDITOR,
            "Cannot unpublish: it is not public. Publish it first.",
        ),
    ],
)
def test_a_refusal_says_why_and_who_can(
    verb: Verb, article: Standing, actor: Actor | None, sentence: str
) -> None:
    with pytest.raises(NotAllowed) as refusal:
        workflow.check(verb, article, actor)

    assert str(refusal.value) == sentence
    assert not workflow.allows(verb, article, actor)


def test_the_system_publishes_from_any_state() -> None:
    for state in State:
        workflow.check(Verb.PUBLISH, Standing(state), None)
        assert workflow.state_after(Verb.PUBLISH, state, by_system=True) is State.PUBLISHED


def test_who_has_no_role_does_nothing() -> None:
    nobody = workflow.actor_of(1, ["rates editor", "something else"], is_superuser=False)
    for verb in Verb:
        assert not workflow.may_ever(verb, nobody)
        for state in State:
            assert not workflow.allows(verb, Standing(state, owner=1), nobody)


def test_the_documentation_shows_the_table() -> None:
    text = (Path(__file__).parents[2] / "docs" / "desk.md").read_text()
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", text, re.MULTILINE))

    assert {verb: rows.get(verb.value) for verb in Verb} == {verb: row_of(verb) for verb in Verb}


def row_of(verb: Verb) -> str:
    """A row of the table in docs/desk.md: from where to where, who, and what else it needs."""
    rule = workflow.RULES[verb]
    moved = {to for before, to in rule.moves.items() if before is not to}
    moves: dict[str, list[str]] = {}
    for before, to in rule.moves.items():
        shown_to = "stays" if before is to and to not in moved else to.label.lower()
        moves.setdefault(shown_to, []).append(before.label.lower())
    shown = "; ".join(
        f"{'any state' if len(states) == len(State) else ', '.join(states)} → {to}"
        for to, states in moves.items()
    )
    own = ", ".join(state.label.lower() for state in State if state in rule.own)
    if len(rule.own) == len(State):
        own = "any state"
    who = "publisher" if rule.needs_publisher else "editor, publisher"
    who += f"; writer of it ({own})" if own else ""
    needs = {True: "public", False: "not public", None: ""}[rule.public]
    return f"{shown} | {who} | {needs or '–'}"


def article_in(state: State, owner: User) -> Article:
    article = make_draft("Wind", created_by=owner)
    save(article, by=None, based_on=0)
    Article.objects.filter(pk=article.pk).update(
        state=state, publish_at=SOON if state is State.SCHEDULED else None
    )
    article.refresh_from_db()
    return article


def shown_by(state: State, kind: str, owner: User) -> Article:
    """An article of that state which is not public, public, killed, or in the trash."""
    article = article_in(state, owner)
    if kind in ("public", "killed"):
        publishing.publish(article)
    if kind == "killed":
        publishing.kill(article, by=None, reason="Wrong.")
    trashed = datetime(2026, 1, 1, tzinfo=UTC) if kind == "trashed" else None
    Article.objects.filter(pk=article.pk).update(state=state, trashed_at=trashed)
    article.refresh_from_db()
    return article


def seen() -> list[Any]:
    return [
        list(model._default_manager.order_by("pk").values())
        for model in (Article, PublishedArticle, Revision, Slug, AuditEntry, Change)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["never public", "public", "killed", "trashed"])
def test_each_verb_does_what_the_table_says_and_a_refusal_changes_nothing(kind: str) -> None:
    owner = make_login(Role.WRITER)
    people = [
        *(owner, make_login(Role.WRITER, username="other"), make_login(Role.EDITOR)),
        *(make_login(Role.PUBLISHER), make_login(), None),
    ]
    tried = {True: 0, False: 0}
    for state in State:
        article = shown_by(state, kind, owner)
        standing = standing_of(article)
        before = seen()
        for verb, do in VERBS.items():
            for by in people:
                actor = actor_of(by)
                allowed = workflow.allows(verb, standing, actor)
                tried[allowed] += 1
                with transaction.atomic():
                    if allowed:
                        do(article, by)
                        if verb is not Verb.DELETE_FOR_GOOD:
                            assert article.state == workflow.state_after(
                                verb, state, by_system=actor is None
                            )
                        entry = AuditEntry.objects.latest("pk")
                        assert (entry.verb, entry.by_key) == (verb, by.pk if by else None)
                    elif not (verb is Verb.UNPUBLISH and kind != "public"):  # which does nothing
                        with pytest.raises(NotAllowed):
                            do(article, by)
                        assert seen() == before, (verb, state, by)
                    transaction.set_rollback(True)
                article = Article.objects.get(pk=article.pk)
    assert min(tried.values()) > 10


@pytest.mark.django_db
def test_a_login_that_was_switched_off_does_nothing() -> None:
    article = make_published().article
    chief = make_login(username="chief", is_superuser=True)
    chief.is_active = False
    chief.save()

    with pytest.raises(NotAllowed):
        publishing.unpublish(article, by=chief)

    assert PublishedArticle.objects.exists()


@pytest.mark.django_db
def test_one_that_is_refused_refuses_all_and_is_named() -> None:
    editor = make_login(Role.EDITOR)
    good, bad = make_draft("Good"), make_draft("Bad")
    publishing.submit(bad, by=editor)

    with pytest.raises(NotAllowed, match="“Bad”: Cannot publish: it is in review"):
        publishing.publish_many([good, bad], by=editor)

    assert not PublishedArticle.objects.exists()


@pytest.mark.django_db
def test_a_plain_save_moves_nothing_but_what_was_published() -> None:
    draft = make_draft("Draft")
    publishing.submit(draft, by=None)
    public = make_published("Public").article

    for article in (draft, public):
        stored = Article.objects.get(pk=article.pk)
        stored.state = State.APPROVED
        stored.publish_at = datetime(2026, 1, 1, tzinfo=UTC)
        stored.embargo_until = stored.killed_at = stored.trashed_at = stored.publish_at
        stored.save()
        before = Article.objects.get(pk=article.pk)
        assert (before.state, before.publish_at) == (article.state, None)
        assert (before.embargo_until, before.killed_at, before.trashed_at) == (None,) * 3
        stored.title += ", changed"
        stored.save(update_fields=["title", "state"])

    assert Article.objects.get(pk=draft.pk).state == State.IN_REVIEW
    assert Article.objects.get(pk=public.pk).state == State.DRAFT
    assert Article.objects.get(pk=public.pk).save_number == public.save_number + 1
    assert PublishedArticle.objects.get().title == "Public"


@pytest.mark.django_db
def test_a_stale_plain_save_does_not_undo_a_step() -> None:
    article = make_draft("Wind")
    stale = Article.objects.get(pk=article.pk)
    publishing.schedule(article, by=None, at=datetime.now(UTC) + timedelta(days=1))

    stale.title = "Storm"
    stale.save()

    article.refresh_from_db()
    assert (article.title, article.state) == ("Storm", State.SCHEDULED)
    assert article.publish_at is not None
