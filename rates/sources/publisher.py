"""What every source has in common: an address, a way to ask it, a way to read what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.conf import settings

from rates.sources import fetching
from rates.sources.bulletin import Bulletin
from rates.sources.fetching import Fetched, FetchError, NotPublishedError


class Parse(Protocol):
    def __call__(self, document: bytes, *, requested_date: date | None) -> Bulletin: ...


@dataclass(frozen=True)
class Publisher:
    """A source, by the slug of its row.

    ``parse`` is pure. PARSER_VERSION grows when a parser reads a document differently than before.
    A source without an archive has only its latest bulletin, under one address.
    """

    slug: str
    parse: Parse
    PARSER_VERSION: int
    address: Callable[[date | None], str]
    has_archive: bool

    def fetch(
        self, day: date | None, *, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched | None:
        """Return the document of the bulletin in force on ``day`` (the source's calendar), or None
        if it is still the one that had these validators.

        Without an archive the latest bulletin is returned whatever the day, which ``parse`` then
        compares. Raises FetchError; NotPublishedError when an archive has nothing for that day; and
        ValueError when an archive is asked for no day.
        """
        if self.has_archive and day is None:
            raise ValueError(f"{self.slug} has an archive: say which day's bulletin to fetch.")
        try:
            return fetching.fetch(
                self.address(day), user_agent=user_agent(), etag=etag, last_modified=last_modified
            )
        except NotPublishedError as error:
            if self.has_archive:
                raise
            raise FetchError(str(error)) from None


def user_agent() -> str:
    """Return how Dastan introduces itself: by its name, and the address of the newsroom.

    It begins as a browser's does because some banks refuse whatever does not (cbt.tm, for one).
    """
    contact = f"; +{settings.PUBLIC_URL}" if settings.PUBLIC_URL else ""
    return f"Mozilla/5.0 (compatible; Dastan/1.0{contact})"
