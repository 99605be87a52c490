"""Filters of the list of articles that are kept under a name."""

import pytest
from django.test import Client

from articles.models import SavedFilter
from articles.workflow import Role
from tests.articles.desk import make_user, signed_in, told, url
from tests.articles.importing import everything
from tests.articles.roles import make_login

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> Client:
    return signed_in(make_login(Role.WRITER))


def keep(client: Client, name: str, query: str) -> list[str]:
    form = {"name": name, "query": query}
    return told(client.post(url("article", "filter_keep"), form, follow=True))


def test_it_works(writer: Client) -> None:
    page = writer.get(f"{url('article')}?state__exact=draft&mine=yes&p=2&e=1").content.decode()
    assert '<input type="hidden" name="query" value="mine=yes&amp;state__exact=draft">' in page

    assert keep(writer, " My  drafts ", "mine=yes&state__exact=draft") == ["Kept as “My drafts”."]

    kept = SavedFilter.objects.get()
    assert (kept.name, kept.query) == ("My drafts", "mine=yes&state__exact=draft")
    page = writer.get(f"{url('article')}?{kept.query}").content.decode()
    assert '<a href="?mine=yes&amp;state__exact=draft" aria-current="page">My drafts</a>' in page
    assert "Keep this filter as" not in page

    remove = url("article", "filter_remove", kept.pk)
    assert told(writer.post(remove, follow=True)) == ["The filter is removed."]
    assert not SavedFilter.objects.exists()


def test_a_name_that_is_there_is_used_anew(writer: Client) -> None:
    keep(writer, "Mine", "mine=yes")

    keep(writer, "Mine", "mine=yes&language=ru&p=3&e=1")

    assert [each.query for each in SavedFilter.objects.all()] == ["language=ru&mine=yes"]


@pytest.mark.parametrize(
    ("name", "query", "sentence"),
    [
        ("", "mine=yes", "Give the filter a name."),
        (" \0 ", "mine=yes", "Give the filter a name."),
        ("x" * 81, "mine=yes", "Give the filter a shorter name, of 80 characters at most."),
        ("All", "", "Narrow the list first: this one shows everything."),
        ("All", "p=2&e=1", "Narrow the list first: this one shows everything."),
        ("Long", "q=" + "x" * 2000, "This search is too long to be kept."),
    ],
)
def test_what_cannot_be_kept_is_told(writer: Client, name: str, query: str, sentence: str) -> None:
    before = everything()

    assert keep(writer, name, query) == [sentence]

    assert everything() == before


def test_nobody_sees_or_removes_anothers(writer: Client) -> None:
    editor = signed_in(make_login(Role.EDITOR))
    keep(editor, "Theirs", "mine=yes")
    before = everything()

    response = writer.post(
        url("article", "filter_remove", SavedFilter.objects.get().pk), follow=True
    )

    assert told(response) == ["You have no such filter."]
    assert "Theirs" not in writer.get(url("article")).content.decode()
    assert everything() == before


def test_who_sees_no_articles_keeps_nothing(client: Client) -> None:
    rates = signed_in(make_login(Role.RATES_EDITOR))
    kept = SavedFilter.objects.create(user=make_user("other"), name="Mine", query="mine=yes")
    before = everything()

    form = {"name": "Mine", "query": "mine=yes"}
    assert rates.post(url("article", "filter_keep"), form).status_code == 403
    rates.post(url("article", "filter_remove", kept.pk))
    assert client.post(url("article", "filter_keep"), form).status_code == 302
    assert (
        signed_in(make_user("third", "view_article")).get(url("article", "filter_keep")).status_code
        == 405
    )  # a link that somebody made keeps nothing

    assert everything() == before
