import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """What a change is about; the response cache keeps a version of each."""

    ARTICLES = "articles"
    TAXONOMY = "taxonomy"
    RATES = "rates"


class LogHead(models.Model):
    """The single row that numbers the log.

    ``number`` is that of the last committed change, the column of a topic that of its last one.
    ``epoch`` names this life of the log: whoever holds numbers of another one starts again.
    ``home`` is where this life began (cms/changes/epoch.py).
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    articles = models.BigIntegerField(default=0)
    taxonomy = models.BigIntegerField(default=0)
    rates = models.BigIntegerField(default=0)
    epoch = models.UUIDField(default=uuid.uuid4)
    home = models.TextField(default="", db_default="")

    class Meta:
        verbose_name = _("log head")
        verbose_name_plural = _("log heads")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="changes_loghead_single")]

    def __str__(self) -> str:
        return f"change {self.number}"


class Change(models.Model):
    """One change of a public row, written by the row triggers of cms/changes/triggers.py, and by
    what readers are to be told of without one.

    ``number`` is null until COMMIT, then gap-free and in commit order. ``slug`` is what the object
    was called, so that a deletion can still be told; ``version`` is the object's new version.
    ``before`` and ``after`` hold the columns that the model's triggers name: what the object stood
    in, and stands in; null before it was there, and after.
    """

    number = models.BigIntegerField(null=True, unique=True)
    topic = models.CharField(max_length=20, choices=Topic)
    action = models.CharField(
        max_length=10, choices=[(name, name) for name in ("upsert", "delete", "reset")]
    )
    type = models.CharField(max_length=20)
    object_id = models.BigIntegerField(null=True)
    slug = models.TextField(default="")
    version = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            # Whether names that are shown have changed, or only new ones have come.
            models.Index(
                fields=["topic", "-number"],
                condition=Q(before__isnull=False) | Q(action="reset"),
                name="changes_change_altered",
            ),
            # Sync: whether an object changed again later.
            models.Index(fields=["type", "object_id", "-number"], name="changes_change_of_object"),
            # Numbering at COMMIT finds its own rows among millions.
            models.Index(
                fields=["id"], condition=Q(number__isnull=True), name="changes_change_unnumbered"
            ),
            # What was taken away last, of one type.
            models.Index(
                fields=["type", "-number"],
                condition=Q(action="delete"),
                name="changes_change_deleted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.action} {self.type} {self.object_id}"


class Worker(models.Model):
    """A worker that lives, or was killed: it tells so every few seconds, until it ends (UTC)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    host = models.CharField(max_length=255)
    process = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return f"{self.host} {self.process}"


class Consumer(models.Model):
    """How far somebody who reacts to changes has read the log (cms/changes/consumers.py).

    ``epoch`` is the life of the log that ``number`` is of. After ``failures`` in a row the next
    try is at ``retry_at`` (UTC); ``error`` is what the last one said.
    """

    name = models.CharField(max_length=50, primary_key=True)
    epoch = models.UUIDField()
    number = models.BigIntegerField()
    moved_at = models.DateTimeField(auto_now=True)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        verbose_name = _("consumer of changes")
        verbose_name_plural = _("consumers of changes")

    def __str__(self) -> str:
        return f"{self.name} at change {self.number}"
