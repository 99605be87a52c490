from django.db import models

from articles.models.image import Image
from articles.models.listing import Listing
from articles.models.taxonomy import CarriedQuerySet, Named
from cms.changes.triggers import log_changes


class Author(Named):
    """Who stands in a byline; not a login. Public only while a published article names it."""

    listing_kind = Listing.Kind.AUTHOR

    role = models.TextField(blank=True, default="")
    bio = models.TextField(blank=True, default="")
    picture = models.ForeignKey(
        Image, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CarriedQuerySet.as_manager()

    class Meta(Named.Meta):
        triggers = log_changes("taxonomy", "author", keep=("picture_id",))
