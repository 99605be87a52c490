"""How the desk saves: revisions, and two editors on one article."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, AuditEntry, Origin, PublishedArticle, Revision
from articles.publishing import (
    ScheduleError,
    link_translations,
    publish,
    restore_revision,
    schedule,
    submit,
)
from articles.revisions import Relations, relations_of
from articles.saving import StaleSaveError, merged, save
from articles.workflow import NotAllowed, Role
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import (
    make_author,
    make_draft,
    make_published,
    make_region,
    make_tag,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def editor() -> User:
    return make_login(Role.EDITOR)


@pytest.fixture
def colleague() -> User:
    return make_login(Role.EDITOR, username="colleague")


def test_it_works(editor: User) -> None:
    region, tag, authors = make_region(), make_tag(), [make_author(), make_author()]
    article = Article(title="Wind", body_html="<p>It <b>blows</b></p>", language="EN")
    relations = Relations([region.pk], [tag.pk], [authors[1].pk, authors[0].pk])

    revision = save(
        article,
        by=editor,
        based_on=0,
        relations=relations,
        note="First try",
        at=NOON,
        origin=Origin("192.0.2.1", "Firefox"),
    )

    stored = Article.objects.get()
    assert (stored.title, stored.state, stored.created_by) == ("Wind", "draft", editor)
    assert (stored.slug, stored.save_number) == ("wind", 1)
    assert relations_of([stored])[stored.pk] == relations.completed()
    assert (revision.kind, revision.number, revision.note) == ("save", 1, "First try")
    assert (revision.created_by, revision.created_at) == (editor, NOON)
    assert revision.content["body_html"] == "<p>It <strong>blows</strong></p>"
    assert revision.content["author_ids"] == relations.author_ids
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.by_name, entry.article_key) == ("save", "editor", stored.pk)
    assert (entry.address, entry.agent, entry.at) == ("192.0.2.1", "Firefox", NOON)


def test_each_save_is_a_version_and_names_the_one_before(editor: User) -> None:
    article = make_draft("One")

    for number, title in enumerate(("Two", "Three")):
        article.title = title
        assert save(article, by=editor, based_on=number).number == number + 1

    # What a program saved without a revision is kept, too.
    history = article.revisions.order_by("pk").values_list("number", "kind", "content__title")
    assert list(history) == [(0, "save", "One"), (1, "save", "Two"), (2, "save", "Three")]
    assert article.revisions.earliest("pk").created_by is None


def test_what_was_published_becomes_a_draft_and_readers_see_nothing(editor: User) -> None:
    article = make_published("Wind", tags=[make_tag()]).article
    before = PublishedArticle.objects.values().get()
    relations = relations_of([article])[article.pk]

    save(article, by=editor, based_on=article.save_number)  # nothing changed
    assert article.state == "published"
    save(
        article,
        by=editor,
        based_on=article.save_number,
        relations=Relations(relations.region_ids, [], relations.author_ids),
    )

    assert article.state == "draft"
    assert PublishedArticle.objects.values().get() == before


def test_an_autosave_without_changes_writes_nothing(editor: User) -> None:
    article = make_draft("Wind")
    save(article, by=editor, based_on=0, kind="autosave")
    article.title = "Storm"
    save(article, by=editor, based_on=0, kind="autosave")
    before = everything()

    latest = save(article, by=editor, based_on=1, kind="autosave")

    assert latest.content["title"] == "Storm"
    assert everything() == before


def test_what_was_autosaved_is_kept_when_it_is_saved_by_hand(editor: User) -> None:
    article = make_draft("Wind")
    article.title = "Storm"
    save(article, by=editor, based_on=0, kind="autosave")

    save(article, by=editor, based_on=1)

    assert list(article.revisions.order_by("pk").values_list("number", "kind")) == [
        (0, "save"),
        (1, "autosave"),
        (1, "save"),
    ]
    # Autosaves are told by their revisions; the audit has what was done by hand.
    assert AuditEntry.objects.filter(verb="save").count() == 1


def test_a_stale_save_is_refused_with_the_differences(editor: User, colleague: User) -> None:
    article = make_draft("Wind", summary="It blows hard today.")
    mine = Article.objects.get(pk=article.pk)
    article.summary = "It blows very hard today."
    save(article, by=colleague, based_on=0)
    before = everything()

    mine.title = "Storm"
    mine.summary = "It blows hard tonight."
    with pytest.raises(StaleSaveError) as refusal:
        save(mine, by=editor, based_on=0)

    error = refusal.value
    assert " ".join(error.messages) == (
        "colleague saved this article since you opened it, and changed: summary. Merge both"
        " changes, or take over with yours."
    )
    [difference] = error.differences
    assert [(piece.change, piece.text) for piece in difference.pieces] == [
        ("same", "It blows "),
        ("added", "very "),
        ("same", "hard today."),
    ]
    assert error.merge.clashes == []
    assert everything() == before

    relations = merged(mine, error.merge)
    save(mine, by=editor, based_on=error.number, relations=relations)

    article.refresh_from_db()
    assert (article.title, article.summary) == ("Storm", "It blows very hard tonight.")


def test_what_both_changed_clashes_and_can_be_taken_over(editor: User, colleague: User) -> None:
    article = make_draft("Wind")
    mine = Article.objects.get(pk=article.pk)
    article.title = "Gale"
    save(article, by=colleague, based_on=0)

    mine.title = "Storm"
    with pytest.raises(StaleSaveError) as refusal:
        save(mine, by=editor, based_on=0)
    [clash] = refusal.value.merge.clashes
    assert (clash.name, clash.base, clash.mine, clash.theirs) == ("title", "Wind", "Storm", "Gale")
    save(mine, by=editor, based_on=refusal.value.number)

    assert Article.objects.get().title == "Storm"
    titles = article.revisions.order_by("pk").values_list("content__title", flat=True)
    assert list(titles) == ["Wind", "Gale", "Storm"]


def test_tags_that_each_added_or_removed_are_merged(editor: User, colleague: User) -> None:
    kept, gone, theirs, mine = (make_tag() for _ in range(4))
    article = make_draft(tags=[kept, gone])
    opened = Article.objects.get(pk=article.pk)
    save(article, by=colleague, based_on=0, relations=Relations([], [kept.pk, theirs.pk], []))

    with pytest.raises(StaleSaveError) as refusal:
        save(
            opened, by=editor, based_on=0, relations=Relations([], [kept.pk, gone.pk, mine.pk], [])
        )

    assert merged(opened, refusal.value.merge).tag_ids == [kept.pk, mine.pk, theirs.pk]


def test_a_save_by_a_script_makes_an_open_form_stale(editor: User) -> None:
    article = make_draft("Wind")
    opened = Article.objects.get(pk=article.pk)
    article.title = "Changed by a script"
    article.save()

    opened.title = "Mine"
    with pytest.raises(StaleSaveError, match="A program saved this article since"):
        save(opened, by=editor, based_on=0)

    assert Article.objects.get().title == "Changed by a script"


def test_a_publication_makes_no_open_form_stale(editor: User) -> None:
    article = make_draft("Wind")
    opened = Article.objects.get(pk=article.pk)
    publish(article)

    opened.title = "Storm"
    save(opened, by=editor, based_on=opened.save_number)

    article.refresh_from_db()
    assert (article.title, article.state, article.is_public) == ("Storm", "draft", True)
    assert article.public_id is not None


@pytest.mark.parametrize("state", ["in review", "another's"])
def test_a_writer_is_refused_and_nothing_changes(state: str) -> None:
    writer = make_login(Role.WRITER)
    article = make_draft(created_by=writer if state == "in review" else None)
    if state == "in review":
        submit(article, by=writer)
    before = everything()

    article.title = "Changed"
    with pytest.raises(NotAllowed, match="editor"):
        save(article, by=writer, based_on=article.save_number)
    with pytest.raises(NotAllowed, match="an editor or a publisher can"):
        save(Article(title="New"), by=make_login(), based_on=0)

    assert everything() == before


def test_a_slug_that_is_taken_is_refused_and_nothing_changes(editor: User) -> None:
    make_draft(slug="taken")
    article = make_draft(slug="mine")
    before = everything()

    article.slug = "taken"
    with pytest.raises(ValidationError, match="Another article holds the slug"):
        save(article, by=editor, based_on=0)

    assert everything() == before


def test_corrections_and_translations_are_not_saved_but_by_their_verbs(editor: User) -> None:
    article = make_draft()
    article.corrections = [{"at": "2026-01-01T00:00:00Z", "note": "Made up"}]
    article.title = "Changed"

    save(article, by=editor, based_on=0)

    assert (article.title, article.corrections) == ("Changed", [])


@pytest.mark.parametrize("number", [1, 100])
def test_it_needs_the_same_statements_with_any_history(editor: User, number: int) -> None:
    article = make_draft()
    for each in range(number):
        moment = NOON + timedelta(minutes=each)
        Revision.objects.create(article=article, kind="save", content={}, created_at=moment)
    article.title = "Changed"

    with CaptureQueriesContext(connection) as queries:
        save(article, by=editor, based_on=0)

    # Lock, roles, how it stands; relations (three), latest revision; what was merged and is there
    # (six); lock, save, slug (three); relations (three); version, revision, audit; fresh (one).
    statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) <= 27, [statement[:90] for statement in statements]


def test_what_a_script_changed_without_a_version_is_kept(editor: User) -> None:
    article = make_draft("One")
    article.title = "Two"
    save(article, by=editor, based_on=0)
    tag = make_tag()
    Article.objects.filter(pk=article.pk).update(title="By a script")
    article.tags.add(tag)
    article.refresh_from_db()

    article.title = "Three"
    save(article, by=editor, based_on=1)

    history = article.revisions.order_by("pk").values_list(
        "number", "content__title", "content__tag_ids"
    )
    assert list(history)[1:] == [
        (1, "Two", []),
        (1, "By a script", [tag.pk]),
        (2, "Three", [tag.pk]),
    ]
    assert article.revisions.get(content__title="By a script").created_by is None


def test_what_is_scheduled_does_not_expire_before_it_is_out(editor: User) -> None:
    article = make_draft("Wind")
    due = timezone.now() + timedelta(hours=2)
    schedule(article, by=editor, at=due)
    before = everything()

    for expiry in (due - timedelta(hours=1), due):
        article.expires_at = expiry
        with pytest.raises(ScheduleError, match="Choose a later expiry, or another time"):
            save(article, by=editor, based_on=0)
        assert everything() == before

    article.expires_at = due + timedelta(hours=1)
    assert save(article, by=editor, based_on=0).number == 1
    article.refresh_from_db()
    assert article.state == "scheduled"


def test_two_translations_are_not_in_one_language(editor: User) -> None:
    group = uuid.uuid4()
    make_draft("One", language="en", translation_group=group)
    article = make_draft("Раз", language="ru", translation_group=group)
    before = everything()

    article.language = "EN"
    with pytest.raises(ValidationError, match="There is a translation in the language “en”"):
        save(article, by=editor, based_on=0)

    assert everything() == before


def test_a_revision_in_the_language_of_another_translation_is_not_restored(editor: User) -> None:
    article = make_draft("One", language="en")
    article.language = "ru"
    save(article, by=editor, based_on=0)
    other = make_draft("Two", language="en")
    link_translations([article, other], group=uuid.uuid4())
    first = article.revisions.earliest("pk")
    before = everything()

    with pytest.raises(ValidationError, match="There is a translation in the language “en”"):
        restore_revision(article, by=editor, revision=first)

    assert everything() == before
