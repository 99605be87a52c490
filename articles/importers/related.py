"""What lines say of related articles: written when all articles are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice

from django.db.models import F

from articles.importers.items import Item, Report
from articles.models import Article, PublishedArticle, RelatedChoice, Revision, SearchEntry
from articles.revisions import Relations, relations_of

CHUNK = 200


class RelatedLines:
    """Which related articles come first, and which never, by the file's articles."""

    def __init__(self) -> None:
        self.said: dict[int, Item] = {}  # by the primary key of the article

    def remember(self, pairs: Iterable[tuple[Item, Article]]) -> None:
        """Take what these lines say, of articles that are stored."""
        for item, article in pairs:
            if item.related_first is not None or item.related_never is not None:
                # Without its body: there may be many.
                self.said[article.pk] = replace(item, body_html="")

    def store(self, report: Report) -> None:
        """Write it all; the report is warned of names of what could not be stored."""
        remaining = iter(self.said)
        while keys := list(islice(remaining, CHUNK)):
            self._write(keys, report)

    def _write(self, keys: list[int], report: Report) -> None:
        stored = relations_of(list(Article.objects.only("pk").filter(pk__in=keys)))
        names = {name for key in keys for _, name in self.said[key].related()}
        rows = Article.objects.filter(external_id__in=names).values_list("external_id", "pk")
        known = {str(name): key for name, key in rows}
        changed = {}
        for key in keys:
            said = self.said[key]
            relations = _chosen(stored[key], said, known)
            if relations != stored[key]:
                changed[key] = relations
            report.warnings.extend(
                (said.line, f"{where}: There is no article “{name}”, so it is left out.")
                for where, name in said.related()
                if name not in known
            )
        if changed:
            _replace_choices(changed)
            _tell_revisions(changed)
            public = PublishedArticle.objects.filter(article__in=changed)
            SearchEntry.objects.rewrite(list(public.values_list("pk", flat=True)))


def _chosen(stored: Relations, said: Item, known: Mapping[str, int]) -> Relations:
    """The relations with what the line says; what it leaves out stays, but no article is both."""
    first, never = (
        None if names is None else [known[name] for name in names if name in known]
        for names in (said.related_first, said.related_never)
    )
    if first is None:
        first = [key for key in stored.pinned_ids or [] if key not in (never or [])]
    if never is None:
        never = [key for key in stored.excluded_ids or [] if key not in first]
    return replace(stored, pinned_ids=first, excluded_ids=never)


def _replace_choices(relations: Mapping[int, Relations]) -> None:
    RelatedChoice.objects.filter(article__in=relations).delete()
    RelatedChoice.objects.bulk_create(
        RelatedChoice(article_id=key, other_id=other, is_excluded=is_excluded, position=position)
        for key, each in relations.items()
        for is_excluded, others in ((False, each.pinned_ids), (True, each.excluded_ids))
        for position, other in enumerate(others or [])
    )


def _tell_revisions(relations: Mapping[int, Relations]) -> None:
    """The revisions that this import has written, before the others were there."""
    written = list(
        Revision.objects.filter(
            article__in=relations,
            kind=Revision.RevisionKind.PUBLICATION,
            number=F("article__save_number"),
        )
    )
    for revision in written:
        revision.content["pinned_ids"] = relations[revision.article_id].pinned_ids
        revision.content["excluded_ids"] = relations[revision.article_id].excluded_ids
    Revision.objects.bulk_update(written, ["content"])
