"""Django's sentences in our Russian, and that no other catalogue stands before ours."""

from pathlib import Path
from typing import Any

import django
import pytest
from babel.messages.pofile import read_po
from django.utils.translation import gettext, ngettext, override, pgettext

from cms.desk import wording

ROOT = Path(__file__).resolve().parents[2]
DJANGO = Path(django.__file__).parent


def test_it_works() -> None:
    with override("ru"):
        assert gettext("Add %s") == "Добавить: %s"
    with override("en"):
        assert gettext("Add %s") == "Add %s"


def test_djangos_sentences_are_djangos_to_the_letter() -> None:
    """Otherwise a release of Django would bring its own back."""
    known = set()
    for app in ("admin", "auth"):
        path = DJANGO / "contrib" / app / "locale" / "en" / "LC_MESSAGES" / "django.po"
        with path.open("rb") as file:
            known |= {each.id if isinstance(each.id, str) else each.id[0] for each in read_po(file)}

    assert [each for each in wording.SENTENCES if each not in known] == []


@pytest.mark.parametrize("app", ["articles", "cms", "rates"])
def test_what_is_translated_here_is_what_is_said(app: str) -> None:
    """No other app and no part of Django translates the same words otherwise, before ours."""
    with (ROOT / app / "locale/ru/LC_MESSAGES/django.po").open("rb") as file:
        catalogue: list[Any] = [each for each in read_po(file, locale="ru") if each.id]

    others = {}
    with override("ru"):
        for each in catalogue:
            if isinstance(each.id, str):
                found: Any = pgettext(each.context, each.id) if each.context else gettext(each.id)
                ours: Any = each.string
            else:
                one, many = each.id
                found = [ngettext(one, many, n) for n in (1, 2, 5)]
                ours = list(each.string[:3])
            if found != ours:
                others[each.id] = (found, ours)
    assert others == {}
