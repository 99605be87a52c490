"""The list of articles: what a line shows, what is found, and what can be done from here."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Window, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Script

from articles import workflow
from articles.admin.bulk import BulkActions
from articles.admin.calendar import Calendar
from articles.admin.comments import CommentPages
from articles.admin.forms import DeskAdmin
from articles.admin.list_filters import FILTERS, STATES
from articles.admin.people import asking
from articles.admin.quick_tags import QuickTags
from articles.admin.saved_filters import SavedFilters
from articles.admin.search_words import beginnings, by_index_of_words
from articles.admin.sent import key_in
from articles.admin.translations import note_translations
from articles.models import Article, Slug
from articles.models.article import desk_words
from articles.workflow import Standing, State, Verb

UNSHOWN = ("body_html", "summary", "seo_description", "corrections")

_ALL = 2**62


class ArticlePaginator(Paginator):  # type: ignore[type-arg]  # not generic at run time
    """Finds a page's keys in an index and reads the rows of that page alone, in one statement."""

    _keys: list[int] | None = None

    def find(self, number: int) -> None:
        """Find the keys of page ``number`` and the count of all at once, for what takes long to
        find; where a later page is empty, nothing is known yet."""
        start = (number - 1) * self.per_page
        listed: Any = self.object_list
        found = listed.annotate(found=Window(Count("pk"))).values_list("pk", "found")
        if rows := list(found[start : start + self.per_page]):
            self._keys = [key for key, _ in rows]
            self.__dict__["count"] = rows[0][1]
        elif number == 1:
            self.__dict__["count"] = 0

    def _get_page(self, object_list: Any, *args: Any, **kwargs: Any) -> Any:
        keys = self._keys or object_list.values("pk")
        found: QuerySet[Article] = Article.objects.filter(pk__in=keys)
        if ordering := object_list.query.order_by:
            found = found.order_by(*ordering)
        rows = found.defer(*UNSHOWN)
        return super()._get_page(rows, *args, **kwargs)  # type: ignore[misc]  # Django documents it


