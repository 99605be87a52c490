"""Takes answers back from a CDN as they change: a consumer of the log.

``PURGE_BACKEND`` names how. ``varnish`` sends PURGE with the keys in ``xkey-purge`` to each address
of ``PURGE_URL`` (deploy/varnish.vcl knows it). ``http`` fills the keys into ``{keys}`` of PURGE_URL
and PURGE_HEADERS and sends POST, as CDNs with an API of their own want it.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

import urllib3
from django.conf import settings

from cms.cdn.keys import EVERYTHING, touched_by
from cms.changes.consumers import Consumer
from cms.changes.models import Change, LogHead

KEYS_A_REQUEST = 100
TIMEOUT = 5.0  # seconds
AGAIN_AFTER = 20.0  # seconds

_pool = urllib3.PoolManager(
    timeout=TIMEOUT, retries=False, headers={"User-Agent": "Dastan"}, maxsize=4
)


class PurgeError(Exception):
    """The CDN did not take it; the message says who answered what."""


def purge(keys: Iterable[str], *, number: int | None = None) -> None:
    """Take back every answer that carries one of these keys; PurgeError when the CDN refuses.

    Returns after the CDN has said that it is done. ``number`` is that of the last change: Varnish
    then stores no answer that was read before it, as told by ``Change-Number``.
    """
    told = {} if number is None else {"change-number": str(number)}
    ordered = sorted(keys)
    for start in range(0, len(ordered), KEYS_A_REQUEST):
        some = " ".join(ordered[start : start + KEYS_A_REQUEST])
        for address in settings.PURGE_URL:
            if settings.PURGE_BACKEND == "varnish":
                _send("PURGE", address, {"xkey-purge": some, **told})
            else:
                headers = {
                    name: value.replace("{keys}", some)
                    for name, value in settings.PURGE_HEADERS.items()
                }
                _send("POST", address.replace("{keys}", quote(some)), headers)


def _send(method: str, address: str, headers: dict[str, str]) -> None:
    try:
        response = _pool.request(method, address, headers=headers, redirect=False)
    except urllib3.exceptions.HTTPError as error:
        raise PurgeError(f"{address} does not answer: {error}") from error
    if not 200 <= response.status < 300:
        raise PurgeError(f"{address} answered {response.status}")


def purge_changed(changes: Sequence[Change]) -> None:
    """Take back what these changes may have altered."""
    purge(touched_by(changes), number=changes[-1].number)


def purge_everything() -> None:
    purge([EVERYTHING], number=LogHead.objects.get().number)


PURGE = Consumer("purge", purge_changed, purge_everything)
"""At once."""

PURGE_AGAIN = Consumer("purge again", purge_changed, purge_everything, delay=AGAIN_AFTER)
"""Once more when every read that was under way is over, for a CDN that does not compare
``Change-Number``: it may have fetched an answer before the change and stored it after the purge."""
