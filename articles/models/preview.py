from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from articles.models.article import Article
from articles.models.revision import Revision


class Preview(models.Model):
    """Leave to read one revision of an article, or always the latest (``revision`` null), by a
    token, until ``expires_at`` (UTC) or until it is revoked. ``articles/preview.py`` writes it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="previews")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = pgettext_lazy("model", "preview")
        verbose_name_plural = pgettext_lazy("model", "previews")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Preview of {self.article} until {self.expires_at:%Y-%m-%d %H:%M}"
