"""JSON out, and whether the client takes it."""

import re
from collections.abc import Iterable
from typing import Any

import orjson
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

# The most specific range that the client names decides (RFC 9110, 12.5.1).
_RANGES = ("application/json", "application/*", "*/*")
_WEIGHT = re.compile(r"\s*q\s*=\s*([01](?:\.[0-9]*)?|\.[0-9]+)\s*", re.IGNORECASE)


class JSONRenderer(BaseRenderer):
    """JSON by orjson: UTF-8, no white space. Decimals and times come as strings."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return b"" if data is None else orjson.dumps(data)


class JSONNegotiation(DefaultContentNegotiation):
    """406 where Accept rules JSON out; by a weight of 0 too, which REST framework overlooks."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[Any],
        format_suffix: str | None = None,
    ) -> tuple[Any, str]:
        if not accepts_json(request.headers.get("Accept", "")):
            raise NotAcceptable
        [renderer] = renderers
        return renderer, renderer.media_type


def accepts_json(accept: str) -> bool:
    """Whether an Accept header lets application/json through; without one, anything goes."""
    weights = dict(_weighed(item) for item in accept.split(",") if item.strip())
    if not weights:
        return True
    return next((weights[each] > 0 for each in _RANGES if each in weights), False)


def _weighed(item: str) -> tuple[str, float]:
    """A media range without its parameters, and its weight; 1 where it has none of sense."""
    media_range, *parameters = item.split(";")
    matches = [match for each in parameters if (match := _WEIGHT.fullmatch(each))]
    return media_range.strip().lower(), float(matches[0][1]) if matches else 1.0
