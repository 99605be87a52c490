"""How far a copy is: a position in the log, and in the first walk also where that has come to.

A token is sealed, so that nobody can make one up, and names the change it stands at by the time of
that too: after a restore from an older backup the same number is another change.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import NoReturn

import orjson
from django.conf import settings

from cms.api.problems import ProblemError
from cms.changes.heads import Head
from cms.changes.models import Change

HOW = "Start again: GET /api/v1/sync without a token, and drop what it does not send."
_SEAL_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Token:
    """Everything up to change ``number`` of the log's life ``epoch`` is known. ``moment`` is when
    that change was (microseconds since 1970), 0 of none.

    In the first walk, which is of the state after that change, it goes on in the type ``place[0]``
    after the row ``place[1]``.
    """

    epoch: str
    number: int
    moment: int
    place: tuple[str, int] | None = None

    def sealed(self) -> str:
        """The token as text of the letters that need no escape in a URL."""
        payload = orjson.dumps([self.epoch, self.number, self.moment, self.place])
        return base64.urlsafe_b64encode(_seal(payload) + payload).rstrip(b"=").decode()


def opened(text: str) -> Token:
    """The token of a text; ProblemError 400 for what this server did not write."""
    try:
        data = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        data = b""
    seal, payload = data[:_SEAL_LENGTH], data[_SEAL_LENGTH:]
    is_ours = hmac.compare_digest(seal, _seal(payload))
    if not is_ours or base64.urlsafe_b64encode(data).rstrip(b"=").decode() != text:
        detail = f"It is not a token of this server, or it was cut. {HOW}"
        error = {"parameter": "token", "code": "invalid-parameter", "detail": detail}
        raise ProblemError("invalid-parameter", f"token: {detail}", errors=[error])
    epoch, number, moment, place = orjson.loads(payload)
    return Token(epoch, number, moment, tuple(place) if place else None)


def _seal(payload: bytes) -> bytes:
    key = settings.SECRET_KEY.encode()
    return hmac.digest(key, b"sync\0" + payload, hashlib.sha256)[:_SEAL_LENGTH]


def at(head: Head, number: int, place: tuple[str, int] | None = None) -> Token:
    """The token of this position in the log that is being read."""
    return Token(head.epoch, number, _moment(number) or 0, place)


def check(token: Token, head: Head) -> None:
    """Whether the log still goes on from there, but for what is ahead of a lagging replica; raises
    ProblemError 410 otherwise."""
    if token.epoch != head.epoch:
        refuse("This token is of another life of the change log, before it was restored.")
    if token.number > head.number:
        return
    if token.number == 0:
        first = Change.objects.order_by("number").values_list("number", flat=True).first()
        is_known = first is None or first == 1
    else:
        is_known = _moment(token.number) == token.moment
    if not is_known:
        refuse("This token is older than the change log, which is not kept for ever.")


def refuse(why: str) -> NoReturn:
    """Raise the ProblemError 410 that says why, and how to start again."""
    raise ProblemError("gone", f"{why} {HOW}")


def _moment(number: int) -> int | None:
    moment = Change.objects.filter(number=number).values_list("at", flat=True).first()
    return None if moment is None else int(moment.timestamp() * 1_000_000)
