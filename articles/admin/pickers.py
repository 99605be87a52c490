"""Fields in which regions, tags, authors and pictures are picked by typing, and kept in order.

Without scripts they keep what they hold. Scripts (articles/desk/pickers.js) ask `choices` for what
can be picked, and make what is missing, for those who may.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Length
from django.utils.translation import gettext

from articles.admin.sent import key_in
from articles.models import Author, Image, Region, Tag
from articles.slugs import numbered, slugify

KINDS: dict[str, type[Author | Image | Region | Tag]] = {
    "region": Region,
    "tag": Tag,
    "author": Author,
    "image": Image,
}
SHOWN = 12


class Picker(forms.Widget):
    """The chosen ones as a list of hidden fields in their order; one of them where ``single``."""

    template_name = "articles/desk/picker.html"

    def __init__(self, kind: str, *, single: bool = False) -> None:
        super().__init__()
        self.kind = kind
        self.single = single

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if self.single:
            return data.get(name)
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [each for each in given if each]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_search"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given = value if isinstance(value, list | tuple) else [value] if value else []
        keys = [key for each in given if (key := key_in(_key(each)))]
        context["widget"].update(
            kind=self.kind, single=self.single, chosen=_chosen(self.kind, keys)
        )
        return context


class PickedField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Several of a kind, each once, as a list in the order in which they were given."""

    def __init__(self, kind: str, **options: Any) -> None:
        queryset: QuerySet[Any] = KINDS[kind]._default_manager.all()
        super().__init__(queryset, widget=Picker(kind), required=False, **options)

    def clean(self, value: Any) -> Any:
        keys = [str(each) for each in value or []]
        if len(set(keys)) < len(keys):
            raise ValidationError(
                gettext("The same one stands there twice. Remove one of the two.")
            )
        found = {str(each.pk): each for each in super().clean(value)}
        return [found[key] for key in keys if key in found]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [_key(each) for each in initial or []] != [str(each) for each in data or []]


def found_by(kind: str, typed: str) -> QuerySet[Any]:
    """What there is for the letters typed: those that begin with them first, then those that
    have them elsewhere, the shorter first; of pictures, the newest first."""
    typed = typed.replace("\0", "").strip()
    name = "alt" if kind == "image" else "name"
    found: QuerySet[Any] = KINDS[kind]._default_manager.all()
    if typed:
        matches = Q(**{f"{name}__icontains": typed})
        if kind == "image":
            matches |= Q(url__icontains=typed) | Q(caption__icontains=typed)
        found = found.filter(matches)
    begins = Case(When(**{f"{name}__istartswith": typed}, then=Value(0)), default=Value(1))
    newest = ["-pk"] if kind == "image" else [begins, Length(name), name, "pk"]
    return found.order_by(*newest)


def choices(kind: str, typed: str) -> list[dict[str, Any]]:
    """What can be picked for the letters typed; a dozen."""
    return [_choice(kind, each) for each in found_by(kind, typed)[:SHOWN]]


def make_choice(kind: str, values: dict[str, str]) -> dict[str, Any]:
    """A tag, region or author of this name, or a picture at this address; the one that is there
    already, if it is. ValidationError, with a sentence, for what cannot be one."""
    if kind == "image":
        return _choice(kind, _image(values))
    model: Any = KINDS[kind]
    name = " ".join(values.get("name", "").split())
    if not name or "\0" in name:
        raise ValidationError(gettext("Type a name first."))
    held = model.objects.filter(name__iexact=name).order_by("pk").first()
    if held is None:
        slug, number = slugify(name), 1
        while model.objects.filter(slug=numbered(slug, number)).exists():
            number += 1
        held = model(name=name, slug=numbered(slug, number))
        held.full_clean()
        held.save()
    return _choice(kind, held)


def may_make(kind: str, by: AbstractBaseUser) -> bool:
    user: Any = by
    return bool(user.has_perm(f"articles.add_{kind}"))


def _image(values: dict[str, str]) -> Image:
    if any("\0" in values.get(name, "") for name in ("url", "alt", "caption", "credit")):
        raise ValidationError(gettext("It has a character that cannot be stored. Remove it."))
    address = values.get("url", "").strip()
    held = Image.objects.filter(url=address).order_by("pk").first()
    if held is not None:
        return held
    image = Image(
        url=address, **{name: values.get(name, "") for name in ("alt", "caption", "credit")}
    )
    image.full_clean()
    image.save()
    return image


def _chosen(kind: str, keys: Sequence[int]) -> list[dict[str, Any]]:
    if not keys:
        return []
    found = {each.pk: each for each in KINDS[kind]._default_manager.filter(pk__in=keys[:1000])}
    return [_choice(kind, found[key]) for key in keys if key in found]


def _choice(kind: str, thing: Any) -> dict[str, Any]:
    hint = {"image": "url", "author": "role"}.get(kind)
    shown = {"id": thing.pk, "name": str(thing), "hint": getattr(thing, hint) if hint else ""}
    return {**shown, "json": json.dumps(shown)}


def _key(thing: Any) -> str:
    return str(getattr(thing, "pk", thing))
