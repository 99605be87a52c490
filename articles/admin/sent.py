"""What requests send that nobody need have written with the desk's pages."""

from __future__ import annotations


def key_in(text: str) -> int:
    """The primary key that a text writes; 0, which no row has, for what is none."""
    is_key = text.isascii() and text.isdigit() and len(text) < 20 and int(text) < 2**63
    return int(text) if is_key else 0
