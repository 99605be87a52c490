from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def make_reference_data(sender: AppConfig, using: str, apps: Any = None, **kwargs: object) -> None:
    """Make the currencies, sources and permissions that are missing: after migrate and a flush."""
    from cms.roles import can_be_made  # models are not loaded before ready()
    from rates import reference_data, roles

    # After a migration, ``apps`` is what there is now: without the table when it was taken back.
    if apps is None or "source" in apps.all_models["rates"]:
        reference_data.make_missing(using)
        if can_be_made(apps):
            roles.make_roles(using)


class RatesConfig(AppConfig):
    name = "rates"
    verbose_name = _("Rates")

    def ready(self) -> None:
        # Models are not loaded before ready().
        from cms import metrics as told_to_prometheus
        from cms.api.entry import register_ticker
        from cms.changes import clock
        from cms.desk.dashboard import register_concerns
        from cms.webhooks import subjects
        from rates import dashboard, metrics, reference, schedule, webhooks

        for each in schedule.CLOCKS:
            clock.register(each)
        subjects.register(webhooks.SUBJECT)
        register_concerns("rates", dashboard.concerns)
        register_ticker(lambda: reference.current().ticker_pairs())
        told_to_prometheus.register(metrics.gauges)
        post_migrate.connect(make_reference_data, sender=self)
