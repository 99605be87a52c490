from typing import Any

from articles.thinning import thin
from cms.commands import ExplainedCommand


class Command(ExplainedCommand):
    help = """Deletes old autosaves of all articles: of the last hour all are kept, of the last day
one an hour, then one a day. What was saved by hand or published stays. An article's own are thinned
whenever it is autosaved; this one is for the rest. Run it once a day, if you like.

Example:
  manage.py thin_revisions"""

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{thin()} autosaves deleted.")
