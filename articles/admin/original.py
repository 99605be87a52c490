"""The original of a translation, to be read beside the translation's form."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from articles import body
from articles.admin.article_pages import ArticlePages
from articles.admin.body_editor import shown_body
from articles.admin.people import asking
from articles.admin.translations import note_translations, original_key
from articles.models import Article
from articles.visibility import visible_to


class OriginalPages(ArticlePages):
    """For the admin of articles."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_GET(self.text_view))
        return [
            path("<int:key>/text/", view, name="articles_article_text"),
            *super().get_urls(),
        ]

    def text_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """What an article says, without a page around it: title, summary and body, as readers would
        have it now. PermissionDenied for who may not read it."""
        article: Article = self._article(request, key)
        parsed = body.parse(article.body_html)
        context = {
            "article": article,
            "summary": article.summary.strip() or parsed.summary,
            "body": shown_body(article.body_html),
        }
        return TemplateResponse(request, "articles/desk/text.html", context)

    def original_of(self, request: HttpRequest, article: Article | None) -> dict[str, str] | None:
        """Where the original of this translation is read, and its page; None for an article that
        is no translation, and where the login may not read the original."""
        if article is None or article._state.adding:
            return None
        note_translations([article])
        key = original_key(article)
        if key is None:
            return None
        readable = Article.objects.filter(visible_to(asking(request)), pk=key)
        language = readable.values_list("language", flat=True).first()
        if language is None:
            return None
        return {
            "language": language,
            "text": reverse("admin:articles_article_text", args=[key]),
            "page": reverse("admin:articles_article_change", args=[key]),
        }
