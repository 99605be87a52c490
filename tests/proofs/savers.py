"""Fifty savers on one article: no version is lost, and no word."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from django.contrib.auth.models import Group, User
from django.db import connections

from articles import body
from articles.models import Article, Revision
from articles.saving import StaleSaveError, merged, save
from articles.workflow import Role
from tests.factories import make_draft

PROMISE = (
    "Fifty editors save one article at the same time, again and again; each writes a word of their"
    " own into their own paragraph, and some write the title, too. A save that is not based on the"
    " last version is refused, and is tried once more with both changes merged. There are as many"
    " versions as saves that succeeded, every refusal is told, and every word that was saved is in"
    " the article at the end."
)
UNIT = "saves each"
SAVERS = 50


@dataclass
class Outcome:
    seconds: float = 0
    done: Counter[str] = field(default_factory=Counter)
    versions: int = 0
    words: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        return {
            "seconds": f"{self.seconds:.0f}",
            **dict(sorted(self.done.items())),
            "versions": self.versions,
            "words in the article": len(self.words),
            "lost words and other errors": len(self.errors),
        }


def run(times: int, savers: int = SAVERS) -> Outcome:
    """Let ``savers`` save ``times`` each, on the current database, which may be committed to."""
    outcome = Outcome()
    paragraphs = "".join(f"<p>saver{number}</p>" for number in range(savers))
    article = make_draft("Contended", body_html=paragraphs)
    group = Group.objects.get(name=Role.EDITOR.value)
    started = time.monotonic()
    threads = []
    for number in range(savers):
        editor = User.objects.create_user(f"saver{number}")
        editor.groups.add(group)
        threads.append(
            threading.Thread(target=_save_often, args=(article.pk, number, editor, times, outcome))
        )
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.seconds = time.monotonic() - started
    _inspect(article, outcome)
    return outcome


def _save_often(key: int, number: int, editor: User, times: int, outcome: Outcome) -> None:
    chance = random.Random(number)
    try:
        for time_ in range(times):
            article = Article.objects.get(pk=key)
            time.sleep(chance.uniform(0, 0.5))  # the editor writes
            _save_once(article, f"word{number}x{time_}", number, editor, chance, outcome)
    except BaseException as error:  # noqa: BLE001 -- the outcome tells it
        outcome.errors.append(f"saver {number}: {type(error).__name__}: {error}")
    finally:
        connections.close_all()


def _save_once(
    article: Article,
    word: str,
    number: int,
    editor: User,
    chance: random.Random,
    outcome: Outcome,
) -> None:
    before = article.save_number
    blocks = article.body_html.split("</p>")
    blocks[number] += f" {word}"
    article.body_html = "</p>".join(blocks)
    if chance.random() < 0.1:
        article.title = f"Contended by {word}"
    try:
        save(article, by=editor, based_on=before)
        outcome.done["saved at once"] += 1
    except StaleSaveError as stale:
        outcome.done["refused"] += 1
        clashes = {clash.name for clash in stale.merge.clashes}
        if not clashes <= {"title"}:
            outcome.errors.append(f"{word} clashes in {clashes}")
        outcome.done["title taken over"] += "title" in clashes
        relations = merged(article, stale.merge)
        try:
            save(article, by=editor, based_on=stale.number, relations=relations)
            outcome.done["saved when merged"] += 1
        except StaleSaveError:
            outcome.done["refused again, and given up"] += 1
            return
    outcome.words.append(word)


def _inspect(article: Article, outcome: Outcome) -> None:
    article.refresh_from_db()
    outcome.versions = article.save_number
    saved = outcome.done["saved at once"] + outcome.done["saved when merged"]
    if article.save_number != saved:
        outcome.errors.append(f"{saved} saves succeeded, and made {article.save_number} versions")
    numbers = Revision.objects.filter(article=article).order_by("number")
    if list(numbers.values_list("number", flat=True)) != list(range(saved + 1)):
        outcome.errors.append("the revisions are not one for each version")
    text = set(body.parse(article.body_html).text.split())
    outcome.errors += [f"{word} is lost" for word in outcome.words if word not in text]
    known = {*outcome.words, *(f"saver{number}" for number in range(SAVERS))}
    outcome.errors += [f"{word} was never saved" for word in text - known]
