"""How far an import has come, on a terminal."""

from typing import Any

from tqdm import tqdm


class FilePasses:
    """Moves a bar over the passes through one file."""

    def __init__(self, bar: "tqdm[Any]", size: int) -> None:
        self.bar = bar
        self.size = size
        self.base = 0
        self.position = 0

    def at(self, position: int) -> None:
        if position < self.position:
            self.base += self.size
        self.position = position
        self.bar.update(self.base + position - self.bar.n)
