"""The tags of one article, changed from the list without opening it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.bulk import what_saving_does
from articles.admin.forms import DeskAdmin, Line
from articles.admin.origins import origin_of
from articles.admin.people import sentences, user_of
from articles.admin.pickers import found_by
from articles.models import Article, Tag
from articles.publishing.allowed import standing_of
from articles.tagging import named, retag, tags_named, tags_of
from articles.workflow import NotAllowed

SUGGESTED = 10


class TagsOfOneForm(forms.Form):
    """The tags by their names, and on which version that is based."""

    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        required=False,
        max_length=4000,
        widget=Line(),
        help_text=gettext_lazy("With commas between them. What there is no tag of becomes one."),
    )
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class QuickTags(DeskAdmin):
    """For the list of articles: a small page, which scripts show in a dialog."""

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:key>/tags/",
            self.admin_site.admin_view(self.tags_view),
            name="articles_article_tags",
        )
        return [own, *super().get_urls()]

    def tags_view(self, request: HttpRequest, key: int) -> HttpResponse:
        article: Article | None = self.get_object(request, str(key))
        if article is None or not self.has_change_permission(request, article):
            raise PermissionDenied
        tags = tags_of(article)
        initial = {"tags": named(tags), "based_on": article.save_number}
        form = TagsOfOneForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():  # new tags, too
                    return self._tagged(request, article, tags, form)
            except (ValidationError, NotAllowed) as error:
                form.add_error(None, sentences(error))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Tags of “{title}”").format(title=article.title),
            "opts": self.opts,
            "media": self.media,
            "form": form,
            "article": article,
            "happens": what_saving_does(standing_of(article)),
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "articles/lists/tags.html", context, status=status)

    def _tagged(
        self, request: HttpRequest, article: Article, held: list[Tag], form: TagsOfOneForm
    ) -> HttpResponse:
        user = user_of(request)
        changed = retag(
            article,
            by=user,
            based_on=form.cleaned_data["based_on"],
            tags=tags_named(form.cleaned_data["tags"], by=user, among=held),
            origin=origin_of(request),
        )
        told = _("Tags changed: {titles}.") if changed else _("Nothing was changed: {titles}.")
        self.message_user(request, told.format(titles=f"“{article.title}”"), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:articles_article_changelist"))


def suggested_tags(request: HttpRequest) -> JsonResponse:
    """The names of tags that begin with what was typed, then those that have it elsewhere."""
    found = found_by("tag", request.GET.get("q", "")[:200])[:SUGGESTED]
    return JsonResponse({"names": [named([tag]) for tag in found]})
