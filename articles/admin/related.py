"""The related articles that editors choose, below the article's form."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, QueryDict

from articles import workflow
from articles.admin.people import asking
from articles.admin.sent import key_in
from articles.admin.shown import UNREADABLE, titles_for
from articles.models import Article, RelatedChoice
from articles.revisions import Relations, relations_of
from articles.visibility import visible_to

PREFIX = "related_choices"  # of the rows' names in the form
_MOST = 1000  # rows that a form takes


class RelatedChoiceFormSet(BaseInlineFormSet):  # type: ignore[type-arg]  # not generic at run time
    """Rows that name no article which the login may not read; they stay, whoever saves."""

    actor: workflow.Actor | None = None
    is_looked_through = False

    def get_queryset(self) -> QuerySet[RelatedChoice]:
        rows: QuerySet[RelatedChoice] = super().get_queryset()
        if not self.is_looked_through:
            self.is_looked_through = True
            titles = titles_for(self.actor, [row.other_id for row in rows])
            for row in rows:
                row.other = Article(pk=row.other_id, title=titles[row.other_id])
        return rows


class RelatedChoiceInline(admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = RelatedChoice
    formset = RelatedChoiceFormSet
    fk_name = "article"
    extra = 0
    autocomplete_fields = ["other"]
    fields = ["other", "is_excluded", "position"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "other" and not workflow.reads_all(asking(request)):
            # What an editor chose stays, whoever saves.
            key = (request.resolver_match.kwargs if request.resolver_match else {}).get("object_id")
            chosen = RelatedChoice.objects.filter(article=key_in(str(key)))
            readable = visible_to(asking(request))
            found = Article.objects.filter(readable | Q(pk__in=chosen.values("other")))
            kwargs["queryset"] = found.annotate(
                is_readable=ExpressionWrapper(readable, output_field=BooleanField())
            )
            field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
            field.label_from_instance = lambda each: str(each if each.is_readable else UNREADABLE)
            return field
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.actor = asking(request)
        return formset


def choices_in(
    formsets: Any, request: HttpRequest, article: Article
) -> tuple[list[int] | None, list[int] | None]:
    """The keys of the related articles that come first, and of those that never come, by the
    positions that the form gave them; those that are stored, and before what it adds, where the
    login may not see them. None and None where the login has no such inline."""
    given = _rows(formsets)
    if given is None:
        return None, None
    pinned = [_key(row["other"]) for row in given if not row.get("is_excluded")]
    excluded = [_key(row["other"]) for row in given if row.get("is_excluded")]
    if not _may_see(request):
        stored = _stored(article).completed()
        pinned = [*(stored.pinned_ids or []), *pinned]
        excluded = [*(stored.excluded_ids or []), *excluded]
    return pinned, excluded


def with_stored_rows(sent: QueryDict, object_id: str) -> QueryDict:
    """What was sent from a form of another version, its rows being those that are stored now; all
    else, and what was sent from a form of the stored one, as it is."""
    article = Article.objects.filter(pk=key_in(object_id)).first()
    if article is None or f"{PREFIX}-TOTAL_FORMS" not in sent:
        return sent
    if sent.get("based_on") == str(article.save_number):
        return sent
    given = sorted(_sent_rows(sent))
    pinned = [key for _, key, is_excluded in given if not is_excluded]
    excluded = [key for _, key, is_excluded in given if is_excluded]
    changed = sent.copy()
    for name in [name for name in sent if name.startswith(f"{PREFIX}-")]:
        del changed[name]
    for name, value in stored_rows(object_id, pinned, excluded):
        changed[name] = value
    return changed


def stored_rows(object_id: str, pinned: list[int], excluded: list[int]) -> list[tuple[str, str]]:
    """Names and values with which the form says that these related articles are chosen: the rows
    that are stored, kept or removed, and new ones after them. One statement."""
    wanted = {key: (str(place), False) for place, key in enumerate(pinned)}
    wanted |= {key: (str(place), True) for place, key in enumerate(excluded)}
    rows = RelatedChoice.objects.filter(article=int(object_id)).order_by("position", "pk")
    held = {each.other_id: each for each in rows}
    keys = list(dict.fromkeys([*held, *wanted]))
    pairs = [
        (f"{PREFIX}-TOTAL_FORMS", str(len(keys))),
        (f"{PREFIX}-INITIAL_FORMS", str(len(held))),
    ]
    for number, key in enumerate(keys):
        row = {"id": str(held[key].pk) if key in held else "", "article": object_id}
        position, is_excluded = wanted.get(key, ("0", False))
        row |= {"other": str(key), "position": position}
        row |= {"is_excluded": "on"} if is_excluded else {}
        row |= {} if key in wanted else {"DELETE": "on"}
        pairs += [(f"{PREFIX}-{number}-{name}", value) for name, value in row.items()]
    return pairs


def _sent_rows(sent: QueryDict) -> list[tuple[int, int, bool]]:
    """Position, key and whether it never comes, of each row that was sent and not removed."""
    total = key_in(str(sent[f"{PREFIX}-TOTAL_FORMS"]))
    rows = []
    for number in range(min(total, _MOST)):
        row = {
            name: str(sent.get(f"{PREFIX}-{number}-{name}", ""))
            for name in ("other", "position", "is_excluded", "DELETE")
        }
        other = key_in(row["other"])
        if other and not row["DELETE"]:
            rows.append((key_in(row["position"]), other, bool(row["is_excluded"])))
    return rows


def _rows(formsets: Any) -> list[dict[str, Any]] | None:
    shown = [formset for formset in formsets if formset.model is RelatedChoice]
    rows = [
        form.cleaned_data
        for formset in shown
        for form in formset.forms
        if form.cleaned_data.get("other") and not form.cleaned_data.get("DELETE")
    ]
    rows.sort(key=lambda row: row.get("position") or 0)
    return rows if shown else None


def _key(thing: Any) -> int:
    """Of a row that only may be looked at, the form holds the key alone."""
    return int(getattr(thing, "pk", thing))


def _stored(article: Article) -> Relations:
    if article._state.adding:
        return Relations([], [], [])
    return relations_of([article])[article.pk]


def _may_see(request: HttpRequest) -> bool:
    user: Any = request.user
    return any(user.has_perm(f"articles.{action}_relatedchoice") for action in ("view", "change"))
