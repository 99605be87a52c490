"""Writes the articles of a file: idempotent by external id, through ``publish_many``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from articles import body
from articles.importers.images import images_for
from articles.importers.items import Item
from articles.importers.plan import Plan
from articles.importers.related import RelatedLines
from articles.importers.taxonomy import TaxonomyResolver
from articles.importers.values import EMPTY_BODY
from articles.models import Article, Author, Byline, FormerUrl, Region, Slug, Tag
from articles.models.article import State
from articles.publishing import link_translations, publish_many, unpublish
from articles.slugs import slugify

CHUNK = 200

_UPDATED = [
    "title",
    "kicker",
    "summary",
    "body_html",
    "kind",
    "language",
    "is_breaking",
    "breaking_until",
    "expires_at",
    "corrections",
    "canonical_url",
    "seo_title",
    "seo_description",
    "lead_image",
    "translation_group",
    "slug",
    "state",
    "publish_at",
    "clock_error",
    "import_digest",
    "published_at",
    "updated_at",
    "saved_at",
    "save_number",
]


class ArticleStore:
    """Stores the items of one settled plan. Runs inside the caller's transaction.

    Each replaces the desk's copy of its article, or makes it; its status says whether the public
    has it.
    """

    def __init__(self, plan: Plan, *, now: datetime) -> None:
        self.plan = plan
        self.now = now
        self.regions = TaxonomyResolver(Region)
        self.tags = TaxonomyResolver(Tag)
        self.authors = TaxonomyResolver(Author)
        self.bodies: dict[str, body.Body] = {}
        self.related = RelatedLines()

    def store(self, items: Iterable[Item]) -> None:
        """Store the items chunk by chunk."""
        self._join_originals()
        remaining = iter(items)
        while chunk := list(islice(remaining, CHUNK)):
            self._write(self._fill(chunk))
        self.related.store(self.plan.report)

    def _join_originals(self) -> None:
        """Put the articles that the file only refers to into their translation groups."""
        # Languages may change places among translations, of which each has one.
        Article.objects.filter(pk__in=self.plan.moving).update(translation_group=None)
        others = set(self.plan.groups) - self.plan.changed
        articles = Article.objects.filter(external_id__in=others)
        for article in articles.only("pk", "external_id", "translation_group"):
            group = self.plan.groups[article.external_id or ""]
            if article.translation_group != group:
                link_translations([article], group=group)

    def _fill(self, items: list[Item]) -> list[tuple[Item, Article]]:
        """The articles with the items' content; items without a body are refused."""
        parsed = [(item, body.parse(item.body_html)) for item in items]
        for item, content in parsed:
            if not content.html and not item.is_empty:
                self.plan.refuse(item.line, f"body_html: {EMPTY_BODY}")
        self.bodies = {content.html: content for _, content in parsed}
        cleaned = [
            (item, content.html) for item, content in parsed if content.html or item.is_empty
        ]
        stored = {
            article.external_id: article
            for article in Article.objects.filter(
                external_id__in=[item.external_id for item, _ in cleaned]
            )
        }
        images = images_for(item.lead_image for item, _ in cleaned)
        pairs = []
        for item, html in cleaned:
            article = stored.get(item.external_id) or Article(external_id=item.external_id)
            article.lead_image = images.get(item.lead_image)
            self._fill_one(item, article, html)
            pairs.append((item, article))
        self._make_slugs([article for _, article in pairs])
        return pairs

    def _fill_one(self, item: Item, article: Article, html: str) -> None:
        article.title = item.title
        article.kicker = item.kicker
        article.summary = item.summary
        article.body_html = html
        article.kind = item.kind
        article.language = item.language
        article.is_breaking = item.is_breaking
        article.breaking_until = item.breaking_until
        article.expires_at = item.expires_at
        article.corrections = [each.as_stored() for each in item.corrections]
        article.canonical_url = item.canonical_url
        article.seo_title = item.seo_title
        article.seo_description = item.seo_description
        article.translation_group = self.plan.groups.get(item.external_id)
        article.slug = item.slug or article.slug
        article.import_digest = self.plan.entries[item.external_id].digest
        article.state = State.DRAFT if item.publish_at is None else State.SCHEDULED
        article.publish_at = item.publish_at
        article.clock_error = ""
        article.published_at = item.published_at or article.published_at
        article.updated_at = self._updated_at(item, article)
        article.saved_at = self.now
        article.save_number += 1

    def _updated_at(self, item: Item, article: Article) -> datetime | None:
        """When readers are told that it changed: never before it was published."""
        moment = item.updated_at
        if moment is None:
            moment = self.now if article.revision > 0 else article.updated_at
        if moment is None or article.published_at is None:
            return None  # the publication sets it
        return max(moment, article.published_at)

    def _make_slugs(self, articles: Sequence[Article]) -> None:
        without = [article for article in articles if not article.slug]
        free = Slug.objects.free(
            [slugify(article.title) for article in without], besides=self.plan.slugs
        )
        for article, slug in zip(without, free, strict=True):
            article.slug = slug

    def _write(self, pairs: list[tuple[Item, Article]]) -> None:
        new = [article for _, article in pairs if article.pk is None]
        old = [article for _, article in pairs if article.pk is not None]
        Article.objects.bulk_create(new)
        if old:
            # Several times faster than bulk_update; the locks are held that much shorter.
            Article.objects.bulk_create(
                old, update_conflicts=True, unique_fields=["id"], update_fields=_UPDATED
            )
        self.plan.report.created += len(new)
        self.plan.report.updated += len(old)
        self._write_relations(pairs)
        drafts = [article for item, article in pairs if not item.is_published]
        Slug.objects.reserve(drafts)
        for article in Article.objects.filter(
            public__isnull=False, pk__in=[article.pk for article in drafts]
        ):
            unpublish(article)
        self._take_back_reasons(pairs)
        publish_many(
            [article for item, article in pairs if item.is_published],
            at=self.now,
            substantive=False,
            bodies=self.bodies,
        )
        self._write_former_addresses(pairs)
        self.related.remember(pairs)
        for item, _ in pairs:
            self.plan.report.warnings.extend((item.line, text) for text in item.warnings)

    def _take_back_reasons(self, pairs: list[tuple[Item, Article]]) -> None:
        """What an earlier file said was gone, and this one does not; not what was killed here."""
        Slug.objects.tell_reasons(
            {
                article.pk: None
                for item, article in pairs
                if item.gone_reason is None and article.killed_at is None
            },
            at=self.now,
        )

    def _write_former_addresses(self, pairs: list[tuple[Item, Article]]) -> None:
        Slug.objects.keep_former(
            {
                text: (article, article.published_at or self.now)
                for item, article in pairs
                for text in item.former_slugs
            }
        )
        Slug.objects.tell_reasons(
            {
                article.pk: item.gone_reason
                for item, article in pairs
                if item.gone_reason is not None and article.killed_at is None
            },
            at=self.now,
        )
        lost = FormerUrl.objects.replace(
            (article.pk, address) for item, article in pairs for address in item.former_urls
        )
        lines = {article.pk: item.line for item, article in pairs}
        for key, address in lost:
            self.plan.report.warnings.append(
                (lines[key], f"former_urls: Another article had “{address}” first, and keeps it.")
            )

    def _write_relations(self, pairs: list[tuple[Item, Article]]) -> None:
        for resolver, name in (
            (self.regions, "regions"),
            (self.tags, "tags"),
            (self.authors, "authors"),
        ):
            resolver.make_missing(entry for item, _ in pairs for entry in getattr(item, name))
        keys = [article.pk for _, article in pairs]
        region_rows, tag_rows = Article.regions.through, Article.tags.through
        for through in (region_rows, tag_rows, Byline):
            through._default_manager.filter(article__in=keys).delete()
        region_rows._default_manager.bulk_create(
            region_rows(article_id=article.pk, region_id=key)
            for item, article in pairs
            for key in self.regions.ids(item.regions)
        )
        tag_rows._default_manager.bulk_create(
            tag_rows(article_id=article.pk, tag_id=key)
            for item, article in pairs
            for key in self.tags.ids(item.tags)
        )
        Byline.objects.bulk_create(
            Byline(article_id=article.pk, author_id=key, position=position)
            for item, article in pairs
            for position, key in enumerate(self.authors.ids(item.authors))
        )