class ArticleChangeList(ChangeList):
    """With what its lines need, in one statement for all of them; bodies stay in the database."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        return super().get_queryset(request, exclude_parameters).defer(*UNSHOWN)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        prefetch_related_objects(self.result_list, "tags")
        note_translations(self.result_list)
        for article in self.result_list:
            article.may_be_tagged = _may_save(article, asking(request))


class ArticleLists(SavedFilters, BulkActions, QuickTags, Calendar, CommentPages, DeskAdmin):
    """The half of the article's admin that is about many of them."""

    list_display = [
        *("heading", "state_badge", "readers", "due", "tag_list"),
        *("language", "translations", "saved"),
    ]
    list_filter = FILTERS
    search_fields = ["title"]  # that there is one; get_search_results searches
    search_help_text = gettext_lazy("Words of the text or their beginnings, a slug or an address")
    show_full_result_count = False
    paginator = ArticlePaginator
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css = {"all": ["articles/lists.css"]}
        js = [Script("articles/lists.js", type="module")]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ArticleChangeList

    def get_paginator(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Of a search, the page that is asked for is found together with the count."""
        paginator: Any = super().get_paginator(request, *args, **kwargs)
        number = key_in(request.GET.get("p", "1"))
        if request.GET.get("q") and 0 < number < 10**6:
            paginator.find(number)
        return paginator

    def get_list_display(self, request: HttpRequest) -> Any:
        if request.GET.get("trash") == "yes":
            return ["heading", "state_badge", "trashed", "language", "saved"]
        return self.list_display

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """All the words, each of them or its beginning; or the one article of a slug, an address
        or an external id."""
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        if request.resolver_match is not None and request.resolver_match.url_name == "autocomplete":
            return queryset.filter(Q(title__icontains=term) | Q(pk__in=_addressed(term))), False
        # By themselves, so that their index is the only way to find them: the limit, which no
        # newsroom reaches, keeps PostgreSQL from taking the words of each listed row apart.
        found = Article.objects.alias(desk_words=desk_words()).filter(
            Q(desk_words=beginnings(term)) | Q(pk__in=_addressed(term))
        )
        return queryset.filter(pk__in=found.order_by().values("pk")[:_ALL]), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        trashed = request.GET.get("trash") == "yes"
        context = {
            **self.saved_filters_context(request),
            "is_trash": trashed,
            "title": _("Trash") if trashed else _("Articles"),
            **(extra_context or {}),
        }
        with by_index_of_words(wanted=request.method == "GET" and bool(request.GET.get("q"))):
            return super().changelist_view(request, context)

    # Not to be sorted by, as readers aren't: a hundred thousand titles take a second.
    @admin.display(description=gettext_lazy("title"))
    def heading(self, article: Article) -> str:
        return format_html('<span class="desk-heading">{}</span>', article.title or _("Untitled"))

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, article: Article) -> str:
        return state_badge(article)

    @admin.display(description=gettext_lazy("readers"))
    def readers(self, article: Article) -> str:
        """Whether readers have it, with a link to what they get."""
        slug = getattr(article, "public_slug", None)
        if slug is None:
            return _("do not have it")
        page = reverse("article", kwargs={"slug": slug})
        return format_html('<a href="{}">{}</a>', page, _("have it"))

    @admin.display(description=gettext_lazy("scheduled"), ordering="publish_at")
    def due(self, article: Article) -> str:
        """When the clock publishes it, with a link to that day of the calendar."""
        if article.publish_at is not None:
            return format_html(
                '<a class="desk-when" href="{}">{}</a>',
                self.day_page(article.publish_at),
                shown_with_weekday(article.publish_at),
            )
        return "—"

    @admin.display(description=gettext_lazy("tags"))
    def tag_list(self, article: Article) -> str:
        names = format_html_join(", ", "{}", ((tag.name,) for tag in article.tags.all()))
        if not getattr(article, "may_be_tagged", False):
            return names or "—"
        page = reverse("admin:articles_article_tags", args=[article.pk])
        label = _("Tags of “{title}”").format(title=article.title)
        return format_html(
            '<a class="desk-tags" data-tags href="{}" aria-label="{}">{}</a>',
            page,
            label,
            names or _("add tags"),
        )

    @admin.display(description=gettext_lazy("in the trash since"), ordering="trashed_at")
    def trashed(self, article: Article) -> str:
        return shown(article.trashed_at)

    @admin.display(description=gettext_lazy("saved"), ordering="saved_at")
    def saved(self, article: Article) -> str:
        """The time of today, the day of all others; the pointer shows both."""
        local = localtime(article.saved_at)
        short = f"{local:%H:%M}" if local.date() == localtime().date() else f"{local:%Y-%m-%d}"
        full = f"{local:%Y-%m-%d %H:%M:%S}"
        return format_html('<time class="desk-when" title="{}">{}</time>', full, short)


def state_badge(article: Article) -> str:
    """The state as a badge, and a second one for what is out of the way or went wrong."""
    state = State(article.state)
    badges = [(state.value, STATES[state])]
    if article.killed_at is not None:
        badges.append(("killed", gettext_lazy("Killed")))
    if article.trashed_at is not None:
        badges.append(("trashed", gettext_lazy("In the trash")))
    if article.clock_error:
        badges.append(("killed", gettext_lazy("Clock failed")))
    return format_html(
        '<span class="desk-badges">{}</span>',
        format_html_join("", '<span class="desk-badge is-{}">{}</span>', badges),
    )


def shown(moment: datetime | None) -> str:
    """A time of the newsroom's clock, short enough for a column."""
    return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment else "—"


def shown_with_weekday(moment: datetime) -> str:
    """The same, with the weekday in the language of the page."""
    local = localtime(moment)
    return f"{WEEKDAYS_ABBR[local.weekday()]} {local:%Y-%m-%d %H:%M}"


def _may_save(article: Article, actor: workflow.Actor | None) -> bool:
    """As far as a line knows it; the save itself asks again."""
    standing = Standing(
        State(article.state),
        is_trashed=article.trashed_at is not None,
        owner=article.created_by_id,
    )
    return workflow.allows(Verb.SAVE, standing, actor)


def _addressed(term: str) -> list[int]:
    """The keys of the articles that a slug, an address that ends in one, or an external id
    leads to."""
    if " " in term:
        return []
    slug = urlsplit(term).path.rstrip("/").rpartition("/")[2] if "/" in term else term
    keys = set(Slug.objects.filter(text=slug).values_list("article_id", flat=True))
    keys |= set(Article.objects.filter(external_id=term).values_list("pk", flat=True))
    return sorted(keys)
