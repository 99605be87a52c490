"""Previews at the desk: one button for the front end's page, and the list of all that were made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.admin.article_pages import ArticlePages
from articles.admin.origins import origin_of
from articles.admin.people import may_now, sentences, user_of
from articles.admin.sent import key_in
from articles.models import Article, Preview, Revision
from articles.preview import LIFE, make_preview, revoke_preview, token_of
from articles.workflow import NotAllowed, Verb

DAYS = (1, 7, 30, 365)
SHOWN = 100
# One that was made for a look is used again while it has a while to go.
_STILL_GOOD = timedelta(days=1)


def front_page(preview: Preview) -> str:
    """The front end's page of a preview (PREVIEW_URL_TEMPLATE); "" where none is set."""
    template: str = settings.PREVIEW_URL_TEMPLATE
    return template.format(
        token=token_of(preview), slug=preview.article.slug, language=preview.article.language
    )


def json_page(preview: Preview) -> str:
    """Where the API answers with it."""
    return reverse("preview", kwargs={"token": token_of(preview)})


class PreviewPages(ArticlePages):
    """For the admin of articles."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:key>/preview/", view(require_POST(self.look)), name="articles_article_look"),
            path("<int:key>/previews/", view(self.previews), name="articles_article_previews"),
            path(
                "<int:key>/previews/revoke/",
                view(require_POST(self.revoke)),
                name="articles_article_revoke",
            ),
            *super().get_urls(),
        ]

    def look(self, request: HttpRequest, key: int) -> HttpResponse:
        """The one button: the front end's page of the latest version, or the JSON without one."""
        article = self._previewed(request, key)
        good = article.previews.filter(
            created_by=request.user.pk,
            revision=None,
            revoked_at=None,
            expires_at__gt=timezone.now() + _STILL_GOOD,
        )
        try:
            preview = good.select_related("article").first() or make_preview(
                article, by=user_of(request), origin=origin_of(request)
            )
        except (ValidationError, NotAllowed) as error:
            self.message_user(request, sentences(error), messages.ERROR)
            page = reverse("admin:articles_article_change", args=[article.pk])
            return HttpResponseRedirect(page)
        return HttpResponseRedirect(front_page(preview) or json_page(preview))

    def previews(self, request: HttpRequest, key: int) -> HttpResponse:
        """All of an article's, with their addresses; a POST makes one."""
        article = self._previewed(request, key)
        if request.method == "POST":
            self._make(request, article)
            return HttpResponseRedirect(request.path)
        now = timezone.now()
        made = article.previews.select_related("article", "created_by", "revision")
        found = made.defer("revision__content", "article__body_html")[:SHOWN]
        context = {
            "title": _("Previews"),
            "days": DAYS,
            "usual": LIFE.days,
            "latest": article.revisions.defer("content").first(),
            "rows": [
                {
                    "preview": each,
                    "page": front_page(each),
                    "json": json_page(each),
                    "is_over": each.expires_at <= now,
                }
                for each in found
            ],
        }
        return self.article_page(request, article, "articles/desk/previews.html", context)

    def revoke(self, request: HttpRequest, key: int) -> HttpResponse:
        article = self._previewed(request, key)
        wanted = key_in(request.POST.get("preview", ""))
        preview = article.previews.filter(pk=wanted).first()
        try:
            if preview is None:
                raise ValidationError(_("There is no such preview of this article."))
            revoke_preview(preview, by=user_of(request), origin=origin_of(request))
            self.message_user(request, _("It shows nothing any more."), messages.SUCCESS)
        except (ValidationError, NotAllowed) as error:
            self.message_user(request, sentences(error), messages.ERROR)
        return HttpResponseRedirect(reverse("admin:articles_article_previews", args=[article.pk]))

    def _make(self, request: HttpRequest, article: Article) -> None:
        days = request.POST.get("days", str(LIFE.days))
        fixed = request.POST.get("shows") == "this"
        revision = Revision.objects.filter(article=article).first() if fixed else None
        try:
            if days not in map(str, DAYS):
                raise ValidationError(_("Choose for how long it shows something."))
            if fixed and revision is None:
                raise ValidationError(_("It has no revision yet. Save it first."))
            until = timezone.now() + timedelta(days=int(days))
            make_preview(
                article,
                by=user_of(request),
                revision=revision,
                expires_at=until,
                origin=origin_of(request),
            )
        except (ValidationError, NotAllowed) as error:
            self.message_user(request, sentences(error), messages.ERROR)
            return
        self.message_user(request, _("Whoever has its address can read it."), messages.SUCCESS)

    def _previewed(self, request: HttpRequest, key: int) -> Article:
        article = self.readable(request, key)
        if not may_now(request, Verb.PREVIEW, article):
            raise PermissionDenied
        return article
