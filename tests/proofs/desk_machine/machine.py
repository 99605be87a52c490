"""The state machine of the desk's proof: what people do, and what must be true after each step."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from articles import publishing, workflow
from articles.models import Article, AuditEntry, Revision
from articles.preview import make_preview, token_of
from articles.publishing.allowed import actor_of, standings_of
from articles.saving import save
from articles.workflow import NotAllowed, State, Verb
from cms.changes import clock
from cms.changes.models import LogHead
from tests.conftest import NUMBER_AT_ONCE
from tests.proofs.desk_machine.model import KILLED, Content, Known

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEEN: Counter[str] = Counter()
PEOPLE = ("writer", "other", "editor", "publisher", "nobody", "system")

people = st.sampled_from(["editor", "publisher", *PEOPLE])
places = st.integers(0, 3)
slugs = st.sampled_from(["", "", "", "one", "two", "three"])
minutes = st.integers(-5, 120)


class Desk(RuleBasedStateMachine):
    """A few articles, six who work on them, and a clock."""

    @initialize()
    def open_the_desk(self) -> None:
        clock.PATIENCE = 60
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        LogHead.objects.update(epoch=uuid.uuid4())  # numbers that were rolled back come again
        with connection.cursor() as cursor:
            cursor.execute(NUMBER_AT_ONCE)
        self.now = START
        self.known: list[Known] = []
        self.told: Counter[str] = Counter()
        self.serial = 0
        self.client = Client(SERVER_NAME="localhost")
        self.people: dict[str, User | None] = {"system": None}
        for name in PEOPLE[:-1]:
            self.people[name] = user = User.objects.create_user(name)
            role = "writer" if name == "other" else name
            user.groups.set(Group.objects.filter(name=role))
        self.new("writer")

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    # What they do

    @rule(who=people)
    @precondition(lambda self: len(self.known) < 4)
    def begin(self, who: str) -> None:
        self.new(who)

    def new(self, who: str) -> None:
        title = self._title()
        article = Article(title=title, body_html=f"<p>{title}</p>", slug=title.lower())
        by = self.people[who]
        allowed = workflow.may_ever(Verb.SAVE, actor_of(by))

        def do() -> None:
            save(article, by=by, based_on=0)

        owner = by.pk if by else None
        if self._try(do, Verb.SAVE, allowed):
            self.known.append(Known(article.pk, owner, Content(title, title.lower())))

    @rule(
        place=places, who=people, slug=slugs, stale=st.integers(0, 5), expires=minutes,
        breaking=minutes, what=st.sampled_from(["title", "title", "expiry", "breaking", "no more"]),
    )  # fmt: skip
    def edit(
        self, place: int, who: str, slug: str, stale: int, expires: int, breaking: int, what: str
    ) -> None:
        known = self._at(place)
        title = self._title()
        content = replace(known.content, title=title, slug=slug or known.content.slug)
        if what == "expiry":
            content = replace(content, expires_at=self.now + timedelta(minutes=expires))
        if what == "breaking":
            until = self.now + timedelta(minutes=breaking)
            content = replace(content, is_breaking=True, breaking_until=until)
        if what == "no more":
            content = replace(content, expires_at=None, is_breaking=False, breaking_until=None)
        based_on = known.number - (stale == 0)
        taken = any(content.slug in other.holds() for other in self.known if other is not known)
        by = self.people[who]
        article = Article.objects.get(pk=known.key)
        for name in ("title", "slug", "is_breaking", "breaking_until", "expires_at"):
            setattr(article, name, getattr(content, name))
        due = known.publish_at if known.state is State.SCHEDULED else None
        too_early = bool(due and content.expires_at and content.expires_at <= due)
        possible = based_on == known.number and not taken and not too_early
        allowed = self._allows(Verb.SAVE, known, by) and possible
        if self._try(lambda: save(article, by=by, based_on=based_on), Verb.SAVE, allowed):
            known.content = content
            known.number += 1
            known.state = workflow.state_after(Verb.SAVE, known.state, by_system=by is None)

    @rule(place=places, who=people, verb=st.sampled_from(["submit", "send_back", "approve"]))
    def step(self, place: int, who: str, verb: str) -> None:
        arguments: dict[str, Any] = {"note": "Shorter."} if verb == "send_back" else {}
        self._move(place, who, Verb(verb), getattr(publishing, verb), **arguments)

    @rule(place=places, who=people, after=minutes)
    def schedule(self, place: int, who: str, after: int) -> None:
        known, at = self._at(place), self.now + timedelta(minutes=after)
        embargo, expiry = known.embargo_until, known.content.expires_at
        possible = after > 0 and not (embargo and at < embargo) and not (expiry and expiry <= at)
        if self._move(place, who, Verb.SCHEDULE, publishing.schedule, possible, at=at):
            known.publish_at = at

    @rule(place=places, who=people)
    def cancel_schedule(self, place: int, who: str) -> None:
        if self._move(place, who, Verb.CANCEL_SCHEDULE, publishing.cancel_schedule):
            self._at(place).publish_at = None

    @rule(place=places, who=people, after=minutes, lift=st.booleans())
    def embargo(self, place: int, who: str, after: int, lift: bool) -> None:
        known = self._at(place)
        until = None if lift else self.now + timedelta(minutes=after)
        held = known.embargo_until
        eased = held is not None and held > self.now and (until is None or until < held)
        due = known.publish_at if known.state is State.SCHEDULED else None
        possible = not (eased and who not in ("publisher", "system"))
        possible = possible and not (due and until and due < until)
        if self._move(place, who, Verb.EMBARGO, publishing.embargo, possible, until=until):
            known.embargo_until = until

    @rule(place=places, who=people, substantive=st.booleans())
    def publish(self, place: int, who: str, substantive: bool) -> None:
        known = self._at(place)
        possible = self._can_come_out(known, who)
        if self._move(
            place, who, Verb.PUBLISH, publishing.publish, possible, substantive=substantive
        ):
            known.come_out(self.now, substantive=substantive)

    @rule(place=places, who=people)
    def correct(self, place: int, who: str) -> None:
        known, note = self._at(place), self._title()
        possible = self._can_come_out(known, who)
        if self._move(place, who, Verb.CORRECT, publishing.correct, possible, note=note):
            known.corrections.append(note)
            known.number += 1
            known.come_out(self.now, substantive=True)

    @rule(place=places, who=people)
    def unpublish(self, place: int, who: str) -> None:
        known = self._at(place)
        if known.public is None:
            return
        if self._move(place, who, Verb.UNPUBLISH, publishing.unpublish):
            known.public = None
            if known.state is not State.SCHEDULED:
                known.publish_at = None

    @rule(place=places, who=people)
    def kill(self, place: int, who: str) -> None:
        known = self._at(place)
        if self._move(place, who, Verb.KILL, publishing.kill, reason=KILLED):
            known.public, known.is_killed, known.publish_at = None, True, None

    @rule(place=places, who=people, which=st.integers(0, 9))
    def restore(self, place: int, who: str, which: int) -> None:
        known = self._at(place)
        revisions = list(Revision.objects.filter(article=known.key).order_by("pk"))
        revision = revisions[which % len(revisions)]
        if self._move(
            place, who, Verb.RESTORE_REVISION, publishing.restore_revision, revision=revision
        ):
            known.number += 1
            known.content = self._content_of(revision, known)

    @rule(place=places, who=people, verb=st.sampled_from(["trash", "untrash", "delete_for_good"]))
    def throw_away(self, place: int, who: str, verb: str) -> None:
        known = self._at(place)
        if self._move(place, who, Verb(verb), getattr(publishing, verb)):
            known.is_trashed = verb == "trash"
            if verb == "untrash":
                known.publish_at = None
            if verb == "delete_for_good":
                self.known.remove(known)
                if not self.known:
                    self.new("editor")

    @rule(place=places, who=people)
    def preview(self, place: int, who: str) -> None:
        known, by = self._at(place), self.people[who]
        article = Article.objects.get(pk=known.key)
        made: list[Any] = []
        allowed = self._allows(Verb.PREVIEW, known, by)
        if self._try(lambda: made.append(make_preview(article, by=by)), Verb.PREVIEW, allowed):
            with time_machine.travel(self.now, tick=False):
                shown = self.client.get(f"/api/v1/previews/{token_of(made[0])}").json()
            assert (shown["title"], shown["slug"]) == (known.content.title, known.content.slug)

    @rule(after=st.integers(1, 90))
    def pass_time(self, after: int) -> None:
        self.now += timedelta(minutes=after)

    # What must be true

    @invariant()
    def it_is_as_it_should_be(self) -> None:
        if not hasattr(self, "known"):
            return
        for known in self.known:
            self.told.update(known.settle(self.now))
        with time_machine.travel(self.now, tick=False):
            self.readers_have_exactly_what_was_published()
            for known in self.known:
                self.each_address_answers_as_it_should(known)
        for known in self.known:
            self.history_tells_the_truth(known)
        found = Counter(AuditEntry.objects.values_list("verb", flat=True))
        assert found == +self.told

    def readers_have_exactly_what_was_published(self) -> None:
        fields = "title,slug,is_breaking,published_at,updated_at,corrections"
        page = self.client.get(f"/api/v1/articles?page_size=100&fields={fields}").json()
        shown = {each["title"]: each for each in page["results"]}
        expected = {known.public.title: known for known in self.known if known.public}
        assert set(shown) == set(expected)
        for title, known in expected.items():
            _compare(shown[title], known)

    def each_address_answers_as_it_should(self, known: Known) -> None:
        for text in known.holds():
            response = self.client.get(f"/api/v1/articles/{text}?fields=title")
            assert response.status_code == _status(known, text), (text, known)

    def history_tells_the_truth(self, known: Known) -> None:
        article = Article.objects.get(pk=known.key)
        assert (article.state, article.save_number) == (known.state, known.number)
        assert standings_of([known.key])[known.key] == known.standing()
        revisions = Revision.objects.filter(article=known.key).order_by("-pk")
        publications = revisions.filter(kind="publication")
        assert publications.count() == article.revision == known.publications
        if known.public:
            assert publications[0].content["title"] == known.public.title
        assert revisions[0].content["title"] == known.content.title

    # How they do it

    def _move(
        self,
        place: int,
        who: str,
        verb: Verb,
        do: Callable[..., Any],
        possible: bool = True,
        **arguments: Any,
    ) -> bool:
        """Do it, and move the known article as the table says, if it should be possible."""
        known, by = self._at(place), self.people[who]
        article = Article.objects.get(pk=known.key)
        allowed = self._allows(verb, known, by) and possible
        if not self._try(lambda: do(article, by=by, **arguments), verb, allowed):
            return False
        known.state = workflow.state_after(verb, known.state, by_system=by is None)
        return True

    def _allows(self, verb: Verb, known: Known, by: User | None) -> bool:
        return workflow.allows(verb, known.standing(), actor_of(by))

    def _can_come_out(self, known: Known, who: str) -> bool:
        """Whether no time is in the way; the system publishes what has expired, too."""
        embargo, expiry = known.embargo_until, known.content.expires_at
        expired = who != "system" and expiry is not None and expiry <= self.now
        return not expired and not (embargo and self.now < embargo)

    def _at(self, place: int) -> Known:
        return self.known[place % len(self.known)]

    def _title(self) -> str:
        self.serial += 1
        return f"T{self.serial}"

    def _content_of(self, revision: Revision, known: Known) -> Content:
        values = revision.content
        slug = values["slug"]
        if any(slug in other.holds() for other in self.known if other is not known):
            slug = known.content.slug
        return Content(
            values["title"],
            slug,
            values["is_breaking"],
            _moment(values["breaking_until"]),
            _moment(values["expires_at"]),
        )

    def _try(self, do: Callable[[], object], verb: Verb, allowed: bool) -> bool:
        before = None if allowed else everything()
        with time_machine.travel(self.now, tick=False):
            try:
                with transaction.atomic():
                    do()
            except (NotAllowed, ValidationError):
                assert not allowed, f"{verb} was refused"
                SEEN["refused"] += 1
                assert everything() == before, f"a refused {verb} changed something"
                return False
        assert allowed, f"{verb} was allowed"
        SEEN["done"] += 1
        self.told[verb.value] += 1
        return True


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _compare(shown: dict[str, Any], known: Known) -> None:
    assert known.public is not None
    assert shown["slug"] == known.public.slug
    assert shown["is_breaking"] == known.public.is_breaking
    assert [each["note"] for each in shown["corrections"]] == known.shown_corrections
    assert _moment(shown["published_at"]) == known.published_at
    assert _moment(shown["updated_at"]) == known.updated_at


def _status(known: Known, text: str) -> int:
    if known.public is not None and known.public.slug == text:
        return 200
    if text not in known.slugs:
        return 404
    if known.public is not None:
        return 301
    return 410 if known.is_killed else 404


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the articles' tables and of the change log."""
    found = {}
    for app in ("articles", "changes"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY 1, 2')
                found[model._meta.db_table] = cursor.fetchall()
    return found
