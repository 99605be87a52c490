"""The environment, read without surprises: what cannot be read is told by a system check
(dastan.E011, cms/checks.py), in a sentence, and never by a traceback."""

import os
from collections.abc import Sequence
from urllib.parse import urlsplit

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


class Environment:
    """Reads variables; ``mistakes`` are the sentences about those that cannot be read."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """The value, without white space around it; the default where it is empty."""
        return os.environ.get(name, "").strip() or default

    def items(self, name: str, default: Sequence[str] = ()) -> list[str]:
        """The items between commas, without white space around them and without empty ones."""
        items = [item.strip() for item in self.text(name).split(",")]
        return [item for item in items if item] or [*default]

    def pairs(self, name: str) -> dict[str, str]:
        """Headers, parted by semicolons: ``Name: value; Other: value``."""
        pairs = {}
        for item in self.text(name).split(";"):
            header, colon, value = (part.strip() for part in item.partition(":"))
            if header and colon and value:
                pairs[header] = value
            elif item.strip():
                self.mistakes.append(f"{name} has an item that is not “Name: value”")
        return pairs

    def flag(self, name: str) -> bool:
        """On for 1, true, yes or on; off for 0, false, no, off or nothing."""
        value = self.text(name).lower()
        if value not in TRUE | FALSE:
            self.mistakes.append(f"{name} is neither 1 nor 0: {value}")
        return value in TRUE

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``."""
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit() and least <= int(value[:9]) <= most):
            self.mistakes.append(f"{name} is not a whole number from {least} to {most}: {value}")
            return default
        return int(value)

    def url(self, name: str, default: str = "") -> str:
        """An http or https address."""
        value = self.text(name, default)
        if value and not is_http_url(value):
            self.mistakes.append(f"{name} is not an http or https address: {value}")
            return default
        return value

    def urls(self, name: str, keys: Sequence[str]) -> dict[str, str]:
        """Addresses by one of these keys, written as ``key=https://…`` and parted by commas."""
        found = {}
        for item in self.items(name):
            key, _, value = (part.strip() for part in item.partition("="))
            if key not in keys or not is_http_url(value):
                self.mistakes.append(
                    f"{name} has an item that is not one of {', '.join(keys)}, then = and an http"
                    f" or https address: {item}"
                )
                continue
            found[key] = value
        return found


def is_http_url(text: str) -> bool:
    """Whether a text is an absolute address of http or https."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
