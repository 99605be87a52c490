from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from articles.models.article import Article


class Revision(models.Model):
    """What an article said at one moment: ``content`` holds its fields, and the ids of its
    regions, tags and authors in order. Never changed once written.

    ``number`` is the article's ``save_number`` of that moment."""

    class RevisionKind(models.TextChoices):
        AUTOSAVE = "autosave", pgettext_lazy("revision", "Autosave")
        SAVE = "save", pgettext_lazy("revision", "Save")
        PUBLICATION = "publication", pgettext_lazy("revision", "Publication")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="revisions")
    kind = models.CharField(max_length=20, choices=RevisionKind)
    number = models.PositiveIntegerField(default=0, db_default=0)
    content = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    note = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = pgettext_lazy("model", "revision")
        verbose_name_plural = pgettext_lazy("model", "revisions")
        ordering = ["-created_at", "-pk"]
        # An article's history, newest first.
        indexes = [
            models.Index(fields=["article", "-created_at", "-id"], name="articles_revision_history")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.created_at:%Y-%m-%d %H:%M}"
