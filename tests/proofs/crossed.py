"""Three callers, many ways to ask, all at once: nobody gets what another one was answered."""

from __future__ import annotations

import gzip
import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection

import brotli
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from articles.preview import make_preview, token_of
from articles.workflow import Role
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published, make_tag
from tests.serving import serving
from tests.varnish import varnish

PROMISE = (
    "Three callers (anonymous, an editor's session cookie, a bad Authorization), with different"
    " hosts, Accept, encodings, parameters, validators, and headers that caches are tricked with,"
    " ask a server of two processes, and Varnish before it, all at once. Each answer is compared"
    " with the one that a server without caches gives to that very request when nobody else asks:"
    " none was crossed."
)
UNIT = "requests"
THREADS = 16
# The headers of an answer that have to be as expected, beside status, ETag and decoded body.
COMPARED = ("content-type", "location", "link", "www-authenticate", "cache-control",
            "x-robots-tag", "access-control-allow-origin")  # fmt: skip

Headers = tuple[tuple[str, str], ...]
CALLERS = ("anonymous", "editor", "bad credential")
HOSTS = ("localhost", "two.localhost", "evil.example")
ACCEPTS = (None, "application/json", "text/html", "*/*;q=0.5", "application/problem+json")
ENCODINGS = (None, "gzip", "br", "br;q=0.1, gzip;q=0.9", "identity;q=0, gzip", "nonsense")
TRICKS: tuple[Headers, ...] = (
    (),
    (),
    (("Origin", "https://one.example"),),
    (("Origin", "null"),),
    (("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https")),
    (("X-Original-URL", "/admin/"), ("X-Rewrite-URL", "/admin/")),
    (("Accept-Language", "ru"), ("User-Agent", "Mozilla/5.0")),
    (("Vary", "Cookie"), ("Cache-Control", "max-age=100000")),
    (("Cookie", "sessionid=nobody; csrftoken=x"),),
    (("X-HTTP-Method-Override", "DELETE"),),
)


@dataclass(frozen=True)
class Ask:
    """One way to ask. ``validator`` is "", "its own" or "another's" ETag in If-None-Match."""

    method: str
    path: str
    caller: str
    headers: Headers
    validator: str


@dataclass(frozen=True)
class Expected:
    status: int
    headers: dict[str, str]
    body: bytes
    etag: str


@dataclass
class Outcome:
    answers: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    ways: int = 0
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        return {
            "different ways to ask": self.ways,
            **{f"requests: {what}": count for what, count in sorted(self.answers.items())},
            **{f"answers with {code}": count for code, count in sorted(self.statuses.items())},
            "answers that were crossed, and other errors": len(self.errors),
        }


