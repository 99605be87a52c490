from typing import Any

from cms.changes import epoch
from cms.commands import ExplainedCommand


class Command(ExplainedCommand):
    help = """Begins a new life of the change log. Run it after the database was restored from a
backup: numbers of changes that were lost come again, and whoever knows them (phones with their
tokens, caches, webhooks) must not believe them. Everybody who keeps a copy then starts again; it
does no harm when it was not needed.

Example:
  manage.py renew_epoch"""

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"The change log has a new epoch, {epoch.renew()}.")
