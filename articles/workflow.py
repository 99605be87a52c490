"""Who may move an article from where to where: one table, and nothing else decides it.

A verb of ``articles/publishing`` asks ``check`` before it does anything. ``docs/desk.md`` shows
the table; a test holds it to this one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy


class State(StrEnum):
    """Where an article's next version stands; whether the public has it is another matter."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Role(StrEnum):
    """The groups that a login may be in, by name. A superuser is a publisher."""

    WRITER = "writer"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    RATES_EDITOR = "rates editor"


class Verb(StrEnum):
    """What can be done to an article; the values are the names of the functions."""

    SAVE = "save"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    CANCEL_SCHEDULE = "cancel_schedule"
    EMBARGO = "embargo"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    CORRECT = "correct"
    KILL = "kill"
    RESTORE_REVISION = "restore_revision"
    TRASH = "trash"
    UNTRASH = "untrash"
    DELETE_FOR_GOOD = "delete_for_good"
    PREVIEW = "preview"

    @property
    def words(self) -> str:
        """As what follows “Cannot”, in the language of the page."""
        return str(_WORDS[self])


class NotAllowed(Exception):  # noqa: N818 -- the name that the desk's issue gives it
    """The state or the role does not allow it. The message says why, and who can or what to do."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules look at in an article."""

    state: State
    is_public: bool = False
    was_public: bool = False
    is_killed: bool = False
    is_trashed: bool = False
    owner: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: the login's primary key, and its roles. The system is None instead."""

    key: int
    roles: frozenset[Role]

    @property
    def is_publisher(self) -> bool:
        return Role.PUBLISHER in self.roles

    @property
    def is_editor(self) -> bool:
        """Whether it may what editors may: publishers may, too."""
        return bool(self.roles & {Role.EDITOR, Role.PUBLISHER})

    def owns(self, article: Standing) -> bool:
        return article.owner is not None and article.owner == self.key


@dataclass(frozen=True, slots=True)
class Rule:
    """``moves``: the states from which a verb goes, each with the one to which it goes.

    ``own`` are the states in which a writer may do it to an article of their own. ``public`` says
    that readers have to have it, or not to; None if that is no matter.
    """

    moves: Mapping[State, State]
    own: frozenset[State] = frozenset()
    needs_publisher: bool = False
    public: bool | None = None

    @property
    def who(self) -> str:
        """Who can, as the end of a sentence."""
        if self.needs_publisher:
            return gettext("a publisher can")
        if self.own:
            return gettext("its writer, an editor or a publisher can")
        return gettext("an editor or a publisher can")


DRAFT, IN_REVIEW, APPROVED, SCHEDULED, PUBLISHED = State
_STAYS = {state: state for state in State}
_ALL_DRAFT = dict.fromkeys(State, DRAFT)

RULES: dict[Verb, Rule] = {
    # With the first edit after a publication it is a draft of the next version.
    Verb.SAVE: Rule({**_STAYS, PUBLISHED: DRAFT}, own=frozenset({DRAFT, PUBLISHED})),
    Verb.SUBMIT: Rule({DRAFT: IN_REVIEW}, own=frozenset({DRAFT})),
    Verb.SEND_BACK: Rule({IN_REVIEW: DRAFT, APPROVED: DRAFT}),
    Verb.APPROVE: Rule({DRAFT: APPROVED, IN_REVIEW: APPROVED}),
    Verb.SCHEDULE: Rule(dict.fromkeys((DRAFT, APPROVED, SCHEDULED), SCHEDULED)),
    Verb.CANCEL_SCHEDULE: Rule({SCHEDULED: APPROVED}),
    Verb.EMBARGO: Rule(_STAYS),
    # What was submitted is judged first; the system publishes from any state.
    Verb.PUBLISH: Rule(dict.fromkeys((DRAFT, APPROVED, SCHEDULED, PUBLISHED), PUBLISHED)),
    # What was withdrawn by a person does not come back by itself.
    Verb.UNPUBLISH: Rule({**_STAYS, PUBLISHED: DRAFT, SCHEDULED: APPROVED}, public=True),
    Verb.CORRECT: Rule(dict.fromkeys((DRAFT, APPROVED, PUBLISHED), PUBLISHED), public=True),
    Verb.KILL: Rule(_ALL_DRAFT, needs_publisher=True),
    Verb.RESTORE_REVISION: Rule(
        dict.fromkeys((DRAFT, IN_REVIEW, APPROVED, PUBLISHED), DRAFT),
        own=frozenset({DRAFT, PUBLISHED}),
    ),
    Verb.TRASH: Rule({DRAFT: DRAFT}, own=frozenset({DRAFT}), public=False),
    Verb.UNTRASH: Rule(_ALL_DRAFT, needs_publisher=True),
    Verb.DELETE_FOR_GOOD: Rule(_STAYS, needs_publisher=True, public=False),
    Verb.PREVIEW: Rule(_STAYS, own=frozenset(State)),
}

