from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy
from js_asset import Script

from articles.admin.forms import DeskAdmin, ImageForm, NamedForm
from articles.admin.merge_screen import MergeScreen
from articles.admin.quick_tags import suggested_tags
from articles.admin.region_tree import RegionTree
from articles.models import Author, Image, Region, Tag
from articles.models.taxonomy import Named


class ProtectedAdmin(DeskAdmin):
    """Of what articles carry: that it stands in one is what keeps it from being deleted, and not
    that nobody may delete that article."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set() if protected else missing, protected


class NamedAdmin(MergeScreen, ProtectedAdmin):
    """Of regions, tags and authors; what a published article carries cannot be deleted."""

    form = NamedForm
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    actions = None

    class Media:
        css = {"all": ["articles/lists.css"]}
        js = [Script("articles/lists.js", type="module")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).with_article_count()  # type: ignore[attr-defined,no-any-return]  # the manager's own

    @admin.display(description=gettext_lazy("public articles"), ordering="article_count")
    def article_count(self, thing: Any) -> int:
        return int(thing.article_count)

    def has_delete_permission(self, request: HttpRequest, obj: Named | None = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (obj is not None and obj.is_public())


@admin.register(Tag)
class TagAdmin(NamedAdmin):
    fields = ["name", "slug", "names"]
    list_display = ["name", "slug", "desk_count", "article_count", "merge_link"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.suggest)
        return [path("suggest/", view, name="articles_tag_suggest"), *super().get_urls()]

    def suggest(self, request: HttpRequest) -> HttpResponse:
        """Names for what was typed, for fields with several tags."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return suggested_tags(request)


@admin.register(Region)
class RegionAdmin(RegionTree, NamedAdmin):
    fields = ["name", "slug", "names", "parent", "code", "order", "description", "is_listed"]
    list_display = ["name", "slug", "code", "parent", "desk_count", "article_count", "merge_link"]
    list_select_related = ["parent"]
    list_filter = ["is_listed"]
    autocomplete_fields = ["parent"]


@admin.register(Author)
class AuthorAdmin(NamedAdmin):
    fields = ["name", "slug", "names", "role", "bio", "picture"]
    list_display = ["name", "slug", "role", "desk_count", "article_count", "merge_link"]
    autocomplete_fields = ["picture"]


@admin.register(Image)
class ImageAdmin(ProtectedAdmin):
    form = ImageForm
    list_display = ["__str__", "credit", "url"]
    search_fields = ["alt", "caption", "credit", "url"]
    actions = None
