import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model

from cms.commands import ExplainedCommand

USERNAME = "demo"


class Command(ExplainedCommand):
    help = """Makes the login for trying the admin, where there is none yet, and prints it.

On a development machine its password is “demo”; with DATABASE_URL set it is made up and printed
once.

Example:
  manage.py create_demo_logins"""

    def handle(self, *args: Any, **options: Any) -> None:
        users: Any = get_user_model()._default_manager
        if users.filter(username=USERNAME).exists():
            self.stdout.write(f"The login “{USERNAME}” is there already.")
            return
        password = secrets.token_urlsafe(12) if settings.PRODUCTION else USERNAME
        users.create_superuser(USERNAME, password=password)
        self.stdout.write(f"Login for /admin/: {USERNAME}, password {password}")
