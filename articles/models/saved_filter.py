from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy


class SavedFilter(models.Model):
    """A list of articles that somebody wants to come back to: a name of their own, and the query
    string of the list, without a page's number. Nobody else sees it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000)

    class Meta:
        verbose_name = pgettext_lazy("model", "saved filter")
        verbose_name_plural = pgettext_lazy("model", "saved filters")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], name="articles_saved_filter_one_per_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name
