from django.apps import AppConfig
from django.db.models.signals import post_migrate


def make_log_head(sender: AppConfig, using: str, **kwargs: object) -> None:
    """Make the log's single row where it is missing: after the first migrate, after a flush."""
    sender.get_model("LogHead")._default_manager.using(using).get_or_create(pk=1)


class ChangesConfig(AppConfig):
    name = "cms.changes"
    label = "changes"

    def ready(self) -> None:
        # Not a data migration: a flush empties the table, and post_migrate comes after it too.
        post_migrate.connect(make_log_head, sender=self)
