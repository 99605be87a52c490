from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from rates import standing
from rates.admin.snapshots import short
from rates.models import Source

_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    weekdays = forms.TypedMultipleChoiceField(
        choices=list(enumerate(_WEEKDAYS, start=1)),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="On which it publishes.",
    )

    url = forms.URLField(label="Public page", required=False, assume_scheme="https")

    class Meta:
        widgets = {
            "name": forms.TextInput(attrs={"size": 60}),
            "attribution": forms.TextInput(attrs={"size": 60}),
            "publishes_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "pegs": forms.Textarea(attrs={"rows": 3, "cols": 70}),
        }


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Who publishes, when, how far to trust it, and how it is doing."""

    form = SourceForm
    list_display = ["heading", "health", "latest", "expected", "visit", "is_enabled"]
    empty_value_display = "–"
    ordering = ["is_market", "slug"]
    readonly_fields = [
        "slug",
        "home_currency",
        "quotation",
        "is_market",
        "health",
        "latest",
        "expected",
        "attempt",
        "success",
        "last_error",
        "by_hand",
    ]
    fieldsets = [
        (
            "How it is doing",
            {
                "fields": [
                    "health",
                    "latest",
                    "expected",
                    "attempt",
                    "success",
                    "last_error",
                    "by_hand",
                ]
            },
        ),
        (
            None,
            {
                "fields": [
                    "name",
                    "slug",
                    "home_currency",
                    "quotation",
                    "is_market",
                    "is_enabled",
                    "url",
                    "attribution",
                    "redistributable",
                ]
            },
        ),
        (
            "Timetable",
            {"fields": ["time_zone", "weekdays", "publishes_at", "days_ahead", "grace"]},
        ),
        ("How far to trust it", {"fields": ["band_percent", "pegs", "peg_band_percent"]}),
    ]

    class Media:
        css = {"all": ["rates/admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A source needs a program that reads it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        sources: QuerySet[Source] = super().get_queryset(request)
        newest = Max("snapshots__effective_date", filter=Q(snapshots__is_current=True))
        return sources.annotate(latest_date=newest)

    def save_model(self, request: HttpRequest, obj: Source, form: Any, change: bool) -> None:
        """Write what the form changed only: the worker writes a source's health meanwhile."""
        obj.save(update_fields=form.changed_data)
        standing.reckon(standing.lock(obj), now=timezone.now())

    @admin.display(description="source", ordering="name")
    def heading(self, source: Source) -> str:
        return format_html('<div class="rates-wide">{}</div>', source.name)

    @admin.display(description="health", ordering="is_stale")
    def health(self, source: Source) -> str:
        if source.stale_from is None:
            return "no bulletin yet"
        if source.is_stale:
            return format_html(
                '<span class="rates-status rates-withdrawn">stale</span> since {}',
                short(source.stale_from),
            )
        return format_html('<span class="rates-status rates-accepted">{}</span>', "up to date")

    @admin.display(description="latest bulletin", ordering="latest_date", empty_value="–")
    def latest(self, source: Source) -> str | None:
        newest = getattr(source, "latest_date", None)
        if newest is None:
            return None
        address = reverse("admin:rates_snapshot_changelist")
        return format_html(
            '<a href="{}?source__id__exact={}">{}</a>', address, source.pk, newest.isoformat()
        )

    @admin.display(description="next expected", ordering="next_expected_at")
    def expected(self, source: Source) -> str:
        return short(source.next_expected_at)

    @admin.display(description="last visit to its server", ordering="last_attempt_at")
    def visit(self, source: Source) -> str:
        """When it was asked last, and what was wrong; or that nothing was."""
        if source.last_attempt_at is None:
            return "–"
        return f"{short(source.last_attempt_at)}: {source.last_error or 'all well'}"

    @admin.display(description="last asked")
    def attempt(self, source: Source) -> str:
        return short(source.last_attempt_at)

    @admin.display(description="last success", ordering="last_success_at")
    def success(self, source: Source) -> str:
        return short(source.last_success_at)

    @admin.display(description="its server is down?")
    def by_hand(self, source: Source) -> str:
        address = reverse("admin:rates_snapshot_add")
        return format_html(
            '<a href="{}?source={}">Enter a bulletin by hand</a>', address, source.slug
        )
