"""Front pages and packages at the desk."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.forms.widgets import Script
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.forms import DeskAdmin, Line, Lines
from articles.admin.moments import MomentField
from articles.arranging import articles_of
from articles.models import Article, Collection, PublishedArticle, Slot
from articles.models.collection import MAX_ARTICLES, MAX_SLOTS


class SlotForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    pinned_until = MomentField(required=False, label=_("Pinned until"))

    class Meta:
        help_texts = {
            "article": _(
                "A public one, which stands here until you take it away, or until its time."
            ),
            "rule": _("Fills the slot where no article is pinned, or beside that one."),
            "region": _("With all below it."),
        }

    def clean_article(self) -> Article | None:
        article: Article | None = self.cleaned_data["article"]
        if article is not None and "article" in self.changed_data and not article.is_public:
            raise ValidationError(
                gettext(
                    "Readers do not have “{title}”. Publish it first, or choose another one."
                ).format(title=article.title)
            )
        return article

    def clean_pinned_until(self) -> Any:
        field: Any = self.fields["pinned_until"]
        moment = field.kept(self.initial.get("pinned_until"), self.cleaned_data["pinned_until"])
        if moment is not None and "pinned_until" in self.changed_data and moment <= timezone.now():
            raise ValidationError(
                gettext("That time has passed. Name a later one, or leave it empty.")
            )
        return moment


class SlotFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # not generic at run time
    def clean(self) -> None:
        super().clean()
        seen: set[int] = set()
        number = 0
        for form in self.forms:
            if form in self.deleted_forms or not getattr(form, "cleaned_data", None):
                continue
            number += form.cleaned_data.get("number") or 0
            article = form.cleaned_data.get("article")
            if article is not None and article.pk in seen:
                form.add_error("article", gettext("This article stands in another slot already."))
            elif article is not None:
                seen.add(article.pk)
        if number > MAX_ARTICLES:
            raise ValidationError(
                gettext(
                    "The slots hold {n} articles together. A page takes {most} at most."
                ).format(n=number, most=MAX_ARTICLES)
            )


class SlotInline(admin.StackedInline):  # type: ignore[type-arg]  # not generic at run time
    model = Slot
    form = SlotForm
    formset = SlotFormSet
    extra = 0
    max_num = MAX_SLOTS
    fields = [
        ("article", "pinned_until"),
        ("rule", "number"),
        ("region", "tag", "kind"),
        "position",
    ]
    autocomplete_fields = ["article", "region", "tag"]
    classes = ["slots"]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"validate_max": True, **kwargs})


class CollectionForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    class Meta:
        widgets = {"title": Line(), "description": Lines(2)}
        help_texts = {
            "slug": _("By which your site asks for it."),
            "language": _("Rules find articles in this language only. Left empty, in all."),
            "is_public": _("Until then the API does not know it."),
        }


@admin.register(Collection)
class CollectionAdmin(DeskAdmin):
    """What stands where; readers get it with the next request."""

    form = CollectionForm
    inlines = [SlotInline]
    fields = ["title", "slug", "description", "language", "is_public", "readers_get"]
    readonly_fields = ["readers_get"]
    list_display = ["title", "slug", "language", "is_public"]
    list_filter = ["is_public", "language"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ["title"]}
    save_on_top = True

    class Media:
        js = [Script("articles/collection.js", type="module")]
        css = {"all": ["articles/collection.css"]}

    @admin.display(description=_("as saved, readers get"))
    def readers_get(self, collection: Collection) -> str | None:
        """The titles, in order, with the number of the slot that each stands in."""
        if collection._state.adding:
            return None
        titles = _titles(articles_of(collection))
        return format_html_join("", "<div>{}. {}</div>", titles) or None

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        held = articles_of(form.instance)
        empty = [str(place) for place, ids in enumerate(held, start=1) if not ids]
        if empty:
            self.message_user(
                request,
                gettext(
                    "Nothing stands in slot {places} now: its rule finds nothing more, or its"
                    " article is not public. Readers get the other slots."
                ).format(places=", ".join(empty)),
                messages.WARNING,
            )


def _titles(held: Sequence[Sequence[int]]) -> list[tuple[int, str]]:
    places = {article: place for place, ids in enumerate(held, start=1) for article in ids}
    titles = dict(PublishedArticle.objects.filter(pk__in=places).values_list("pk", "title"))
    return [(place, titles.get(article, "")) for article, place in places.items()]
