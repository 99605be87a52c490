"""What is done to many articles at once: chosen in the list, confirmed on a page that names what
will happen to which, then done to each by itself, so that one refusal does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import workflow
from articles.admin.forms import DeskAdmin, Line
from articles.admin.origins import origin_of
from articles.admin.people import asking, sentences, user_of
from articles.models import Article, Tag
from articles.publishing import publish, trash, unpublish, untrash
from articles.publishing.allowed import lock
from articles.publishing.forecast import Prospect, prospects
from articles.tagging import retag, tags_named
from articles.workflow import NotAllowed, Standing, Verb

# Each is locked, checked and written down by itself: more would keep the browser waiting.
MOST = 100


class Bulk(NamedTuple):
    """One of the actions: the verb that is asked and done, what the page and the message say."""

    verb: Verb
    do: Callable[..., object] | None
    title: str | Promise
    button: str | Promise
    done: str | Promise


BULKS: dict[str, Bulk] = {
    "publish": Bulk(
        Verb.PUBLISH,
        publish,
        gettext_lazy("Publish these articles?"),
        gettext_lazy("Publish"),
        gettext_lazy("Published: {titles}."),
    ),
    "unpublish": Bulk(
        Verb.UNPUBLISH,
        unpublish,
        gettext_lazy("Take these articles from readers?"),
        gettext_lazy("Unpublish"),
        gettext_lazy("Unpublished: {titles}."),
    ),
    "retag": Bulk(
        Verb.SAVE,
        None,
        gettext_lazy("Change the tags of these articles"),
        gettext_lazy("Change the tags"),
        gettext_lazy("Tags changed: {titles}."),
    ),
    "trash": Bulk(
        Verb.TRASH,
        trash,
        gettext_lazy("Put these articles into the trash?"),
        gettext_lazy("Put into the trash"),
        gettext_lazy("In the trash: {titles}."),
    ),
    "untrash": Bulk(
        Verb.UNTRASH,
        untrash,
        gettext_lazy("Take these articles out of the trash?"),
        gettext_lazy("Restore"),
        gettext_lazy("Drafts again: {titles}."),
    ),
}


class TagsForm(forms.Form):
    """Which tags to add to all of them, and which to take away."""

    add = forms.CharField(
        label=gettext_lazy("Add tags"),
        required=False,
        max_length=2000,
        widget=Line(),
        help_text=gettext_lazy("With commas between them."),
    )
    remove = forms.CharField(
        label=gettext_lazy("Take tags away"), required=False, max_length=2000, widget=Line()
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._by = by

    def clean_remove(self) -> list[Tag]:
        return tags_named(self.cleaned_data["remove"], by=self._by, making=False)

    def clean(self) -> dict[str, Any]:
        """New tags are only tried here: they are made with the first article that takes them."""
        cleaned = self.cleaned_data
        if not self.errors:
            if not cleaned.get("remove") and not str(cleaned.get("add", "")).strip(" ,"):
                raise ValidationError(_("Name a tag to add, or one to take away."))
            try:
                with transaction.atomic():
                    tags_named(cleaned["add"], by=self._by)
                    transaction.set_rollback(True)
            except ValidationError as error:
                self.add_error("add", error)
        return cleaned


class BulkActions(DeskAdmin):
    """For the list of articles."""

    actions = ["publish", "unpublish", "retag", "trash", "untrash"]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """In the trash there is one, and outside there are the others."""
        in_trash = request.GET.get("trash") == "yes"
        found: dict[str, Any] = super().get_actions(request)
        return {name: each for name, each in found.items() if (name == "untrash") == in_trash}

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return workflow.may_ever(Verb.PUBLISH, asking(request))

    def has_retag_permission(self, request: HttpRequest) -> bool:
        return workflow.may_ever(Verb.SAVE, asking(request))

    def has_trash_permission(self, request: HttpRequest) -> bool:
        return workflow.may_ever(Verb.TRASH, asking(request))

    def has_untrash_permission(self, request: HttpRequest) -> bool:
        return workflow.may_ever(Verb.UNTRASH, asking(request))

    @admin.action(description=gettext_lazy("Publish…"), permissions=["publish"])
    def publish(self, request: HttpRequest, articles: QuerySet[Article]) -> HttpResponse | None:
        return self._confirm_or_do(request, articles, "publish")

    @admin.action(description=gettext_lazy("Unpublish…"), permissions=["publish"])
    def unpublish(self, request: HttpRequest, articles: QuerySet[Article]) -> HttpResponse | None:
        return self._confirm_or_do(request, articles, "unpublish")

    @admin.action(description=gettext_lazy("Change tags…"), permissions=["retag"])
    def retag(self, request: HttpRequest, articles: QuerySet[Article]) -> HttpResponse | None:
        return self._confirm_or_do(request, articles, "retag")

    @admin.action(description=gettext_lazy("Put into the trash…"), permissions=["trash"])
    def trash(self, request: HttpRequest, articles: QuerySet[Article]) -> HttpResponse | None:
        return self._confirm_or_do(request, articles, "trash")

    @admin.action(description=gettext_lazy("Restore from the trash…"), permissions=["untrash"])
    def untrash(self, request: HttpRequest, articles: QuerySet[Article]) -> HttpResponse | None:
        return self._confirm_or_do(request, articles, "untrash")

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *more: Any, **others: Any
    ) -> HttpResponse | None:
        """What is chosen are numbers of articles; a hand-made list of something else is told."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(each.isascii() and each.isdigit() and len(each) < 19 for each in chosen):
            sentence = _("That is no choice of articles. Choose them in the list.")
            self.message_user(request, sentence, messages.ERROR)
            return None
        return super().response_action(request, queryset, *more, **others)

    def _confirm_or_do(
        self, request: HttpRequest, found: QuerySet[Article], name: str
    ) -> HttpResponse | None:
        articles = list(found.order_by("pk")[: MOST + 1])
        if len(articles) > MOST:
            sentence = _("Those are more than {most} articles. Choose fewer at once.")
            self.message_user(request, sentence.format(most=MOST), messages.ERROR)
            return None
        self._tell_missing(request, articles)
        is_sure = "confirmed" in request.POST
        form = None
        if name == "retag":
            form = TagsForm(request.POST if is_sure else None, by=user_of(request))
        if not is_sure or (form is not None and not form.is_valid()):
            return self._confirmation(request, articles, name, form)
        self._do_each(request, articles, name, form)
        return HttpResponseRedirect(request.get_full_path())

    def _tell_missing(self, request: HttpRequest, articles: Sequence[Article]) -> None:
        chosen = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
        missing = len(chosen - {str(article.pk) for article in articles})
        if missing and request.POST.get("select_across") != "1":
            sentence = ngettext(
                "One of the chosen articles is not in this list any more, and was left alone.",
                "{missing} of the chosen articles are not in this list any more, and were left"
                " alone.",
                missing,
            )
            self.message_user(request, sentence.format(missing=missing), messages.WARNING)

    def _confirmation(
        self,
        request: HttpRequest,
        articles: Sequence[Article],
        name: str,
        form: TagsForm | None,
    ) -> HttpResponse:
        bulk = BULKS[name]
        found = prospects(bulk.verb, articles, by=user_of(request), at=timezone.now())
        allowed = [each for each in found if not each.refusal]
        context = {
            **self.admin_site.each_context(request),
            "title": bulk.title,
            "opts": self.opts,
            "media": self.media,
            "action": name,
            "button": bulk.button,
            "form": form,
            "allowed": [(each.article, what_happens(name, each)) for each in allowed],
            "refused": [each for each in found if each.refusal],
            "back": request.get_full_path(),
        }
        return TemplateResponse(request, "articles/lists/confirm.html", context)

    def _do_each(
        self,
        request: HttpRequest,
        articles: Sequence[Article],
        name: str,
        form: TagsForm | None,
    ) -> None:
        done: list[Article] = []
        unchanged: list[Article] = []
        for article in articles:
            try:
                with transaction.atomic():
                    [locked] = _locked_as_seen(request, article)
                    changed = self._do(request, locked, name, form)
                    (done if changed else unchanged).append(article)
            except (ValidationError, NotAllowed) as error:
                sentence = f"“{article.title}”: {sentences(error)}"
                self.message_user(request, sentence, messages.ERROR)
        if done:
            told = str(BULKS[name].done).format(titles=_titles(done))
            self.message_user(request, told, messages.SUCCESS)
        if unchanged:
            told = _("Nothing was changed: {titles}.").format(titles=_titles(unchanged))
            self.message_user(request, told, messages.WARNING)

    def _do(self, request: HttpRequest, article: Article, name: str, form: TagsForm | None) -> bool:
        by, origin = user_of(request), origin_of(request)
        if form is not None:
            return retag(
                article,
                by=by,
                based_on=article.save_number,
                add=tags_named(form.cleaned_data["add"], by=by),
                remove=form.cleaned_data["remove"],
                origin=origin,
            )
        verb = BULKS[name].do
        if verb is None or verb(article, by=by, origin=origin) is False:
            raise NotAllowed(_("Readers did not have it."))
        return True


