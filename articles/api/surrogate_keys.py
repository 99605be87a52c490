"""The surrogate keys of articles and of what they carry: what an answer is made of, and which
answers a change touches.

| key | on |
|---|---|
| `article-5` | the article's own answer |
| `translations-…` | answers of articles of that group of translations |
| `in-region-1`, `in-tag-2`, `by-author-3`, `in-language-ru` | lists by one of their filters |
| `articles` | lists of articles by none of these, searches, related ones |
| `region-1`, `tag-2`, `author-3` | its own answer, with how many articles it has |
| `regions`, `tags`, `authors` | the lists of them |
| `taxonomy` | all of these: they show names and pictures |
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from articles import taxonomy_snapshot
from articles.models import Region
from cms.changes.models import Change, Topic

TOPICS = (Topic.ARTICLES.value, Topic.TAXONOMY.value)
"""What answers with articles, or with what they carry, can change with."""

NAMES = "taxonomy"
_LISTS = {"author": "by-author", "tag": "in-tag", "tag_all": "in-tag", "region": "in-region"}
_COLUMNS = {"region_ids": "region", "tag_ids": "tag", "author_ids": "author"}


def of_list(parameters: Mapping[str, str]) -> list[str]:
    """The keys of a list of articles: of one of its filters, usually the narrowest. What enters
    or leaves the list enters or leaves that one's list too. What a search finds, and what facets
    count, any article may alter."""
    if "q" in parameters or "facets" in parameters:
        return ["articles", NAMES]
    taxonomy = taxonomy_snapshot.current()
    for name, prefix in _LISTS.items():
        if name in parameters:
            kind = name.removesuffix("_all")
            slugs = parameters[name].split(",")
            ids = taxonomy.find(kind, slugs)
            if len(ids) == len(slugs):
                return [*(f"{prefix}-{each}" for each in ids), NAMES]
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
    for change in changes:
        before, after = change.before or {}, change.after or {}
        yield "articles"
        yield f"article-{change.object_id}"
        for column, kind in _COLUMNS.items():
            was, is_now = (_listed(column, each, parents) for each in (before, after))
            prefix = _LISTS[kind]
            yield from (f"{prefix}-{each}" for each in was | is_now)
            if was != is_now:
                yield f"{kind}s"
                yield from (f"{kind}-{each}" for each in was ^ is_now)
        for state in (before, after):
            if "language" in state:
                yield f"in-language-{state['language'].lower()}"
            if state.get("translation_group"):
                yield f"translations-{state['translation_group']}"


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
