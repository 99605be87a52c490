"""Redirects at the desk."""

from typing import Any

import pytest
from django.test import Client

from articles.models import Redirect
from articles.workflow import Role
from tests.articles.desk import errors, signed_in, url
from tests.articles.roles import make_login

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return signed_in(make_login(Role.EDITOR))


def add(client: Client, path: str, target: str) -> Any:
    return client.post(url("redirect", "add"), {"path": path, "target": target})


def test_it_works(editor: Client, client: Client) -> None:
    assert add(editor, " /старое/ ", "/en/new").status_code == 302

    answer = client.get("/api/v1/redirects", {"path": "/старое"}).json()
    assert answer["location"] == "/en/new"
    assert Redirect.objects.get().path == "/%D1%81%D1%82%D0%B0%D1%80%D0%BE%D0%B5"
    assert editor.get(f"{url('redirect')}?q=new").context["cl"].result_count == 1


@pytest.mark.parametrize(
    ("path", "target", "field", "sentence"),
    [
        ("/a", "https://evil.example", "target", "It takes a path on the newsroom's site"),
        ("//evil.example", "/a", "path", "It takes a path on the newsroom's site"),
        ("/a", "/a/", "target", "It would lead to itself"),
        ("/b", "/a", "target", "That would go round in a circle: /b → /a → /b."),
        ("/a/", "/c", "path", "already exists"),
        ("", "", "path", "required"),
        ("/" + "я" * 1000, "/c", "path", "at most 2000"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_changes(
    editor: Client, path: str, target: str, field: str, sentence: str
) -> None:
    Redirect.objects.create(path="/a", target="/b")

    told = errors(add(editor, path, target))

    assert sentence in " ".join(told[field])
    assert Redirect.objects.get().target == "/b"


def test_a_writer_can_only_look() -> None:
    writer = signed_in(make_login(Role.WRITER))

    assert writer.get(url("redirect")).status_code == 200
    assert add(writer, "/a", "/b").status_code == 403
    assert not Redirect.objects.exists()
