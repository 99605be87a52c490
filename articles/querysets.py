from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from articles.models.tally import Tally
from cms.api.caching.counts import remembered

if TYPE_CHECKING:
    from articles.models.published import PublishedArticle

# Columns of the lead picture, which comes along in the same statement.
IMAGE_FIELDS = ("url", "alt", "caption", "credit", "width", "height")


class PublishedArticleQuerySet(QuerySet["PublishedArticle"]):
    """What the public can read. ``listed_at`` and ``listed_id`` are what lists are ordered by:
    the columns of the table that the list is read from."""

    # (kind, key, language) of the tally that counts it; not kept by copies, since what is filtered
    # further is another list.
    _tallied_as: tuple[int, int, str] | None = None
    # The list that it is but for these ids; not kept by copies either.
    _leaves_out: tuple[PublishedArticleQuerySet, Collection[int]] | None = None

    def all_listed(self) -> PublishedArticleQuerySet:
        """Every public article, read from the table itself."""
        listed = self.alias(listed_at=F("published_at"), listed_id=F("id"))
        return listed._counted_by(Tally.Kind.ALL, whole=not self.query.where)

    def listed_under(self, kind: int, key: int) -> PublishedArticleQuerySet:
        """Those of one region, tag or author, read from Listing, so that the newest of them are
        found without looking at others."""
        listed = self.filter(listings__kind=kind, listings__key=key).alias(
            listed_at=F("listings__published_at"), listed_id=F("listings__article_id")
        )
        return listed._counted_by(kind, key, whole=not self.query.where)

    def in_language(self, language: str) -> PublishedArticleQuerySet:
        """Those in one language (BCP 47, in its canonical form)."""
        found = self.filter(language=language)
        return found._counted_by(Tally.Kind.LANGUAGE, 0, language, whole=not self.query.where)

    def leaving_out(self, ids: Collection[int]) -> PublishedArticleQuerySet:
        """All of it but these, such as the article beside which a list stands."""
        left = self.exclude(id__in=ids)
        left._leaves_out = (self, ids)
        return left

    def _counted_by(
        self, kind: int, key: int = 0, language: str = "", *, whole: bool
    ) -> PublishedArticleQuerySet:
        self._tallied_as = (kind, key, language) if whole else None
        return self

    def count(self) -> int:
        """How many. All, and those of one region, tag, author or language, are kept by triggers
        (articles/models/tally.py), and tell what is left of them; others are counted."""
        tallied_as = self._tallied_as
        if tallied_as is not None:
            return remembered(("tally", *tallied_as), lambda: Tally.objects.total(*tallied_as))
        if self._leaves_out is not None:
            whole, ids = self._leaves_out
            return whole.count() - whole.filter(id__in=ids).count()
        return super().count()

    def for_list(self) -> QuerySet[PublishedArticle, Any]:
        """Only what names an article's card, and what its place in the list is: tuples with these
        names, which cost half of what objects do."""
        return self.values_list("id", "version", "published_at", "updated_at", named=True)

    def showing(self, columns: Iterable[str]) -> PublishedArticleQuerySet:
        """Reads only these columns; ``lead_image`` comes with its picture, ``translations`` as a
        list of ``{"language", "slug"}``. One statement, whatever is shown."""
        wanted = set(columns)
        queryset = self
        if "translations" in wanted:
            wanted.remove("translations")
            queryset = queryset.annotate(translations=self._translations("language", "slug"))
        if "lead_image" in wanted:
            queryset = queryset.select_related("lead_image")
            wanted |= {f"lead_image__{name}" for name in IMAGE_FIELDS}
        # What names the article in caches is needed, whatever is shown.
        return queryset.only(
            "id", "version", "published_at", "updated_at", "translation_group", *wanted
        )

    def with_alternates(self) -> PublishedArticleQuerySet:
        """Adds ``alternates``, what the addresses of its translations are made of: a list of
        ``{"language", "slug", "published_at"}``, the time as RFC 3339."""
        return self.annotate(alternates=self._translations("language", "slug", "published_at"))

    def _translations(self, *names: str) -> ArraySubquery:
        others = self.model._default_manager.filter(
            translation_group=OuterRef("translation_group")
        ).exclude(pk=OuterRef("pk"))
        return ArraySubquery(
            others.order_by("language", "id").values(
                json=JSONObject(**{name: name for name in names})
            )
        )
