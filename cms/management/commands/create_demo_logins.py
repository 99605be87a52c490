import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils.text import slugify

from cms import roles
from cms.commands import ExplainedCommand

CHIEF = "demo"


class Command(ExplainedCommand):
    help = """Makes logins for trying the admin, where there are none yet, and prints them: “demo”,
who may do everything, and one for each role, in its group and named after it.

On a development machine a login's password is its name; with DATABASE_URL set passwords are made up
and printed once.

Example:
  manage.py create_demo_logins"""

    def handle(self, *args: Any, **options: Any) -> None:
        self._make(CHIEF, None)
        names = roles.registered()
        groups = {group.name: group for group in Group.objects.order_by("pk")}
        for name in [*names, *(each for each in groups if each not in names)]:
            group = groups[name]
            self._make(slugify(group.name) or f"group-{group.pk}", group)

    def _make(self, username: str, group: Group | None) -> None:
        users: Any = get_user_model()._default_manager
        if users.filter(username=username).exists():
            self.stdout.write(f"The login “{username}” is there already.")
            return
        password = secrets.token_urlsafe(12) if settings.PRODUCTION else username
        if group is None:
            users.create_superuser(username, password=password)
        else:
            users.create_user(username, password=password, is_staff=True).groups.add(group)
        self.stdout.write(f"Login for /admin/: {username}, password {password}")
