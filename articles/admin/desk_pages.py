"""What the article's page asks the server for while it is open, and the verbs as its buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import workflow
from articles.admin.article_pages import ArticlePages
from articles.admin.list_filters import STATES
from articles.admin.origins import origin_of
from articles.admin.people import asking, sentences, standing_for, user_of
from articles.admin.pickers import KINDS, choices, make_choice, may_make
from articles.admin.script_words import script_words
from articles.admin.steps import Step, do_step, next_steps
from articles.checklist import LONGEST_TITLE, check_before_publishing
from articles.models import Article, PublishedArticle, Revision, Slug
from articles.saving import StaleSaveError, end_presence, note_presence, present_at, save
from articles.slugs import slugify
from articles.workflow import NotAllowed, State, Verb

# States in which what is typed stays on the device until somebody saves: the clock or an editor
# might publish half a sentence.
_KEPT_LOCALLY = (State.APPROVED, State.SCHEDULED)


class DeskPages(ArticlePages):
    """For the admin of articles: addresses below an article's own."""

    def get_urls(self) -> list[Any]:
        pages: list[tuple[str, Callable[..., Any], str]] = [
            ("choices/<str:kind>/", self.choices_view, "choices"),
            ("slug/", self.slug_view, "slug"),
            ("autosave/", require_POST(self.autosave_new), "autosave_new"),
            ("<int:key>/autosave/", require_POST(self.autosave), "autosave"),
            ("<int:key>/presence/", require_POST(self.presence), "presence"),
            ("<int:key>/step/", require_POST(self.step), "step"),
        ]
        own = [
            path(route, self.admin_site.admin_view(view), name=f"articles_article_{name}")
            for route, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def choices_view(self, request: HttpRequest, kind: str) -> JsonResponse:
        """What can be picked; a POST makes one."""
        if kind not in KINDS:
            return _refused(_("There is no such list."), status=404)
        if not (self.has_view_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        if request.method != "POST":
            return JsonResponse({"choices": choices(kind, request.GET.get("q", "")[:200])})
        if not may_make(kind, request.user):  # type: ignore[arg-type]  # signed in, by admin_view
            return _refused(_("You cannot make a new one: ask an editor."), status=403)
        try:
            return JsonResponse({"choice": make_choice(kind, request.POST.dict())})
        except ValidationError as error:
            return _refused(sentences(error), status=422)

    def slug_view(self, request: HttpRequest) -> JsonResponse:
        """The slug that a title would get now."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        title = request.GET.get("title", "")[:1000]
        return JsonResponse({"slug": Slug.objects.free([slugify(title)])[0] if title else ""})

    def autosave_new(self, request: HttpRequest) -> JsonResponse:
        """The first autosave of a new article makes it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._autosaved(request, None)

    def autosave(self, request: HttpRequest, key: int) -> JsonResponse:
        article = self._article(request, key)
        if not self.has_change_permission(request, article):
            return _refused(_("It can no longer be changed by you. Open it again."), status=403)
        return self._autosaved(request, article)

    def _autosaved(self, request: HttpRequest, article: Article | None) -> JsonResponse:
        form = self.get_form(request, article, change=article is not None)(
            request.POST, instance=article
        )
        if not form.is_valid():
            return JsonResponse({"errors": form.errors, "error": _first(form.errors)}, status=422)
        saved: Article = form.instance
        try:
            save(
                saved,
                by=user_of(request),
                based_on=form.cleaned_data.get("based_on") or 0,
                relations=form.relations(),
                kind=Revision.RevisionKind.AUTOSAVE,
                origin=origin_of(request),
            )
        except StaleSaveError as error:
            return _refused(sentences(error), status=409)
        except (ValidationError, NotAllowed) as error:
            return _refused(sentences(error), status=422)
        context = self.desk_context(request, saved)
        return JsonResponse(
            {
                "number": saved.save_number,
                "key": saved.pk,
                "slug": saved.slug,
                "at": f"{localtime(saved.saved_at):%H:%M}",
                "page": reverse("admin:articles_article_change", args=[saved.pk]),
                "urls": context["desk_urls"],
                "side": render_to_string("articles/desk/next.html", context, request=request),
            }
        )

    def presence(self, request: HttpRequest, key: int) -> JsonResponse:
        """Who else has it open, and which version is stored: asked by each open page."""
        article = self._article(request, key)
        user = user_of(request)
        if user is None or not self.has_change_permission(request):
            raise PermissionDenied
        if "closed" in request.POST:
            end_presence(article, by=user)
            return JsonResponse({})
        others = note_presence(article, by=user)
        return JsonResponse({"others": _told(others), "number": article.save_number})

    def step(self, request: HttpRequest, key: int) -> HttpResponse:
        """One verb, of the article as it is stored."""
        article = self._article(request, key)
        return self.do_step(request, article, request.POST.get("_verb", ""))

    def do_step(self, request: HttpRequest, article: Article, name: str) -> HttpResponse:
        """Do the verb, and tell on the article's page what came of it; what was typed for a verb
        that was refused stands there again."""
        page = reverse("admin:articles_article_change", args=[article.pk])
        given: QueryDict = request.POST
        try:
            done = do_step(name, article, given, by=user_of(request), origin=origin_of(request))
        except (ValidationError, NotAllowed) as error:
            self.message_user(request, sentences(error), messages.ERROR)
            typed = {
                field: value
                for field, value in given.items()
                if field.startswith(f"{name}-") and isinstance(value, str)
            }
            return HttpResponseRedirect(f"{page}?{urlencode({'step': name, **typed})}")
        self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(page)

    def desk_context(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        """What the article's page shows beside the form."""
        if article is None or article._state.adding:
            return self._context_of_new(request)
        try:
            standing = standing_for(request, article)
        except NotAllowed:
            return self._context_of_deleted(request)
        actor = asking(request)
        regions = Article.regions.through._default_manager.filter(article=article).count()
        mine = Revision.objects.filter(article=article, created_by=request.user.pk)
        return {
            "article": article,
            "standing": standing,
            "state": STATES[State(article.state)],
            "may_save": workflow.allows(Verb.SAVE, standing, actor),
            "may_preview": workflow.allows(Verb.PREVIEW, standing, actor),
            "steps": shown_steps(request, next_steps(standing, actor), standing),
            "findings": check_before_publishing(article, regions=regions),
            "others": _told(present_at(article, besides=user_of(request))),
            "public_page": _public_page(article) if standing.is_public else "",
            "desk_urls": _urls(article),
            "desk_script": {
                **_script(request, article),
                "keepsLocally": article.state in _KEPT_LOCALLY,
                "myNumber": mine.aggregate(last=Max("number"))["last"] or 0,
                "number": article.save_number,
            },
        }

    def _context_of_new(self, request: HttpRequest) -> dict[str, Any]:
        user = user_of(request)
        standing = workflow.Standing(State.DRAFT, owner=user.pk if user else None)
        return {
            "article": None,
            "standing": standing,
            "state": STATES[State.DRAFT],
            "may_save": True,
            "steps": shown_steps(
                request, next_steps(standing, asking(request), adding=True), standing
            ),
            "findings": [],
            "others": [],
            "desk_urls": _urls(None),
            "desk_script": {**_script(request, None), "number": 0, "myNumber": 0},
        }

    def _context_of_deleted(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing can be done any more, and nothing is saved by itself."""
        context = self._context_of_new(request)
        script = {**context["desk_script"], "keepsLocally": True}
        return {**context, "may_save": False, "steps": [], "desk_script": script}


def shown_steps(
    request: HttpRequest, steps: list[Step], standing: workflow.Standing
) -> list[dict[str, Any]]:
    """The steps with what was typed for one that was refused."""
    refused = request.GET.get("step", "")
    return [
        {
            "verb": step.verb.value,
            "label": step.label_for(standing),
            "says": step.says,
            "is_grave": step.is_grave,
            "is_open": step.verb.value == refused,
            "inputs": [
                {"name": name, "asked": each, "typed": request.GET.get(name, "")}
                for each in step.inputs_for(standing)
                for name in [f"{step.verb.value}-{each.name}"]
            ],
        }
        for step in steps
    ]


def _urls(article: Article | None) -> dict[str, str]:
    """The addresses that the page's scripts ask."""

    def page(name: str, *arguments: int | str) -> str:
        return reverse(f"admin:articles_article_{name}", args=arguments)

    own = {"slug": page("slug"), "choices": page("choices", "KIND")}
    if article is None:
        return {**own, "autosave": page("autosave_new")}
    names = ("autosave", "presence", "step", "history", "look", "previews")
    return {**own, **{name: page(name, article.pk) for name in names}}


def _script(request: HttpRequest, article: Article | None) -> dict[str, Any]:
    """What the page's scripts have to know."""
    user: Any = request.user
    return {
        "urls": _urls(article),
        "key": article.pk if article is not None else None,
        "login": user.pk,
        "makes": [kind for kind in KINDS if may_make(kind, user)],
        "titleLimit": LONGEST_TITLE,
        "signIn": reverse("admin:login"),
        "words": script_words(),
    }


def _told(others: list[Any]) -> list[dict[str, str]]:
    return [
        {
            "name": each.user.get_full_name() or each.user.get_username(),
            "since": _clock(each.opened_at),
        }
        for each in others
    ]


def _clock(moment: datetime) -> str:
    return f"{localtime(moment):%H:%M}"


def _public_page(article: Article) -> str:
    slug = getattr(article, "public_slug", None)  # as the list of articles annotates it
    if slug is None:
        public = PublishedArticle.objects.filter(article=article)
        slug = public.values_list("slug", flat=True).first()
    return reverse("article", kwargs={"slug": slug}) if slug else ""


def _first(errors: Any) -> str:
    """The first sentence of a form's errors, with its field."""
    for name, said in errors.items():
        label = "" if name == "__all__" else f"{name}: "
        return f"{label}{said[0]}"
    return ""


def _refused(sentence: str, *, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
