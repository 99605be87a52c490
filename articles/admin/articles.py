from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from js_asset import Media, Script

from articles import workflow
from articles.admin.article_form import SavedArticleForm
from articles.admin.body_editor import STYLES, shown_body
from articles.admin.conflict import conflict_context
from articles.admin.desk_pages import DeskPages
from articles.admin.history import HistoryPages
from articles.admin.lists import ArticleLists
from articles.admin.original import OriginalPages
from articles.admin.origins import origin_of
from articles.admin.people import asking as _actor
from articles.admin.people import may_now
from articles.admin.people import user_of as _user
from articles.admin.previews import PreviewPages
from articles.admin.related import RelatedChoiceInline, choices_in, with_stored_rows
from articles.admin.translations import note_translations, shown_translations
from articles.models import Article
from articles.models.article import newsroom_language
from articles.publishing import delete_for_good
from articles.publishing.allowed import lock
from articles.saving import StaleSaveError, save
from articles.visibility import visible_to
from articles.workflow import NotAllowed, Verb
from cms.desk.policy import nonce_of

# What a page without the right to change shows instead of the pickers.
READ_ONLY = ["authors_shown", "regions_shown", "tags_shown", "lead_image"]


@admin.register(Article)
class ArticleAdmin(DeskPages, HistoryPages, OriginalPages, PreviewPages, ArticleLists):
    """The desk: saving changes nothing for readers, publishing does."""

    form = SavedArticleForm
    inlines = [RelatedChoiceInline]
    readonly_fields = ["published_at", "updated_at", "external_id", "translations"]
    fieldsets = [
        (None, {"fields": ["title", "kicker", "summary", "body_html"]}),
        (_("About it"), {"fields": ["byline", "regions", "tags", "lead_image"]}),
        (
            _("Details"),
            {
                "fields": [
                    "kind",
                    "language",
                    "translations",
                    "slug",
                    "is_breaking",
                    "breaking_until",
                    "expires_at",
                ]
            },
        ),
        (_("Search engines"), {"fields": ["seo_title", "seo_description", "canonical_url"]}),
        (_("Publication"), {"fields": ["published_at", "updated_at", "external_id"]}),
    ]

    class Media:
        css = STYLES
        js = [Script("articles/desk.js", type="module")]

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Those who may not change the article see its body as text, not as HTML."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return [*fieldsets, (None, {"fields": ["based_on"], "classes": ["desk-hidden"]})]
        (name, options), *more = fieldsets
        fields = ["body" if field == "body_html" else field for field in options["fields"]]
        (about, _options), *rest = more
        return [(name, {"fields": fields}), (about, {"fields": READ_ONLY}), *rest]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Rows of related articles that a colleague has replaced do not hide that it is stale."""
        if request.method == "POST" and object_id is not None:
            request.POST = with_stored_rows(request.POST, object_id)  # type: ignore[assignment]  # immutable, or a copy
        return super().changeform_view(request, object_id, form_url, extra_context)

    def answer_refusal(
        self, request: HttpRequest, object_id: str | None, error: ValidationError
    ) -> HttpResponse:
        """A save that came too late is answered by both changes, side by side."""
        if not isinstance(error, StaleSaveError):
            return super().answer_refusal(request, object_id, error)
        context = {
            **self.admin_site.each_context(request),
            **conflict_context(
                error, request.POST, object_id=str(object_id), actor=_actor(request)
            ),
            "title": gettext("Somebody else saved it too"),
            "opts": self.opts,
            "article": self.get_object(request, str(object_id)),
            "media": self.media,
        }
        return TemplateResponse(request, "articles/desk/conflict.html", context, status=409)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = kwargs.get("obj")
        context["translated_from"] = self.original_of(request, article)  # reads the public slug too
        context.update(self.desk_context(request, article))
        context["media"] = Media.from_media(context["media"], nonce=nonce_of(request))
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("byline"))
    def authors_shown(self, article: Article) -> str:
        return ", ".join(each.author.name for each in article.bylines.select_related("author"))

    @admin.display(description=_("regions"))
    def regions_shown(self, article: Article) -> str:
        return ", ".join(article.regions.values_list("name", flat=True))

    @admin.display(description=_("tags"))
    def tags_shown(self, article: Article) -> str:
        return ", ".join(article.tags.values_list("name", flat=True))

    @admin.display(description=_("body"))
    def body(self, article: Article) -> str:
        return shown_body(article.body_html)

    @admin.display(description=_("translations"))
    def translations(self, article: Article) -> str | None:
        """Which are there, which are missing, and which are older than their original."""
        if not hasattr(article, "group_versions"):
            note_translations([article])
        return shown_translations(article)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        """What the login may read; what the lists, the pages and the pickers show comes from it."""
        return super().get_queryset(request).filter(visible_to(_actor(request)))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"language": newsroom_language(), **super().get_changeform_initial_data(request)}

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        if obj is None:
            return workflow.may_ever(Verb.SAVE, _actor(request))
        return may_now(request, Verb.SAVE, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and workflow.may_ever(Verb.SAVE, _actor(request))

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Only of what is in the trash, by a publisher; a list never deletes many at once."""
        if obj is None or not super().has_delete_permission(request, obj):
            return False
        return may_now(request, Verb.DELETE_FOR_GOOD, obj)

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Those who may not change bylines see the byline, and leave it as it is."""
        form_class = super().get_form(request, obj, change, **kwargs)
        user: Any = request.user
        rights = [f"articles.{action}_byline" for action in ("add", "change", "delete")]
        return type("ArticleForm", (form_class,), {"keeps_byline": not user.has_perms(rights)})

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Nothing yet: the article is saved together with its relations."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        article: Article = form.instance
        based_on = form.cleaned_data.get("based_on")
        changed = form.has_changed() or any(formset.has_changed() for formset in formsets)
        if change and "_verb" in request.POST and not changed and _is_stored(article, based_on):
            return
        pinned, excluded = choices_in(formsets, request, article)
        try:
            save(
                article,
                by=_user(request),
                based_on=based_on or 0,  # none of a new article
                relations=form.relations(pinned=pinned, excluded=excluded),
                origin=origin_of(request),
            )
        except NotAllowed as error:  # what the form could not know
            raise ValidationError(str(error)) from error

    def response_add(self, request: HttpRequest, obj: Article, *args: Any) -> HttpResponse:
        if "_verb" not in request.POST:
            return super().response_add(request, obj, *args)
        return self._stepped(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        if "_verb" not in request.POST:
            return super().response_change(request, obj)
        return self._stepped(request, obj)

    def _stepped(self, request: HttpRequest, article: Article) -> HttpResponse:
        """The verb after the save, which stays if the verb is refused."""
        return self.do_step(request, article, request.POST["_verb"])

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> Any:
        """Without the formsets: what they hold was saved with the article, not by them."""
        return super().construct_change_message(request, form, [], add)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except NotAllowed as error:  # what the page could not know
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:articles_article_changelist"))

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        delete_for_good(obj, by=_user(request), origin=origin_of(request))


def _is_stored(article: Article, based_on: int | None) -> bool:
    """Whether the version that was edited is the stored one; locked, so that it stays so."""
    return [each.save_number for each in lock([article.pk])] == [based_on]
