"""What the pages of one article have in common."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles.admin.forms import DeskAdmin
from articles.models import Article


class ArticlePages(DeskAdmin):
    """For the admin of articles: addresses below an article's own."""

    def readable(self, request: HttpRequest, key: int | str) -> Article:
        """The article, which the login may read; Http404 where there is none, else
        PermissionDenied."""
        article: Article | None = self.get_object(request, str(key))
        if article is None:
            raise Http404(_("There is no such article."))
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        return article

    def _article(self, request: HttpRequest, key: int) -> Article:
        """The same, whether there is one or not being nobody else's business."""
        article: Article | None = self.get_object(request, str(key))
        if article is None or not self.has_view_permission(request, article):
            raise PermissionDenied
        return article

    def article_page(
        self, request: HttpRequest, article: Article, template: str, context: dict[str, Any]
    ) -> HttpResponse:
        """A page about the article; ``context`` has at least its title."""
        shared = {
            **self.admin_site.each_context(request),
            "article": article,
            "opts": self.opts,
            "media": self.media,
        }
        return TemplateResponse(request, template, {**shared, **context})
