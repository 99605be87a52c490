from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def make_roles(sender: AppConfig, using: str, apps: Any = None, **kwargs: object) -> None:
    """Make the roles that are missing: after the first migrate, after a flush."""
    from articles import roles  # models are not loaded before ready()
    from cms.roles import can_be_made

    # After a migration, ``apps`` is what there is now: without the table when it was taken back.
    if apps is None or (can_be_made(apps) and "auditentry" in apps.all_models["articles"]):
        roles.make_roles(using)


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        from articles import dashboard, schedule, sync, webhooks  # models are not loaded before
        from articles.api import copies, surrogate_keys
        from articles.models import Tally
        from articles.models.search import refresh_renamed
        from articles.workflow import Role
        from cms import roles
        from cms.cdn import keys
        from cms.changes import chores, clock, consumers
        from cms.changes.models import Topic
        from cms.changes.sync import types
        from cms.desk.dashboard import register_concerns, register_links, register_panel
        from cms.webhooks import subjects

        roles.register(*(role.value for role in Role))
        for each in schedule.CLOCKS:
            clock.register(each)
        for place, panel in enumerate(dashboard.PANELS):
            register_panel(panel.__name__, panel, place=place)
        register_concerns("articles", dashboard.concerns)
        register_links("articles", dashboard.links, place=0)
        # The permissions are there by then: their own app comes before this one.
        post_migrate.connect(make_roles, sender=self)
        chores.register(chores.Chore("names in searches", Topic.TAXONOMY, refresh_renamed))
        keys.register("article", surrogate_keys.touched_by_articles)
        for name in ("region", "tag", "author", "image"):
            keys.register(name, surrogate_keys.touched_by_names)
        consumers.register(consumers.Consumer("tallies", lambda changes: Tally.objects.fold()))
        types.register(copies.TYPES, entailed=sync.entailed)
        for subject in webhooks.SUBJECTS:
            subjects.register(subject, choices=webhooks.CHOICES)
