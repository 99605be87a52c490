"""The form for a bulletin that somebody reads off a bank's page while its server is down."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from rates.models import Currency, Source
from rates.sources.bulletin import BulletinError, Quote
from rates.sources.figures import number

_EXAMPLE = "USD 1 449.86\nUZS 100 3.93"
_REFUSALS = (  # of rates/sources, which is pure and speaks English
    gettext_noop("The {figure} is not a number with a decimal point: “{printed}”."),
    gettext_noop("{code} is quoted twice."),
    gettext_noop("The rate of {code} is not positive: {number}."),
    gettext_noop("The nominal of {code} is not positive: {number}."),
    gettext_noop("The rate of {code} is no possible one."),
    gettext_noop("The nominal of {code} is no possible one."),
)


class EntryForm(forms.Form):
    source = forms.ModelChoiceField(Source.objects.all(), label=gettext_lazy("Source"))
    effective_date = forms.DateField(
        label=gettext_lazy("Effective date"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("The day from which on the bank means these rates to hold."),
    )
    lines = forms.CharField(
        label=gettext_lazy("Rates"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14, "cols": 40, "placeholder": _EXAMPLE}),
        help_text=gettext_lazy(
            "A line for each currency: its code, for how many units, and the rate as the bank"
            " prints it, with a decimal point. “USD 1 449.86” says that one dollar is 449.86 of the"
            " bank's own currency; of a market feed, that a dollar is that much of the currency."
        ),
    )
    comment = forms.CharField(
        label=gettext_lazy("Where from"),
        max_length=500,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text=gettext_lazy(
            "Such as: the bank's page of today, read out by its press office. It is kept."
        ),
    )

    def clean_lines(self) -> list[Quote]:
        """The quotes, or one error for each line that is none."""
        codes = set(Currency.objects.values_list("code", flat=True))
        quotes: list[Quote] = []
        errors: list[str] = []
        for place, line in _filled(self.cleaned_data["lines"]):
            try:
                quote = _quote(line)
                if quote.currency not in codes:
                    raise BulletinError(
                        _("Dastan knows no currency {code}.").format(
                            code=f"“{quote.currency[:20]}”"
                        )
                    )
            except BulletinError as error:
                errors.append(_("Line {place}: {error}").format(place=place, error=refusal(error)))
            else:
                quotes.append(quote)
        if errors:
            raise forms.ValidationError(errors)
        return quotes


def refusal(error: BulletinError) -> str:
    """Why a bulletin is none, in the reader's language."""
    return _(error.sentence).format(**error.values) if error.values else str(error)


def initial_entry(source: Source | None) -> dict[str, Any]:
    """What an empty form begins with: the source, and a line for each currency of its last
    bulletin, without the rate."""
    if source is None:
        return {}
    latest = source.snapshots.current().order_by("-effective_date").first()
    rates = latest.rates.order_by("pk") if latest else ()
    lines = [f"{rate.currency_id} {rate.nominal:f} \n" for rate in rates]
    return {"source": source, "lines": "".join(lines)}


def _filled(text: str) -> Iterator[tuple[int, str]]:
    """Each line with something in it, and its number from 1."""
    for place, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield place, line


def _quote(line: str) -> Quote:
    match line.split():
        case [code, nominal, value]:
            return Quote(
                code.upper(),
                value=number(value, of=_("rate of {code}").format(code=code)),
                nominal=number(nominal, of=_("nominal of {code}").format(code=code)),
            )
        case [code, value]:
            told = _("rate of {code}").format(code=code)
            return Quote(code.upper(), number(value, of=told), Decimal(1))
    raise BulletinError(_("Write a code, a number of units and a rate, such as USD 1 449.86."))