# The verbs in sentences, after “Cannot”.
_WORDS = {
    Verb.SAVE: pgettext_lazy("Cannot …", "save"),
    Verb.SUBMIT: pgettext_lazy("Cannot …", "submit"),
    Verb.SEND_BACK: pgettext_lazy("Cannot …", "send back"),
    Verb.APPROVE: pgettext_lazy("Cannot …", "approve"),
    Verb.SCHEDULE: pgettext_lazy("Cannot …", "schedule"),
    Verb.CANCEL_SCHEDULE: pgettext_lazy("Cannot …", "cancel schedule"),
    Verb.EMBARGO: pgettext_lazy("Cannot …", "embargo"),
    Verb.PUBLISH: pgettext_lazy("Cannot …", "publish"),
    Verb.UNPUBLISH: pgettext_lazy("Cannot …", "unpublish"),
    Verb.CORRECT: pgettext_lazy("Cannot …", "correct"),
    Verb.KILL: pgettext_lazy("Cannot …", "kill"),
    Verb.RESTORE_REVISION: pgettext_lazy("Cannot …", "restore revision"),
    Verb.TRASH: pgettext_lazy("Cannot …", "trash"),
    Verb.UNTRASH: pgettext_lazy("Cannot …", "untrash"),
    Verb.DELETE_FOR_GOOD: pgettext_lazy("Cannot …", "delete for good"),
    Verb.PREVIEW: pgettext_lazy("Cannot …", "preview"),
}
_WHILE = {
    State.DRAFT: pgettext_lazy("while it is …", "draft"),
    State.IN_REVIEW: pgettext_lazy("while it is …", "in review"),
    State.APPROVED: pgettext_lazy("while it is …", "approved"),
    State.SCHEDULED: pgettext_lazy("while it is …", "scheduled"),
    State.PUBLISHED: pgettext_lazy("while it is …", "published"),
}
# What to do first, by the state that is in the way.
_FIRST = {
    State.DRAFT: gettext_lazy("it is a draft"),
    State.IN_REVIEW: gettext_lazy("it is in review: approve it or send it back first"),
    State.APPROVED: gettext_lazy("it is approved already: send it back first"),
    State.SCHEDULED: gettext_lazy("it is scheduled: cancel the schedule first"),
    State.PUBLISHED: gettext_lazy("its last version is published, and there is no later one"),
}
_OF_THE_TRASH = (Verb.UNTRASH, Verb.DELETE_FOR_GOOD)


def check(verb: Verb, article: Standing, actor: Actor | None) -> None:
    """Raise NotAllowed, with a sentence, unless ``actor`` may do this to the article now.

    None is the system: it has every role, and publishes and unpublishes from any state; but it
    does not publish what was killed or trashed.
    """
    rule = RULES[verb]
    _check_role(verb, rule, article, actor)
    if article.is_trashed and verb not in _OF_THE_TRASH:
        raise _cannot(verb, gettext("it is in the trash. A publisher can untrash it"))
    if not article.is_trashed and verb in _OF_THE_TRASH:
        raise _cannot(verb, gettext("it is not in the trash"))
    _check_public(verb, rule, article)
    _check_killed(verb, article, actor)
    if actor is None and verb is Verb.PUBLISH:
        return
    if article.state not in rule.moves:
        raise _cannot(verb, str(_FIRST[article.state]))


