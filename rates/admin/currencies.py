from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy, gettext_noop, pgettext_lazy
from django.utils.translation import gettext as _

from cms.changes.snapshot import read_snapshot
from cms.desk.history import HistoryMixin
from cms.desk.markup import yes_or_no
from rates import reading, reference, ticker
from rates.api.answers import rate_answers
from rates.models import Currency, Source
from rates.quotation import derive
from rates.reference import TICKER_QUOTE
from rates.ticker import TickerError

_ACTIONS: dict[str, Callable[[str], list[str]]] = {
    "up": lambda code: ticker.move(code, steps=-1),
    "down": lambda code: ticker.move(code, steps=1),
    "off": ticker.take_off,
    "on": ticker.put_on,
}
_DONE = {
    "up": gettext_noop("{} moved up."),
    "down": gettext_noop("{} moved down."),
    "off": gettext_noop("{} is off the ticker."),
    "on": gettext_noop("{} is on the ticker."),
}


@admin.register(Currency)
class CurrencyAdmin(HistoryMixin, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Currencies, and the ticker that is made of some of them."""

    change_list_template = "rates/admin/currencies.html"
    list_display = ["code", "name", "on_ticker", "place", "ticker_source"]
    ordering = ["-is_on_ticker", "order", "code"]
    empty_value_display = "–"
    list_filter = ["is_on_ticker"]
    list_select_related = ["ticker_source"]
    list_per_page = 50
    search_fields = ["code", "names"]
    search_help_text = gettext_lazy("Code, or a name in any of its languages")
    fields = ["code", "numeric_code", "minor_units", "all_names", "ticker_source"]
    readonly_fields = ["code", "numeric_code", "minor_units", "all_names"]

    class Media:
        css = {"all": ["rates/admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are those of ISO 4217."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=pgettext_lazy("of a currency", "name"))
    def name(self, currency: Currency) -> str:
        return name_of(currency)

    @admin.display(description=gettext_lazy("names"))
    def all_names(self, currency: Currency) -> str:
        line = '<code>{0}</code> <span lang="{0}" translate="no">{1}</span>'
        return format_html_join(mark_safe("<br>"), line, sorted(currency.names.items()))

    @admin.display(description=gettext_lazy("on the ticker"), ordering="is_on_ticker")
    def on_ticker(self, currency: Currency) -> str:
        return yes_or_no(currency.is_on_ticker)

    @admin.display(description=gettext_lazy("place"), ordering="order", empty_value="–")
    def place(self, currency: Currency) -> int | None:
        return currency.order if currency.is_on_ticker else None

    def save_model(self, request: HttpRequest, obj: Currency, form: Any, change: bool) -> None:
        """Write what the form changed only: the ticker's page writes the rest."""
        obj.save(update_fields=form.changed_data)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.ticker_view)
        return [path("ticker/", view, name="rates_currency_ticker"), *super().get_urls()]

    def ticker_view(self, request: HttpRequest) -> HttpResponse:
        """The ticker as readers see it, and its list to be changed by hand."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            self._act(request)
            return HttpResponseRedirect(reverse("admin:rates_currency_ticker"))
        may_change = self.has_change_permission(request)
        others = Currency.objects.filter(is_on_ticker=False).exclude(code=TICKER_QUOTE)
        context = {
            **self.admin_site.each_context(request),
            "title": _("The ticker"),
            "opts": self.opts,
            "rows": ticker_rows(),
            "others": [(each.code, name_of(each)) for each in others] if may_change else [],
            "quote": TICKER_QUOTE,
            "has_change_permission": may_change,
        }
        return TemplateResponse(request, "rates/admin/ticker.html", context)

    def _act(self, request: HttpRequest) -> None:
        """Do what one button of the page says, such as ``up`` to KGS."""
        action, code = request.POST.get("action", ""), request.POST.get("code", "")
        currency = Currency.objects.filter(code=code.replace("\0", "")).first()
        if action not in _ACTIONS or currency is None:
            said = _("Choose a currency, and what to do with it.")
            self.message_user(request, said, messages.ERROR)
            return
        try:
            _ACTIONS[action](currency.code)
        except TickerError as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        done = _DONE[action]
        self.log_change(request, currency, done.format(currency.code))
        self.message_user(request, _(done).format(currency.code), messages.SUCCESS)

    def told(self, message: str) -> str:
        code = message[:3]
        done = f"{{}}{message[3:]}"
        return _(done).format(code) if done in _DONE.values() else message


def name_of(currency: Currency) -> str:
    """What it is called in the reader's language, or in English."""
    return str(currency.names.get(get_language()) or currency.names.get("en", ""))


def ticker_rows() -> list[dict[str, Any]]:
    """For each currency of the ticker, in order: ``code``, the ``currency``, its ``name``, and the
    ``answer`` that readers get, or None where no source knows a rate."""
    with read_snapshot():
        known, now = reference.current(), timezone.now()
        codes = [code for code in known.ticker() if code != TICKER_QUOTE]
        bulletins = reading.bulletins_in_force(known, [*codes, TICKER_QUOTE], now=now)
        found = [
            derive(code, TICKER_QUOTE, known.plans(code, TICKER_QUOTE), bulletins) for code in codes
        ]
        rates = [each for each in found if each is not None]
        answers = rate_answers(rates, known, {"change", "display"}, on=None, now=now)
        currencies = Currency.objects.select_related("ticker_source").in_bulk(codes)
        names = dict(Source.objects.values_list("slug", "name"))
    by_code = {answer["base"]: answer for answer in answers}
    return [
        {
            "code": code,
            "currency": currencies[code],
            "name": name_of(currencies[code]),
            "answer": by_code.get(code),
            "source": names.get(by_code[code]["source"]) if code in by_code else None,
        }
        for code in codes
    ]
