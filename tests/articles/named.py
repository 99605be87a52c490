"""Regions, tags and authors alike: how each is made, carried and asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from articles.models import PublishedArticle
from tests.factories import make_author, make_draft, make_published, make_region, make_tag


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    make: Callable[..., Any]

    @property
    def plural(self) -> str:
        return f"{self.name}s"

    @property
    def url(self) -> str:
        return f"/api/v1/{self.plural}"

    def publish(self, *things: Any, **values: Any) -> PublishedArticle:
        """A public article that carries these things."""
        carried: dict[str, Any] = {self.plural: things}
        return make_published(**carried, **values)

    def draft(self, *things: Any) -> None:
        """A draft that carries these things."""
        carried: dict[str, Any] = {self.plural: things}
        make_draft(**carried)

    def make_public(self, name: str, **values: Any) -> Any:
        """One that a public article carries."""
        thing = self.make(name, **values)
        self.publish(thing)
        return thing


KINDS = [Kind("region", make_region), Kind("tag", make_tag), Kind("author", make_author)]
