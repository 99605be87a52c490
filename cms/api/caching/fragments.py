"""The JSON of single things in lists, so that a publication costs the rendering of one article."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

import orjson
from django.conf import settings

from cms.api.caching.memory import Memory

Row = TypeVar("Row")

OVERHEAD = 400  # bytes of a key and its place, measured over many

fragments: Memory[Hashable, bytes] = Memory(megabytes=settings.FRAGMENT_CACHE_MEGABYTES)


def fragments_of(
    rows: Sequence[Row],
    *,
    key: Callable[[Row], Hashable],
    render: Callable[[list[Row]], Iterable[tuple[Row, Any]]],
) -> list[orjson.Fragment]:
    """The JSON of each row, in their order, ready for the renderer.

    ``key`` names everything that a row's JSON is made of. ``render`` gives the data of those rows
    that are not here yet, in any order; a row that it leaves out is left out of the list.
    """
    keys = [key(row) for row in rows]
    found = dict(zip(keys, fragments.get_many(keys), strict=True))
    missing = [row for row, name in zip(rows, keys, strict=True) if found[name] is None]
    if missing:
        for row, data in render(missing):
            text = orjson.dumps(data)
            name = key(row)
            found[name] = text
            fragments.put(name, text, len(text) + OVERHEAD)
    texts = (found[name] for name in keys)
    return [orjson.Fragment(text) for text in texts if text is not None]
