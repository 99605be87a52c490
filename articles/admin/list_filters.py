"""What narrows the list of articles. Their names in addresses are those that other pages link to:
``state__exact``, ``public``, ``mine``, ``mentions``, ``clock``, ``trash``,
``language``, ``tag``, ``author``, ``region``."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from articles.admin.people import asking
from articles.admin.translations import MissingTranslationFilter
from articles.comments import mentions_of
from articles.models import Author, Kind, Region, Tag
from articles.workflow import State

STATES = {
    State.DRAFT: _("Draft"),
    State.IN_REVIEW: _("In review"),
    State.APPROVED: _("Approved"),
    State.SCHEDULED: _("Scheduled"),
    State.PUBLISHED: _("Published"),
}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(state.value, label) for state, label in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(state=self.value()) if self.value() else queryset


class PublicFilter(admin.SimpleListFilter):
    title = _("readers")
    parameter_name = "public"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Readers have it")), ("no", _("Readers do not have it"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in ("yes", "no"):
            return queryset.filter(public__isnull=self.value() == "no")
        return queryset


class WriterFilter(admin.SimpleListFilter):
    title = _("writer")
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Mine"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(created_by=request.user.pk) if self.value() == "yes" else queryset


class MentionFilter(admin.SimpleListFilter):
    title = _("comments")
    parameter_name = "mentions"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", _("An open one mentions me"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "me" or not request.user.is_authenticated:
            return queryset
        mentions = mentions_of(request.user, asking(request)).order_by()
        return queryset.filter(pk__in=mentions.values("article_id"))


class ClockFilter(admin.SimpleListFilter):
    """What the clock could not do, and nobody has seen to since."""

    title = _("clock")
    parameter_name = "clock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("failed", _("Could not be done on time"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.exclude(clock_error="") if self.value() == "failed" else queryset


class TrashFilter(admin.SimpleListFilter):
    """What is in the trash is shown when it is asked for, and else hidden."""

    title = _("trash")
    parameter_name = "trash"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("In the trash"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(trashed_at__isnull=self.value() != "yes")


class LanguageFilter(admin.SimpleListFilter):
    """The newsroom's languages, and the one that is asked for."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        languages = [*settings.NEWSROOM_LANGUAGES, request.GET.get("language", "")]
        return [(each, each) for each in dict.fromkeys(languages) if each]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(language=self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return Kind.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class BreakingFilter(admin.SimpleListFilter):
    title = _("breaking news")
    parameter_name = "is_breaking__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Yes")), ("0", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in ("0", "1"):
            return queryset.filter(is_breaking=self.value() == "1")
        return queryset


class RegionsFilter(admin.RelatedFieldListFilter):
    """All of them, each with what carries it itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("region")


class _CarriedFilter(admin.SimpleListFilter):
    """By slug, as the lists of regions, tags and authors link here; not offered, since there may
    be ten thousand, but shown, to be taken away, when it is asked for."""

    model: Any
    relation: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        slug = request.GET.get(str(self.parameter_name), "").replace("\0", "")
        self._found = self.model.objects.filter(slug=slug).first() if slug else None
        return [(slug, self._found.name if self._found else slug)] if slug else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        if self._found is None:
            return queryset.none()
        carriers = getattr(queryset.model, self.relation).through._default_manager.filter(
            **{str(self.model._meta.model_name): self._found.pk}
        )
        return queryset.filter(pk__in=carriers.values("article_id"))


class TagFilter(_CarriedFilter):
    title = _("tag")
    parameter_name = "tag"
    model, relation = Tag, "tags"


class AuthorFilter(_CarriedFilter):
    title = _("author")
    parameter_name = "author"
    model, relation = Author, "authors"


class RegionFilter(_CarriedFilter):
    title = _("region")
    parameter_name = "region"
    model, relation = Region, "regions"


FILTERS: list[Any] = [
    StateFilter,
    PublicFilter,
    WriterFilter,
    MentionFilter,
    ClockFilter,
    TrashFilter,
    LanguageFilter,
    MissingTranslationFilter,
    KindFilter,
    BreakingFilter,
    RegionFilter,
    TagFilter,
    AuthorFilter,
    ("regions", RegionsFilter),
]
