from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles import schedule  # models are not loaded before ready()
        from articles.models.search import refresh_renamed
        from cms.changes import chores, clock
        from cms.changes.models import Topic

        for each in schedule.CLOCKS:
            clock.register(each)
        chores.register(chores.Chore("names in searches", Topic.TAXONOMY, refresh_renamed))
