from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.desk.history import HistoryMixin
from cms.desk.markup import as_stored, code, yes_or_no
from rates import standing
from rates.admin.snapshots import short
from rates.models import Source


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Weekdays"),
        choices=[(number + 1, capfirst(name)) for number, name in WEEKDAYS.items()],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("On which it publishes."),
    )

    url = forms.URLField(label=gettext_lazy("Public page"), required=False, assume_scheme="https")

    class Meta:
        widgets = {
            "name": forms.TextInput(attrs={"size": 60}),
            "attribution": forms.TextInput(attrs={"size": 60}),
            "publishes_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "pegs": forms.Textarea(attrs={"rows": 3, "cols": 70}),
        }


_HEALTH = gettext_lazy("How it is doing")


@admin.register(Source)
class SourceAdmin(HistoryMixin, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Who publishes, when, how far to trust it, and how it is doing."""

    form = SourceForm
    list_display = ["heading", "health", "latest", "expected", "visit", "fetched"]
    empty_value_display = "–"
    ordering = ["is_market", "slug"]
    readonly_fields = [
        "named",
        "home_currency",
        "quotation",
        "of_market",
        "health",
        "latest",
        "expected",
        "attempt",
        "success",
        "trouble",
        "by_hand",
    ]
    fieldsets = [
        (
            _HEALTH,
            {
                "fields": [
                    "health",
                    "latest",
                    "expected",
                    "attempt",
                    "success",
                    "trouble",
                    "by_hand",
                ]
            },
        ),
        (
            None,
            {
                "fields": [
                    "name",
                    "named",
                    "home_currency",
                    "quotation",
                    "of_market",
                    "is_enabled",
                    "url",
                    "attribution",
                    "redistributable",
                ]
            },
        ),
        (
            gettext_lazy("Timetable"),
            {"fields": ["time_zone", "weekdays", "publishes_at", "days_ahead", "grace"]},
        ),
        (
            gettext_lazy("How far to trust it"),
            {"fields": ["band_percent", "pegs", "peg_band_percent"]},
        ),
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

    @admin.display(description=gettext_lazy("slug"))
    def named(self, source: Source) -> str:
        return code(source.slug)

    @admin.display(description=gettext_lazy("market feed"))
    def of_market(self, source: Source) -> str:
        return yes_or_no(source.is_market)

    @admin.display(description=gettext_lazy("fetched"), ordering="is_enabled")
    def fetched(self, source: Source) -> str:
        return yes_or_no(source.is_enabled)

    @admin.display(description=gettext_lazy("last error"))
    def trouble(self, source: Source) -> str:
        return as_stored(source.last_error) or "–"

    @admin.display(description=gettext_lazy("source"), ordering="name")
    def heading(self, source: Source) -> str:
        return format_html('<div class="rates-wide">{}</div>', source.name)

    @admin.display(description=gettext_lazy("health"), ordering="is_stale")
    def health(self, source: Source) -> str:
        if source.stale_from is None:
            return _("no bulletin yet")
        if source.is_stale:
            return format_html(
                '<span class="rates-status rates-withdrawn">{}</span> {}',
                _("stale"),
                _("since {time}").format(time=short(source.stale_from)),
            )
        return format_html('<span class="rates-status rates-accepted">{}</span>', _("up to date"))

    @admin.display(description=gettext_lazy("latest bulletin"), ordering="latest_date")
    def latest(self, source: Source) -> str:
        newest = getattr(source, "latest_date", None)
        if newest is None:
            return "–"
        address = reverse("admin:rates_snapshot_changelist")
        return format_html(
            '<a href="{}?source__id__exact={}">{}</a>', address, source.pk, newest.isoformat()
        )

    @admin.display(description=gettext_lazy("next expected"), ordering="next_expected_at")
    def expected(self, source: Source) -> str:
        return short(source.next_expected_at)

    @admin.display(description=gettext_lazy("last visit to its server"), ordering="last_attempt_at")
    def visit(self, source: Source) -> str:
        """When it was asked last, and what was wrong; or that nothing was."""
        if source.last_attempt_at is None:
            return "–"
        said = as_stored(source.last_error) or _("all well")
        return format_html("{}: {}", short(source.last_attempt_at), said)

    @admin.display(description=gettext_lazy("last asked"))
    def attempt(self, source: Source) -> str:
        return short(source.last_attempt_at)

    @admin.display(description=gettext_lazy("last success"), ordering="last_success_at")
    def success(self, source: Source) -> str:
        return short(source.last_success_at)

    @admin.display(description=gettext_lazy("its server is down?"))
    def by_hand(self, source: Source) -> str:
        address = reverse("admin:rates_snapshot_add")
        said = _("Enter a bulletin by hand")
        return format_html('<a href="{}?source={}">{}</a>', address, source.slug, said)
