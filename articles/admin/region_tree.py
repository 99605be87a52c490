"""Regions as a tree, each to be moved among those that stand beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.admin.forms import DeskAdmin
from articles.admin.merge_screen import desk_counts
from articles.admin.origins import origin_of
from articles.admin.people import sentences, user_of
from articles.models import Region
from articles.region_order import may_order, move_region
from articles.workflow import NotAllowed

# Of more than these, a page shows those below one region only, each with a way further down.
WHOLE_TREE = 500


@dataclass
class Node:
    """A region with those below it: ``hidden`` are how many of them the page leaves out."""

    region: Any
    is_first: bool = False
    is_last: bool = False
    below: list[Node] = field(default_factory=list)
    hidden: int = 0


class RegionTree(DeskAdmin):
    """For the admin of regions: its list is a tree until something is searched for."""

    def get_urls(self) -> list[Any]:
        move = self.admin_site.admin_view(require_POST(self.move_view))
        return [path("move/", move, name="articles_region_move"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method in ("GET", "HEAD") and set(request.GET) <= {"below"}:
            return self.tree_view(request)
        return super().changelist_view(request, extra_context)

    def tree_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        shown, above, is_whole = _shown_regions(request.GET.get("below", ""))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Regions"),
            "opts": self.opts,
            "media": self.media,
            "nodes": _tree(shown, root=above[-1].pk if above else None, is_whole=is_whole),
            "above": above,
            "may_order": may_order(user_of(request)),
            "has_add_permission": self.has_add_permission(request),
        }
        return TemplateResponse(request, "articles/lists/regions.html", context)

    def move_view(self, request: HttpRequest) -> HttpResponse:
        """One place up or down; the page comes back with the region in view."""
        step = -1 if "up" in request.POST else 1
        region = self.get_object(request, request.POST.get("up" if step < 0 else "down", ""))
        if region is None or not self.has_change_permission(request, region):
            raise PermissionDenied
        try:
            if move_region(region, by=user_of(request), step=step, origin=origin_of(request)):
                told = _("Moved: {name}.").format(name=region.name)
                self.message_user(request, told, messages.SUCCESS)
            else:
                told = _("{name} stands there already.").format(name=region.name)
                self.message_user(request, told, messages.WARNING)
        except NotAllowed as error:
            self.message_user(request, sentences(error), messages.ERROR)
        page = reverse("admin:articles_region_changelist")
        below = request.POST.get("below", "")
        query = f"?below={below}" if below.isascii() and below.isdigit() else ""
        return HttpResponseRedirect(f"{page}{query}#region-{region.pk}")


def _shown_regions(below: str) -> tuple[QuerySet[Any], list[Region], bool]:
    """The regions of the page, those above them from the top, and whether these are all."""
    regions = Region.objects.with_article_count().order_by("order", "name", "slug")
    if below.isascii() and below.isdigit() and len(below) < 19:
        above = _path_to(int(below))
        if above:
            return regions.filter(parent=above[-1]), above, False
    if Region.objects.count() > WHOLE_TREE:
        return regions.filter(parent=None), [], False
    return regions, [], True


def _path_to(key: int) -> list[Region]:
    """The region and all above it, the top first; empty where there is none of this key."""
    found: list[Region] = []
    region = Region.objects.filter(pk=key).first()
    while region is not None and region not in found:
        found.insert(0, region)
        region = region.parent
    return found


def _tree(shown: QuerySet[Any], *, root: int | None, is_whole: bool) -> list[Node]:
    regions = list(shown)
    keys = [region.pk for region in regions]
    carried = desk_counts(Region, keys)
    nodes = {}
    for region in regions:
        region.desk_count = carried.get(region.pk, 0)
        nodes[region.pk] = Node(region)
    if not is_whole:
        below = Region.objects.filter(parent__in=keys).order_by()
        for key, number in below.values_list("parent").annotate(number=Count("pk")):
            nodes[key].hidden = number
    rows: dict[int | None, list[Node]] = {root: []}
    for node in nodes.values():
        rows.setdefault(node.region.parent_id, []).append(node)
    for key, beside in rows.items():
        for node in beside:
            node.is_first, node.is_last = node is beside[0], node is beside[-1]
        if key in nodes:
            nodes[key].below = beside
    return rows[root]
