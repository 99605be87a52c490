"""What an editor says of related articles is part of a version, as all that is saved."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from articles.models import Article, RelatedChoice
from articles.publishing import publish, restore_revision
from articles.revisions import Relations, relations_of
from articles.saving import StaleSaveError, merged, save
from articles.workflow import Role
from tests.articles.desk import article_form, signed_in, url
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published

pytestmark = pytest.mark.django_db


def chosen(article: Article) -> tuple[list[int] | None, list[int] | None]:
    relations = relations_of([article])[article.pk]
    return relations.pinned_ids, relations.excluded_ids


def form_of(article: Article, *pinned: int, **values: Any) -> dict[str, Any]:
    form = article_form(
        title=article.title,
        slug=article.slug,
        body_html=article.body_html,
        based_on=article.save_number,
        **values,
    )
    form["related_choices-TOTAL_FORMS"] = len(pinned)
    for position, key in enumerate(pinned):
        form |= {
            f"related_choices-{position}-other": key,
            f"related_choices-{position}-position": position,
            f"related_choices-{position}-article": article.pk,
        }
    return form


def test_it_works() -> None:
    article, one, two, never = (make_draft() for _ in range(4))
    relations = Relations([], [], [], [two.pk, one.pk], [never.pk])

    first = save(article, by=None, based_on=0, relations=relations)

    assert (first.number, chosen(article)) == (1, ([two.pk, one.pk], [never.pk]))
    assert first.content["pinned_ids"] == [two.pk, one.pk]
    save(article, by=None, based_on=1, relations=Relations([], [], [], [one.pk], []))
    assert chosen(article) == ([one.pk], [])
    restore_revision(article, by=None, revision=first)
    assert chosen(article) == ([two.pk, one.pk], [never.pk])


def test_who_says_nothing_of_them_leaves_them() -> None:
    article, other = make_draft(), make_draft()
    RelatedChoice.objects.create(article=article, other=other)
    before = list(RelatedChoice.objects.values())

    save(article, by=None, based_on=0, relations=Relations([], [], []))
    article.title = "Changed"
    save(article, by=None, based_on=article.save_number)

    assert list(RelatedChoice.objects.values()) == before


def test_revisions_of_before_they_were_kept_leave_them() -> None:
    article, other = make_draft(), make_draft()
    first = save(article, by=None, based_on=0)
    first.content = {
        name: value
        for name, value in first.content.items()
        if name not in ("pinned_ids", "excluded_ids")
    }
    first.save()
    save(article, by=None, based_on=0, relations=Relations([], [], [], [other.pk], []))

    restore_revision(article, by=None, revision=first)

    assert chosen(article) == ([other.pk], [])


def test_a_writer_who_pins_on_a_public_article_makes_it_a_draft() -> None:
    writer = make_login(Role.WRITER)
    article = make_draft(created_by=writer)
    publish(article)
    other = make_published().article

    response = signed_in(writer).post(
        url("article", "change", article.pk), form_of(article, other.pk)
    )

    assert response.status_code == 302
    article.refresh_from_db()
    assert (article.state, article.save_number) == ("draft", 1)
    assert chosen(article) == ([other.pk], [])


def test_a_second_tab_is_told_that_the_first_has_saved() -> None:
    desk = signed_in(make_login(Role.EDITOR))
    article, other = make_draft(), make_draft()
    form = form_of(article, other.pk)
    assert desk.post(url("article", "change", article.pk), form).status_code == 302
    before = everything()

    response = desk.post(url("article", "change", article.pk), form)

    assert response.status_code == 409
    assert "saved this article since you opened it." in response.content.decode()
    assert everything() == before


def test_one_that_is_chosen_twice_is_refused() -> None:
    article, other = make_draft(), make_draft("Other")
    before = everything()

    for pinned, excluded in (([other.pk, other.pk], []), ([other.pk], [other.pk])):
        with pytest.raises(ValidationError, match="“Other” stands twice"):
            save(article, by=None, based_on=0, relations=Relations([], [], [], pinned, excluded))
    with pytest.raises(ValidationError, match="not related to itself"):
        save(article, by=None, based_on=0, relations=Relations([], [], [], [article.pk], []))
    response = signed_in(make_login(Role.EDITOR)).post(
        url("article", "change", article.pk), form_of(article, other.pk, other.pk)
    )

    assert response.status_code == 200
    # Logging in writes nothing that is compared here.
    assert everything() == before


def test_those_that_each_pinned_are_merged() -> None:
    article, one, two = (make_draft() for _ in range(3))
    opened = Article.objects.get(pk=article.pk)
    save(article, by=None, based_on=0, relations=Relations([], [], [], [one.pk], []))

    with pytest.raises(StaleSaveError) as refusal:
        save(opened, by=None, based_on=0, relations=Relations([], [], [], [two.pk], []))

    assert [each.name for each in refusal.value.differences] == ["pinned_ids"]
    assert merged(opened, refusal.value.merge).pinned_ids == [two.pk, one.pk]


def test_those_that_were_deleted_are_left_out(client: Client) -> None:
    article, other = make_draft(), make_draft()
    key = other.pk
    other.delete()

    save(article, by=None, based_on=0, relations=Relations([], [], [], [key], []))

    assert chosen(article) == ([], [])


def test_both_changes_of_related_articles_are_kept_in_one() -> None:
    desk = signed_in(make_login(Role.EDITOR))
    article, gone, theirs, mine = make_draft(), make_draft(), make_draft(), make_draft()
    page = url("article", "change", article.pk)
    assert desk.post(page, form_of(article, gone.pk)).status_code == 302
    late = form_of(article, gone.pk, mine.pk)
    late |= {"based_on": 1, "related_choices-INITIAL_FORMS": 1}
    late["related_choices-0-id"] = RelatedChoice.objects.get().pk
    article.refresh_from_db()
    save(article, by=None, based_on=1, relations=Relations([], [], [], [theirs.pk], []))

    response = desk.post(page, late)
    sent = dict(response.context["merged"]) | {"based_on": response.context["number"]}

    assert response.status_code == 409
    assert desk.post(page, sent).status_code == 302
    assert chosen(article) == ([mine.pk, theirs.pk], [])
