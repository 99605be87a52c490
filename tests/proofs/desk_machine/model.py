"""What the desk should be, without a database: the oracle of the state machine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from articles.workflow import Standing, State

KILLED = "Killed."


@dataclass(frozen=True)
class Content:
    """What a save or a publication carries."""

    title: str
    slug: str
    is_breaking: bool = False
    breaking_until: datetime | None = None
    expires_at: datetime | None = None

    def ends_breaking(self, now: datetime) -> bool:
        return self.is_breaking and self.breaking_until is not None and self.breaking_until <= now


@dataclass
class Known:
    """An article as it should be. ``public`` is what readers have, ``slugs`` the public ones."""

    key: int
    owner: int | None
    content: Content
    number: int = 1
    state: State = State.DRAFT
    public: Content | None = None
    corrections: list[str] = field(default_factory=list)
    shown_corrections: list[str] = field(default_factory=list)
    publications: int = 0
    published_at: datetime | None = None
    updated_at: datetime | None = None
    publish_at: datetime | None = None
    missed: datetime | None = None  # the publish_at at which it had expired already
    embargo_until: datetime | None = None
    slugs: set[str] = field(default_factory=set)
    is_killed: bool = False
    is_trashed: bool = False

    def standing(self) -> Standing:
        return Standing(
            state=self.state,
            is_public=self.public is not None,
            was_public=bool(self.slugs),
            is_killed=self.is_killed,
            is_trashed=self.is_trashed,
            owner=self.owner,
        )

    def holds(self) -> set[str]:
        """The slugs that no other article may take."""
        return {*self.slugs, self.content.slug}

    def come_out(self, at: datetime, *, substantive: bool) -> None:
        self.public = self.content
        self.shown_corrections = list(self.corrections)
        self.slugs.add(self.content.slug)
        self.state = State.PUBLISHED
        self.publish_at = None
        self.is_killed = False
        self.published_at = self.published_at or at
        if self.updated_at is None:
            self.updated_at = self.published_at
        elif substantive and self.publications:
            self.updated_at = max(at, self.updated_at)
        self.publications += 1

    def withdraw(self) -> None:
        self.public = None
        if self.state is State.PUBLISHED:
            self.state = State.DRAFT

    def settle(self, now: datetime) -> list[str]:
        """Let time do what is due, and return its verbs."""
        done = []
        expires_at = self.content.expires_at
        if self.state is State.SCHEDULED and self.publish_at and self.publish_at <= now:
            if expires_at and expires_at <= now:
                self.missed = self.publish_at
            if self.missed != self.publish_at:
                self.come_out(self.publish_at, substantive=True)
                done.append("publish")
        public = self.public
        if public and public.expires_at and public.expires_at <= now:
            self.withdraw()
            done.append("unpublish")
        elif public and public.ends_breaking(now):
            self._end_breaking(public)
        return done

    def _end_breaking(self, public: Content) -> None:
        self.public = replace(public, is_breaking=False, breaking_until=None)
        desk = self.content
        if desk.is_breaking and desk.breaking_until == public.breaking_until:
            self.content = replace(desk, is_breaking=False, breaking_until=None)
