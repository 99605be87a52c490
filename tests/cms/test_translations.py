"""The desk in Russian: every sentence is translated, and what is compiled is what is written."""

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.test import Client
from django.utils.translation import get_language

from tests.articles.desk import make_user
from tests.factories import make_draft

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted(ROOT.glob("*/locale/*/LC_MESSAGES/django.po"))
# What a translation has to keep: {name}, {}, %(name)s, tags.
_KEPT = re.compile(r"\{\w*\}|%\(\w+\)[sd]|</?\w+>")


def forms(message: Any) -> list[tuple[str, str]]:
    """Each translation of a message with what it translates."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    return [(message.id[1], each) for each in message.string]


def read(path: Path) -> Any:
    with path.open("rb") as file:
        return read_po(file, locale="ru")


def test_it_works() -> None:
    assert [path.parts[-5] for path in CATALOGUES] == ["articles", "cms", "rates"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-5])
def test_every_sentence_has_its_translation(path: Path) -> None:
    for message in read(path):
        for source, translation in forms(message) if message.id else []:
            assert translation, f"{source} is not translated."
            assert "fuzzy" not in message.flags, f"Nobody looked at {source}."
            assert set(_KEPT.findall(translation)) <= set(_KEPT.findall(source)), source
            if isinstance(message.id, str):
                assert sorted(_KEPT.findall(translation)) == sorted(_KEPT.findall(source)), source


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-5])
def test_what_is_compiled_is_what_is_written(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)

    assert _by_id(compiled) == _by_id(read(path))


def _by_id(catalogue: Any) -> dict[tuple[str | None, tuple[str, ...]], tuple[str, ...]]:
    def both(text: Any) -> tuple[str, ...]:
        return (text,) if isinstance(text, str) else tuple(text)

    def decoded(context: Any) -> str | None:
        return context.decode() if isinstance(context, bytes) else context  # as Babel reads .mo

    return {
        (decoded(message.context), both(message.id)): both(message.string)
        for message in catalogue
        if message.id
    }


@pytest.mark.django_db
def test_the_desk_speaks_the_language_of_the_browser_and_the_api_does_not(client: Client) -> None:
    article = make_draft("Water")
    refused = client.get("/api/v1/articles?limit=x").json()
    desk = Client(headers={"Accept-Language": "ru,en;q=0.5"})
    desk.force_login(make_user("chief", is_superuser=True))

    page = desk.get("/admin/")
    form = desk.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
    answer = client.get("/api/v1/articles/none", headers={"Accept-Language": "ru"})

    assert "Требует внимания" in page.content.decode()
    assert page["Content-Language"] == "ru"
    assert "Отправить на проверку" in form
    assert "Сохранить и: Опубликовать" in form
    assert answer.json()["title"] == client.get("/api/v1/articles/none").json()["title"]
    assert "Accept-Language" not in answer.get("Vary", "")
    assert get_language() == "en"  # also in the thread that has just answered in Russian
    assert client.get("/api/v1/articles?limit=x").json() == refused
    in_english = Client(headers={"Accept-Language": "kk"})
    in_english.force_login(make_user("other", is_superuser=True))
    assert "Needs attention" in in_english.get("/admin/").content.decode()


@pytest.mark.django_db
def test_pages_of_the_desk_may_run_nothing_inline(client: Client) -> None:
    policy = client.get("/admin/login/", follow=False)["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert policy != client.get("/admin/login/")["Content-Security-Policy"]
    assert "Content-Security-Policy" not in client.get("/api/v1/newsroom").headers
