from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class CMSConfig(AppConfig):
    name = "cms"
    verbose_name = _("System")

    def ready(self) -> None:
        from cms import checks  # noqa: F401 -- registers itself
        from cms.cdn import purging  # models are not loaded before ready()
        from cms.changes import consumers

        if settings.PURGE_BACKEND:
            consumers.register(purging.PURGE)
        if settings.PURGE_BACKEND == "http":
            consumers.register(purging.PURGE_AGAIN)
