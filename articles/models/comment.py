from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from articles.models.article import Article


class Comment(models.Model):
    """What somebody at the desk said about an article; readers never see it.

    Open until ``resolved_at``. ``by_name`` is the login as it was, for when it is deleted;
    ``mentioned`` are those whom the text names by ``@login``. Written by ``articles.comments``.
    """

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="comments", db_index=False
    )
    text = models.TextField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by_name = models.TextField()
    mentioned = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = pgettext_lazy("model", "comment")
        verbose_name_plural = pgettext_lazy("model", "comments")
        ordering = ["created_at", "pk"]
        indexes = [
            # An article's conversation.
            models.Index(fields=["article", "created_at", "id"], name="articles_comment_article"),
        ]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.text[:60]}"
