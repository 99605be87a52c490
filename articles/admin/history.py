"""The history of an article: its revisions, two of them side by side, and the way back to one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import workflow
from articles.admin.article_pages import ArticlePages
from articles.admin.origins import origin_of
from articles.admin.people import asking, may_now, sentences, user_of
from articles.admin.sent import key_in
from articles.admin.shown import shown_differences
from articles.history import public_times
from articles.models import Article, Revision
from articles.publishing import restore_revision
from articles.workflow import NotAllowed, Verb

PER_PAGE = 50


class HistoryPages(ArticlePages):
    """For the admin of articles."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:key>/compare/", view(self.compare_view), name="articles_article_compare"),
            path(
                "<int:key>/restore/",
                view(require_POST(self.restore)),
                name="articles_article_restore",
            ),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The revisions, the newest first, without what they say."""
        article = self.readable(request, object_id)
        kept = self._revisions(request, article).select_related("created_by")
        page = Paginator(kept.defer("content"), PER_PAGE).get_page(request.GET.get("p"))
        revisions = list(page.object_list)
        public = public_times(article, revisions)
        older = [*revisions[1:], None][: len(revisions)]
        context = {
            "title": _("History"),
            "page": page,
            "rows": [
                {"revision": each, "public": public.get(each.pk), "before": before}
                for each, before in zip(revisions, older, strict=True)
            ],
        }
        return self.article_page(request, article, "articles/desk/history.html", context)

    def compare_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Two revisions side by side, the older on the left."""
        article = self.readable(request, key)
        wanted = [request.GET.get(name, "") for name in ("a", "b")]
        keys = [key_in(each) for each in wanted]
        found = self._revisions(request, article).filter(pk__in=keys)
        pair = list(found.select_related("created_by").order_by("created_at", "pk"))
        if len(pair) != 2:
            raise Http404(_("Choose two revisions of this article."))
        before, after = pair
        context = {
            "title": _("Two revisions"),
            "before": before,
            "after": after,
            "differences": shown_differences(before.content, after.content, asking(request)),
            "may_restore": may_now(request, Verb.RESTORE_REVISION, article),
        }
        return self.article_page(request, article, "articles/desk/compare.html", context)

    def restore(self, request: HttpRequest, key: int) -> HttpResponse:
        article = self.readable(request, key)
        wanted = key_in(request.POST.get("revision", ""))
        revision = Revision.objects.filter(pk=wanted).first()
        if revision is None:
            self.message_user(request, _("There is no such revision any more."), messages.ERROR)
            return self._back(article, "history")
        try:
            restore_revision(
                article, by=user_of(request), revision=revision, origin=origin_of(request)
            )
        except (ValidationError, NotAllowed) as error:
            self.message_user(request, sentences(error), messages.ERROR)
            return self._back(article, "history")
        said = _("It says what it said then. Readers see nothing of it until it is published.")
        self.message_user(request, said, messages.SUCCESS)
        return self._back(article, "change")

    def _revisions(self, request: HttpRequest, article: Article) -> QuerySet[Revision]:
        """Those that the login may read: of a colleague's article, a writer reads what readers
        had, and no draft before it."""
        actor = asking(request)
        kept = Revision.objects.filter(article=article)
        if actor is None or workflow.reads_all(actor) or actor.key == article.created_by_id:
            return kept
        return kept.filter(kind=Revision.RevisionKind.PUBLICATION)

    def _back(self, article: Article, page: str) -> HttpResponse:
        return HttpResponseRedirect(reverse(f"admin:articles_article_{page}", args=[article.pk]))
