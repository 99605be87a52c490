from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.postgres.search import SearchQuery
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.forms import DeskAdmin, asks_the_unstorable
from articles.admin.search_words import beginnings, by_index_of_words
from articles.audit import csv_lines
from articles.audit_words import VERBS, told_details
from articles.models import AuditEntry
from articles.models.audit import audit_words
from cms.moments import day_of, midnight

_COLUMNS = ("when", "who", "by_key", "did", "what", "article_key", "more", "address", "agent")


class VerbFilter(admin.SimpleListFilter):
    title = gettext_lazy("verb")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(VERBS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(verb=self.value()) if self.value() else queryset


class WhoFilter(admin.SimpleListFilter):
    """By login, as each line links here; not offered, since there may be hundreds."""

    title = gettext_lazy("who")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        name = request.GET.get("by", "")
        return [(name, name)] if name else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(by_name=self.value()) if self.value() else queryset


class PeriodFilter(admin.ListFilter):
    """From the beginning of one day to the end of another one, of the newsroom's clock."""

    title = gettext_lazy("time")
    template = "articles/lists/period.html"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.since = day_of(params.pop("since", [""])[-1])
        self.until = day_of(params.pop("until", [""])[-1])
        for name, day in (("since", self.since), ("until", self.until)):
            if day is not None:
                self.used_parameters[name] = f"{day:%Y-%m-%d}"

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return ["since", "until"]

    def choices(self, changelist: Any) -> Any:
        """The rest of the query, which the form sends along."""
        yield {
            "since": self.used_parameters.get("since", ""),
            "until": self.used_parameters.get("until", ""),
            "others": [
                (name, value)
                for name, value in changelist.params.items()
                if name not in ("since", "until", "p")
            ]
            + ([("q", changelist.query)] if changelist.query else []),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.since is not None:
            queryset = queryset.filter(at__gte=midnight(self.since))
        if self.until is not None:
            queryset = queryset.filter(at__lt=midnight(self.until + timedelta(days=1)))
        return queryset


@admin.register(AuditEntry)
class AuditAdmin(DeskAdmin):
    """Who did what, to be read and exported; nobody writes here."""

    list_display = ["when", "who", "did", "what", "more", "address"]
    list_filter = [PeriodFilter, VerbFilter, WhoFilter]
    search_fields = ["subject"]  # that there is one; get_search_results searches
    search_help_text = gettext_lazy("Words of a title, a login, an address, or an article's number")
    show_facets = admin.ShowFacets.NEVER
    actions = None
    show_full_result_count = False
    change_list_template = "admin/articles/auditentry/change_list.html"
    fields = _COLUMNS
    readonly_fields = _COLUMNS

    class Media:
        css = {"all": ["articles/lists.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        own = path(
            "export.csv",
            self.admin_site.admin_view(self.export),
            name="articles_auditentry_export",
        )
        return [own, *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """All the words, each of them or its beginning; or all that was done to an article."""
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        words: SearchQuery = beginnings(term)
        found = Q(audit_words=words)
        if term.isascii() and term.isdigit() and len(term) < 19:
            found |= Q(article_key=int(term))
        return queryset.alias(audit_words=audit_words()).filter(found), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        with by_index_of_words(wanted=request.method == "GET" and bool(request.GET.get("q"))):
            context = {"title": _("Audit"), **(extra_context or {})}
            return super().changelist_view(request, context)

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """What the list shows, all of it, as CSV, written as it is read; the oldest first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        elsewhere = HttpResponseRedirect(f"{reverse('admin:articles_auditentry_changelist')}?e=1")
        if asks_the_unstorable(request):
            return elsewhere
        try:
            found = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return elsewhere
        return StreamingHttpResponse(
            csv_lines(found.order_by("pk")),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": 'attachment; filename="audit.csv"',
                "Cache-Control": "no-store",
            },
        )

    @admin.display(description=gettext_lazy("at this time"), ordering="at")
    def when(self, entry: AuditEntry) -> str:
        """In newsroom time, to the second."""
        return f"{localtime(entry.at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description=gettext_lazy("who"), ordering="by_name")
    def who(self, entry: AuditEntry) -> str:
        if not entry.by_name:
            return _("the system")
        page = reverse("admin:articles_auditentry_changelist", query={"by": entry.by_name})
        return format_html('<a href="{}">{}</a>', page, entry.by_name)

    @admin.display(description=gettext_lazy("verb"), ordering="verb")
    def did(self, entry: AuditEntry) -> str:
        return str(VERBS.get(entry.verb, entry.verb))

    @admin.display(description=gettext_lazy("what"), ordering="subject")
    def what(self, entry: AuditEntry) -> str:
        if entry.article_key is None:
            return entry.subject
        page = reverse("admin:articles_article_change", args=[entry.article_key])
        return format_html('<a href="{}">{}</a>', page, entry.subject or entry.article_key)

    @admin.display(description=gettext_lazy("details"))
    def more(self, entry: AuditEntry) -> str:
        return told_details(entry.details)
