"""The surrogate keys of articles and of what they carry: what an answer is made of, and which
answers a change touches.

| key | on |
|---|---|
| `article-5` | the article's own answer |
| `translations-…` | answers of articles of that group of translations |
| `in-region-asia`, `in-tag-water`, `by-author-asel`, `in-language-ru` | lists by a filter |
| `articles` | lists of articles by none of these, searches, related ones, collections, feeds |
| `region-1`, `tag-2`, `author-3` | its own answer, with how many articles it has |
| `regions`, `tags`, `authors` | the lists of them |
| `taxonomy` | all of these: they show names and pictures |

Lists are named by slugs, since the list of a tag that only drafts carry must look like that of a
tag that was never made.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from articles import taxonomy_snapshot
from articles.models import Author, Region, Tag
from articles.models.taxonomy import Named
from cms.changes.models import Change, Topic

TOPICS = (Topic.ARTICLES.value, Topic.TAXONOMY.value)
"""What answers with articles, or with what they carry, can change with."""

NAMES = "taxonomy"
_MODELS: dict[str, type[Named]] = {"region": Region, "tag": Tag, "author": Author}
_LISTS = {"author": "by-author", "tag": "in-tag", "tag_all": "in-tag", "region": "in-region"}
_MOST = 10
"""A list of more regions, tags or authors goes with the lists of all articles."""

_COLUMNS = {"region_ids": "region", "tag_ids": "tag", "author_ids": "author"}


def of_list(parameters: Mapping[str, str]) -> list[str]:
    """The keys of a list of articles: of one of its filters, usually the narrowest. What enters
    or leaves the list enters or leaves that one's list too. What a search finds, what facets
    count, and what has a translation, any article may alter."""
    if "q" in parameters or "facets" in parameters or "fallback" in parameters:
        return ["articles", NAMES]
    taxonomy = taxonomy_snapshot.current()
    for name, prefix in _LISTS.items():
        if name in parameters:
            kind = name.removesuffix("_all")
            slugs = [taxonomy.present_slug(kind, each) for each in parameters[name].split(",")]
            if len(slugs) <= _MOST:
                return [*(f"{prefix}-{each}" for each in dict.fromkeys(slugs)), NAMES]
    if "language" in parameters:
        return [f"in-language-{parameters['language'].lower()}", NAMES]
    return ["articles", NAMES]


def of_article(article: Any) -> list[str]:
    """The keys of an article's own answer."""
    keys = [f"article-{article.pk}", NAMES]
    if article.translation_group is not None:
        keys.append(f"translations-{article.translation_group}")
    return keys


def touched_by_articles(changes: Sequence[Change]) -> Iterator[str]:
    """Each article, the lists that it is or was in, those of its translations; and, where its
    lists are others now, those that tell how long they are."""
    parents: dict[int, int | None] = dict(Region.objects.values_list("pk", "parent_id"))
    listed = {
        (kind, identity)
        for change in changes
        for state in (change.before or {}, change.after or {})
        for column, kind in _COLUMNS.items()
        for identity in _listed(column, state, parents)
    }
    slugs = _slugs(listed)
    for change in changes:
        before, after = change.before or {}, change.after or {}
        yield "articles"
        yield f"article-{change.object_id}"
        for column, kind in _COLUMNS.items():
            was, is_now = (_listed(column, each, parents) for each in (before, after))
            prefix = _LISTS[kind]
            # One that is gone took back all names when it went.
            found = [slugs[kind, each] for each in was | is_now if (kind, each) in slugs]
            yield from (f"{prefix}-{each}" for each in found)
            if was != is_now:
                yield f"{kind}s"
                yield from (f"{kind}-{each}" for each in was ^ is_now)
        for state in (before, after):
            if "language" in state:
                yield f"in-language-{state['language'].lower()}"
            if state.get("translation_group"):
                yield f"translations-{state['translation_group']}"


def _slugs(things: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The slugs of regions, tags and authors that are there, by kind and id."""
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, identity in things:
        ids[kind].append(identity)
    return {
        (kind, identity): slug
        for kind, those in ids.items()
        for identity, slug in _MODELS[kind]
        ._default_manager.filter(pk__in=those)
        .values_list("pk", "slug")
    }


def _listed(
    column: str, state: Mapping[str, Any], parents: Mapping[int, int | None]
) -> frozenset[int]:
    """The lists that an article of these ids stands in: a region's ancestors too."""
    ids: Iterable[int] = state.get(column, [])
    if column != "region_ids":
        return frozenset(ids)
    found = set()
    for each in ids:
        region: int | None = each
        while region is not None and region not in found:
            found.add(region)
            region = parents.get(region)
    return frozenset(found)


def touched_by_names(changes: Sequence[Change]) -> Iterator[str]:
    """What was not there before is in no answer yet; but a region may be listed by hand."""
    for change in changes:
        if change.before is not None:
            yield NAMES
        elif change.type == "region":
            yield "regions"
