from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from articles.models.article import Article


class Presence(models.Model):
    """That somebody has an article open: since when, and when their page last said so (UTC)."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("model", "presence")
        verbose_name_plural = pgettext_lazy("model", "presences")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "user"], name="articles_presence_one_per_user"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} since {self.opened_at:%H:%M}"
