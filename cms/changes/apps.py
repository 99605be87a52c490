from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def make_log_head(sender: AppConfig, using: str, apps: Any = None, **kwargs: object) -> None:
    """Make the log's single row where it is missing: after the first migrate, after a flush."""
    from cms.changes import epoch  # models are not loaded before ready()

    # After a migration, ``apps`` is what there is now: without the table when it was taken back.
    if apps is not None and "loghead" not in apps.all_models["changes"]:
        return
    sender.get_model("LogHead")._default_manager.using(using).get_or_create(pk=1)
    columns = () if apps is None else apps.get_model("changes", "loghead")._meta.get_fields()
    if apps is None or "home" in {each.name for each in columns}:
        epoch.settle()


class ChangesConfig(AppConfig):
    name = "cms.changes"
    label = "changes"
    verbose_name = _("Change log")

    def ready(self) -> None:
        from cms import notices
        from cms.changes.notices import about_workers  # models are not loaded before ready()

        notices.register(about_workers)
        # Not a data migration: a flush empties the table, and post_migrate comes after it too.
        post_migrate.connect(make_log_head, sender=self)
