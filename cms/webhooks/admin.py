from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cms import moments
from cms.desk.history import HistoryMixin
from cms.desk.markup import as_stored, code, yes_or_no
from cms.webhooks import signing
from cms.webhooks.delivery import switch_off
from cms.webhooks.events import send_again, send_all_since, send_test
from cms.webhooks.forms import EndpointForm, check_address
from cms.webhooks.models import Attempt, Delivery, Endpoint

BOTH_SECRETS = timedelta(days=1)


@admin.register(Endpoint)
class EndpointAdmin(HistoryMixin, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Subscribers: what they are told, how they are doing, and what can be done about it."""

    form = EndpointForm
    list_display = ["name", "url", "switched_on", "health"]
    list_filter = ["is_enabled"]
    search_fields = ["name", "url"]
    readonly_fields = ["health", "signing_secret", "deliveries_link"]
    change_form_template = "admin/webhooks/endpoint/change_form.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = list(EndpointForm.Meta.fields)
        if obj is None:
            return own
        secret = ["signing_secret"] if self.has_change_permission(request, obj) else []
        return [*own, *secret, "health", "deliveries_link"]

    def save_model(self, request: HttpRequest, obj: Endpoint, form: Any, change: bool) -> None:
        """Write what the form changed only: the worker writes how it is doing meanwhile."""
        if not change:
            obj.save()
            return
        obj.save(update_fields=form.changed_data)
        if "is_enabled" not in form.changed_data:
            return
        if obj.is_enabled:
            obj.switched_off, obj.failing_since, obj.quiet_until = "", None, None
            obj.save(update_fields=["switched_off", "failing_since", "quiet_until"])
        else:
            switch_off(obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Its messages go with it, though nobody deletes them alone; they may be many, and are
        counted only."""
        keys = [each.pk for each in objs]
        deliveries = Delivery.objects.filter(endpoint__in=keys)
        attempts = Attempt.objects.filter(delivery__endpoint__in=keys)
        counts = {
            self.opts.verbose_name_plural: len(keys),
            Delivery._meta.verbose_name_plural: deliveries.count(),
            Attempt._meta.verbose_name_plural: attempts.count(),
        }
        missing = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        return [str(each) for each in objs], counts, missing, []

    def delete_model(self, request: HttpRequest, obj: Endpoint) -> None:
        Endpoint.objects.remove([obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        Endpoint.objects.remove(queryset.values_list("pk", flat=True))

    @admin.display(description=gettext_lazy("switched on"), ordering="is_enabled")
    def switched_on(self, endpoint: Endpoint) -> str:
        return yes_or_no(endpoint.is_enabled)

    @admin.display(description=gettext_lazy("secret"))
    def signing_secret(self, endpoint: Endpoint) -> str:
        until = endpoint.old_secret_until
        if until is not None and until > timezone.now():
            also = _("the one before signs too, until {time}").format(time=_time(until))
            return format_html("<code>{}</code><br>{}", endpoint.secret, also)
        return format_html("<code>{}</code>", endpoint.secret)

    @admin.display(description=gettext_lazy("how it is doing"))
    def health(self, endpoint: Endpoint) -> str:
        if endpoint.switched_off:
            return format_html("{} {}", _("Switched off."), as_stored(endpoint.switched_off))
        if not endpoint.is_enabled:
            return _("Switched off.")
        if endpoint.failing_since is not None:
            return _("Failing since {time}.").format(time=_time(endpoint.failing_since))
        return _("Well.")

    @admin.display(description=gettext_lazy("messages"))
    def deliveries_link(self, endpoint: Endpoint) -> str:
        counts = dict(
            endpoint.deliveries.order_by().values_list("state").annotate(number=Count("pk"))
        )
        page = reverse("admin:webhooks_delivery_changelist")
        told = ", ".join(
            f"{state.label.lower()}: {counts.get(state, 0)}" for state in Delivery.State
        )
        return format_html('<a href="{}?endpoint__id__exact={}">{}</a>', page, endpoint.pk, told)

    def get_urls(self) -> list[Any]:
        verbs = {"test": self.test, "rotate": self.rotate, "since": self.since}
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"webhooks_endpoint_{name}",
            )
            for name, view in verbs.items()
        ]
        return [*own, *super().get_urls()]

    def test(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send a message that says nothing has changed."""
        return self._do(request, pk, self._send_test)

    def rotate(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Replace the secret; for a day the old one signs too."""
        return self._do(request, pk, self._replace_secret)

    def since(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send everything since a moment again."""
        return self._do(request, pk, self._send_all_since)

    def _do(self, request: HttpRequest, pk: int, verb: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        endpoint = get_object_or_404(Endpoint, pk=pk)
        if not self.has_change_permission(request, endpoint):
            raise PermissionDenied
        try:
            self.message_user(request, verb(request, endpoint), messages.SUCCESS)
        except (ValidationError, ValueError) as error:
            text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            self.message_user(request, text, messages.ERROR)
        return HttpResponseRedirect(reverse("admin:webhooks_endpoint_change", args=[pk]))

    def _send_test(self, request: HttpRequest, endpoint: Endpoint) -> str:
        check_address(endpoint.url)
        send_test(endpoint)
        return _("A test is on its way. Its answer stands among the messages in a moment.")

    def _replace_secret(self, request: HttpRequest, endpoint: Endpoint) -> str:
        endpoint.old_secret, endpoint.secret = endpoint.secret, signing.make_secret()
        endpoint.old_secret_until = timezone.now() + BOTH_SECRETS
        endpoint.save(update_fields=["old_secret", "secret", "old_secret_until"])
        return _("There is a new secret. For a day, messages are signed by both.")

    def _send_all_since(self, request: HttpRequest, endpoint: Endpoint) -> str:
        check_address(endpoint.url)
        if not endpoint.is_enabled:
            raise ValidationError(_("It is switched off. Switch it on first."))
        moment = moments.parse_moment(request.POST.get("since", ""))
        return _on_their_way(send_all_since(endpoint, moment))


class AttemptInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Attempt
    fields = readonly_fields = ("at", "status", "failure", "answered", "duration")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("webhooks.view_delivery")

    @admin.display(description=gettext_lazy("error"))
    def failure(self, attempt: Attempt) -> str:
        return as_stored(attempt.error) or "–"

    @admin.display(description=gettext_lazy("answer"))
    def answered(self, attempt: Attempt) -> str:
        return as_stored(attempt.answer) or "–"

    @admin.display(description=gettext_lazy("took"))
    def duration(self, attempt: Attempt) -> str:
        return _("{seconds} s").format(seconds=localize(round(attempt.seconds, 2)))


@admin.register(Delivery)
class DeliveryAdmin(HistoryMixin, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Every message, with what came back at each try."""

    list_display = ["created_at", "endpoint", "named", "about", "state", "tries", "next_try"]
    list_filter = ["state", "endpoint", "event"]
    search_fields = ["=message_id", "=subject"]
    list_select_related = ["endpoint"]
    show_full_result_count = False
    actions = ["send_again"]
    inlines = [AttemptInline]
    fields = readonly_fields = (
        *("endpoint", "identity", "named", "about", "version", "sent"),
        *("state", "created_at", "tries", "next_try"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("event"), ordering="event")
    def named(self, delivery: Delivery) -> str:
        return code(delivery.event)

    @admin.display(description=gettext_lazy("subject"), ordering="subject")
    def about(self, delivery: Delivery) -> str:
        return code(delivery.subject)

    @admin.display(description=gettext_lazy("message id"))
    def identity(self, delivery: Delivery) -> str:
        return code(delivery.message_id)

    @admin.display(description=gettext_lazy("payload"))
    def sent(self, delivery: Delivery) -> str:
        return code(delivery.payload)

    @admin.display(description=gettext_lazy("next try"), ordering="next_at")
    def next_try(self, delivery: Delivery) -> str:
        if delivery.state != Delivery.State.PENDING:
            return "–"
        return _time(delivery.next_at, "d E Y, H:i:s")

    @admin.action(description=gettext_lazy("Send again"), permissions=["change"])
    def send_again(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        endpoints = Endpoint.objects.filter(
            pk__in=deliveries.order_by().values("endpoint"), is_enabled=True
        )
        keys: list[int] = []
        for endpoint in endpoints:
            try:
                check_address(endpoint.url)
            except ValidationError as error:
                self.message_user(request, f"{endpoint}: {error.messages[0]}", messages.ERROR)
                continue
            keys += deliveries.filter(endpoint=endpoint).values_list("pk", flat=True)
        asked = send_again(keys)
        left = deliveries.count() - asked
        self.message_user(request, _on_their_way(asked))
        if left:
            text = ngettext(
                "{number} is not sent: a test, or of a webhook that is switched off.",
                "{number} are not sent: tests, or of webhooks that are switched off.",
                left,
            )
            self.message_user(request, text.format(number=left), messages.WARNING)


def _on_their_way(number: int) -> str:
    said = ngettext(
        "{number} message is on its way again.",
        "{number} messages are on their way again.",
        number,
    )
    return said.format(number=number)


def _time(moment: datetime, form: str = "d E Y, H:i") -> str:
    """A time in UTC, as subscribers' logs have it, with the month in words."""
    return f"{date_format(moment.astimezone(UTC), form)} UTC"
