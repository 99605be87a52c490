from __future__ import annotations

from typing import Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article
from articles.models.content import IS_A_LANGUAGE, Kind
from articles.models.taxonomy import Region, Tag
from articles.slugs import MAX_LENGTH, validate_slug
from cms import languages
from cms.changes.triggers import WHEN_CHANGED, FunctionTrigger, log_changes

MAX_SLOTS = 50
MAX_ARTICLES = 100
MOST_IN_A_SLOT = 20


class CollectionQuerySet(models.QuerySet["Collection"]):
    def public(self) -> CollectionQuerySet:
        """Those that readers have."""
        return self.filter(is_public=True)


class Collection(models.Model):
    """What editors arrange: a front page, a package on a topic. Its slots say what stands in it.

    ``language`` narrows what its rules find; "" for all. ``arranged`` counts changes of its slots:
    a trigger does, so that each of them is a change of the collection.
    """

    slug = models.CharField(
        _("slug"), max_length=MAX_LENGTH, unique=True, validators=[validate_slug]
    )
    title = models.TextField(_("title"))
    description = models.TextField(_("description"), blank=True, default="")
    language = models.CharField(
        _("language"), max_length=35, blank=True, default="", validators=[IS_A_LANGUAGE]
    )
    is_public = models.BooleanField(_("readers have it"), default=False)
    arranged = models.BigIntegerField(editable=False, default=0)
    import_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    version = models.BigIntegerField(editable=False, default=0)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ["title", "slug"]
        triggers = log_changes("articles", "collection", keep=("is_public",))

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.language:
            self.language = languages.canonical(self.language)
        super().save(*args, **kwargs)


class Slot(models.Model):
    """A place in a collection: an article that an editor pins there, until a time or for good; or
    what a rule finds; or one and then the other.

    ``number`` is how many articles it holds, the pinned one among them. An article that is pinned
    twice stands in the first slot: no constraint is in the way of who exchanges two.
    ``pinned_until`` is UTC; what is due then, ``articles.schedule`` does, and ``clock_error`` is
    why it could not.
    """

    class Rule(models.TextChoices):
        NEWEST = "newest", _("The newest")
        BREAKING_FIRST = "breaking_first", _("Breaking news first, then the newest")

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="slots")
    position = models.PositiveIntegerField(_("position"), default=0)
    article = models.ForeignKey(
        Article,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("article"),
    )
    pinned_until = models.DateTimeField(_("pinned until"), null=True, blank=True)
    rule = models.CharField(_("rule"), max_length=20, choices=Rule, blank=True, default="")
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
    )
    tag = models.ForeignKey(
        Tag,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tag"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, blank=True, default="")
    number = models.PositiveSmallIntegerField(
        _("how many articles"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_IN_A_SLOT)],
    )
    clock_error = models.TextField(blank=True, default="", editable=False)
    due_at = models.GeneratedField(
        expression=Case(
            When(Q(article__isnull=False) & Q(clock_error=""), then=F("pinned_until")), default=None
        ),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots, in their order")
        ordering = ["position", "pk"]
        indexes = [
            # The version's query asks for the smallest.
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="articles_slot_due"
            ),
        ]
        triggers = [
            FunctionTrigger(
                name="arrange",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Delete,
                function="articles_arrange_collection",
            ),
            FunctionTrigger(
                name="arrange_update",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=WHEN_CHANGED,
                function="articles_arrange_collection",
            ),
            FunctionTrigger(
                name="log_truncate",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Truncate,
                function="changes_log",
                arguments=("articles", "collection"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.article or self.get_rule_display() or gettext("empty"))

    def clean(self) -> None:
        errors: dict[str, str] = {}
        if self.article_id is None and not self.rule:
            errors["article"] = gettext("Choose an article, or a rule that fills the slot.")
        if self.article_id is None and self.pinned_until is not None:
            errors["pinned_until"] = gettext(
                "Choose the article that stays until then, or leave it empty."
            )
        if not self.rule and (self.region_id or self.tag_id or self.kind or self.number != 1):
            errors["rule"] = gettext("Choose a rule, which these narrow, or leave them empty.")
        if errors:
            raise ValidationError(errors)
