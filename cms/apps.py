from django.apps import AppConfig


class CMSConfig(AppConfig):
    name = "cms"

    def ready(self) -> None:
        from cms import checks  # noqa: F401 -- registers itself
