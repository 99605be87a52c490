from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models.image import Image
from articles.models.listing import Listing
from articles.models.taxonomy import CarriedQuerySet, Named
from cms.changes.triggers import log_changes


class Author(Named):
    """Who stands in a byline; not a login. Public only while a published article names it."""

    listing_kind = Listing.Kind.AUTHOR

    name = models.TextField(pgettext_lazy("of a person", "name"))
    role = models.TextField(pgettext_lazy("of an author", "role"), blank=True, default="")
    bio = models.TextField(_("bio"), blank=True, default="")
    picture = models.ForeignKey(
        Image,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )

    objects = CarriedQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        triggers = log_changes("taxonomy", "author", keep=("picture_id",))
