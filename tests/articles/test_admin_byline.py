"""The byline in the article's form, by what a newsroom lets a role do to bylines."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from articles.models import Article
from articles.workflow import Role
from tests.articles.desk import article_form, signed_in, url
from tests.articles.roles import make_login
from tests.factories import make_author, make_draft

pytestmark = pytest.mark.django_db


def take_away(role: Role, *codenames: str) -> None:
    group = Group.objects.get(name=role.value)
    group.permissions.remove(*Permission.objects.filter(codename__in=codenames))


def editor_without(*codenames: str) -> Client:
    take_away(Role.EDITOR, *codenames)
    return signed_in(make_login(Role.EDITOR))


def byline_field(response: Any) -> Any:
    return response.context["adminform"].form["byline"]


def test_it_works() -> None:
    zed, asel = make_author("Zed"), make_author("Asel")
    article = make_draft("One", authors=[zed])
    form = article_form(based_on=article.save_number, authors=[asel.pk, zed.pk])
    editor = signed_in(make_login(Role.EDITOR))

    assert editor.post(url("article", "change", article.pk), form).status_code == 302

    assert [row.author for row in article.bylines.all()] == [asel, zed]


@pytest.mark.parametrize("way", ["change", "autosave"])
@pytest.mark.parametrize(
    "taken",
    [
        ["add_byline", "change_byline", "delete_byline", "view_byline"],
        ["add_byline", "change_byline", "delete_byline"],
        ["change_byline", "view_byline"],
        ["add_byline"],
        ["change_byline"],
        ["delete_byline"],
    ],
)
def test_who_may_not_change_bylines_leaves_them_as_they_are(taken: list[str], way: str) -> None:
    authors = [make_author("Zed"), make_author("Asel")]
    article = make_draft("One", authors=authors)
    given = [make_author("Mirlan").pk, authors[1].pk]
    form = article_form(title="Changed", based_on=article.save_number, authors=given)

    response = editor_without(*taken).post(url("article", way, article.pk), form)

    assert response.status_code == (302 if way == "change" else 200)
    article.refresh_from_db()
    assert article.title == "Changed"
    assert [row.author for row in article.bylines.all()] == authors


def test_who_may_not_change_bylines_makes_an_article_without_one() -> None:
    form = article_form(authors=[make_author("Mirlan").pk])

    editor_without("change_byline").post(url("article", "add"), form)

    assert not Article.objects.get().bylines.exists()


def test_who_may_not_change_bylines_sees_them_and_is_offered_no_change() -> None:
    article = make_draft("One", authors=[make_author("Zed")])

    page = editor_without("change_byline").get(url("article", "change", article.pk))

    assert "Zed" in str(byline_field(page))
    assert "data-picker" not in str(byline_field(page))
    page = signed_in(make_login(Role.PUBLISHER)).get(url("article", "change", article.pk))
    assert "data-picker" in str(byline_field(page))  # the other's rights are not theirs