def run(number: int) -> Outcome:
    """Make so many requests, on the current database, which is committed to."""
    paths = _prepare()
    chance = random.Random(11)
    ways = [_way(chance, paths) for _ in range(max(100, number // 5))]
    outcome = Outcome(ways=len(set(ways)))
    # Without PUBLIC_URL, links name the host that was asked: a crossed one would show.
    plain = {"DEBUG": "1", "PUBLIC_URL": "", "SECRET_KEY": settings.SECRET_KEY}
    caches_off = {"RESPONSE_CACHE_MEGABYTES": "0", "FRAGMENT_CACHE_MEGABYTES": "0"}
    told = {"PURGE_BACKEND": "varnish", "PURGE_URL": "http://127.0.0.1:1"}
    session = _session()
    with serving(**plain, **caches_off) as alone:
        expected = {way: _expected(alone.port, way, session) for way in set(ways)}
    with serving(**plain, **told, WEB_WORKERS="2") as server, varnish(server.port) as cdn:
        asked = [(chance.choice((server.port, cdn)), chance.choice(ways)) for _ in range(number)]
        where = {server.port: "to the server", cdn: "through Varnish"}
        _ask_all(asked, expected, session, where, outcome)
    return outcome


def _prepare() -> list[str]:
    tags = [make_tag(f"Tag {n}") for n in range(3)]
    for n in range(30):
        make_published(f"Wind {n}", tags=[tags[n % 3]], body_html="<p>Wind turns. </p>" * 40)
    secret = token_of(make_preview(make_draft("Secret"), by=None))
    names = [f"/api/v1/articles{each}" for each in (
        "", "?page=2", "?page_size=3", "?page_size=3&count=none", "?tag=tag-1", "?tag=tag-2",
        "?tag=tag-1&tag=tag-2", "?nope=1", "?fields=title", "?q=wind", "/wind-1", "/wind-2",
        "/nothing", "/wind-1/related", "?cursor=", "/wind-1?fields=slug",
    )]  # fmt: skip
    return [*names, "/api/v1", "/api/v1/tags", "/api/v1/newsroom", "/api/v1/articles/",
            "/api/v1/rates/ticker", f"/api/v1/previews/{secret}?fields=title",
            "/admin/", "/livez"]  # fmt: skip


def _session() -> str:
    """The cookie of an editor who is logged in."""
    user: User = make_login(Role.PUBLISHER, username="editor")
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"


def _way(chance: random.Random, paths: list[str]) -> Ask:
    headers: list[tuple[str, str]] = [("Host", chance.choices(HOSTS, (6, 3, 1))[0])]
    for name, values in (("Accept", ACCEPTS), ("Accept-Encoding", ENCODINGS)):
        value = chance.choice((None, *values))
        if value is not None:
            headers.append((name, value))
    headers += chance.choice(TRICKS)
    return Ask(
        chance.choices(("GET", "HEAD"), (5, 1))[0],
        chance.choice(paths),
        chance.choices(CALLERS, (5, 3, 2))[0],
        tuple(headers),
        chance.choices(("", "its own", "another's"), (6, 2, 1))[0],
    )


def _send(port: int, way: Ask, session: str, validator: str | None) -> Expected:
    headers = dict(way.headers)
    if way.caller == "editor":
        headers["Cookie"] = session
    elif way.caller == "bad credential":
        headers["Authorization"] = "Bearer nobody"
    if validator:
        headers["If-None-Match"] = validator
    client = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        # As they are: http.client would say "Accept-Encoding: identity" where there is none.
        client.putrequest(way.method, way.path, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            client.putheader(name, value)
        client.endheaders()
        response = client.getresponse()
        body = response.read()
        sent = {name.lower(): value for name, value in response.getheaders()}
    finally:
        client.close()
    return Expected(response.status, sent, _decoded(sent, body), sent.get("etag", ""))


def _decoded(headers: dict[str, str], body: bytes) -> bytes:
    """The plain body, up to a page's form token, which is another one each time."""
    match headers.get("content-encoding") if body else None:
        case "gzip":
            body = gzip.decompress(body)
        case "br":
            body = brotli.decompress(body)
    return body.split(b'csrfmiddlewaretoken" value="')[0]


def _expected(port: int, way: Ask, session: str) -> Expected:
    """What this way has to be answered. Raises if the server without caches fails."""
    plain = _send(port, way, session, None)
    assert plain.status < 500, (way, plain)
    if way.validator != "its own" or not plain.etag:
        return plain
    return Expected(304, plain.headers, b"", plain.etag)


def _ask_all(
    asked: list[tuple[int, Ask]],
    expected: dict[Ask, Expected],
    session: str,
    where: dict[int, str],
    outcome: Outcome,
) -> None:
    turns, lock = iter(asked), threading.Lock()

    def work() -> None:
        while True:
            with lock:
                port, way = next(turns, (0, None))
            if way is None:
                return
            wanted = expected[way]
            validator = {"its own": wanted.etag, "another's": 'W/"another"'}.get(way.validator)
            try:
                errors = _differences(wanted, _send(port, way, session, validator))
            except Exception as error:  # noqa: BLE001 -- the experiment tells it
                errors = [f"{type(error).__name__}: {error}"]
            with lock:
                outcome.answers[where[port]] += 1
                outcome.answers[f"of {way.caller}"] += 1
                outcome.statuses[wanted.status] += 1
                outcome.errors += [f"{way} {where[port]}: {each}" for each in errors]

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _differences(wanted: Expected, got: Expected) -> list[str]:
    found = []
    if got.status != wanted.status:
        found.append(f"{got.status} {got.body[:200]!r} in place of {wanted.status}")
    elif got.body != wanted.body:
        found.append(f"{got.body[:300]!r} in place of {wanted.body[:300]!r}")
    if got.etag != wanted.etag:
        found.append(f"ETag {got.etag} in place of {wanted.etag}")
    if got.status == wanted.status != HTTPStatus.NOT_MODIFIED:  # which has a few of them only
        pairs = [(name, got.headers.get(name), wanted.headers.get(name)) for name in COMPARED]
        found += [f"{name}: {is_} in place of {was}" for name, is_, was in pairs if is_ != was]
    if "set-cookie" in got.headers and "set-cookie" not in wanted.headers:
        found.append("a cookie that is somebody else's")
    return found
