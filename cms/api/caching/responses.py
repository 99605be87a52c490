"""Whole answers, each with the versions of the log that it stands on.

An answer is right while the topics that its view names have the versions that the database had
in the snapshot it was read in. Every request asks the database for these versions, so a process
never shows what another one has changed.
"""

import math
import time
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cms.api.caching.headers import (
    SMALLEST_COMPRESSED,
    STALE_IF_ERROR_SECONDS,
    accepted_encoding,
    compressed,
    is_held,
    not_modified,
)
from cms.api.caching.memory import Memory
from cms.changes.heads import Head

Key = tuple[str | None, ...]

OVERHEAD = 3_000  # bytes of an entry beside its body: headers, key, places
LONGEST_QUERY = 2_000  # longer ones are hardly asked twice
NOT_STORED = ("RateLimit", "RateLimit-Policy", "Content-Length", "Change-Number")
DAY_GRAIN = 900  # seconds; a day begins, somewhere, at each quarter of an hour


@dataclass(slots=True)
class Answer:
    """A stored 200. ``head`` is the snapshot that it was read in, None where no database was
    asked; ``seen_right`` is when it was last known to be right, by the monotonic clock; at
    ``expires`` (seconds since 1970) another day may have begun for it."""

    body: bytes
    etag: str
    headers: dict[str, str]
    topics: tuple[str, ...]
    head: Head | None
    seen_right: float
    expires: float = math.inf
    encoded: dict[str, bytes] = field(default_factory=dict)

    def is_right(self, head: Head | None) -> bool:
        """Whether the answer is that of these versions."""
        if self.head is None or head is None:
            return self.head is head
        return self.head.epoch == head.epoch and all(
            getattr(self.head, topic) == getattr(head, topic) for topic in self.topics
        )

    def has_expired(self) -> bool:
        return time.time() >= self.expires

    def is_older_than(self, other: "Answer") -> bool:
        """Whether it was read before the other one, in the same life of the log."""
        return (
            self.head is not None
            and other.head is not None
            and self.head.epoch == other.head.epoch
            and self.head.number < other.head.number
        )

    def age(self) -> int:
        """Whole seconds since it was last known to be right."""
        return int(time.monotonic() - self.seen_right)

    def may_be_stale(self) -> bool:
        """Whether it may still be shown while the database is away."""
        return self.age() <= STALE_IF_ERROR_SECONDS

    def size(self) -> int:
        return len(self.body) + sum(map(len, self.encoded.values())) + OVERHEAD


class Responses(Memory[Key, Answer]):
    """The answers of this process, the newest one of each address."""

    def __init__(self, *, megabytes: float) -> None:
        super().__init__(megabytes=megabytes)
        self._turns: dict[Key, Event] = {}
        self._turns_lock = Lock()

    def store(self, key: Key, answer: Answer) -> None:
        """Keep the answer, unless a newer one is here."""
        held = self.get(key)
        if held is None or not answer.is_older_than(held):
            self.put(key, answer, answer.size())

    def begin(self, key: Key) -> bool:
        """Whether it is the caller's turn to compute this answer, who then has to ``end`` it. If
        somebody is at it, wait until that is done, and return False."""
        with self._turns_lock:
            turn = self._turns.get(key)
            if turn is None:
                self._turns[key] = Event()
                return True
        turn.wait()
        return False

    def end(self, key: Key) -> None:
        with self._turns_lock:
            turn = self._turns.pop(key)
        turn.set()


responses = Responses(megabytes=settings.RESPONSE_CACHE_MEGABYTES)


def key_of(request: HttpRequest) -> Key | None:
    """What an answer of ours may differ by, the versions aside; None where none is stored.

    The host and the query string have been checked by then. The parameters stay as they are
    written, since the links in an answer repeat them.
    """
    meta = request.META
    query = meta.get("QUERY_STRING", "")
    accept = meta.get("HTTP_ACCEPT", "")
    if len(query) > LONGEST_QUERY or len(accept) > LONGEST_QUERY or "HTTP_AUTHORIZATION" in meta:
        return None
    return (
        request.scheme,
        meta.get("HTTP_HOST"),
        meta.get("SERVER_NAME"),
        meta.get("SERVER_PORT"),
        request.path,
        query,
        "" if accept == "*/*" else accept,
    )


def _next_day() -> float:
    return (time.time() // DAY_GRAIN + 1) * DAY_GRAIN


def answer_from(response: HttpResponse) -> Answer | None:
    """What to store of a view's answer; None where it is for one caller, or cannot be known to
    stay right."""
    told: Any = response  # with what ReadView told of it
    if not getattr(response, "is_kept", False) or response.cookies or response.status_code != 200:
        return None
    if "no-store" in response["Cache-Control"] or "private" in response["Cache-Control"]:
        return None
    return Answer(
        body=response.content,
        etag=response["ETag"],
        headers={name: value for name, value in response.items() if name not in NOT_STORED},
        topics=told.topics,
        head=told.head,
        seen_right=time.monotonic(),
        expires=_next_day() if told.reads_clock else math.inf,
    )


def response_from(
    request: HttpRequest, key: Key, answer: Answer, *, head: Head | None, stale: bool
) -> HttpResponse:
    """The stored answer as this client takes it: a 304, plain or encoded. ``head`` is the one by
    which it was found right."""
    headers = answer.headers
    if stale:
        headers = {k: v for k, v in headers.items() if k != "CDN-Cache-Control"}
        headers["Age"] = str(answer.age())
    elif head is not None and "CDN-Cache-Control" in headers:
        headers = {**headers, "Change-Number": str(head.number)}
    meta = request.META
    if is_held(answer.etag, meta.get("HTTP_IF_NONE_MATCH", "")):
        return not_modified(HttpResponse(headers=headers))
    body = answer.body
    encoding = accepted_encoding(meta.get("HTTP_ACCEPT_ENCODING", ""))
    if encoding and len(body) >= SMALLEST_COMPRESSED:
        if encoding not in answer.encoded:
            answer.encoded[encoding] = compressed(body, encoding)
            responses.put(key, answer, answer.size())
        body = answer.encoded[encoding]
    else:
        encoding = None
    response = HttpResponse(b"" if request.method == "HEAD" else body, headers=headers)
    response["Content-Length"] = str(len(body))
    if encoding:
        response["Content-Encoding"] = encoding
    return response
