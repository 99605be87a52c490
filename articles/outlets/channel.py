"""What a feed is of, and where it stands."""

from dataclasses import dataclass, field

from articles.outlets.entries import Entry, Newsroom


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed before its format: ``title`` is the newsroom's name and what the feed is narrowed to,
    ``url`` its own absolute address, ``hub`` a WebSub hub's or "". ``has_full_text`` says whether
    entries come with their bodies. Newest first."""

    newsroom: Newsroom
    title: str
    url: str
    language: str
    hub: str = ""
    has_full_text: bool = True
    entries: list[Entry] = field(default_factory=list)

    @property
    def home(self) -> str:
        return f"{self.newsroom.base}/"
