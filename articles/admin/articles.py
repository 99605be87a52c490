from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from articles import publishing, workflow
from articles.admin.body_editor import STYLES, shown_body
from articles.admin.forms import ArticleForm
from articles.admin.lists import ArticleLists
from articles.admin.origins import origin_of
from articles.admin.people import asking as _actor
from articles.admin.people import user_of as _user
from articles.models import Article, Byline, RelatedChoice
from articles.models.article import newsroom_language
from articles.publishing import delete_for_good
from articles.revisions import Relations
from articles.saving import save
from articles.workflow import NotAllowed, Verb


class SavedArticleForm(ArticleForm):
    """Which says on what version it is based, so that it never saves over a colleague's work."""

    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["based_on"].initial = self.instance.save_number

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        based_on = cleaned.get("based_on")
        if based_on is not None and not self.instance._state.adding:
            stored = Article.objects.get(pk=self.instance.pk)
            if stored.save_number != based_on:
                raise ValidationError(
                    "Somebody saved this article since you opened it. Copy what you changed, open"
                    " it again, and change it there."
                )
        return cleaned


class BylineInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Byline
    extra = 1
    autocomplete_fields = ["author"]
    verbose_name = "author"
    verbose_name_plural = "byline, by position"


class RelatedChoiceInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = RelatedChoice
    fk_name = "article"
    extra = 0
    autocomplete_fields = ["other"]
    fields = ["other", "is_excluded", "position"]
    verbose_name = "related article"
    verbose_name_plural = "related articles: first these, by position, or never"


@admin.register(Article)
class ArticleAdmin(ArticleLists):
    """The desk, small for now: saving changes nothing for readers, publishing does."""

    form = SavedArticleForm
    inlines = [BylineInline, RelatedChoiceInline]
    autocomplete_fields = ["regions", "tags", "lead_image"]
    readonly_fields = ["readers", "state", "published_at", "updated_at", "external_id"]
    save_on_top = True
    fieldsets = [
        (
            None,
            {
                "fields": ["title", "kicker", "summary", "body_html", "regions", "tags"],
                "description": "Saving changes nothing for readers. To publish, choose the article"
                " in the list, then “Publish the selected articles”.",
            },
        ),
        ("Details", {"fields": ["kind", "language", "slug", "lead_image", "is_breaking"]}),
        ("Search engines", {"fields": ["seo_title", "seo_description", "canonical_url"]}),
        (
            "Publication",
            {"fields": ["readers", "state", "published_at", "updated_at", "external_id"]},
        ),
    ]

    class Media:
        css = STYLES

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Those who may not change the article see its body as text, not as HTML."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        if self.has_change_permission(request, obj):
            return [*fieldsets, (None, {"fields": ["based_on"]})]
        (name, options), *more = fieldsets
        fields = ["body" if field == "body_html" else field for field in options["fields"]]
        return [(name, {**options, "fields": fields}), *more]

    @admin.display(description="body")
    def body(self, article: Article) -> str:
        return shown_body(article.body_html)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"language": newsroom_language(), **super().get_changeform_initial_data(request)}

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        if obj is None:
            return workflow.may_ever(Verb.SAVE, _actor(request))
        return publishing.may(Verb.SAVE, obj, by=_user(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and workflow.may_ever(Verb.SAVE, _actor(request))

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Only of what is in the trash, by a publisher; a list never deletes many at once."""
        if obj is None or not super().has_delete_permission(request, obj):
            return False
        return publishing.may(Verb.DELETE_FOR_GOOD, obj, by=_user(request))

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Nothing yet: the article is saved together with its relations."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        article: Article = form.instance
        based_on = form.cleaned_data.get("based_on")
        relations = Relations(
            [region.pk for region in form.cleaned_data["regions"]],
            [tag.pk for tag in form.cleaned_data["tags"]],
            _byline(formsets),
        )
        try:
            save(
                article,
                by=_user(request),
                based_on=article.save_number if based_on is None else based_on,
                relations=relations,
                origin=origin_of(request),
            )
        except NotAllowed as error:  # what the form could not know
            raise ValidationError(str(error)) from error
        for formset in formsets:
            if formset.model is RelatedChoice:  # the byline was saved with the article
                formset.save()

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Without the formsets: the byline was saved with the article, not by them."""
        return super().construct_change_message(request, form, [], add)

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        delete_for_good(obj, by=_user(request), origin=origin_of(request))


def _byline(formsets: Any) -> list[int]:
    """The keys of the authors, by the positions that the form gave them."""
    rows = [
        form.cleaned_data
        for formset in formsets
        for form in formset.forms
        if form.cleaned_data.get("author") and not form.cleaned_data.get("DELETE")
    ]
    rows.sort(key=lambda row: row.get("position") or 0)
    return [row["author"].pk for row in rows]
