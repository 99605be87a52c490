from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models, transaction
from django.db.models import Case, F, Func, Q, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles import body
from articles.models.author import Author
from articles.models.content import CONTENT_FIELDS, ArticleContent
from articles.models.slug import Slug
from articles.models.taxonomy import Region, Tag
from articles.slugs import MAX_LENGTH, slugify, validate_slug
from articles.workflow import State as State
from cms import languages

ONE_PER_LANGUAGE = "articles_article_one_per_language"

# Written by articles/publishing only, once an article has been public.
PUBLICATION_FIELDS = ("public_id", "revision", "version", "published_at", "updated_at")
# Written by the verbs of articles/publishing only.
WORKFLOW_FIELDS = ("state", "publish_at", "embargo_until", "trashed_at", "killed_at", "clock_error")
_COMPARED = (
    *(ArticleContent._meta.get_field(name).attname for name in CONTENT_FIELDS),  # type: ignore[union-attr]  # none of them is a reverse relation
    "slug",
)


def newsroom_language() -> str:
    """The newsroom's first language."""
    return str(settings.NEWSROOM_LANGUAGES[0])


def desk_words() -> Func:
    """The words of an article on the desk, of its body those of the first 80,000 characters:
    lower case, without accents. An index holds it; migration 0011 makes the function."""
    return Func(
        *(F(name) for name in ("title", "kicker", "summary", "body_html")),
        function="articles_desk_words",
        output_field=SearchVectorField(),
    )


class Article(ArticleContent):
    """The desk's copy of an article. Saving it changes nothing for readers.

    The desk saves by ``articles.saving.save``, which keeps revisions; a plain ``save`` is for
    scripts. ``save_number`` counts saves, and is what a save says it is based on. Who wrote it is
    ``created_by``. What is in the trash has ``trashed_at``, what a publisher killed ``killed_at``
    (its public reason stands in ``Slug``).

    ``public_id``, ``revision`` (counts publications), ``version``, ``published_at`` and
    ``updated_at`` are those of the public copy and outlive it. ``publish_at`` is when a scheduled
    article is due (UTC); ``clock_error`` is why the clock could not do it; before
    ``embargo_until`` nobody publishes it.
    """

    external_id = models.CharField(
        _("external id"), max_length=255, null=True, blank=True, unique=True
    )
    import_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    slug = models.CharField(
        _("slug"), max_length=MAX_LENGTH, blank=True, validators=[validate_slug]
    )
    state = models.CharField(
        max_length=20,
        choices=[(state.value, state.label) for state in State],
        default=State.DRAFT.value,
    )

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
    save_number = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    trashed_at = models.DateTimeField(null=True, blank=True, editable=False)
    killed_at = models.DateTimeField(null=True, blank=True, editable=False)

    publish_at = models.DateTimeField(null=True, blank=True)
    embargo_until = models.DateTimeField(null=True, blank=True)
    clock_error = models.TextField(blank=True, default="", editable=False)
    due_at = models.GeneratedField(
        expression=Case(
            When(Q(state=State.SCHEDULED.value) & Q(clock_error=""), then=F("publish_at")),
            default=None,
        ),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )

    public_id = models.BigIntegerField(null=True, unique=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    version = models.BigIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(_("first published"), null=True, blank=True)
    updated_at = models.DateTimeField(
        _("updated for readers"), null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation_group", "language"],
                name=ONE_PER_LANGUAGE,
                violation_error_message=_("There is a translation in this language already."),
            ),
        ]
        indexes = [
            # The version's query asks for the smallest.
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="articles_article_due"
            ),
            models.Index(fields=["-saved_at", "-id"], name="articles_article_saved"),
            # The calendar; few articles are scheduled.
            models.Index(
                fields=["publish_at"],
                condition=Q(publish_at__isnull=False),
                name="articles_article_publish_at",
            ),
            # The desk's trash, and how much there is in it.
            models.Index(
                fields=["trashed_at"],
                condition=Q(trashed_at__isnull=False),
                name="articles_article_trashed",
            ),
            # The desk's lists, and how many they hold: of all, by state, by writer, by language;
            # with what says who may read it, so that no row is read for those that are not shown.
            *(
                models.Index(
                    fields=[*fields, "-saved_at", "-id"],
                    include=include,
                    condition=Q(trashed_at__isnull=True),
                    name=f"articles_article_lines{suffix}",
                )
                for fields, include, suffix in (
                    ([], ["state", "created_by"], ""),
                    (["state"], ["created_by"], "_state"),
                    (["created_by"], ["state"], "_by"),
                    (["language"], ["state", "created_by"], "_in"),
                )
            ),
            # The desk's search.
            GinIndex(desk_words(), name="articles_article_words"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves the desk's copy, its body in the normal form of articles/body; a slug is made
        from the title where none is given. What was published becomes a draft of the next version
        if anything differs; nothing else moves. ValidationError when another article holds the
        slug.
        """
        self.language = languages.canonical(self.language or newsroom_language())
        self.body_html = body.clean(self.body_html)
        with transaction.atomic():
            if self.pk is not None:
                self._keep_what_verbs_wrote(kwargs)
            if not self.slug:
                self.slug = Slug.objects.free([slugify(self.title)])[0]
            super().save(*args, **kwargs)
            Slug.objects.reserve([self])

    def _keep_what_verbs_wrote(self, kwargs: dict[str, Any]) -> None:
        """Somebody may have moved or published it since this copy was read; a save must not undo
        that."""
        written = set(kwargs.get("update_fields") or _COMPARED)
        # Locked by its key alone: a condition would be looked at before the lock is there.
        rows = Article.objects.filter(pk=self.pk).select_for_update(no_key=True)
        stored = rows.values(*PUBLICATION_FIELDS, *WORKFLOW_FIELDS, *_COMPARED, "save_number")
        before = stored.first()
        if before is None:
            return
        kept = (*WORKFLOW_FIELDS, *(PUBLICATION_FIELDS if before["public_id"] else ()))
        for name in kept:
            setattr(self, name, before[name])
        changed = any(
            getattr(self, name) != before[name]
            for name in _COMPARED
            if name in written or name.removesuffix("_id") in written
        )
        if changed and self.state == State.PUBLISHED:
            self.state = State.DRAFT
        self.save_number = before["save_number"] + (1 if changed else 0)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "state", "save_number"}

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
        verbose_name = pgettext_lazy("model", "byline")
        verbose_name_plural = pgettext_lazy("model", "bylines")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author"], name="articles_byline_author_once"
            ),
        ]

    def __str__(self) -> str:
        return self.author.name
