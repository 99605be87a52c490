"""Comments on an article, open or resolved, with mentions."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from articles.comments import (
    add_comment,
    comments_of,
    mentioned_in,
    mentions_of,
    reopen_comment,
    resolve_comment,
)
from articles.models import Article, AuditEntry, Comment
from articles.publishing import delete_for_good, trash
from articles.workflow import NotAllowed, Role
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> Any:
    return make_login(Role.WRITER)


@pytest.fixture
def editor() -> Any:
    return make_login(Role.EDITOR)


def test_it_works(writer: Any, editor: Any) -> None:
    article = make_draft("Wind", created_by=writer)

    said = add_comment(article, by=editor, text=" Who says so, @WRITER?\r\nAnd @nobody.else. ")

    [comment] = comments_of(article)
    assert comment == said.comment
    assert comment.text == "Who says so, @WRITER?\nAnd @nobody.else."
    assert list(comment.mentioned.all()) == [writer]
    assert said.unknown == ["nobody.else"]
    assert list(mentions_of(writer)) == [comment]
    assert list(mentions_of(editor)) == []
    entry = AuditEntry.objects.get(verb="comment")
    assert (entry.by_name, entry.subject, entry.details) == ("editor", "Wind", {})

    assert resolve_comment(comment, by=writer) is True
    assert (comment.resolved_by, list(mentions_of(writer))) == (writer, [])
    assert resolve_comment(comment, by=editor) is False
    assert Comment.objects.get().resolved_by == writer
    assert reopen_comment(comment, by=editor) is True
    assert (comment.resolved_by, comment.resolved_at) == (None, None)
    assert list(mentions_of(writer)) == [comment]
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["comment", "resolve_comment", "reopen_comment"]


@pytest.mark.parametrize(
    ("text", "known", "unknown"),
    [
        ("@asel", ["asel"], []),
        ("(@Asel, @asel)", ["asel"], []),
        ("Ask @asel.", ["asel"], []),
        ("Ask @j.doe.", ["j.doe"], []),
        ("@asel@example.org", [], ["asel@example.org"]),
        ("asel@example.org and https://t.me/@asel", [], []),
        ("@айгүл", ["айгүл"], []),
        ("@gone @clerk @", [], ["gone", "clerk"]),
    ],
)
def test_who_is_mentioned(text: str, known: list[str], unknown: list[str]) -> None:
    """Only who can sign in at the desk."""
    for name in ("asel", "j.doe", "айгүл"):
        make_login(Role.WRITER, username=name)
    make_login(Role.WRITER, username="gone", is_active=False)
    make_login(username="clerk", is_staff=False)

    found, missing = mentioned_in(text)

    assert ([each.username for each in found], missing) == (known, unknown)


def test_one_is_not_told_of_oneself_nor_of_the_trash(writer: Any, editor: Any) -> None:
    article = make_draft(created_by=writer)
    add_comment(article, by=writer, text="Note to @writer")
    add_comment(article, by=editor, text="@writer")
    assert mentions_of(writer).count() == 1

    trash(article, by=None)

    assert mentions_of(writer).count() == 0


@pytest.mark.parametrize("text", ["", " \n\0 ", "x" * 5001])
def test_what_cannot_be_said_is_told_and_nothing_changes(editor: Any, text: str) -> None:
    article = make_draft()
    before = everything()

    with pytest.raises(ValidationError):
        add_comment(article, by=editor, text=text)

    assert everything() == before


@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_takes_part_if_it_may(role: Role | None) -> None:
    login: Any = make_login(*([role] if role else []))
    article = make_draft()
    may = role in (Role.WRITER, Role.EDITOR, Role.PUBLISHER)
    before = everything()

    if may:
        add_comment(article, by=login, text="Yes")
    else:
        with pytest.raises(NotAllowed, match="a writer, an editor or a publisher can"):
            add_comment(article, by=login, text="Yes")

    assert (everything() == before) is not may


@pytest.mark.parametrize("role", [None, *Role])
def test_a_comment_of_others_is_resolved_by_those_who_may(role: Role | None, editor: Any) -> None:
    login: Any = make_login(*([role] if role else []), username="somebody")
    comment = add_comment(make_draft(), by=editor, text="Why?").comment
    may = role in (Role.EDITOR, Role.PUBLISHER)
    before = everything()

    for verb in (resolve_comment, reopen_comment):
        if may:
            assert verb(comment, by=login)
        else:
            with pytest.raises(NotAllowed):
                verb(comment, by=login)

    assert (everything() == before) is not may


def test_who_said_it_and_the_articles_writer_resolve_it(writer: Any, editor: Any) -> None:
    other: Any = make_login(Role.WRITER, username="other")
    comment = add_comment(make_draft(created_by=writer), by=other, text="Why?").comment

    assert resolve_comment(comment, by=other)
    assert reopen_comment(comment, by=writer)


def test_nothing_is_said_of_what_is_in_the_trash_or_gone(editor: Any) -> None:
    article = make_draft()
    comment = add_comment(article, by=editor, text="Why?").comment
    trash(article, by=None)
    before = everything()

    for attempt in (
        lambda: add_comment(article, by=editor, text="More"),
        lambda: resolve_comment(comment, by=editor),
    ):
        with pytest.raises(NotAllowed, match="it is in the trash"):
            attempt()
    assert everything() == before

    delete_for_good(article, by=None)
    assert not Comment.objects.exists()
    with pytest.raises(NotAllowed, match="somebody has deleted it"):
        add_comment(Article(pk=comment.article_id), by=editor, text="More")


def test_a_comment_outlives_its_login(editor: Any) -> None:
    comment = add_comment(make_draft(), by=editor, text="Why?").comment

    editor.delete()

    comment.refresh_from_db()
    assert (comment.by_name, comment.created_by) == ("editor", None)
