"""Filters of the list of articles that somebody has kept under a name of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.admin.forms import DeskAdmin
from articles.models import SavedFilter

# Of the list's query: which page of it, and what only one visit is about.
_NOT_KEPT = ("p", "e", "all", "_popup", "_to_field", "_facets")


def kept_query(query: str) -> str:
    """A query string as it is kept and compared: in order, without what is of one visit only."""
    given = QueryDict(query.lstrip("?").replace("\0", ""), mutable=True)
    pairs = sorted(
        (name, value)
        for name, values in given.lists()
        for value in values
        if value and name not in _NOT_KEPT
    )
    kept = QueryDict(mutable=True)
    for name, value in pairs:
        kept.appendlist(name, value)
    return kept.urlencode()


class SavedFilters(DeskAdmin):
    """For the list of articles: each login has its own, and sees no other's."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path(
                "filters/keep/",
                view(require_POST(self.keep_filter)),
                name="articles_article_filter_keep",
            ),
            path(
                "filters/<int:key>/remove/",
                view(require_POST(self.remove_filter)),
                name="articles_article_filter_remove",
            ),
            *super().get_urls(),
        ]

    def saved_filters_context(self, request: HttpRequest) -> dict[str, Any]:
        """What the list's page shows of them."""
        now = kept_query(request.META.get("QUERY_STRING", ""))
        kept = list(SavedFilter.objects.filter(user=request.user.pk))
        return {
            "saved_filters": [(each, each.query == now) for each in kept],
            "current_query": now,
            "may_keep_filter": bool(now) and all(each.query != now for each in kept),
        }

    def keep_filter(self, request: HttpRequest) -> HttpResponse:
        """Keep the list as it is narrowed now; a name that is there already is used anew."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        name = " ".join(request.POST.get("name", "").replace("\0", "").split())
        query = kept_query(request.POST.get("query", ""))
        refusal = _refusal(name, query)
        if refusal:
            self.message_user(request, refusal, messages.ERROR)
        else:
            SavedFilter.objects.update_or_create(
                user_id=int(request.user.pk or 0), name=name, defaults={"query": query}
            )
            self.message_user(request, _("Kept as “{name}”.").format(name=name), messages.SUCCESS)
        return HttpResponseRedirect(f"{reverse('admin:articles_article_changelist')}?{query}")

    def remove_filter(self, request: HttpRequest, key: int) -> HttpResponse:
        """Forget one of one's own."""
        removed, _models = SavedFilter.objects.filter(user=request.user.pk, pk=key).delete()
        if removed:
            self.message_user(request, _("The filter is removed."), messages.SUCCESS)
        else:
            self.message_user(request, _("You have no such filter."), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:articles_article_changelist"))


def _refusal(name: str, query: str) -> str:
    if not name:
        return _("Give the filter a name.")
    if len(name) > 80:
        return _("Give the filter a shorter name, of 80 characters at most.")
    if not query:
        return _("Narrow the list first: this one shows everything.")
    if len(query) > 2000:
        return _("This search is too long to be kept.")
    return ""
