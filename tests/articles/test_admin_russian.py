"""The desk speaks Russian to whoever reads Russian: its pages, and what its forms refuse."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.timezone import localtime

from articles.audit_words import told_details
from articles.comments import add_comment
from articles.models import Article, AuditEntry, Collection, Image, Redirect, Slot
from articles.publishing import kill, publish, restore_revision, schedule, submit, trash
from articles.retold import EXPIRED_BEFORE, RESTORED, retold
from articles.saving import save
from cms.changes import clock
from tests.articles.desk import make_user, signed_in, url
from tests.articles.importing import everything
from tests.factories import make_author, make_draft, make_region, make_tag
from tests.russian import english

pytestmark = [pytest.mark.django_db]

RUSSIAN = {"accept-language": "ru"}
# Names: of programs, logins, slugs, languages, countries and time zones.
NAMES = (
    *("Dastan", "Procrastinate", "jobs", "boss", "tag", "region", "author"),
    *("en", "ru", "kk", "KZ", "UTC", "Asia", "Almaty"),
)


@pytest.fixture
def boss() -> User:
    return make_user("boss", is_superuser=True)


@pytest.fixture
def newsroom(boss: User) -> Article:
    """An article with a history, others in each state, and one of everything else."""
    lead = Image.objects.create(url="https://example.org/a.jpg", alt="Плотина")
    article = make_draft(
        "Вода в Оше поднимается",
        slug="1",
        summary="Плотина держится.",
        body_html="<p>Плотина держится.</p>",
        tags=[make_tag("Вода", slug="tag"), make_tag("Воды", slug="tag2")],
        authors=[make_author("Зарина", slug="author")],
        regions=[make_region("Ош", slug="region")],
        lead_image=lead,
    )
    publish(article, by=boss)
    add_comment(article, by=boss, text="Кто это сказал? @boss")
    article.summary = "Плотина пока держится."
    save(article, by=boss, based_on=article.save_number)
    oldest = article.revisions.last()
    assert oldest is not None
    restore_revision(article, by=boss, revision=oldest)
    trash(make_draft("Выброшено", slug="2", body_html="<p>Нет</p>"), by=boss)
    submit(make_draft("На проверку", slug="3"), by=None)
    schedule(make_draft("Утро", slug="4"), by=boss, at=timezone.now() + timedelta(minutes=5))
    killed = make_draft("Отозвано", slug="5")
    publish(killed, by=boss)
    kill(killed, by=boss, reason="Ошибка")
    failed = make_draft("Поздно", slug="6")
    Article.objects.filter(pk=failed.pk).update(
        state="scheduled",
        publish_at=timezone.now(),
        clock_error="It expired on Tuesday 2026-11-24 10:00 (UTC+05:00), before it could be"
        " published. Choose a later expiry, or none, and schedule it again.",
    )
    Redirect.objects.create(path="/a", target="/b")
    front = Collection.objects.create(slug="7", title="Главная", is_public=True)
    Slot.objects.create(collection=front, article=article, rule="newest")
    return article


def pages(article: Article) -> list[str]:
    tag = article.tags.all()[0]
    carried = {
        "tag": tag,
        "region": article.regions.get(),
        "author": article.authors.get(),
    }
    others = {
        "image": article.lead_image,
        "collection": Collection.objects.get(),
        "redirect": Redirect.objects.get(),
    }
    found = ["/admin/", "/admin/articles/"]
    for model in ("article", *carried, *others):
        found += [url(model), url(model, "add"), f"{url(model)}?q=нет", f"{url(model)}?e=1"]
    found += [url("article", "change", each.pk) for each in Article.objects.all()]
    for name in ("history", "previews", "comments", "tags"):
        found.append(url("article", name, article.pk))
    found.append(url("article", "delete", Article.objects.get(slug="2").pk))
    older, newer = article.revisions.order_by("pk").values_list("pk", flat=True)[:2]
    found.append(f"{url('article', 'compare', article.pk)}?a={older}&b={newer}")
    for model, thing in {**carried, **others}.items():
        found += [url(model, name, thing.pk) for name in ("change", "history")]
    for model, thing in carried.items():
        found.append(url(model, "merge", thing.pk))
    found.append(f"{url('tag', 'merge', tag.pk)}?into={article.tags.all()[1].pk}")
    found += [f"{url('region')}?is_listed__exact=1", f"{url('article')}?trash=yes"]
    found += [f"{url('article')}?state__exact=in_review", f"{url('article')}?clock=failed"]
    found += [
        url("article", "calendar"),
        f"{url('article', 'calendar')}?day={localtime():%Y-%m-%d}",
    ]
    found += [url("auditentry"), f"{url('auditentry')}?verb=publish&by=boss&q=вода"]
    found.append(url("auditentry", "change", AuditEntry.objects.order_by("pk")[0].pk))
    return found


def test_each_page_says_all_in_russian(newsroom: Article, boss: User) -> None:
    client = signed_in(boss)

    found = {}
    for page in pages(newsroom):
        answer = client.get(page, headers=RUSSIAN, follow=True)
        assert answer.status_code == 200, page
        if said := english(answer.content.decode(), *NAMES):
            found[page] = said
    assert found == {}


def test_all_models_have_names_where_permissions_are_given(boss: User) -> None:
    answer = signed_in(boss).get(reverse("admin:auth_user_change", args=[boss.pk]), headers=RUSSIAN)

    said = english(answer.content.decode(), *NAMES, *("Control", "Command", "Mac"))
    roles = ["editor", "publisher", "rates editor", "writer"]
    assert [each for each in said if not each.startswith("Procrastinate | ")] == roles


REFUSED = [
    ("region", {"name": "Ош", "slug": "ош"}, "«ош» не подходит для слага"),
    ("region", {"name": "Ош", "slug": "osh", "code": "1"}, "Напишите две буквы по ISO 3166-1"),
    ("tag", {"name": "Вода", "slug": "voda", "names": "[1]"}, "название для каждого языка"),
    ("author", {"name": "", "slug": "a"}, "Обязательное поле"),
    ("redirect", {"path": "/c", "target": "/c"}, "Он вёл бы сам на себя"),
    ("redirect", {"path": "/b", "target": "/a"}, "Получился бы круг: /b → /a → /b."),
    ("redirect", {"path": "c", "target": "/d"}, "Нужен путь на сайте редакции"),
    ("redirect", {"path": "/" + "c" * 3000, "target": "/d"}, "не более 2000"),
    ("collection", {"language": "?"}, "Напишите код BCP 47"),
    ("collection", {"slots-0-position": "1"}, "Выберите статью или правило"),
    ("collection", {"slots-0-tag": "{tag}"}, "Выберите правило, которое эти поля сужают"),
    ("collection", {"slots-0-article": "{draft}"}, "У читателей нет статьи «На проверку»"),
    (
        "collection",
        {"slots-0-article": "{article}", "slots-0-pinned_until": "2020-01-01 10:00"},
        "Это время прошло",
    ),
    ("image", {"url": "что"}, "Введите правильный URL"),
]


@pytest.mark.parametrize(("model", "form", "sentence"), REFUSED)
def test_a_form_is_refused_in_russian_and_nothing_is_changed(
    newsroom: Article, boss: User, model: str, form: dict[str, str], sentence: str
) -> None:
    keys = {
        "{tag}": newsroom.tags.all()[0].pk,
        "{article}": newsroom.pk,
        "{draft}": Article.objects.get(slug="3").pk,
    }
    sent: dict[str, Any] = {"slots-TOTAL_FORMS": 1, "slots-INITIAL_FORMS": 0, "slots-0-number": 1}
    sent |= {"title": "Ещё", "slug": "8"} if model == "collection" else {}
    sent |= {name: keys.get(value, value) for name, value in form.items()}
    before = everything()

    answer = signed_in(boss).post(url(model, "add"), sent, headers=RUSSIAN)

    said = refusals(answer)
    assert sentence in " ".join(said)
    assert [each for each in said if english(each, "KZ", "en", "ru")] == []
    assert everything() == before


def refusals(answer: Any) -> list[str]:
    """What the forms of the page say is wrong."""
    assert answer.status_code == 200
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += inline.formset.forms
    return [str(said) for form in forms for errors in form.errors.values() for said in errors]


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (
            EXPIRED_BEFORE.format(time="Tuesday 2026-11-24 10:00 (UTC+05:00)"),
            (
                "Срок статьи истёк раньше, чем она могла выйти: Вторник 2026-11-24 10:00"
                " (UTC+05:00). Выберите более поздний срок или уберите его и запланируйте выход"
                " заново."
            ),
        ),
        (RESTORED.format(time="2026-11-24 10:00"), "Возвращена версия от 2026-11-24 10:00"),
        (
            "Another article holds the slug “{{a}}”. Choose another one.",
            "Слаг «{{a}}» занят другой статьёй. Выберите другой.",
        ),
        ("Что-то сломалось: {0}", "Что-то сломалось: {0}"),
        ("Cannot publish “" + "” before " * 200_000, "Cannot publish “" + "” before " * 200_000),
    ],
    ids=["expired", "restored", "slug", "another", "long"],
)
def test_what_was_stored_in_english_is_told_in_russian(stored: str, said: str) -> None:
    with translation.override("ru"):
        assert retold(stored) == said
    with translation.override("en"):
        assert retold(stored) == stored


def test_whatever_the_clock_stores_can_be_told_again(boss: User) -> None:
    now = timezone.now()
    untitled, embargoed, expired = make_draft("Раз"), make_draft("Два"), make_draft("Три")
    for article in (untitled, embargoed, expired):
        schedule(article, by=boss, at=now + timedelta(minutes=5))
    Article.objects.filter(pk=untitled.pk).update(title="")
    Article.objects.filter(pk=embargoed.pk).update(embargo_until=now + timedelta(days=1))
    Article.objects.filter(pk=expired.pk).update(expires_at=now)

    with time_machine.travel(now + timedelta(minutes=6)):
        assert clock.advance() == 3

    stored = Article.objects.exclude(clock_error="").values_list("clock_error", flat=True)
    assert len(stored) == 3
    with translation.override("ru"):
        assert [said for said in map(retold, stored) if english(said, "UTC")] == []


def test_details_of_the_audit_are_told_whatever_they_are() -> None:
    details = {"at": "2026-11-24T10:00:00+00:00", "until": None, "reason": "Ошибка", "x": [1]}

    with translation.override("ru"), timezone.override("Asia/Almaty"):
        assert told_details(details) == "время: 2026-11-24 15:00 · причина: Ошибка · x: [1]"
        assert told_details({"at": "soon", "until": 5}) == "время: soon · до: 5"
        assert told_details({"at": "2026-11-24"}) == "время: 2026-11-24"


def test_what_was_changed_and_what_a_deletion_takes_along_is_told_in_russian(
    newsroom: Article, boss: User
) -> None:
    client = signed_in(boss)
    tag, redirect = make_tag("Горы", slug="tag3"), Redirect.objects.get()
    make_draft("Черновик", slug="9", tags=[tag])
    sent = {"name": "Гора", "slug": "tag3", "names": '{"kk": "Тау"}'}
    assert client.post(url("tag", "change", tag.pk), sent, headers=RUSSIAN).status_code == 302
    paths = {"path": "/c", "target": "/d"}
    assert (
        client.post(url("redirect", "change", redirect.pk), paths, headers=RUSSIAN).status_code
        == 302
    )

    for page, told in (
        (url("tag", "history", tag.pk), "названи"),
        (url("redirect", "history", redirect.pk), "откуда и куда"),
        (url("tag", "delete", tag.pk), "Гора"),
    ):
        answer = client.get(page, headers=RUSSIAN)
        assert answer.status_code == 200, page
        assert told in answer.content.decode()
        assert english(answer.content.decode(), *NAMES) == []


def test_the_clock_stores_english_whoever_notices(boss: User) -> None:
    """The desk's pages read what is public too, in their reader's language."""
    now = timezone.now()
    untitled, expired, taken = make_draft("Раз"), make_draft("Два"), make_draft("Три", slug="mine")
    for article in (untitled, expired, taken):
        schedule(article, by=boss, at=now + timedelta(minutes=5))
    Article.objects.filter(pk=untitled.pk).update(title="")
    Article.objects.filter(pk=expired.pk).update(expires_at=now)
    make_draft("Ещё", slug="theirs")
    Article.objects.filter(pk=taken.pk).update(slug="theirs")

    with translation.override("ru"), time_machine.travel(now + timedelta(minutes=6)):
        assert clock.advance() == 3

    stored = Article.objects.exclude(clock_error="").values_list("clock_error", flat=True)
    assert len(stored) == 3
    assert [said for said in stored if re.search("[А-яЁё]", said)] == []
    with translation.override("ru"):
        assert [said for said in map(retold, stored) if english(said, "UTC", "theirs")] == []
