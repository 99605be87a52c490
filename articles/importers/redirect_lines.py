"""Lines about redirects: what is wrong with them, and writing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.core.exceptions import ValidationError

from articles.importers.items import RedirectItem
from articles.models import Redirect
from articles.models.redirect import next_step, refuse_a_circle


class RedirectLines:
    """The redirects of a file. One whose line says what it said at the last import stays as it is,
    whatever the desk did to it since."""

    def __init__(self) -> None:
        self.items: dict[str, RedirectItem] = {}
        self.there: set[str] = set()

    def add(self, item: RedirectItem) -> str | None:
        """Take a line; or tell why it cannot be taken."""
        first = self.items.setdefault(item.path, item)
        if first is item:
            return None
        return f"redirect.from: “{item.path}” stands on line {first.line} already. Keep one."

    def settle(self, refuse: Callable[[int, str], None]) -> int:
        """Compare with what the newsroom has; return how many lines say nothing new.

        Those remain in ``items`` that will be written; ``refuse`` is told of bad ones.
        """
        if not self.items:
            return 0
        digests = dict(Redirect.objects.values_list("path", "import_digest"))
        self.there = set(digests)
        changed = {
            path: item for path, item in self.items.items() if digests.get(path) != item.digest()
        }
        unchanged = len(self.items) - len(changed)
        self.items = changed
        stored = Redirect.objects.targets()
        # One that is refused leaves the stored one in its place, which may lead another round.
        while reasons := _circles(self.items, stored):
            for path, reason in reasons.items():
                refuse(self.items.pop(path).line, f"redirect.to: {reason}")
        return unchanged

    def store(self) -> tuple[int, int]:
        """Write them together; return how many were made and how many changed."""
        if not self.items:
            return 0, 0
        Redirect.objects.put(
            Redirect(path=item.path, target=item.target, import_digest=item.digest())
            for item in self.items.values()
        )
        changed = len(self.items.keys() & self.there)
        return len(self.items) - changed, changed


def _circles(items: Mapping[str, RedirectItem], stored: Mapping[str, str]) -> dict[str, str]:
    """Why some of the items cannot be taken, by path: each but the first ones of a circle may."""
    redirects = {path: target for path, target in stored.items() if path not in items}
    reasons = {}
    for item in sorted(items.values(), key=lambda item: item.line):
        try:
            refuse_a_circle(item.path, item.target, lambda step: next_step(step, redirects))
        except ValidationError as error:
            reasons[item.path] = " ".join(error.messages)
        else:
            redirects[item.path] = item.target
    return reasons
