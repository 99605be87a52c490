from django.db import models

from cms.changes.triggers import log_changes


class Image(models.Model):
    """A picture by its address. It is public only while a published article carries it."""

    url = models.URLField(max_length=2000)
    alt = models.TextField(blank=True, default="")
    caption = models.TextField(blank=True, default="")
    credit = models.TextField(blank=True, default="")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    version = models.BigIntegerField(editable=False, default=0)

    class Meta:
        triggers = log_changes("taxonomy", "image")
        # An import asks whether it has this very picture already.
        indexes = [models.Index(models.F("url"), name="articles_image_url")]

    def __str__(self) -> str:
        return self.alt or self.url
