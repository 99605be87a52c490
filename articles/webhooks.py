"""What subscribers are told of articles, and of the names and pictures that go with them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop

from articles.models import Author, Region, Tag
from articles.sync import public_images
from cms.changes.models import Change
from cms.webhooks.subjects import Choices, Subject, Told

_ARTICLE_EVENTS = {
    "article.published": gettext_noop("an article is public now that was not"),
    "article.updated": gettext_noop(
        "a public article is published again, or readers see another state of it"
    ),
    "article.withdrawn": gettext_noop(
        "an article is public no more: unpublished, killed or expired"
    ),
}
_PUBLIC: dict[str, Any] = {
    "region": lambda: Region.objects.all().public(),
    "tag": lambda: Tag.objects.all().public(),
    "author": lambda: Author.objects.all().public(),
    "image": public_images,
}


def tell_articles(changes: Sequence[Change]) -> Mapping[int, Told]:
    """Every change of a public article is one that readers can notice; a row without a state
    before or after tells only that searches find it otherwise."""
    parents: dict[int, int | None] = dict(Region.objects.values_list("pk", "parent_id"))
    return {
        change.number or 0: _told(change, parents)
        for change in changes
        if change.before is not None or change.after is not None
    }


def _told(change: Change, parents: Mapping[int, int | None]) -> Told:
    if change.action == "delete":
        event, path = "article.withdrawn", None
    else:
        event = "article.published" if change.before is None else "article.updated"
        path = reverse("article", kwargs={"slug": change.slug})
    states = [state for state in (change.before, change.after) if state]
    regions = [pk for state in states for pk in state.get("region_ids", [])]
    return Told(
        event,
        path,
        region_ids=frozenset(_with_ancestors(regions, parents)),
        tag_ids=frozenset(pk for state in states for pk in state.get("tag_ids", [])),
        languages=frozenset(str(state.get("language", "")).lower() for state in states),
        is_filtered=True,
    )


def _with_ancestors(ids: Iterable[int], parents: Mapping[int, int | None]) -> set[int]:
    found: set[int] = set()
    for each in ids:
        region: int | None = each
        while region is not None and region not in found:
            found.add(region)
            region = parents.get(region)
    return found


def tell_names(changes: Sequence[Change]) -> Mapping[int, Told]:
    """Those that are public now; what only drafts carry is nobody's to know. What is public no more
    follows from an article that is told."""
    kind = changes[0].type
    ids = {change.object_id for change in changes if change.action == "upsert"}
    public = set(_PUBLIC[kind]().filter(pk__in=ids - {None}).values_list("pk", flat=True))
    return {
        change.number or 0: Told(f"{kind}.updated", _path_of(change))
        for change in changes
        if change.action == "upsert" and change.object_id in public
    }


def _path_of(change: Change) -> str | None:
    return reverse(change.type, kwargs={"slug": change.slug}) if change.slug else None


SUBJECTS = [
    Subject("article", _ARTICLE_EVENTS, tell_articles),
    Subject("region", {"region.updated": gettext_noop("a public region has changed")}, tell_names),
    Subject("tag", {"tag.updated": gettext_noop("a public tag has changed")}, tell_names),
    Subject("author", {"author.updated": gettext_noop("a public author has changed")}, tell_names),
    Subject("image", {"image.updated": gettext_noop("a public picture has changed")}, tell_names),
]
CHOICES = Choices(
    regions=lambda: list(Region.objects.values_list("pk", "name")),
    tags=lambda: list(Tag.objects.values_list("pk", "name")),
)
