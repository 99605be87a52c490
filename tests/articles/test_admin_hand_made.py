"""Requests that no page of the desk sends: answered by a sentence, and nothing is written."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from articles.models import Article, Image
from articles.workflow import Role
from tests.articles.desk import make_user, signed_in, url
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published

pytestmark = pytest.mark.django_db

LONG = "9" * 5000  # more digits than Python reads


@pytest.fixture
def chief() -> User:
    return make_user("chief", is_superuser=True)


@pytest.fixture
def desk(chief: User) -> Client:
    """As a browser: a crash is an answer of 500."""
    client = signed_in(chief)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("number", [LONG, "9223372036854775808", "0", "-1", "¹", "%00", "one"])
def test_numbers_that_are_no_keys_are_none(desk: Client, number: str) -> None:
    article = make_draft("Wind")
    before = everything()
    answers = [
        desk.get(url("article"), {"q": "wind", "p": number}),
        desk.get(url("article", "compare", article.pk), {"a": number, "b": number}),
        desk.post(url("article", "restore", article.pk), {"revision": number}),
        desk.post(url("article", "revoke", article.pk), {"preview": number}),
        desk.post(
            url("article", "change", article.pk),
            {"regions": number, "tags": number, "byline": number, "lead_image": number},
        ),
        desk.post(
            url("article", "change", article.pk),
            {
                "based_on": "77",
                "related_choices-TOTAL_FORMS": number,
                "related_choices-INITIAL_FORMS": "0",
                "related_choices-0-other": number,
                "related_choices-0-position": number,
            },
        ),
    ]

    assert [each.status_code for each in answers if each.status_code >= 500] == []
    assert everything() == before


@pytest.mark.parametrize(("verb", "name"), [("kill", "reason"), ("correct", "note")])
def test_what_cannot_be_stored_is_left_out_of_notes(desk: Client, verb: str, name: str) -> None:
    article = make_published().article

    response = desk.post(
        url("article", "step", article.pk), {"_verb": verb, f"{verb}-{name}": "\0"}, follow=True
    )

    assert response.status_code == 200
    assert Article.objects.get(pk=article.pk).killed_at is None
    assert Article.objects.get(pk=article.pk).corrections == []


@pytest.mark.parametrize("name", ["url", "alt", "caption", "credit"])
def test_a_picture_of_what_cannot_be_stored_is_refused(desk: Client, name: str) -> None:
    form: dict[str, Any] = {"url": "https://media.example.org/a.jpg", "alt": "A"}
    form[name] = f"{form.get(name, '')}\0"

    response = desk.post("/admin/articles/article/choices/image/", form)

    assert response.status_code in (400, 422)
    assert "cannot be stored" in response.content.decode()
    assert not Image.objects.exists()


def test_a_writer_is_shown_no_title_that_they_may_not_read(chief: User) -> None:
    """In the rows of related articles, on the form and where it may only be looked at."""
    writer = make_login(Role.WRITER)
    secret = make_draft("Secret source", created_by=chief)
    public = make_published("Public").article
    mine = make_draft("Mine", created_by=writer)
    for article in (public, mine):
        article.related_choices.create(other=secret, position=0)
    client = signed_in(writer)

    for article in (public, mine):
        page = client.get(url("article", "change", article.pk)).content.decode()
        assert "Secret source" not in page
        assert "An article that you cannot read" in page
    assert (
        "Secret source" in signed_in(chief).get(url("article", "change", mine.pk)).content.decode()
    )