def allows(verb: Verb, article: Standing, actor: Actor | None) -> bool:
    """Whether ``check`` would let it pass: for buttons and lists."""
    try:
        check(verb, article, actor)
    except NotAllowed:
        return False
    return True


def state_after(verb: Verb, state: State, *, by_system: bool) -> State:
    """The state of an article after the verb.

    The system may publish from any state; and when it ends what readers have, at its expiry, a
    next version that is scheduled stays so.
    """
    if by_system and verb is Verb.PUBLISH:
        return PUBLISHED
    if by_system and verb is Verb.UNPUBLISH and state is SCHEDULED:
        return SCHEDULED
    return RULES[verb].moves[state]


def actor_of(key: int, groups: Collection[str], *, is_superuser: bool) -> Actor:
    """A login as an actor, by the names of its groups; groups that are no roles don't matter."""
    roles = {Role(name) for name in groups if name in set(Role)}
    return Actor(key, frozenset(roles | {Role.PUBLISHER} if is_superuser else roles))


def may_ever(verb: Verb, actor: Actor | None) -> bool:
    """Whether the actor's role lets it do this to some article."""
    return actor is None or _has_role(RULES[verb], actor) or _writes(RULES[verb], actor)


def reads_all(actor: Actor | None) -> bool:
    """Whether it may read all that the desk has: all but those who only write, who read their own
    articles and what is published as it stands."""
    return (
        actor is None
        or Role.WRITER not in actor.roles
        or actor.is_publisher
        or Role.EDITOR in actor.roles
    )


def _has_role(rule: Rule, actor: Actor) -> bool:
    if rule.needs_publisher:
        return actor.is_publisher
    return actor.is_publisher or Role.EDITOR in actor.roles


def _writes(rule: Rule, actor: Actor) -> bool:
    return bool(rule.own) and Role.WRITER in actor.roles


def _cannot(verb: Verb, why: str) -> NotAllowed:
    return NotAllowed(gettext("Cannot {verb}: {why}.").format(verb=verb.words, why=why))


def _check_role(verb: Verb, rule: Rule, article: Standing, actor: Actor | None) -> None:
    if actor is None or _has_role(rule, actor):
        return
    if not _writes(rule, actor):
        raise NotAllowed(
            gettext("You cannot {verb} it: {who}.").format(verb=verb.words, who=rule.who)
        )
    if not actor.owns(article):
        raise NotAllowed(
            gettext(
                "You cannot {verb} it: a writer's own articles only; an editor or a publisher can."
            ).format(verb=verb.words)
        )
    if article.state not in rule.own and article.state in rule.moves:
        raise NotAllowed(
            gettext(
                "You cannot {verb} it while it is {state}: an editor can, or can send it back to"
                " you."
            ).format(verb=verb.words, state=_WHILE[article.state])
        )


def _check_public(verb: Verb, rule: Rule, article: Standing) -> None:
    if rule.public is True and not article.is_public:
        raise _cannot(verb, gettext("it is not public. Publish it first"))
    if rule.public is False and article.is_public:
        raise _cannot(
            verb, gettext("readers have it. An editor or a publisher can unpublish it first")
        )


def _check_killed(verb: Verb, article: Standing, actor: Actor | None) -> None:
    if verb is Verb.KILL:
        if article.is_killed:
            raise _cannot(verb, gettext("it was killed already"))
        if not article.was_public:
            raise _cannot(verb, gettext("it never was public. Trash it instead"))
    if not article.is_killed:
        return
    if verb is Verb.DELETE_FOR_GOOD:
        raise _cannot(
            verb,
            gettext("it was killed, and readers have to be told why. Leave it in the trash"),
        )
    if verb in (Verb.PUBLISH, Verb.SCHEDULE) and (
        actor is None or verb is Verb.SCHEDULE or not actor.is_publisher
    ):
        raise _cannot(verb, gettext("it was killed. A publisher can publish it again"))
