from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles import schedule  # models are not loaded before ready()
        from articles.api import surrogate_keys
        from articles.models import Tally
        from cms.cdn import keys
        from cms.changes import clock, consumers

        for each in schedule.CLOCKS:
            clock.register(each)
        keys.register("article", surrogate_keys.touched_by_articles)
        for name in ("region", "tag", "author", "image"):
            keys.register(name, surrogate_keys.touched_by_names)
        consumers.register(consumers.Consumer("tallies", lambda changes: Tally.objects.fold()))
