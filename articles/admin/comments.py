"""The conversation about an article: a fragment for its page, and a page of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.admin.article_pages import ArticlePages
from articles.admin.origins import origin_of
from articles.admin.people import asking, sentences, user_of
from articles.comments import (
    MAX_LENGTH,
    MENTION,
    add_comment,
    comments_of,
    may_comment,
    may_resolve,
    reopen_comment,
    resolve_comment,
    who_is_called,
)
from articles.models import Article, Comment
from articles.workflow import NotAllowed

_TYPED = "desk-comment"
_MENTION_OR_TAG = re.compile(rf"<[^>]*>|{MENTION}")


class CommentPages(ArticlePages):
    """For the admin of articles. ``articles/lists/comments.html`` is the fragment; it has forms,
    so it stands outside of the article's own, with ``comments_context``."""

    def get_urls(self) -> list[Any]:
        pages: list[tuple[str, Callable[..., Any], str]] = [
            ("<int:key>/comments/", self.comments_view, "comments"),
            ("<int:key>/comments/add/", require_POST(self.comment), "comment"),
            ("comments/<int:key>/resolve/", require_POST(self.resolve), "comment_resolve"),
            ("comments/<int:key>/reopen/", require_POST(self.reopen), "comment_reopen"),
            ("comments/people/", self.people, "comment_people"),
        ]
        view = self.admin_site.admin_view
        own = [
            path(route, view(each), name=f"articles_article_{name}") for route, each, name in pages
        ]
        return [*own, *super().get_urls()]

    def comments_context(self, request: HttpRequest, article: Article) -> dict[str, Any]:
        """What the fragment shows: the comments, and what the login may do about them."""
        actor = asking(request)
        comments = comments_of(article)
        shown = [
            {
                "comment": comment,
                "text": shown_text(comment),
                "may_resolve": article.trashed_at is None and may_resolve(comment, actor),
            }
            for comment in comments
        ]
        return {
            "comments": shown,
            "open_comments": sum(comment.resolved_at is None for comment in comments),
            "may_comment": article.trashed_at is None and may_comment(actor),
            "comment_limit": MAX_LENGTH,
            "commented": article,
            "typed_comment": _typed(request, article),
        }

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = kwargs.get("obj")
        if article is not None:
            context.update(self.comments_context(request, article), comments_from="change")
        return super().render_change_form(request, context, *args, **kwargs)

    def comments_view(self, request: HttpRequest, key: int) -> HttpResponse:
        article = self._article(request, key)
        context = {
            **self.admin_site.each_context(request),
            **self.comments_context(request, article),
            "article": article,
            "title": _("Comments on “{title}”").format(title=article.title),
            "opts": self.opts,
            "media": self.media,
        }
        return TemplateResponse(request, "articles/lists/comments_page.html", context)

    def comment(self, request: HttpRequest, key: int) -> HttpResponse:
        article = self._article(request, key)
        text, user = request.POST.get("text", ""), user_of(request)
        if user is None:
            raise PermissionDenied
        try:
            said = add_comment(article, by=user, text=text, origin=origin_of(request))
        except (ValidationError, NotAllowed) as error:
            self.message_user(request, sentences(error), messages.ERROR)
            request.session[_TYPED] = (article.pk, text[: MAX_LENGTH * 2])
            return self._to_comments(request, article)
        for name in said.unknown:
            told = _("Nobody at the desk is called @{name}, and nobody was told.")
            self.message_user(request, told.format(name=name), messages.WARNING)
        return self._to_comments(request, article, said.comment)

    def resolve(self, request: HttpRequest, key: int) -> HttpResponse:
        return self._turn(request, key, resolve_comment)

    def reopen(self, request: HttpRequest, key: int) -> HttpResponse:
        return self._turn(request, key, reopen_comment)

    def people(self, request: HttpRequest) -> JsonResponse:
        """Whom a comment can mention, for what was typed after the @."""
        if not self.has_view_permission(request) or not may_comment(asking(request)):
            raise PermissionDenied
        return JsonResponse({"names": who_is_called(request.GET.get("q", "")[:150])})

    def _turn(self, request: HttpRequest, key: int, verb: Callable[..., bool]) -> HttpResponse:
        found = Comment.objects.filter(pk=key).select_related("article").first()
        if found is None:
            raise PermissionDenied
        article = self._article(request, found.article_id)
        try:
            verb(found, by=user_of(request), origin=origin_of(request))
        except NotAllowed as error:
            self.message_user(request, str(error), messages.ERROR)
        return self._to_comments(request, article, found)

    def _to_comments(
        self, request: HttpRequest, article: Article, comment: Comment | None = None
    ) -> HttpResponse:
        """The page from which it was sent, at the comment."""
        page = "change" if request.POST.get("from") == "change" else "comments"
        address = reverse(f"admin:articles_article_{page}", args=[article.pk])
        place = f"comment-{comment.pk}" if comment is not None else "comments"
        return HttpResponseRedirect(f"{address}#{place}")


def _typed(request: HttpRequest, article: Article) -> str:
    """What was refused on this article's page stands in the field again, once."""
    key, text = request.session.get(_TYPED, (None, ""))
    if key != article.pk:
        return ""
    del request.session[_TYPED]
    return str(text)


def shown_text(comment: Comment) -> SafeString:
    """The text with its addresses as links, and the logins that it mentions marked."""
    logins = {user.get_username().lower() for user in comment.mentioned.all()}
    linked = urlize(comment.text, nofollow=True, autoescape=True)

    def marked(found: re.Match[str]) -> str:
        name = (found[1] or "").lower()
        if name in logins or name.rstrip(".-+@") in logins:
            login = found[0].rstrip(".")
            return f"<mark>{login}</mark>{found[0][len(login) :]}"
        return str(found[0])

    return mark_safe(_MENTION_OR_TAG.sub(marked, linked))  # noqa: S308  # urlize has escaped it
