"""What the engine refuses, in the language of who is refused; to programs in English."""

import ast
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation

from articles import publishing, workflow
from articles.comments import add_comment
from articles.models import Article
from articles.saving import StaleSaveError, save
from articles.workflow import Actor, NotAllowed, Role, Standing, State, Verb
from cms.moments import parse_newsroom_moment
from tests.articles.desk import signed_in, told, url
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_draft

ROOT = Path(__file__).parents[2]
MODULES = [
    *sorted((ROOT / "articles" / "publishing").glob("*.py")),
    *(
        ROOT / "articles" / f"{name}.py"
        for name in ("comments", "merging", "preview", "region_order", "revisions", "saving")
    ),
    ROOT / "articles" / "tagging.py",
    ROOT / "articles" / "translations.py",
    ROOT / "articles" / "workflow.py",
    ROOT / "articles" / "slugs.py",
    *(
        ROOT / "articles" / "admin" / f"{name}.py"
        for name in ("article_form", "collections", "forms", "pickers", "redirects")
    ),
    *sorted((ROOT / "articles" / "models").glob("*.py")),
]
TRANSLATES = {"_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy"}
ACTORS = [None, *(Actor(key, frozenset({role})) for role in Role for key in (1, 2))]


def refusals() -> Iterator[str]:
    """Each sentence with which the table of the workflow refuses something."""
    both = (False, True)
    for state, is_public, was_public, is_killed, is_trashed in product(
        State, both, both, both, both
    ):
        standing = Standing(state, is_public, was_public, is_killed, is_trashed, owner=1)
        for verb, actor in product(Verb, ACTORS):
            try:
                workflow.check(verb, standing, actor)
            except NotAllowed as error:
                yield str(error)


def test_it_works() -> None:
    """Every refusal of the workflow is said in Russian to the end, and in English to others."""
    with translation.override("ru"):
        russian = set(refusals())
    english = set(refusals())

    assert 70 < len(russian) == len(english)
    assert [each for each in russian if re.search("[A-Za-z{}]", each)] == []
    assert [each for each in english if re.search("[А-яЁё{}]", each)] == []
    assert "Нельзя опубликовать: она на проверке, сначала одобрите её или верните." in russian
    assert "Cannot publish: it is in review: approve it or send it back first." in english


def said_in(path: Path) -> tuple[list[tuple[str | None, str]], list[str]]:
    """What a module lets be translated, with its context; and the sentences that it raises
    without that."""
    tree = ast.parse(path.read_text())
    translated, within = [], set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATES:
            texts = [str(each.value) for each in node.args if isinstance(each, ast.Constant)]
            translated.append((texts[0] if len(texts) == 2 else None, texts[-1]))
            within |= {id(each) for each in ast.walk(node)}
    bare = [
        each.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in within
    ]
    return translated, [each for each in bare if each.count(" ") > 1]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_whatever_a_module_refuses_has_its_russian_words(path: Path) -> None:
    translated, bare = said_in(path)

    assert bare == []
    with translation.override("ru"):
        for context, text in translated:
            russian = translation.pgettext(context, text) if context else translation.gettext(text)
            assert russian != text
            holes = [sorted(re.findall(r"{\w*}", each)) for each in (text, russian)]
            assert holes[0] == holes[1]


@pytest.mark.django_db
def test_the_times_in_it_have_a_weekday_in_russian(settings: object) -> None:
    now = timezone.now()
    article = make_draft()
    with translation.override("ru"), pytest.raises(ValidationError) as error:
        publishing.schedule(article, by=None, at=now - timedelta(days=1), now=now)

    [sentence] = error.value.messages
    assert re.match("(Понедельник|Вторник|Среда|Четверг|Пятница|Суббота|Воскресенье) ", sentence)
    assert "это время прошло" in sentence


@pytest.mark.django_db
def test_a_stale_save_says_what_was_changed_in_russian() -> None:
    colleague = make_login(Role.EDITOR)
    article = make_draft()
    mine = Article.objects.get()
    article.summary = "Theirs"
    save(article, by=colleague, based_on=0)
    mine.summary = "Mine"

    with translation.override("ru"), pytest.raises(StaleSaveError) as error:
        save(mine, by=None, based_on=0)

    [sentence] = error.value.messages
    assert "её сохранили (editor) и изменили: лид." in sentence


@pytest.mark.django_db
def test_the_desk_refuses_in_the_language_of_the_login_and_changes_nothing() -> None:
    article = make_draft()
    before = everything()
    client = signed_in(make_login(Role.EDITOR))
    page = url("article", "step", article.pk)

    for language, sentence in (
        ("ru", "Нельзя отменить выход: это черновик."),
        ("en", "Cannot cancel schedule: it is a draft."),
    ):
        sent = {"_verb": "cancel_schedule"}
        answer = client.post(page, sent, headers={"accept-language": language}, follow=True)
        assert told(answer) == [sentence]

    assert everything() == before


@pytest.mark.django_db
def test_programs_are_refused_in_english_whatever_they_speak() -> None:
    """Also when the same thread has just answered the desk in Russian."""
    client = signed_in(make_login(Role.EDITOR))
    page = client.get(url("article"), headers={"accept-language": "ru"})
    assert "Статьи" in page.content.decode()

    for query in ("published_after=2026-02-30", "published_after=soon", "language=??", "limit=x"):
        answer = Client().get(f"/api/v1/articles?{query}", headers={"accept-language": "ru"})
        assert answer.status_code == 400, query
        assert not re.search("[А-яЁё]|\\\\u04", answer.content.decode())
    with pytest.raises(NotAllowed, match=r"^Cannot cancel schedule: it is a draft\.$"):
        publishing.cancel_schedule(make_draft(), by=None)


@pytest.mark.django_db
def test_a_comment_is_refused_in_russian() -> None:
    article = make_draft()
    with translation.override("ru"):
        with pytest.raises(NotAllowed, match="Вам нельзя её комментировать"):
            add_comment(article, by=make_login(Role.RATES_EDITOR), text="Да")
        with pytest.raises(ValidationError, match=r"Знаков: 5001\. Уложитесь в 5000\."):
            add_comment(article, by=make_login(Role.EDITOR), text="я" * 5001)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("soon", "Напишите время, например: 2026-11-24 18:30."),
        ("2026-02-30 10:00", "Такого времени нет: 2026-02-30 10:00."),
    ],
)
def test_a_time_that_is_none_is_refused_in_russian(typed: str, sentence: str) -> None:
    with translation.override("ru"), pytest.raises(ValueError, match=re.escape(sentence)):
        parse_newsroom_moment(typed)
    assert isinstance(parse_newsroom_moment("2026-02-27 10:00"), datetime)
