from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, F, Q, When

from articles import body
from articles.models.author import Author
from articles.models.content import ArticleContent
from articles.models.slug import Slug
from articles.models.taxonomy import Region, Tag
from articles.slugs import MAX_LENGTH, slugify, validate_slug
from cms import languages


class State(models.TextChoices):
    """Where an article's next version stands; whether the public has it is another matter."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    SCHEDULED = "scheduled", "Scheduled"
    PUBLISHED = "published", "Published"


# Written by articles/publishing.py only, once an article has been public.
PUBLICATION_FIELDS = ("public_id", "revision", "version", "published_at", "updated_at")


def newsroom_language() -> str:
    """The newsroom's first language."""
    return str(settings.NEWSROOM_LANGUAGES[0])


class Article(ArticleContent):
    """The desk's copy of an article. Saving it changes nothing for readers.

    ``public_id``, ``revision`` (counts publications), ``version``, ``published_at`` and
    ``updated_at`` are those of the public copy and outlive it. ``publish_at`` is when a scheduled
    article is due (UTC); ``clock_error`` is why the clock could not do it.
    """

    external_id = models.CharField(max_length=255, null=True, blank=True, unique=True)
    import_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    slug = models.CharField(max_length=MAX_LENGTH, blank=True, validators=[validate_slug])
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)

    regions = models.ManyToManyField(Region, blank=True, related_name="+")
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")
    authors = models.ManyToManyField(Author, blank=True, through="Byline", related_name="+")

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)

    publish_at = models.DateTimeField(null=True, blank=True)
    embargo_until = models.DateTimeField(null=True, blank=True)
    clock_error = models.TextField(blank=True, default="", editable=False)
    due_at = models.GeneratedField(
        expression=Case(
            When(Q(state=State.SCHEDULED) & Q(clock_error=""), then=F("publish_at")),
            default=None,
        ),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )

    public_id = models.BigIntegerField(null=True, unique=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    version = models.BigIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-saved_at", "-pk"]
        permissions = [("publish_article", "Can publish and unpublish articles")]
        constraints = [
            models.UniqueConstraint(
                fields=["translation_group", "language"],
                name="articles_article_one_per_language",
                violation_error_message="There is a translation in this language already.",
            ),
        ]
        indexes = [
            # The version's query asks for the smallest.
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="articles_article_due"
            ),
            models.Index(fields=["-saved_at", "-id"], name="articles_article_saved"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves the desk's copy, its body in the normal form of articles/body; a slug is made
        from the title where none is given. ValidationError when another article holds the slug.
        """
        self.language = languages.canonical(self.language or newsroom_language())
        self.body_html = body.clean(self.body_html)
        with transaction.atomic():
            if self.pk is not None and kwargs.get("update_fields") is None:
                self._keep_what_publication_wrote()
            if not self.slug:
                self.slug = Slug.objects.free([slugify(self.title)])[0]
            super().save(*args, **kwargs)
            Slug.objects.reserve([self])

    def _keep_what_publication_wrote(self) -> None:
        """Somebody may have published since this copy was read; a save must not undo that."""
        # Locked by its key alone: a condition would be looked at before the lock is there.
        rows = Article.objects.filter(pk=self.pk).select_for_update(no_key=True)
        stored = rows.values(*PUBLICATION_FIELDS).first()
        if stored is not None and stored["public_id"] is not None:
            for name, value in stored.items():
                setattr(self, name, value)

    @property
    def is_public(self) -> bool:
        """Whether readers have it: the public row is there, and nothing else counts."""
        return hasattr(self, "public")


class Byline(models.Model):
    """An author of an article, in the order in which the names stand."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author"], name="articles_byline_author_once"
            ),
        ]

    def __str__(self) -> str:
        return self.author.name
