"""The rates' desk: bulletins and what speaks against them, sources and their health, the ticker."""

from rates.admin import currencies, snapshots, sources  # noqa: F401 -- they register themselves
