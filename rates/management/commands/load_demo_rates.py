from argparse import ArgumentParser
from typing import Any

from django.db import transaction
from django.utils import timezone
from tqdm import tqdm

from cms.commands import ExplainedCommand
from rates.demo import loading


class Command(ExplainedCommand):
    help = """Loads two years of made-up exchange rates of five central banks, around what those
published on one day each, so that a demo newsroom has a ticker and charts. What is there already
stays as it is: twice changes nothing, and on a later day only the days since are added.

Each of the banks then says “(demonstration data)” in its name, and is not fetched any more. A bank
that has bulletins of its own is left alone. For true rates, take the demonstration out with
--remove; the banks are fetched again then.

Examples:
  manage.py load_demo_rates
  manage.py load_demo_rates --dry-run    tell what would be done
  manage.py load_demo_rates --remove     take it out again"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--remove", action="store_true", help="delete the demonstration rates")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            told = self._remove() if options["remove"] else self._load()
            if options["dry_run"]:
                transaction.set_rollback(True)
                told = told.replace(" created", " would be created").replace(
                    " deleted", " would be deleted"
                )
        self.stdout.write(told)

    def _load(self) -> str:
        now = timezone.now()
        total = loading.number_of_bulletins(now=now)
        with tqdm(total=total, disable=None, desc="Demonstration rates", unit=" bulletins") as bar:
            found = loading.load(now=now, progress=bar.update)
        created, there = sum(each.created for each in found), sum(each.there for each in found)
        lines = [f"Demonstration rates: {created} bulletins created, {there} were there."]
        return "\n".join([*lines, *(each.refused for each in found if each.refused)])

    def _remove(self) -> str:
        return f"Demonstration rates: {loading.remove(now=timezone.now())} bulletins deleted."
