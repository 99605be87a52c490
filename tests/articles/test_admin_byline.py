"""The byline in the article's form, by what a newsroom lets a role do to bylines."""

import pytest
from django.contrib.auth.models import Group, Permission

from articles.workflow import Role
from tests.articles.desk import article_form, signed_in, url
from tests.articles.roles import make_login
from tests.factories import make_author, make_draft

pytestmark = pytest.mark.django_db


def take_away(role: Role, *codenames: str) -> None:
    group = Group.objects.get(name=role.value)
    group.permissions.remove(*Permission.objects.filter(codename__in=codenames))


@pytest.mark.parametrize(
    "taken",
    [
        ["add_byline", "change_byline", "delete_byline", "view_byline"],
        ["add_byline", "change_byline", "delete_byline"],
        ["change_byline", "view_byline"],
        ["change_byline"],
        ["delete_byline"],
    ],
)
def test_who_may_not_change_bylines_leaves_them_as_they_are(taken: list[str]) -> None:
    authors = [make_author("Zed"), make_author("Asel")]
    article = make_draft("One", authors=authors)
    take_away(Role.EDITOR, *taken)
    form = article_form(title="Changed", based_on=article.save_number)
    rows = article.bylines.all()
    form["bylines-TOTAL_FORMS"] = form["bylines-INITIAL_FORMS"] = len(rows)
    for number, row in enumerate(rows):
        form |= {
            f"bylines-{number}-id": row.pk,
            f"bylines-{number}-author": row.author_id,
            f"bylines-{number}-position": row.position,
        }
    if "view_byline" in taken:  # the page shows none of them
        form["bylines-TOTAL_FORMS"] = form["bylines-INITIAL_FORMS"] = 0

    response = signed_in(make_login(Role.EDITOR)).post(url("article", "change", article.pk), form)

    assert response.status_code == 302
    article.refresh_from_db()
    assert article.title == "Changed"
    assert [row.author for row in article.bylines.all()] == authors


def test_who_may_only_add_to_a_byline_adds_to_it() -> None:
    asel, zed = make_author("Asel"), make_author("Zed")
    article = make_draft("One", authors=[zed])
    take_away(Role.EDITOR, "change_byline", "view_byline", "delete_byline")
    form = article_form(based_on=article.save_number, authors=[asel.pk])

    signed_in(make_login(Role.EDITOR)).post(url("article", "change", article.pk), form)

    assert [row.author for row in article.bylines.all()] == [zed, asel]
