"""A store in this process's memory, bounded in bytes: what was not used for longest goes first."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """Values by key, each with its size in bytes as its owner counts it. Threads may share it."""

    def __init__(self, *, megabytes: float, parts: int = 8) -> None:
        """``parts``: what takes more than one of so many parts of it is not kept."""
        self.limit = int(megabytes * 1_000_000)
        self.largest = self.limit // parts
        self.bytes = 0
        self._values: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Key) -> Value | None:
        with self._lock:
            held = self._values.get(key)
            if held is None:
                return None
            self._values.move_to_end(key)
            return held[0]

    def get_many(self, keys: list[Key]) -> list[Value | None]:
        """The value of each key, in their order."""
        with self._lock:
            found: list[Value | None] = []
            for key in keys:
                held = self._values.get(key)
                if held is not None:
                    self._values.move_to_end(key)
                found.append(held[0] if held else None)
            return found

    def put(self, key: Key, value: Value, size: int) -> None:
        """Keep the value, in the place of what had its key; not one that alone is too big."""
        with self._lock:
            self._remove(key)
            if size > self.largest:
                return
            self._values[key] = (value, size)
            self.bytes += size
            while self.bytes > self.limit:
                _, (_, freed) = self._values.popitem(last=False)
                self.bytes -= freed

    def discard(self, key: Key) -> None:
        with self._lock:
            self._remove(key)

    def clear(self) -> None:
        with self._lock:
            self._values.clear()
            self.bytes = 0

    def _remove(self, key: Key) -> None:
        held = self._values.pop(key, None)
        if held is not None:
            self.bytes -= held[1]
