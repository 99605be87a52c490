"""What the desk's forms have in common."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Field, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import body
from articles.admin.body_editor import BodyEditor
from articles.labels import LABELS
from articles.models import Slug
from cms.desk.deletion import DeletionMixin
from cms.desk.history import HistoryMixin

_BETWEEN_BLOCKS = re.compile(
    r"(</(?:p|h[2-4]|ul|ol|blockquote|figure|div|table|pre)>|<hr>)"
    r"(?=<(?:p|h[2-4]|ul|ol|blockquote|figure|div|table|pre|hr)[ >])"
)

# What no JSON column holds: NUL, and half of a surrogate pair.
_UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")


class Line(forms.TextInput):
    """A text of one line, as wide as the form."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "vTextField desk-line"})


class Lines(forms.Textarea):
    """A text of some lines, as wide as the form."""

    def __init__(self, rows: int) -> None:
        super().__init__(attrs={"rows": rows, "class": "desk-line"})


def asks_the_unstorable(request: HttpRequest) -> bool:
    """Whether a list is narrowed by a NUL; a search for one is refused by Django's own form."""
    given = [value for name, values in request.GET.lists() for value in values if name != "q"]
    return any("\0" in value for value in given)


class DeskAdmin(DeletionMixin, HistoryMixin, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """What the admin of every model here does alike."""

    list_per_page = 50

    class Media:
        css = {"all": ["articles/desk.css"]}

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A character that no column holds finds nothing, rather than breaking the page."""
        if asks_the_unstorable(request):
            return HttpResponseRedirect(f"{request.path}?e=1")
        return super().changelist_view(request, extra_context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What the form could not know, because somebody else was at it, is told all the same."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as error:
            return self.answer_refusal(request, object_id, error)

    def answer_refusal(
        self, request: HttpRequest, object_id: str | None, error: ValidationError
    ) -> HttpResponse:
        """The form again, with what was typed and what the form could not know."""
        request._desk_refusal = error.messages  # type: ignore[attr-defined]  # ours, for this request
        return super().changeform_view(request, object_id)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form_class: Any = super().get_form(request, obj, change, **kwargs)
        refusal = getattr(request, "_desk_refusal", None)
        if refusal is None:
            return form_class

        class RefusedForm(form_class):
            def clean(self) -> Any:
                cleaned = super().clean()
                self.add_error(None, refusal)
                return cleaned

        return RefusedForm


class BodyField(forms.CharField):
    """The body, with each block on a line of its own: it is stored without line breaks."""

    def prepare_value(self, value: Any) -> Any:
        return _BETWEEN_BLOCKS.sub(r"\1\n", value) if isinstance(value, str) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(body.clean(initial or ""), body.clean(data or ""))


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        widgets = {
            "title": Line(),
            "kicker": Line(),
            "summary": Lines(3),
            "body_html": BodyEditor(attrs={"rows": 20}),
            "seo_title": Line(),
            "seo_description": Lines(2),
        }
        field_classes = {"body_html": BodyField}
        labels = {**LABELS, "lead_image": LABELS["lead_image_id"]}
        help_texts = {
            "summary": _("Left empty, readers get the first 60 words."),
            "slug": _(
                "Its address. Left empty, it is made from the title. A former one redirects."
            ),
            "language": _("Such as en or ru."),
            "canonical_url": _("Where it was published first, when that is another site."),
        }

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        taken = Slug.objects.filter(text=slug).exclude(article=self.instance.pk)
        if slug and taken.exists():
            raise ValidationError(
                gettext("Another article holds the slug “{slug}”. Choose another one.").format(
                    slug=slug
                )
            )
        return slug


class NamesField(forms.JSONField):
    """JSON that a column of PostgreSQL can hold and a page can show."""

    def to_python(self, value: Any) -> Any:
        names = super().to_python(value)
        if isinstance(names, dict) and any(
            _UNSTORABLE.search(str(text)) for text in (*names, *names.values())
        ):
            raise ValidationError(
                gettext("A name has a character that cannot be stored. Remove it.")
            )
        return {} if names is None else names

    def prepare_value(self, value: Any) -> Any:
        return str(super().prepare_value(value)).encode(errors="replace").decode()


class NamedForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """Of regions, tags and authors."""

    class Meta:
        widgets = {
            "name": Line(),
            "names": Lines(3),
            "description": Lines(3),
            "role": Line(),
            "bio": Lines(4),
        }
        field_classes = {"names": NamesField}
        help_texts = {
            "names": _('The name in other languages: {"ru": "Казахстан", "kk": "Қазақстан"}'),
            "code": _("ISO 3166-1, such as KZ."),
        }


class ImageForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        widgets = {"alt": Line(), "caption": Lines(2), "credit": Line()}
