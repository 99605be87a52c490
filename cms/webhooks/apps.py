from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

PERMISSIONS = [
    *(f"webhooks.{action}_endpoint" for action in ("view", "add", "change", "delete")),
    *("webhooks.view_delivery", "webhooks.change_delivery"),
]


def give_to_publishers(sender: AppConfig, using: str, apps: Any = None, **kwargs: object) -> None:
    """Let publishers look after webhooks: after the first migrate, after a flush."""
    from cms.roles import can_be_made, make_role  # models are not loaded before ready()

    if apps is None or (can_be_made(apps) and "endpoint" in apps.all_models["webhooks"]):
        make_role("publisher", PERMISSIONS, using=using)


class WebhooksConfig(AppConfig):
    name = "cms.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        from cms import notices
        from cms.changes import consumers  # models are not loaded before ready()
        from cms.webhooks import events
        from cms.webhooks.notices import about_webhooks

        consumers.register(events.CONSUMER)
        notices.register(about_webhooks)
        post_migrate.connect(give_to_publishers, sender=self)
