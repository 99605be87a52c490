"""The headers of an answer that may be asked for again: ETag and 304, Cache-Control, coding."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import brotli
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

STALE_IF_ERROR_SECONDS = 3600
CACHE_CONTROL = f"no-cache, stale-if-error={STALE_IF_ERROR_SECONDS}"
KEPT_BY_304 = (
    "ETag",
    "Cache-Control",
    "CDN-Cache-Control",
    "Change-Number",
    "Surrogate-Key",
    "Vary",
    "Age",
    "RateLimit",
    "RateLimit-Policy",
)
SMALLEST_COMPRESSED = 500  # bytes; below that an answer fits into one packet anyway

_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=4),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
_CODING = re.compile(
    r"\s*([a-z*-]+)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?\s*", re.IGNORECASE
)


def etag_of(body: bytes) -> str:
    """A weak ETag (RFC 9110, 8.8.3): the same for the same body, whatever its encoding."""
    return f'W/"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


class _Any:
    def __contains__(self, etag: object) -> bool:
        return True


def parse_etags_weakly(header: str) -> "list[str] | _Any":
    """The ETags of If-None-Match, all as weak ones, since it compares weakly (RFC 9110, 13.1.2)."""
    if header.strip() == "*":
        return _Any()
    return [f"W/{etag.removeprefix('W/')}" for etag in parse_etags(header)]


@lru_cache(maxsize=256)
def accepted_encoding(header: str) -> str | None:
    """The coding of ours that Accept-Encoding (RFC 9110, 12.5.3) likes best, br before gzip; None
    where it likes none of them, or likes the plain text (identity) better."""
    weights: dict[str, float] = {}
    for item in header.split(","):
        match = _CODING.fullmatch(item)
        if match:
            weights[match[1].lower()] = float(match[2] or 1)
    best = max(_ENCODERS, key=lambda name: weights.get(name, weights.get("*", 0)))
    weight = weights.get(best, weights.get("*", 0))
    return best if weight > 0 and weight >= weights.get("identity", 0) else None


def streamed(request: HttpRequest, response: StreamingHttpResponse) -> HttpResponseBase:
    """The stream as this client takes it; its ETag comes with it, since its view knows the body
    before it is sent."""
    response.setdefault("Cache-Control", CACHE_CONTROL)
    if "ETag" in response and is_held(response["ETag"], request.headers.get("If-None-Match", "")):
        return not_modified(response)  # what is not begun needs no end
    chunks: Any = response.streaming_content  # sync: there is no async view
    encoding = accepted_encoding(request.headers.get("Accept-Encoding", ""))
    if encoding:
        response["Content-Encoding"] = encoding
        chunks = _STREAM_ENCODERS[encoding](chunks)
    response.streaming_content = [] if request.method == "HEAD" else chunks
    return response


def _gzip_stream(chunks: Iterable[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(6, wbits=16 + zlib.MAX_WBITS)
    yield from (compressor.compress(chunk) for chunk in chunks)
    yield compressor.flush()


def _brotli_stream(chunks: Iterable[bytes]) -> Iterator[bytes]:
    compressor = brotli.Compressor(quality=4)
    yield from (compressor.process(chunk) for chunk in chunks)
    yield compressor.finish()


_STREAM_ENCODERS = {"br": _brotli_stream, "gzip": _gzip_stream}


def is_held(etag: str, if_none_match: str) -> bool:
    """Whether the client that sent this If-None-Match has the answer with this ETag."""
    return bool(if_none_match) and (
        if_none_match == etag or etag in parse_etags_weakly(if_none_match)
    )


def not_modified(response: HttpResponseBase) -> HttpResponse:
    """The 304 in the place of this answer (RFC 9110, 15.4.5)."""
    headers = {name: response[name] for name in KEPT_BY_304 if name in response}
    answer = HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    del answer["Content-Type"]
    return answer


def compressed(body: bytes, encoding: str) -> bytes:
    """The body in a coding of ours."""
    return _ENCODERS[encoding](body)


def compress(request: HttpRequest, response: HttpResponse) -> None:
    """Encode the answer as the client likes it best."""
    encoding = accepted_encoding(request.headers.get("Accept-Encoding", ""))
    if encoding and len(response.content) >= SMALLEST_COMPRESSED:
        response.content = compressed(response.content, encoding)
        response["Content-Encoding"] = encoding


def finish(request: HttpRequest, response: HttpResponse) -> None:
    """The length, and no body for HEAD."""
    if response.status_code != HTTPStatus.NO_CONTENT:
        response["Content-Length"] = str(len(response.content))
    if request.method == "HEAD":
        response.content = b""
