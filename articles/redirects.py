"""Where an old path of the newsroom's site leads now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from articles import taxonomy_snapshot
from articles.addresses import ARTICLE, Named, named_address, named_by, on_site, page_address
from articles.models import Author, FormerUrl, PublishedArticle, Redirect, Region, Slug, Tag
from articles.models.former_url import path_of
from articles.models.redirect import spellings

_MODELS: Mapping[str, Any] = {"region": Region, "tag": Tag, "author": Author}
_PRESENT = JSONObject(slug="slug", language="language", published_at="published_at")


class Place(NamedTuple):
    """What is known of a path: the ``address`` of the public page that it leads to, or why that
    page is ``gone`` for good. ``is_live``: the page stands at that very path."""

    address: str | None = None
    gone: str | None = None
    is_live: bool = False


UNKNOWN = Place()


def destination(path: str) -> Place:
    """Where a path of the site, as ``site_path`` writes it, leads now, and with what. It is read
    within ``read_snapshot``.

    ``UNKNOWN`` where a public page stands at that path: nothing leads away from it. Else comes what
    an editor said, to the end of what leads on from there; then the former addresses of articles,
    of merged regions, tags and authors, and of what was imported. ``UNKNOWN`` too where nothing is
    known.
    """
    asked = spellings(path)
    steps = Redirect.objects.follow(*asked)
    places = _places_of([asked, *(spellings(step) for step in steps)])
    if places[0].is_live or (steps and set(asked) & set(spellings(steps[-1]))):
        return UNKNOWN  # the second, where who reads would be sent round in a circle
    for place in places:
        if place.is_live:
            return place
    end = places[-1]
    # An editor may name a page that Dastan does not know of.
    return Place(on_site(steps[-1])) if steps and end == UNKNOWN else end


def live_among(paths: Sequence[str]) -> set[str]:
    """Those of these paths, as ``site_path`` writes them, at which a public page stands: nothing
    leads away from there. Four statements at most."""
    places = _places_of([spellings(path) for path in paths])
    return {path for path, place in zip(paths, places, strict=True) if place.is_live}


def _places_of(paths: Sequence[list[str]]) -> list[Place]:
    """What is known of each path, without what editors said; four statements at most."""
    named = [named_by(several[0]) for several in paths]
    every = [each for found in named for each in found]
    articles = _articles([each.slug for each in every if each.kind == ARTICLE])
    names = _names(every)
    imported = _imported([each for several in paths for each in several])
    places = []
    for several, found in zip(paths, named, strict=True):
        known = [
            articles.get(each.slug) if each.kind == ARTICLE else names.get(each) for each in found
        ]
        known += [imported.get(each) for each in several]
        places.append(_best([each for each in known if each], several))
    return places


def _best(known: Iterable[Place], spellings: Sequence[str]) -> Place:
    """A page that stands there before one that it leads to, and that before one that is gone."""
    places = [
        place._replace(is_live=place.address is not None and path_of(place.address) in spellings)
        for place in known
    ]
    return max(places, key=lambda each: (each.is_live, each.address is not None), default=UNKNOWN)


def _articles(slugs: Sequence[str]) -> dict[str, Place]:
    """By slug, present or former: the article's page, or why it is gone."""
    if not slugs:
        return {}
    rows: Any = Slug.objects.filter(text__in=slugs, public_since__isnull=False)
    return {
        row[0]: _place(*row[1:])
        for row in _with_page(rows).values_list("text", "page", "gone_reason")
    }


def _imported(paths: Sequence[str]) -> dict[str, Place]:
    """By the path on the site that an article was imported from."""
    reasons = Slug.objects.filter(
        article=OuterRef("article"), public_since__isnull=False, gone_reason__isnull=False
    )
    rows: Any = FormerUrl.objects.filter(path__in=paths).annotate(
        reason=Subquery(reasons.values("gone_reason")[:1])
    )
    return {
        row[0]: _place(*row[1:]) for row in _with_page(rows).values_list("path", "page", "reason")
    }


def _with_page(rows: Any) -> Any:
    # By the article's key, past the desk's table.
    public = PublishedArticle.objects.filter(article=OuterRef("article"))
    return rows.annotate(page=Subquery(public.values(page=_PRESENT)))


def _place(page: Mapping[str, str] | None, gone: str | None) -> Place:
    if page is None:
        return UNKNOWN if gone is None else Place(gone=gone or "This article was withdrawn.")
    published_at = datetime.fromisoformat(page["published_at"])
    return Place(
        page_address(slug=page["slug"], language=page["language"], published_at=published_at)
    )


def _names(named: Iterable[Named]) -> dict[Named, Place]:
    """The pages of the regions, tags and authors that are public, by present or former slug."""
    taxonomy = taxonomy_snapshot.current()
    keys = {
        each: key
        for each in named
        if each.kind != ARTICLE
        for key in taxonomy.find(each.kind, [each.slug])
    }
    found = {}
    for kind in {each.kind for each in keys}:
        wanted = {each: key for each, key in keys.items() if each.kind == kind}
        public = _MODELS[kind].objects.public().filter(pk__in=wanted.values())
        slugs = dict(public.values_list("pk", "slug"))
        for each, key in wanted.items():
            if key in slugs:
                address = named_address(kind, slug=slugs[key], language=each.language)
                found[each] = Place(address)
    return found
