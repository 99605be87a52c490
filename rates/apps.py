from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def make_reference_data(sender: AppConfig, using: str, apps: Any = None, **kwargs: object) -> None:
    """Make the currencies, sources and permissions that are missing: after migrate and a flush."""
    from rates import reference_data, roles  # models are not loaded before ready()

    # After a migration, ``apps`` is what there is now: without the table when it was taken back.
    if apps is None or "source" in apps.all_models["rates"]:
        reference_data.make_missing(using)
        roles.make_roles(using)


class RatesConfig(AppConfig):
    name = "rates"

    def ready(self) -> None:
        # Models are not loaded before ready().
        from cms.api.entry import register_ticker
        from cms.changes import clock
        from cms.desk.dashboard import register_concerns
        from rates import dashboard, reference, schedule

        for each in schedule.CLOCKS:
            clock.register(each)
        register_concerns("rates", dashboard.concerns)
        register_ticker(lambda: reference.current().ticker_pairs())
        post_migrate.connect(make_reference_data, sender=self)
