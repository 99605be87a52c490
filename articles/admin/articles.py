from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime

from articles.admin.body_editor import STYLES, shown_body
from articles.admin.forms import ArticleForm, DeskAdmin
from articles.models import Article, Byline, PublishedArticle
from articles.models.article import newsroom_language
from articles.publishing import publish_many, unpublish


class PublicFilter(admin.SimpleListFilter):
    title = "readers"
    parameter_name = "public"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Readers have it"), ("no", "Readers do not have it")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in ("yes", "no"):
            return queryset.filter(public_slug__isnull=self.value() == "no")
        return queryset


class BylineInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Byline
    extra = 1
    autocomplete_fields = ["author"]
    verbose_name = "author"
    verbose_name_plural = "byline, by position"


@admin.register(Article)
class ArticleAdmin(DeskAdmin):
    """The desk, small for now: saving changes nothing for readers, publishing does."""

    form = ArticleForm
    inlines = [BylineInline]
    list_display = ["heading", "readers", "state", "language", "published", "saved"]
    list_filter = [PublicFilter, "state", "language", "kind", "is_breaking", "regions"]
    search_fields = ["title", "slug", "external_id"]
    search_help_text = "Title, slug or external id"
    autocomplete_fields = ["regions", "tags", "lead_image"]
    readonly_fields = ["readers", "state", "published_at", "updated_at", "external_id"]
    actions = ["publish", "unpublish"]
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
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        (name, options), *more = fieldsets
        fields = ["body" if field == "body_html" else field for field in options["fields"]]
        return [(name, {**options, "fields": fields}), *more]

    @admin.display(description="body")
    def body(self, article: Article) -> str:
        return shown_body(article.body_html)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        public = PublishedArticle.objects.filter(article=OuterRef("pk")).values("slug")
        return super().get_queryset(request).annotate(public_slug=Subquery(public))  # type: ignore[no-any-return]  # the admin's is untyped

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"language": newsroom_language(), **super().get_changeform_initial_data(request)}

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What readers have is unpublished first; a list never deletes many at once."""
        if obj is None or obj.is_public:
            return False
        return super().has_delete_permission(request, obj)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.publish_article")

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        if not change and request.user.is_authenticated:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description="title", ordering="title")
    def heading(self, article: Article) -> str:
        return format_html('<div style="min-width: 13em">{}</div>', article.title)

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
            published = publish_many(articles, by=_user(request))
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return
        self.message_user(request, f"Published: {_listed(published)}.", messages.SUCCESS)

    @admin.action(description="Unpublish the selected articles", permissions=["publish"])
    def unpublish(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        gone = [
            article for article in articles.order_by("pk") if unpublish(article, by=_user(request))
        ]
        if gone:
            self.message_user(request, f"Unpublished: {_listed(gone)}.", messages.SUCCESS)
        else:
            self.message_user(request, "None of them was public.", messages.WARNING)


def _short(moment: datetime | None) -> str:
    """A time of the newsroom's clock, short enough for a column."""
    return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment else "—"


def _user(request: HttpRequest) -> AbstractBaseUser | None:
    return request.user if request.user.is_authenticated else None


def _listed(articles: list[Any]) -> str:
    titles = [f"“{article.title}”" for article in articles[:3]]
    more = len(articles) - len(titles)
    return ", ".join(titles) + (f" and {more} more" if more else "")
