"""What makes answers cheap to ask for again: ETag and 304, Cache-Control, compression."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from typing import Any

import brotli
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from cms.api.addresses import is_for_readers

STALE_IF_ERROR_SECONDS = 3600
CACHE_CONTROL = f"no-cache, stale-if-error={STALE_IF_ERROR_SECONDS}"
SMALLEST_COMPRESSED = 500  # bytes; below that an answer fits into one packet anyway

_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=4),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
_CODING = re.compile(
    r"\s*([a-z*-]+)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?\s*", re.IGNORECASE
)


class CachingMiddleware:
    """Of what readers get (cms/api/addresses.py), of GET and HEAD: a weak ETag that is the hash of
    the body, 304 where the client holds it already, Cache-Control, Vary, and br or gzip as
    negotiated.

    The ETag of what is streamed comes with it: its view knows the body before it is sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not is_for_readers(request.path):
            return response
        patch_vary_headers(response, ["Accept", "Accept-Encoding"])
        if isinstance(response, StreamingHttpResponse):
            return _streamed(request, response)
        if not isinstance(response, HttpResponse):
            return response
        if request.method in ("GET", "HEAD"):
            response.setdefault("Cache-Control", CACHE_CONTROL)
            if response.status_code == HTTPStatus.OK:
                etag = etag_of(response.content)
                response["ETag"] = etag
                if etag in parse_etags_weakly(request.headers.get("If-None-Match", "")):
                    return _not_modified(response)
        _compress(request, response)
        _finish(request, response)
        return response


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


def _streamed(request: HttpRequest, response: StreamingHttpResponse) -> HttpResponseBase:
    response.setdefault("Cache-Control", CACHE_CONTROL)
    held = parse_etags_weakly(request.headers.get("If-None-Match", ""))
    if "ETag" in response and response["ETag"] in held:
        return _not_modified(response)  # what is not begun needs no end
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


def _not_modified(response: HttpResponseBase) -> HttpResponse:
    kept = ("ETag", "Cache-Control", "Vary", "RateLimit", "RateLimit-Policy")
    headers = {name: response[name] for name in kept if name in response}
    answer = HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    del answer["Content-Type"]
    return answer


def _compress(request: HttpRequest, response: HttpResponse) -> None:
    encoding = accepted_encoding(request.headers.get("Accept-Encoding", ""))
    if encoding and len(response.content) >= SMALLEST_COMPRESSED:
        response.content = _ENCODERS[encoding](response.content)
        response["Content-Encoding"] = encoding


def _finish(request: HttpRequest, response: HttpResponse) -> None:
    if response.status_code != HTTPStatus.NO_CONTENT:
        response["Content-Length"] = str(len(response.content))
    if request.method == "HEAD":
        response.content = b""
