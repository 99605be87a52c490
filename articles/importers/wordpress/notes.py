"""What a conversion could not take over, to be told to the newsroom."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

_KINDS = {
    "block": "Blocks that WordPress fills by itself were left out",
    "shortcode": "Shortcodes that are not known were left out (text within them stays)",
    "element": "Elements that no article can have were left out",
    "picture": "Pictures that are not in the file were left out; their ids",
    "gallery": "A gallery was left out, as the file has no picture that was uploaded to this post",
}


@dataclass(slots=True)
class Notes:
    """Names by kind, counted."""

    names: dict[str, Counter[str]] = field(default_factory=dict)

    def leave_out(self, kind: str, name: str) -> None:
        self.names.setdefault(kind, Counter())[name] += 1

    def sentences(self) -> list[str]:
        """A sentence for each kind, with its names in the order in which they came up."""
        return [
            f"{sentence}: {_listed(self.names[kind])}." if kind != "gallery" else f"{sentence}."
            for kind, sentence in _KINDS.items()
            if kind in self.names
        ]


def _listed(names: Counter[str]) -> str:
    return ", ".join(f"{name} ({count})" if count > 1 else name for name, count in names.items())
