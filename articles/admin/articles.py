from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime

from articles import workflow
from articles.admin.article_form import SavedArticleForm
from articles.admin.body_editor import STYLES, shown_body
from articles.admin.forms import DeskAdmin
from articles.admin.list_filters import PublicFilter, TrashFilter
from articles.admin.origins import origin_of
from articles.admin.translations import (
    MissingTranslationFilter,
    shown_translations,
    with_translations,
)
from articles.models import Article, Byline, PublishedArticle, RelatedChoice
from articles.models.article import newsroom_language
from articles.publishing import delete_for_good, may, publish_many, trash, unpublish, untrash
from articles.publishing.allowed import actor_of
from articles.revisions import Relations, relations_of
from articles.saving import save
from articles.visibility import visible_to
from articles.workflow import NotAllowed, Verb


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

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "other" and not workflow.reads_all(_actor(request)):
            # What an editor chose stays, whoever saves.
            key = (request.resolver_match.kwargs if request.resolver_match else {}).get("object_id")
            chosen = RelatedChoice.objects.filter(article=key if str(key).isdigit() else None)
            kwargs["queryset"] = Article.objects.filter(
                visible_to(_actor(request)) | Q(pk__in=chosen.values("other"))
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Article)
class ArticleAdmin(DeskAdmin):
    """The desk, small for now: saving changes nothing for readers, publishing does."""

    form = SavedArticleForm
    inlines = [BylineInline, RelatedChoiceInline]
    list_display = ["heading", "readers", "state", "language", "translations", "published", "saved"]
    list_filter = [
        *(PublicFilter, "state", TrashFilter, "language", MissingTranslationFilter, "kind"),
        *("is_breaking", "regions"),
    ]
    search_fields = ["title", "slug", "external_id"]
    search_help_text = "Title, slug or external id"
    autocomplete_fields = ["regions", "tags", "lead_image"]
    readonly_fields = [
        *("readers", "state", "published_at", "updated_at", "external_id", "translations"),
    ]
    actions = ["publish", "unpublish", "trash", "untrash"]
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
        (
            "Details",
            {
                "fields": [
                    *("kind", "language", "translations", "slug", "lead_image"),
                    *("is_breaking", "breaking_until", "expires_at"),
                ]
            },
        ),
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        public = PublishedArticle.objects.filter(article=OuterRef("pk")).values("slug")
        shown = super().get_queryset(request).filter(visible_to(_actor(request)))
        return with_translations(shown.annotate(public_slug=Subquery(public)))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"language": newsroom_language(), **super().get_changeform_initial_data(request)}

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        if obj is None:
            return workflow.may_ever(Verb.SAVE, _actor(request))
        return may(Verb.SAVE, obj, _actor(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and workflow.may_ever(Verb.SAVE, _actor(request))

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Only of what is in the trash, by a publisher; a list never deletes many at once."""
        if obj is None or not super().has_delete_permission(request, obj):
            return False
        return may(Verb.DELETE_FOR_GOOD, obj, _actor(request))

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return workflow.may_ever(Verb.PUBLISH, _actor(request))

    def has_trash_permission(self, request: HttpRequest) -> bool:
        return workflow.may_ever(Verb.TRASH, _actor(request))

    def has_untrash_permission(self, request: HttpRequest) -> bool:
        return workflow.may_ever(Verb.UNTRASH, _actor(request))

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Nothing yet: the article is saved together with its relations."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        article: Article = form.instance
        based_on = form.cleaned_data.get("based_on")
        relations = Relations(
            [region.pk for region in form.cleaned_data["regions"]],
            [tag.pk for tag in form.cleaned_data["tags"]],
            _byline(request, article, formsets),
            *_choices(request, article, formsets),
        )
        try:
            save(
                article,
                by=_user(request),
                based_on=based_on or 0,  # none of a new article
                relations=relations,
                origin=origin_of(request),
            )
        except NotAllowed as error:  # what the form could not know
            raise ValidationError(str(error)) from error

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

    @admin.display(description="title", ordering="title")
    def heading(self, article: Article) -> str:
        return format_html('<div style="min-width: 13em">{}</div>', article.title)

    @admin.display(description="translations")
    def translations(self, article: Article) -> str | None:
        """Which are there, which are missing, and which are older than their original."""
        return shown_translations(article)

    @admin.display(description="published", ordering="published_at")
    def published(self, article: Article) -> str:
        return _short(article.published_at)

    @admin.display(description="saved", ordering="saved_at")
    def saved(self, article: Article) -> str:
        return _short(article.saved_at)

    @admin.display(description="readers", ordering="public_slug", empty_value="do not have it")
    def readers(self, article: Article) -> str | None:
        """Whether readers have it, with a link to what they get."""
        slug = getattr(article, "public_slug", None)
        if slug is None:
            return None
        return format_html('<a href="{}">have it</a>', reverse("article", kwargs={"slug": slug}))

    @admin.action(description="Publish the selected articles", permissions=["publish"])
    def publish(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        try:
            published = publish_many(articles, by=_user(request), origin=origin_of(request))
        except (ValidationError, NotAllowed) as error:
            self.message_user(request, _sentences(error), messages.ERROR)
            return
        self.message_user(request, f"Published: {_listed(published)}.", messages.SUCCESS)

    @admin.action(description="Unpublish the selected articles", permissions=["publish"])
    def unpublish(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        gone = self._each(request, articles, unpublish)
        if gone:
            self.message_user(request, f"Unpublished: {_listed(gone)}.", messages.SUCCESS)
        else:
            self.message_user(request, "None of them was public.", messages.WARNING)

    @admin.action(description="Put the selected articles into the trash", permissions=["trash"])
    def trash(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        if done := self._each(request, articles, _done(trash)):
            self.message_user(request, f"In the trash: {_listed(done)}.", messages.SUCCESS)

    @admin.action(
        description="Take the selected articles out of the trash", permissions=["untrash"]
    )
    def untrash(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        if done := self._each(request, articles, _done(untrash)):
            self.message_user(request, f"Drafts again: {_listed(done)}.", messages.SUCCESS)

    def _each(
        self, request: HttpRequest, articles: QuerySet[Article], verb: Callable[..., bool]
    ) -> list[Article]:
        """The articles for which the verb was done; what is refused is told one by one."""
        done = []
        for article in articles.order_by("pk"):
            try:
                if verb(article, by=_user(request), origin=origin_of(request)):
                    done.append(article)
            except (ValidationError, NotAllowed) as error:
                self.message_user(
                    request, f"“{article.title}”: {_sentences(error)}", messages.ERROR
                )
        return done


def _done(verb: Callable[..., None]) -> Callable[..., bool]:
    def do(article: Article, **arguments: Any) -> bool:
        verb(article, **arguments)
        return True

    return do


def _byline(request: HttpRequest, article: Article, formsets: Any) -> list[int]:
    """The keys of the authors, by the positions that the form gave them; those that are stored
    where the login may not see them, and before what it may add."""
    given = _rows(formsets, Byline, "author")
    if given is None:
        return _stored(article).author_ids
    keys = [_key(row["author"]) for row in given]
    if _may_see(request, "byline"):
        return keys
    return list(dict.fromkeys([*_stored(article).author_ids, *keys]))


def _choices(
    request: HttpRequest, article: Article, formsets: Any
) -> tuple[list[int] | None, list[int] | None]:
    """The keys of the related articles that come first, and of those that never come."""
    given = _rows(formsets, RelatedChoice, "other")
    if given is None:
        return None, None
    pinned = [_key(row["other"]) for row in given if not row.get("is_excluded")]
    excluded = [_key(row["other"]) for row in given if row.get("is_excluded")]
    if not _may_see(request, "relatedchoice"):
        stored = _stored(article).completed()
        pinned = [*(stored.pinned_ids or []), *pinned]
        excluded = [*(stored.excluded_ids or []), *excluded]
    return pinned, excluded


def _rows(formsets: Any, model: type[Any], name: str) -> list[dict[str, Any]] | None:
    """The rows of a form's inline, by position; None where the login has no such inline."""
    shown = [formset for formset in formsets if formset.model is model]
    rows = [
        form.cleaned_data
        for formset in shown
        for form in formset.forms
        if form.cleaned_data.get(name) and not form.cleaned_data.get("DELETE")
    ]
    rows.sort(key=lambda row: row.get("position") or 0)
    return rows if shown else None


def _key(thing: Any) -> int:
    """Of a row that only may be looked at, the form holds the key alone."""
    return int(getattr(thing, "pk", thing))


def _stored(article: Article) -> Relations:
    if article._state.adding:
        return Relations([], [], [])
    return relations_of([article])[article.pk]


def _may_see(request: HttpRequest, model: str) -> bool:
    user: Any = request.user
    return any(user.has_perm(f"articles.{action}_{model}") for action in ("view", "change"))


def _sentences(error: ValidationError | NotAllowed) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def _actor(request: HttpRequest) -> workflow.Actor | None:
    """Its roles are asked for several times a page, and read once."""
    held: workflow.Actor | None = getattr(request, "_desk_actor", None)
    if held is None:
        user = _user(request)
        held = workflow.Actor(0, frozenset()) if user is None else actor_of(user)
        request._desk_actor = held  # type: ignore[attr-defined]  # ours, for this request
    return held


def _short(moment: datetime | None) -> str:
    """A time of the newsroom's clock, short enough for a column."""
    return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment else "—"


def _user(request: HttpRequest) -> AbstractBaseUser | None:
    return request.user if request.user.is_authenticated else None


def _listed(articles: list[Any]) -> str:
    titles = [f"“{article.title}”" for article in articles[:3]]
    more = len(articles) - len(titles)
    return ", ".join(titles) + (f" and {more} more" if more else "")
