"""What makes answers cheap to ask for again, and keeps them fresh to the very next request.

`responses.py`: whole answers, by the versions that they stand on. `fragments.py`: the JSON of one
article in a list. `counts.py` and `statements.py`: how long a list is, and how the database is
asked for it. `memory.py`: a store bounded in bytes, which they all are. `headers.py`: ETag and 304,
Cache-Control, compression. `middleware.py`: how a request meets them.
"""

from cms.api.caching.counts import counts
from cms.api.caching.fragments import fragments
from cms.api.caching.headers import CACHE_CONTROL, SMALLEST_COMPRESSED, STALE_IF_ERROR_SECONDS
from cms.api.caching.middleware import CachingMiddleware
from cms.api.caching.responses import responses
from cms.api.caching.statements import statements

__all__ = [
    "CACHE_CONTROL",
    "SMALLEST_COMPRESSED",
    "STALE_IF_ERROR_SECONDS",
    "CachingMiddleware",
    "forget_all",
]


def forget_all() -> None:
    """Empty this process's caches; for tests, whose settings and databases come and go."""
    responses.clear()
    fragments.clear()
    counts.clear()
    statements.clear()
