"""What the desk's list and form show of an article's translations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, PublishedArticle
from articles.translations import (
    Standing,
    Translation,
    Version,
    is_older,
    original_of,
    translations_of,
)

_NAMES = ("key", "language", "begun_at", "changed_at", "is_public")


def with_translations(articles: QuerySet[Article]) -> QuerySet[Article]:
    """Adds ``group_versions``, the article and its translations, in the same statement."""
    public = PublishedArticle.objects.filter(article=OuterRef("pk"))
    group = Article.objects.filter(
        translation_group=OuterRef("translation_group"), trashed_at=None
    ).exclude(pk=OuterRef("pk"))
    versions = ArraySubquery(
        group.order_by("language", "pk").values(
            json=JSONObject(
                key="pk",
                language="language",
                begun_at=Coalesce("published_at", "created_at"),
                changed_at=Coalesce("updated_at", "saved_at"),
                is_public=Exists(public),
            )
        )
    )
    return articles.annotate(group_versions=versions)


def note_translations(articles: Sequence[Article]) -> None:
    """Lets each of these articles know its translations, as ``group_versions``, and the slug that
    readers have it under, as ``public_slug``: one statement, for the shown ones only."""
    public = PublishedArticle.objects.filter(article=OuterRef("pk")).values("slug")
    group = with_translations(Article.objects.filter(pk__in=[each.pk for each in articles]))
    rows = group.order_by().annotate(public_slug=Subquery(public))
    known = {key: more for key, *more in rows.values_list("pk", "public_slug", "group_versions")}
    for article in articles:
        found: list[Any] = known.get(article.pk, [None, []])
        article.public_slug, article.group_versions = found  # type: ignore[attr-defined]  # for the page


def translations(article: Article) -> list[Translation]:
    """Of an article that ``note_translations`` has met; none of one that is not saved yet."""
    rows: list[Mapping[str, Any]] = getattr(article, "group_versions", [])
    if article._state.adding:
        return []
    return translations_of(
        _own(article), [_version(row) for row in rows], languages=settings.NEWSROOM_LANGUAGES
    )


def shown_translations(article: Article) -> SafeString | None:
    """A line for each of the other languages, with a link to the article in it; and a line first
    where the article itself is older than its original."""
    lines = [_line(each) for each in translations(article)]
    rows = getattr(article, "group_versions", [])
    if rows:
        group = [_own(article), *(_version(row) for row in rows)]
        if is_older(group[0], original_of(group)):
            lines.insert(0, format_html(_("this one: {}"), Standing.OLDER.words))
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines)) if lines else None


def original_key(article: Article) -> int | None:
    """Which article this one, that ``note_translations`` has met, was translated from, by primary
    key; None where it is no translation."""
    rows: list[Mapping[str, Any]] = getattr(article, "group_versions", [])
    key = original_of([_own(article), *(_version(row) for row in rows)]).key
    return None if key == article.pk else key


def _line(translation: Translation) -> SafeString:
    if translation.key is None:
        return format_html("{}: {}", translation.language, translation.standing.words)
    address = reverse("admin:articles_article_change", args=[translation.key])
    return format_html(
        '<a href="{}">{}</a>: {}', address, translation.language, translation.standing.words
    )


def _own(article: Article) -> Version:
    return Version(
        article.pk,
        article.language,
        article.published_at or article.created_at,
        article.updated_at or article.saved_at,
        getattr(article, "public_slug", None) is not None,  # as the desk's list has read it
    )


def _version(row: Mapping[str, Any]) -> Version:
    values = dict(row)
    for name in ("begun_at", "changed_at"):
        values[name] = datetime.fromisoformat(values[name])
    return Version(*(values[name] for name in _NAMES))


class MissingTranslationFilter(admin.SimpleListFilter):
    """What one of the newsroom's languages does not have yet."""

    title = gettext_lazy("translation")
    parameter_name = "untranslated"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            (each, _("Missing in {language}").format(language=each))
            for each in settings.NEWSROOM_LANGUAGES
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        language = self.value()
        if language not in settings.NEWSROOM_LANGUAGES:
            return queryset
        translated = Article.objects.filter(
            translation_group=OuterRef("translation_group"), language=language, trashed_at=None
        )
        return queryset.exclude(language=language).filter(~Exists(translated))
