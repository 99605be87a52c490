from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, override

from cms.desk.history import HistoryMixin
from cms.desk.markup import as_stored, code, yes_or_no
from rates import decisions
from rates.admin.comparison import compare, doubts
from rates.admin.entry import EntryForm, initial_entry, refusal
from rates.decisions import DecisionError
from rates.entry import enter_by_hand
from rates.ingest import Outcome
from rates.models import Decision, Rate, Snapshot, Source
from rates.sources.bulletin import BulletinError

Verb = Callable[..., Decision]
_BY_HAND = gettext_noop("Entered by hand")
_VERBS = {_BY_HAND, "Released", "Withdrawn"}  # how the entries of a history begin


class DecisionForm(forms.Form):
    comment = forms.CharField(
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 70, "required": True}),
        error_messages={
            "required": gettext_lazy("Say why: others will ask, and the comment is kept.")
        },
    )


class CountsFilter(admin.SimpleListFilter):
    title = gettext_lazy("readers")
    parameter_name = "counts"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Counts for its date")), ("no", _("Does not count"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in ("yes", "no"):
            return queryset.filter(is_current=self.value() == "yes")
        return queryset


@admin.register(Snapshot)
class SnapshotAdmin(HistoryMixin, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Bulletins as they were published. None is ever changed: they are released or withdrawn, or
    entered by hand as a new one."""

    change_form_template = "rates/admin/snapshot.html"
    change_list_template = "rates/admin/snapshots.html"
    list_display = ["bulletin", "state", "number_of_rates", "against", "fetched"]
    list_filter = ["status", CountsFilter, "source"]
    date_hierarchy = "effective_date"
    list_per_page = 50
    ordering = ["-effective_date", "-id"]
    empty_value_display = "–"
    fieldsets = [
        (
            gettext_lazy("Provenance"),
            {
                "classes": ["collapse"],
                "fields": [
                    "source",
                    "effective_date",
                    "revision",
                    "in_force_at",
                    "published_at",
                    "fetched_at",
                    "remark",
                    "entered_by",
                    "repeats",
                    "parser_version",
                    "checksum",
                    "original",
                ],
            },
        )
    ]

    class Media:
        css = {"all": ["rates/admin.css"]}

    # Who may

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or may_judge(request)

    # The list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Snapshot]:
        number = (
            Rate.objects.filter(snapshot=OuterRef("pk"))
            .order_by()
            .values("snapshot")
            .annotate(number=Count("pk"))
            .values("number")
        )
        snapshots: QuerySet[Snapshot] = super().get_queryset(request)
        return (
            snapshots.select_related("source", "entered_by")
            .defer("document")
            .annotate(number_of_rates=Subquery(number, output_field=IntegerField()))
        )

    @admin.display(description=gettext_lazy("bulletin"), ordering="-effective_date")
    def bulletin(self, snapshot: Snapshot) -> str:
        return format_html(
            "{} · {}<br><small>{}{}</small>",
            snapshot.source.slug,
            snapshot.effective_date.isoformat(),
            snapshot.source.name,
            _(", revision {number}").format(number=snapshot.revision)
            if snapshot.revision > 1
            else "",
        )

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, snapshot: Snapshot) -> str:
        counts = f" · {_('counts')}" if snapshot.is_current else ""
        return format_html(
            '<span class="rates-status rates-{}">{}</span>{}',
            snapshot.status,
            snapshot.get_status_display(),
            counts,
        )

    @admin.display(description=gettext_lazy("rates"), empty_value="0")
    def number_of_rates(self, snapshot: Snapshot) -> int | None:
        return getattr(snapshot, "number_of_rates", None)

    @admin.display(description=gettext_lazy("what speaks against it"))
    def against(self, snapshot: Snapshot) -> str:
        return doubts(snapshot.reasons, most=2)

    @admin.display(description=gettext_lazy("fetched"), ordering="fetched_at")
    def fetched(self, snapshot: Snapshot) -> str:
        return short(snapshot.fetched_at)

    # The page of one

    @admin.display(description=gettext_lazy("as it was sent"))
    def original(self, snapshot: Snapshot) -> str:
        address = reverse("admin:rates_snapshot_document", args=[snapshot.pk])
        return format_html('<a href="{}">{}</a>', address, _("Download"))

    @admin.display(description=gettext_lazy("note"))
    def remark(self, snapshot: Snapshot) -> str:
        return as_stored(snapshot.note) or "–"

    @admin.display(description=gettext_lazy("is carried forward"))
    def repeats(self, snapshot: Snapshot) -> str:
        return yes_or_no(snapshot.is_carried_forward)

    @admin.display(description=gettext_lazy("checksum"))
    def checksum(self, snapshot: Snapshot) -> str:
        return code(snapshot.sha256)

    def get_urls(self) -> list[URLPattern]:
        def of(verb: Verb) -> Callable[..., HttpResponse]:
            def view(request: HttpRequest, object_id: str) -> HttpResponse:
                return self._decide(request, object_id, verb)

            return self.admin_site.admin_view(view)

        name = "rates_snapshot_"
        document = self.admin_site.admin_view(self.document_view)
        own = [
            path("<path:object_id>/release/", of(decisions.release), name=f"{name}release"),
            path("<path:object_id>/withdraw/", of(decisions.withdraw), name=f"{name}withdraw"),
            path("<path:object_id>/document/", document, name=f"{name}document"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        snapshot = self.get_object(request, unquote(object_id))
        context = dict(extra_context or {})
        if snapshot is not None and self.has_view_permission(request, snapshot):
            others = snapshot.source.snapshots.filter(effective_date=snapshot.effective_date)
            context |= {
                "title": _("Snapshot"),
                "comparison": compare(snapshot),
                "revisions": others.exclude(pk=snapshot.pk).defer("document"),
                "decisions": snapshot.decisions.select_related("by"),
                "decision_form": DecisionForm(),
                "may_judge": may_judge(request),
            }
        return super().change_view(request, object_id, form_url, context)

    def document_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The bytes of the bulletin, to be kept and not to be shown: who knows who sent them."""
        snapshot = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, snapshot):
            raise PermissionDenied
        if snapshot is None:
            return HttpResponseRedirect(reverse("admin:rates_snapshot_change", args=[object_id]))
        answer = HttpResponse(bytes(snapshot.document), content_type="application/octet-stream")
        name = f"{snapshot.source.slug}-{snapshot.effective_date}-{snapshot.revision}"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def _decide(self, request: HttpRequest, object_id: str, verb: Verb) -> HttpResponse:
        """Release or withdraw, by a POST with a comment."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not may_judge(request):
            raise PermissionDenied
        snapshot = self.get_object(request, unquote(object_id))
        if snapshot is None:
            return HttpResponseRedirect(reverse("admin:rates_snapshot_change", args=[object_id]))
        form = DecisionForm(request.POST)
        try:
            if not form.is_valid():
                raise DecisionError(" ".join(str(each) for each in form.errors["comment"]))
            decision = verb(snapshot, by=user(request), comment=form.cleaned_data["comment"])
        except DecisionError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            with override(None):  # as it is stored, for readers of all languages
                done = f"{decision.get_action_display()}: {decision.comment}"
                self.log_change(request, snapshot, done)
            self.message_user(request, f"{decision.get_action_display()}.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:rates_snapshot_change", args=[snapshot.pk]))

    # Entering one by hand

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = EntryForm(request.POST or None, initial=initial_entry(_asked_source(request)))
        if request.method == "POST" and form.is_valid():
            try:
                return self._entered(request, form)
            except BulletinError as error:
                form.add_error("lines", refusal(error))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Enter a bulletin by hand"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "rates/admin/entry.html", context)

    def _entered(self, request: HttpRequest, form: EntryForm) -> HttpResponse:
        told = form.cleaned_data
        outcome = enter_by_hand(
            told["source"],
            effective_date=told["effective_date"],
            quotes=told["lines"],
            by=user(request),
            comment=told["comment"],
        )
        if outcome.is_new:
            with override(None):
                self.log_addition(request, outcome.snapshot, f"{_BY_HAND}: {told['comment']}")
        self.message_user(request, *_told(outcome))
        address = reverse("admin:rates_snapshot_change", args=[outcome.snapshot.pk])
        allowed = self.has_view_permission(request, outcome.snapshot)
        return HttpResponseRedirect(address if allowed else reverse("admin:index"))

    def told(self, message: str) -> str:
        verb, colon, comment = message.partition(": ")
        return f"{_(verb)}: {comment}" if colon and verb in _VERBS else message


def may_judge(request: HttpRequest) -> bool:
    return request.user.has_perm("rates.judge_snapshot")


def user(request: HttpRequest) -> AbstractBaseUser:
    """Who asks; the admin lets nobody in who has not signed in."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


def short(moment: datetime | None) -> str:
    """A time of the newsroom's clock, short enough for a column."""
    return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment else "–"


def _asked_source(request: HttpRequest) -> Source | None:
    """The source that the address names (?source=nbk), if there is one."""
    return Source.objects.filter(slug=request.GET.get("source", "").replace("\0", "")).first()


def _told(outcome: Outcome) -> tuple[str, int]:
    """What the person is told of what came of it."""
    if not outcome.is_new:
        return _("This bulletin is there already; nothing was changed."), messages.WARNING
    if outcome.snapshot.status == Snapshot.Status.QUARANTINED:
        return (
            _(
                "The bulletin is kept in quarantine: readers do not get it until somebody"
                " releases it."
            ),
            messages.WARNING,
        )
    said = _("The bulletin is accepted, and served from its effective date on.")
    return said, messages.SUCCESS
