"""Changing the tags of an article and nothing else, by their names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext

from articles.models import Article, Origin, Tag
from articles.models.audit import NOWHERE
from articles.revisions import Relations, relations_of
from articles.saving import save
from articles.slugs import numbered, slugify


def tags_of(article: Article) -> list[Tag]:
    """The tags of an article, in their order."""
    keys = relations_of([article])[article.pk].tag_ids
    found = Tag.objects.in_bulk(keys)
    return [found[key] for key in keys]


def named(tags: Sequence[Tag]) -> str:
    """The names as ``tags_named`` reads them; of one with a comma, the slug."""
    return ", ".join(tag.slug if "," in tag.name else tag.name for tag in tags)


def tags_named(
    text: str, *, by: AbstractBaseUser | None, making: bool = True, among: Sequence[Tag] = ()
) -> list[Tag]:
    """The tags whose names, or slugs, stand in ``text`` between commas, each once and in order.

    A name is the same in upper and lower case; where several tags have it, one of ``among`` is
    meant, or else the oldest. One that there is no tag of becomes a tag, if
    ``making`` and the login may add tags (None, the system, may); else ValidationError names all
    of those, and nothing has been made.
    """
    names = [" ".join(each.split()) for each in text.replace("\0", "").split(",")]
    spelled: dict[str, str] = {}
    for name in filter(None, names):
        spelled.setdefault(name.casefold(), name)
    names = list(spelled.values())
    held = {**_held(names), **{named([tag]).casefold(): tag for tag in among}}
    missing = [name for name in names if name.casefold() not in held]
    user: Any = by
    if missing and not (making and (by is None or user.has_perm("articles.add_tag"))):
        listed = ", ".join(f"“{name}”" for name in missing)
        raise ValidationError(
            gettext("There is no tag {names}. Choose one that there is.").format(names=listed)
        )
    for name in missing:
        held[name.casefold()] = _make(name)
    return list({held[name.casefold()].pk: held[name.casefold()] for name in names}.values())


def _held(names: Sequence[str]) -> dict[str, Tag]:
    """The tags of these names or slugs, by what was asked for, folded; of several the first."""
    if not names:
        return {}
    asked = Q(slug__in=[name.lower() for name in names])
    for name in names:
        asked |= Q(name__iexact=name)
    found = list(Tag.objects.filter(asked).order_by("pk"))
    held: dict[str, Tag] = {}
    for tag in found:
        held.setdefault(tag.name.casefold(), tag)
    for tag in found:
        held.setdefault(tag.slug, tag)
    return held


def _make(name: str) -> Tag:
    slug, number = slugify(name), 1
    while Tag.objects.filter(slug=numbered(slug, number)).exists():
        number += 1
    tag = Tag(name=name, slug=numbered(slug, number))
    tag.full_clean()
    tag.save()
    return tag


def retag(
    article: Article,
    *,
    by: AbstractBaseUser | None,
    based_on: int,
    tags: Sequence[Tag] | None = None,
    add: Sequence[Tag] = (),
    remove: Sequence[Tag] = (),
    origin: Origin = NOWHERE,
) -> bool:
    """Give the article these ``tags``; or those that it has, with some more and without some.
    Return whether that changed anything; readers see it with the next publication.

    ``based_on`` and what is raised are those of ``articles.saving.save``, by which it is done.
    """
    stored = relations_of([article])[article.pk]
    removed = {tag.pk for tag in remove}
    wanted = [key for key in stored.tag_ids if key not in removed]
    wanted += [tag.pk for tag in add if tag.pk not in wanted]
    if tags is not None:
        wanted = [tag.pk for tag in tags]
    if wanted == stored.tag_ids:
        return False
    relations = Relations(stored.region_ids, wanted, stored.author_ids)
    save(article, by=by, based_on=based_on, relations=relations, origin=origin)
    return True
