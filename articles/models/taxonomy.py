from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Lower, NullIf, Replace
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from articles.models.listing import Listing
from articles.models.tally import Tally
from articles.slugs import MAX_LENGTH, validate_slug
from cms import languages
from cms.changes.triggers import log_changes


class CarriedQuerySet(models.QuerySet[Any]):
    """Regions, tags or authors. They are public only while a published article carries them."""

    def _listings(self) -> models.QuerySet[Listing]:
        return Listing.objects.filter(kind=int(self.model.listing_kind), key=OuterRef("pk"))

    def public(self) -> Self:
        """Those that an anonymous reader may know of."""
        return self.filter(Exists(self._listings()) | self.model.listed_by_hand())

    def with_article_count(self) -> Self:
        """Adds ``article_count``: published articles that carry it, or a descendant of it."""
        tallies = Tally.objects.filter(
            kind=int(self.model.listing_kind), key=OuterRef("pk"), language=""
        )
        totals = tallies.order_by().values("key").annotate(total=Sum("number")).values("total")
        return self.annotate(
            article_count=Coalesce(Subquery(totals), 0, output_field=models.BigIntegerField())
        )

    def with_shown_name(self, locale: str | None) -> Self:
        """Adds ``shown_name``, the name in ``locale`` where there is one, else the usual name, and
        ``sort_name``, by which readers expect it: in either case, ё as е."""
        name: Any = F("name")
        if locale is not None:
            translated = KeyTextTransform(locale, "names")
            name = Coalesce(
                NullIf(translated, Value(""), output_field=models.TextField()), F("name")
            )
        return self.annotate(
            shown_name=name,
            sort_name=Replace(Lower(name), Value("ё"), Value("е"), output_field=models.TextField()),
        )


class Named(models.Model):
    """What regions, tags and authors have in common. ``names`` holds the name in other
    languages, by BCP 47 tag: ``{"ru": "Казахстан"}``."""

    listing_kind: ClassVar[int]

    slug = models.CharField(
        _("slug"), max_length=MAX_LENGTH, unique=True, validators=[validate_slug]
    )
    name = models.TextField(pgettext_lazy("of a region or tag", "name"))
    names = models.JSONField(_("names"), blank=True, default=dict)
    import_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    version = models.BigIntegerField(editable=False, default=0)

    class Meta:
        abstract = True
        ordering = ["name", "slug"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.names = {languages.canonical(tag): name for tag, name in self.names.items()}
        super().save(*args, **kwargs)

    @classmethod
    def listed_by_hand(cls) -> Q:
        """What an editor shows although no published article carries it: nothing, but regions."""
        return Q(pk__in=[])

    def is_public(self) -> bool:
        return bool(type(self)._default_manager.filter(pk=self.pk).public().exists())  # type: ignore[attr-defined]

    def clean(self) -> None:
        if not isinstance(self.names, dict) or not all(
            isinstance(name, str) for name in self.names.values()
        ):
            raise ValidationError(
                {
                    "names": gettext("Write {example}: a name for each language.").format(
                        example='{"ru": "…"}'
                    )
                }
            )


class Tag(Named):
    """A topic. Public only while a published article carries it."""

    listing_kind = Listing.Kind.TAG

    objects = CarriedQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        triggers = log_changes("taxonomy", "tag")


class Region(Named):
    """A place in a tree. Public while a published article carries it or one of its descendants,
    or when an editor lists it by hand (``is_listed``). ``code`` is ISO 3166-1 alpha-2."""

    listing_kind = Listing.Kind.REGION

    code = models.CharField(_("code"), max_length=2, blank=True, default="")
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    order = models.IntegerField(_("order"), default=0)
    description = models.TextField(_("description"), blank=True, default="")
    is_listed = models.BooleanField(_("listed without articles"), default=False)

    objects = CarriedQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["order", "name", "slug"]
        triggers = log_changes("taxonomy", "region", keep=("parent_id", "is_listed"))

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves; when the region has moved in the tree, its articles' lists move with it."""
        with transaction.atomic():
            moved = self._is_moved()
            if moved:
                Listing.objects.lock_tree()
                self._refuse_a_circle()
            super().save(*args, **kwargs)
            if moved:
                Listing.objects.rewrite_region(self.pk)

    @classmethod
    def listed_by_hand(cls) -> Q:
        return Q(is_listed=True)

    def clean(self) -> None:
        super().clean()
        if self.code and not (self.code.isascii() and self.code.isalpha() and len(self.code) == 2):
            raise ValidationError({"code": gettext("Use two letters of ISO 3166-1, such as KZ.")})
        self._refuse_a_circle()

    def _is_moved(self) -> bool:
        before = Region.objects.filter(pk=self.pk).values_list("parent_id", flat=True)
        return self.pk is not None and list(before) not in ([], [self.parent_id])

    def _refuse_a_circle(self) -> None:
        parents = dict(Region.objects.values_list("pk", "parent_id"))
        ancestor, seen = self.parent_id, {self.pk}
        while ancestor is not None:
            if ancestor in seen:
                raise ValidationError({"parent": gettext("A region cannot stand below itself.")})
            seen.add(ancestor)
            ancestor = parents.get(ancestor)
