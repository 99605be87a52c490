"""The page on which one of two regions, tags or authors is made part of the other."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.postgres.search import TrigramSimilarity
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.forms import DeskAdmin
from articles.admin.origins import origin_of
from articles.admin.people import sentences, user_of
from articles.merging import may_merge, merge
from articles.models import Article, Author, Byline, Region, Tag
from articles.models.taxonomy import Named
from articles.workflow import NotAllowed

CANDIDATES = 20
_CARRIERS: dict[type[Named], tuple[Any, str]] = {
    Region: (Article.regions.through, "region"),
    Tag: (Article.tags.through, "tag"),
    Author: (Byline, "author"),
}


def desk_counts(model: type[Any], keys: list[int]) -> dict[int, int]:
    """How many articles of the desk, drafts too and the trash not, carry each of these."""
    through, name = _CARRIERS[model]
    rows = through._default_manager.filter(
        **{f"{name}__in": keys, "article__trashed_at": None}
    ).order_by()
    return dict(rows.values_list(name).annotate(number=Count("pk")))


class CountedChangeList(ChangeList):
    """With the desk's use counts of the lines that are shown, in one statement."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        counts = desk_counts(self.model, [each.pk for each in self.result_list])
        for each in self.result_list:
            each.desk_count = counts.get(each.pk, 0)
            each.may_merge = merges(request)


class MergeScreen(DeskAdmin):
    """For the admin of regions, tags and authors: `<key>/merge/`."""

    change_form_template = "articles/lists/named_form.html"
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CountedChangeList

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:key>/merge/",
            self.admin_site.admin_view(self.merge_view),
            name=f"articles_{self.opts.model_name}_merge",
        )
        return [own, *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        merging = merges(request) and object_id is not None
        page = f"admin:articles_{self.opts.model_name}_merge"
        context = {"merge_page": page if merging else "", **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def merge_view(self, request: HttpRequest, key: int) -> HttpResponse:
        former = self.get_object(request, str(key))
        if former is None or not merges(request):
            raise PermissionDenied
        given = request.POST if request.method == "POST" else request.GET
        into = self.get_object(request, given["into"]) if given.get("into") else None
        if request.method == "POST":
            return self._merged(request, former, into)
        keys = [each.pk for each in (former, into) if each is not None]
        counts = desk_counts(type(former), keys)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge “{name}” into another one").format(name=former.name),
            "opts": self.opts,
            "media": self.media,
            "former": former,
            "into": into,
            "is_public": former.is_public(),
            "desk_count": counts.get(former.pk, 0),
            "into_count": counts.get(into.pk, 0) if into else 0,
            "query": request.GET.get("q", ""),
            "candidates": [] if into else _candidates(former, request.GET.get("q", "")),
            "list_page": reverse(f"admin:articles_{self.opts.model_name}_changelist"),
        }
        return TemplateResponse(request, "articles/lists/merge.html", context)

    def _merged(self, request: HttpRequest, former: Any, into: Any | None) -> HttpResponse:
        page = f"admin:articles_{self.opts.model_name}"
        if into is None:
            told = _("Choose another one of the same kind to merge it into.")
            self.message_user(request, told, messages.ERROR)
            return HttpResponseRedirect(reverse(f"{page}_merge", args=[former.pk]))
        try:
            merge(former, into=into, by=user_of(request), origin=origin_of(request))
        except (ValidationError, NotAllowed) as error:
            self.message_user(request, sentences(error), messages.ERROR)
            return HttpResponseRedirect(reverse(f"{page}_merge", args=[former.pk]))
        told = _("Merged: “{former}” is “{into}” now.").format(former=former.name, into=into.name)
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(reverse(f"{page}_changelist"))

    @admin.display(description=gettext_lazy("on the desk"))
    def desk_count(self, thing: Any) -> str:
        """How many articles of the desk carry it, with a link to them."""
        if not thing.desk_count:
            return "0"
        page = reverse("admin:articles_article_changelist")
        name = self.opts.model_name
        return format_html('<a href="{}?{}={}">{}</a>', page, name, thing.slug, thing.desk_count)

    @admin.display(description="")
    def merge_link(self, thing: Any) -> str:
        if not thing.may_merge:
            return ""
        page = reverse(f"admin:articles_{self.opts.model_name}_merge", args=[thing.pk])
        label = _("Merge {name}").format(name=thing.name)
        return format_html('<a href="{}" aria-label="{}">{}</a>', page, label, _("Merge…"))


def merges(request: HttpRequest) -> bool:
    """Whether the login's role merges; asked for once a page."""
    held: bool | None = getattr(request, "_desk_may_merge", None)
    if held is None:
        held = may_merge(user_of(request))
        request._desk_may_merge = held  # type: ignore[attr-defined]  # ours, for this request
    return held


def _candidates(former: Any, typed: str) -> list[Any]:
    """What it may be the same as: those found by the words typed, or else those of a similar
    name; with how many public articles carry them."""
    typed = " ".join(typed.replace("\0", "").split())[:200]
    found: QuerySet[Any] = type(former)._default_manager.exclude(pk=former.pk)
    if typed:
        exact = Q(slug=typed.lower()) | Q(name__iexact=typed)
        found = found.filter(Q(name__icontains=typed) | exact).order_by(
            Case(When(exact, then=Value(0)), default=Value(1)), "name", "pk"
        )
    else:
        found = found.filter(name__trigram_similar=former.name).order_by(
            TrigramSimilarity("name", former.name).desc(), "pk"
        )
    return list(found.with_article_count()[:CANDIDATES])  # type: ignore[attr-defined]  # the manager's own
