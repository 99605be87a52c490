from django.db import models
from django.utils.translation import gettext_lazy as _

from cms.changes.triggers import log_changes


class Image(models.Model):
    """A picture by its address. It is public only while a published article carries it."""

    url = models.URLField(_("address"), max_length=2000)
    alt = models.TextField(_("alternative text"), blank=True, default="")
    caption = models.TextField(_("caption"), blank=True, default="")
    credit = models.TextField(_("credit"), blank=True, default="")
    width = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True)
    version = models.BigIntegerField(editable=False, default=0)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        triggers = log_changes("taxonomy", "image")
        # An import asks whether it has this very picture already.
        indexes = [models.Index(models.F("url"), name="articles_image_url")]

    def __str__(self) -> str:
        return self.alt or self.url
