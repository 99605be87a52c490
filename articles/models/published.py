from __future__ import annotations

import math

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from articles.models.article import Article
from articles.models.content import ArticleContent
from articles.models.tally_triggers import keep_tallies
from articles.querysets import PublishedArticleQuerySet
from articles.slugs import MAX_LENGTH
from cms.changes.triggers import log_changes

WORDS_A_MINUTE = 200
# What says in which lists an article stands, and which other articles name it.
LISTED_BY = ("region_ids", "tag_ids", "author_ids", "language", "translation_group")
# And what is public only because of it.
CARRIES = ("image_ids",)


def _ids() -> ArrayField[list[int], list[int]]:
    return ArrayField(models.BigIntegerField(), default=list)


class PublishedArticle(ArticleContent):
    """The public copy: what every public answer is made of, and nothing else.

    Written by articles/publishing.py only. ``id`` is the public id, from a sequence of its own.
    ``due_at`` is when the clock has to look at it (expiry, end of breaking news; UTC).
    """

    id = models.BigIntegerField(primary_key=True)
    article = models.OneToOneField(Article, on_delete=models.PROTECT, related_name="public")
    slug = models.CharField(max_length=MAX_LENGTH, unique=True)

    region_ids = _ids()
    tag_ids = _ids()
    author_ids = _ids()
    image_ids = _ids()

    blocks = models.JSONField(default=list)
    body_text = models.TextField(default="")
    excerpt = models.TextField(default="")
    word_count = models.PositiveIntegerField(default=0)

    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    revision = models.PositiveIntegerField()
    version = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(null=True)

    objects = PublishedArticleQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("model", "public article")
        verbose_name_plural = pgettext_lazy("model", "public articles")
        triggers = [
            *log_changes("articles", "article", keep=(*LISTED_BY, *CARRIES)),
            *keep_tallies("articles_tally_published"),
        ]
        indexes = [
            # Lists by one or two of region, tag, author are read from Listing; these serve the
            # rest: the newest of all, of a language, of a kind; the last updated.
            models.Index(F("published_at").desc(), F("id").desc(), name="articles_published_new"),
            models.Index(
                F("language"),
                F("published_at").desc(),
                F("id").desc(),
                name="articles_published_language",
            ),
            models.Index(
                F("kind"), F("published_at").desc(), F("id").desc(), name="articles_published_kind"
            ),
            models.Index(F("updated_at").desc(), F("id").desc(), name="articles_published_updated"),
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(is_breaking=True),
                name="articles_published_breaking",
            ),
            # Several regions, tags or authors at once, tag_all, and a second filter.
            GinIndex(fields=["region_ids"], name="articles_published_regions"),
            GinIndex(fields=["tag_ids"], name="articles_published_tags"),
            GinIndex(fields=["author_ids"], name="articles_published_authors"),
            # Whether a picture is public.
            GinIndex(fields=["image_ids"], name="articles_published_images"),
            # The translations of an article.
            models.Index(fields=["translation_group"], name="articles_published_group"),
            # The version's query asks for the smallest.
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="articles_published_due"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reading_minutes(self) -> int:
        return math.ceil(self.word_count / WORDS_A_MINUTE)
