from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles import schedule  # models are not loaded before ready()
        from cms.changes import clock

        for each in schedule.CLOCKS:
            clock.register(each)