def _titles(articles: Sequence[Article]) -> str:
    return ", ".join(f"“{article.title}”" for article in articles)


def what_happens(name: str, prospect: Prospect) -> str:
    """What the action does to this article, for who decides."""
    standing = prospect.standing
    if name == "publish":
        return _what_publishing_does(prospect)
    if name == "unpublish":
        return _("Readers get 404 until it is published again.")
    if name == "retag":
        return what_saving_does(standing)
    if name == "trash":
        return _("It leaves the lists; a publisher can restore it.")
    return _("It is a draft again.")


def _what_publishing_does(prospect: Prospect) -> str:
    if prospect.standing.is_killed:
        return _("It was killed. Readers get it again.")
    if not prospect.standing.is_public:
        return _("Readers get it now.")
    if prospect.standing.state is workflow.State.PUBLISHED:
        return _("Readers have this version already; its time of update moves.")
    return _("Readers get this version instead of the one they have.")


def what_saving_does(standing: Standing) -> str:
    """When readers see what is saved now."""
    if standing.state is workflow.State.SCHEDULED:
        return _("Readers see it with the scheduled publication.")
    if standing.is_public:
        return _("Readers see it when the article is published again.")
    return _("Readers do not have it yet.")


def _locked_as_seen(request: HttpRequest, article: Article) -> list[Article]:
    """The stored article, locked; NotAllowed where somebody saved or deleted it after the
    confirmation was shown."""
    locked = lock([article.pk])
    seen = request.POST.get(f"seen-{article.pk}", "")
    if [str(each.save_number) for each in locked] != [seen or str(article.save_number)]:
        raise NotAllowed(_("Somebody saved it meanwhile. Look at it, and choose it again."))
    return locked
