"""How a request meets the caches."""

import time
from collections.abc import Callable
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from cms.api.addresses import is_for_readers
from cms.api.caching import headers
from cms.api.caching.responses import Answer, Key, answer_from, key_of, response_from, responses
from cms.api.throttling import throttled
from cms.changes.heads import Head, last_heard, latest_head

OF_ONE_CALLER = ("RateLimit", "RateLimit-Policy")
FOR_A_CDN = ("CDN-Cache-Control", "Surrogate-Key", "Change-Number")


class CachingMiddleware:
    """Of what readers get (cms/api/addresses.py), of GET and HEAD: an answer that is stored and
    still right is sent without asking the view; all get a weak ETag that is the hash of the body,
    304 where the client holds it already, Cache-Control, Vary, and br or gzip as negotiated.

    While the database is away, what was right when it was last heard is sent with its ``Age``,
    for as long as ``stale-if-error`` says.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_for_readers(request.path):
            return self.get_response(request)
        response = self._respond(request)
        if "no-store" in response.get("Cache-Control", ""):
            for name in FOR_A_CDN:
                del response[name]
        elif "CDN-Cache-Control" in response:
            for name in OF_ONE_CALLER:
                del response[name]
        return response

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return self._answer(request, None)
        key = key_of(request)
        if key is None:
            return self._answer(request, None)
        return self._stored(request, key) or self._computed(request, key)

    def _stored(self, request: HttpRequest, key: Key) -> HttpResponse | None:
        """The stored answer, where there is one that is right."""
        answer = responses.get(key)
        if answer is None:
            return None
        head, stale = None, False
        if answer.topics:
            try:
                head = latest_head()
            except (OperationalError, InterfaceError):
                if not self._may_be_stale(answer):
                    return None
                stale = True
            else:
                if not answer.is_right(head) or answer.has_expired():
                    return None
                answer.seen_right = time.monotonic()
        return self._sent(request, key, answer, head=head, stale=stale)

    def _computed(self, request: HttpRequest, key: Key) -> HttpResponseBase:
        """The view's answer. Of those who ask for one thing at once, the first computes it."""
        if not responses.begin(key):
            return self._stored(request, key) or self._answer(request, key)
        try:
            return self._answer(request, key)
        finally:
            responses.end(key)

    def _answer(self, request: HttpRequest, key: Key | None) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse):
            patch_vary_headers(response, ["Accept", "Accept-Encoding"])
            return headers.streamed(request, response)
        if not isinstance(response, HttpResponse):
            return response
        if key is not None and response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            answer = responses.get(key)
            if answer is not None and self._may_be_stale(answer):
                return self._sent(request, key, answer, head=None, stale=True)
        patch_vary_headers(response, ["Accept", "Accept-Encoding"])
        if request.method in ("GET", "HEAD"):
            response.setdefault("Cache-Control", headers.CACHE_CONTROL)
            if response.status_code == HTTPStatus.OK:
                response["ETag"] = headers.etag_of(response.content)
            if key is not None:
                self._store(key, response)
            if response.status_code == HTTPStatus.OK and headers.is_held(
                response["ETag"], request.META.get("HTTP_IF_NONE_MATCH", "")
            ):
                return headers.not_modified(response)
        headers.compress(request, response)
        headers.finish(request, response)
        return response

    def _store(self, key: Key, response: HttpResponse) -> None:
        answer = answer_from(response)
        if answer is not None:
            responses.store(key, answer)
        elif response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            responses.discard(key)  # it is there no more: never to be shown again

    def _sent(
        self, request: HttpRequest, key: Key, answer: Answer, *, head: Head | None, stale: bool
    ) -> HttpResponse:
        refused, limits = throttled(request)
        response = refused or response_from(request, key, answer, head=head, stale=stale)
        response.cache = "stale" if stale else "hit"  # type: ignore[attr-defined]  # for cms/metrics.py
        for name, value in limits.items():
            response[name] = value
        return response

    def _may_be_stale(self, answer: Answer) -> bool:
        return answer.may_be_stale() and answer.is_right(last_heard())
