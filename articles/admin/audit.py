from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import path, reverse
from django.utils.html import format_html

from articles.admin.forms import DeskAdmin
from articles.audit import csv_lines, entries
from articles.models import AuditEntry

_COLUMNS = ("at", "who", "by_key", "verb", "what", "article_key", "details", "address", "agent")


@admin.register(AuditEntry)
class AuditAdmin(DeskAdmin):
    """Who did what, to be read and exported; nobody writes here."""

    list_display = ["at", "who", "verb", "what", "address"]
    list_filter = ["verb", "at"]
    search_fields = ["by_name", "subject", "address", "=article_key"]
    search_help_text = "Login, title, address, or an article's number"
    date_hierarchy = "at"
    actions = None
    show_full_result_count = False
    change_list_template = "admin/articles/auditentry/change_list.html"
    fields = _COLUMNS
    readonly_fields = _COLUMNS

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

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """All of it as CSV, written as it is read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return StreamingHttpResponse(
            csv_lines(entries()),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": 'attachment; filename="audit.csv"',
                "Cache-Control": "no-store",
            },
        )

    @admin.display(description="who", ordering="by_name")
    def who(self, entry: AuditEntry) -> str:
        return entry.by_name or "the system"

    @admin.display(description="what", ordering="subject")
    def what(self, entry: AuditEntry) -> str:
        if entry.article_key is None:
            return entry.subject
        page = reverse("admin:articles_article_change", args=[entry.article_key])
        return format_html('<a href="{}">{}</a>', page, entry.subject or entry.article_key)
