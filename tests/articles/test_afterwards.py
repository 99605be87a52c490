"""Corrections, updated_at, slugs that change, and the return to an earlier version."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client

from articles.models import Article, PublishedArticle, Revision
from articles.publishing import correct, publish, restore_revision, schedule, submit
from articles.revisions import relations_of
from articles.saving import save
from articles.workflow import NotAllowed, Role
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_author, make_draft, make_image, make_published, make_tag

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
URL = "/api/v1/articles"


@pytest.fixture
def editor() -> User:
    return make_login(Role.EDITOR)


def test_it_works(editor: User, client: Client) -> None:
    article = make_published("The dam is in Osh", slug="dam", published_at=NOON).article
    article.title = "The dam is in Jalal-Abad"
    save(article, by=editor, based_on=article.save_number)

    published = correct(article, by=editor, note=" It is not in Osh. ", at=LATER)

    assert published.updated_at == LATER
    shown = client.get(f"{URL}/dam").json()
    assert shown["title"] == "The dam is in Jalal-Abad"
    assert shown["corrections"] == [{"at": "2026-03-01T13:00:00Z", "note": "It is not in Osh."}]
    assert shown["revision"] == 2
    assert (article.state, article.corrections) == ("published", shown["corrections"])


def test_corrections_add_up_and_are_restored_by_nothing(editor: User, client: Client) -> None:
    article = make_published(slug="dam").article
    first = article.revisions.get()
    correct(article, by=editor, note="One.")
    correct(article, by=editor, note="Two.")

    restore_revision(article, by=editor, revision=first)
    publish(article, by=editor)

    shown = client.get(f"{URL}/dam").json()["corrections"]
    assert [each["note"] for each in shown] == ["One.", "Two."]


def test_a_correction_makes_an_open_form_stale(editor: User) -> None:
    article = make_published().article
    before = article.save_number

    correct(article, by=editor, note="One.")

    assert article.save_number == before + 1


@pytest.mark.parametrize("case", ["without a note", "not public", "in review", "scheduled"])
def test_what_cannot_be_corrected_is_told(editor: User, case: str) -> None:
    article = make_draft() if case == "not public" else make_published().article
    if case in ("in review", "scheduled"):
        article.title = "Next"
        article.save()
    if case == "in review":
        submit(article, by=editor)
    if case == "scheduled":
        schedule(article, by=editor, at=datetime(2099, 1, 1, tzinfo=UTC))
    before = everything()

    with pytest.raises((NotAllowed, ValidationError)):
        correct(article, by=editor, note="" if case == "without a note" else "Wrong.")

    assert everything() == before


def test_updated_at_moves_only_for_what_is_substantive(editor: User) -> None:
    article = make_published("Wind", published_at=NOON).article

    for substantive, moment, expected in (
        (False, LATER, NOON),
        (True, LATER, LATER),
        (False, LATER + timedelta(hours=1), LATER),
    ):
        published = publish(article, by=editor, at=moment, substantive=substantive)
        assert published.updated_at == expected


def test_a_slug_that_changes_leaves_redirects_and_no_loops(editor: User, client: Client) -> None:
    article = make_published(slug="one").article
    for slug in ("two", "three", "one"):
        article.slug = slug
        save(article, by=editor, based_on=article.save_number)
        publish(article, by=editor)

    assert client.get(f"{URL}/one").status_code == 200
    for slug in ("two", "three"):
        assert client.get(f"{URL}/{slug}")["Location"] == f"{URL}/one"


def test_a_revision_is_restored_as_the_next_draft(editor: User) -> None:
    tag, author, image = make_tag(), make_author(), make_image()
    article = make_published(
        "First", slug="first", tags=[tag], authors=[author], lead_image=image, expires_at=None
    ).article
    first = article.revisions.get()
    article.title, article.slug, article.lead_image = "Second", "second", None
    save(article, by=editor, based_on=article.save_number)
    article.tags.clear()
    before = PublishedArticle.objects.values().get()

    restored = restore_revision(article, by=editor, revision=first, at=LATER)

    assert (article.title, article.slug, article.lead_image_id) == ("First", "first", image.pk)
    relations = relations_of([article])[article.pk]
    assert (relations.tag_ids, relations.author_ids) == ([tag.pk], [author.pk])
    assert (article.state, restored.number) == ("draft", article.save_number)
    assert (restored.kind, restored.created_by, restored.created_at) == ("save", editor, LATER)
    assert restored.note.startswith("Restored from the version of 20")
    assert restored.content == first.content
    assert PublishedArticle.objects.values().get() == before


def test_what_was_deleted_since_is_left_out(editor: User) -> None:
    tag, gone, image = make_tag(), make_tag(), make_image()
    article = make_draft("First", slug="first", tags=[gone, tag], lead_image=image)
    revision = save(article, by=editor, based_on=0)
    article.slug, article.lead_image = "second", None
    article.save()
    gone.delete()
    image.delete()
    make_draft(slug="first")

    restore_revision(article, by=editor, revision=revision)

    assert relations_of([article])[article.pk].tag_ids == [tag.pk]
    assert (article.lead_image, article.slug) == (None, "second")


def test_a_revision_of_another_article_is_refused(editor: User) -> None:
    article, other = make_draft(), make_published().article
    before = everything()

    with pytest.raises(NotAllowed, match="it is of another article"):
        restore_revision(article, by=editor, revision=other.revisions.get())

    assert everything() == before


def test_a_revision_never_changes(editor: User) -> None:
    article = make_published("First").article
    first = article.revisions.values().get()

    article.title = "Second"
    save(article, by=editor, based_on=article.save_number)
    publish(article, by=editor)
    restore_revision(article, by=editor, revision=Revision.objects.get(pk=first["id"]))

    assert Revision.objects.filter(pk=first["id"]).values().get() == first
    assert Article.objects.get().title == "First"
