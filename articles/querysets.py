from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from articles.models.listing import Listing

if TYPE_CHECKING:
    from articles.models.published import PublishedArticle  # noqa: F401 -- the type of the rows

# Columns of the lead picture, which comes along in the same statement.
IMAGE_FIELDS = ("url", "alt", "caption", "credit", "width", "height")


class PublishedArticleQuerySet(QuerySet["PublishedArticle"]):
    """What the public can read. ``listed_at`` and ``listed_id`` are what lists are ordered by:
    the columns of the table that the list is read from."""

    _listing: QuerySet[Listing] | None = None

    def all_listed(self) -> PublishedArticleQuerySet:
        """Every public article, read from the table itself."""
        return self.alias(listed_at=F("published_at"), listed_id=F("id"))

    def listed_under(self, kind: int, key: int) -> PublishedArticleQuerySet:
        """Those of one region, tag or author, read from Listing, so that the newest of them are
        found without looking at others."""
        listed = self.filter(listings__kind=kind, listings__key=key).alias(
            listed_at=F("listings__published_at"), listed_id=F("listings__article_id")
        )
        if not self.query.where:
            # Not kept by copies: what is filtered further counts itself.
            listed._listing = Listing.objects.filter(kind=kind, key=key)
        return listed

    def in_language_or(self, language: str, fallback: str) -> PublishedArticleQuerySet:
        """Those in ``language``, and those in ``fallback`` of which the public has no translation
        into it: of articles that are translations of each other, one."""
        # Not Exists, which PostgreSQL may answer by reading all of the language into memory first.
        translation = self.model._default_manager.filter(
            translation_group=OuterRef("translation_group"), language=language
        ).values("pk")[:1]
        return self.alias(translation=Subquery(translation)).filter(
            Q(language=language) | Q(language=fallback, translation=None)
        )

    def count(self) -> int:
        """How many; of a whole list of Listing by that table alone (10 ms instead of 90 of the
        60,000 of a region)."""
        return super().count() if self._listing is None else self._listing.count()

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
        # The order's columns are needed for the cursor, whatever is shown.
        return queryset.only("id", "published_at", "updated_at", *wanted)

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
