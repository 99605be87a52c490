"""Throttling by address, off until THROTTLE_RATE names a rate such as ``600/min``."""

import logging
import math
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from cms.api.problems import problem_of, problem_response
from cms.api.requests import client_address

logger = logging.getLogger(__name__)


class AddressThrottle(SimpleRateThrottle):
    """At most so many requests an address in a sliding window; shared over processes by CACHE_URL.

    Tells the client where it stands by RateLimit and RateLimit-Policy
    (draft-ietf-httpapi-ratelimit-headers), which ``ReadView`` adds to its answers.
    """

    scope = "address"
    cache = cache
    duration: int | None
    num_requests: int | None
    history: list[float]
    now: float
    cache_format = "throttle_%(scope)s_%(ident)s"

    def get_rate(self) -> str | None:
        return settings.THROTTLE_RATE or None

    def get_cache_key(self, request: Request, view: Any) -> str:
        ident = client_address(request._request)
        return self.cache_format % {"scope": self.scope, "ident": ident}

    def allow_request(self, request: Request, view: Any) -> bool:
        try:
            return super().allow_request(request, view)
        except (RedisError, OSError):
            logger.exception("throttling is off: the shared counters do not answer")
            self.rate = None
            return True

    def headers(self) -> dict[str, str]:
        """RateLimit headers after ``allow_request``; none when throttling is off."""
        if self.rate is None:
            return {}
        limit, window = int(self.num_requests or 0), int(self.duration or 0)
        left = max(0, limit - len(self.history))
        reset = window
        if self.history:
            reset = max(0, math.ceil(self.history[-1] + window - self.now))
        return {
            "RateLimit": f'"address";r={left};t={reset}',
            "RateLimit-Policy": f'"address";q={limit};w={window}',
        }


def throttled(request: HttpRequest) -> tuple[HttpResponse | None, dict[str, str]]:
    """For an answer that no view gives: the refusal where the address has asked too often, and
    the headers that tell where it stands."""
    if not settings.THROTTLE_RATE:
        return None, {}
    throttle = AddressThrottle()
    refused = None
    if not throttle.allow_request(Request(request), None):
        refused = problem_response(request, problem_of(Throttled(wait=throttle.wait())))
    return refused, throttle.headers()
