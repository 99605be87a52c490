import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms import languages
from cms.outgoing import posting
from cms.outgoing.addresses import AddressError
from cms.webhooks import subjects
from cms.webhooks.models import Endpoint


def check_address(url: str) -> None:
    """ValidationError for an address that Dastan does not ask."""
    try:
        posting.check(url, private_hosts=settings.WEBHOOKS_PRIVATE_HOSTS)
    except AddressError as error:
        raise ValidationError(str(error), code="address") from None


class EndpointForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A subscriber, as the desk describes it."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=2000,
        help_text=format_lazy(
            gettext_lazy("Where messages are sent, such as {example}."),
            example="https://www.example.org/hooks/dastan",
        ),
        widget=forms.TextInput(attrs={"size": 80}),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What it is told."),
    )
    region_ids = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only in these regions"),
        coerce=int,
        required=False,
        help_text=gettext_lazy(
            "Articles in any of them, or below them, before or after a change. None: all."
        ),
    )
    tag_ids = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only with these tags"),
        coerce=int,
        required=False,
        help_text=gettext_lazy("None: all."),
    )
    languages = forms.CharField(
        label=gettext_lazy("Only in these languages"),
        required=False,
        help_text=gettext_lazy("Parted by commas: en, ru. Empty: all."),
    )

    class Meta:
        model = Endpoint
        fields = ["name", "url", "is_enabled", "events", "region_ids", "tag_ids", "languages"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = subjects.choices()
        self._choose(
            "events", [(name, _told(name, text)) for name, text in subjects.events().items()]
        )
        self._choose("region_ids", choices.regions())
        self._choose("tag_ids", choices.tags())
        if self.instance.pk:
            self.initial["languages"] = ", ".join(self.instance.languages)

    def _choose(self, name: str, choices: Any) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        check_address(url)
        return url

    def clean_languages(self) -> list[str]:
        tags = [each.strip() for each in self.cleaned_data["languages"].split(",")]
        for each in tags:
            if each and not re.fullmatch(languages.PATTERN, each):
                said = _("“{tag}” is not a language tag (BCP 47) such as en or ru.")
                raise ValidationError(said.format(tag=each))
        return [languages.canonical(each) for each in tags if each]


def _told(name: str, text: str) -> SafeString:
    """An event's name and, in the reader's language, what it means."""
    return format_html("<code>{}</code>: {}", name, _(text))
