"""JSON out, and which of an endpoint's media types the client takes."""

import re
from collections.abc import Iterable
from typing import Any

import orjson
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

_WEIGHT = re.compile(r"\s*q\s*=\s*([01](?:\.[0-9]*)?|\.[0-9]+)\s*", re.IGNORECASE)


class JSONRenderer(BaseRenderer):
    """JSON by orjson: UTF-8, no white space. Decimals and times come as strings."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return b"" if data is None else orjson.dumps(data)


class MediaType(BaseRenderer):
    """Something else than JSON, for negotiation: its view writes it by itself, and renders nothing
    but the empty answer to OPTIONS."""

    charset = None

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        if data is not None:
            raise TypeError(f"A view of {self.media_type} returns an HttpResponse.")
        return b""


class Negotiation(DefaultContentNegotiation):
    """The media type that the client likes best, the endpoint's first where it has no preference;
    406 where Accept rules all of them out, by a weight of 0 too, which REST framework overlooks."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[Any],
        format_suffix: str | None = None,
    ) -> tuple[Any, str]:
        accept = request.headers.get("Accept", "")
        liking = [(weight_of(renderer.media_type, accept), renderer) for renderer in renderers]
        weight, renderer = max(liking, key=lambda each: each[0])
        if not weight:
            raise NotAcceptable
        return renderer, renderer.media_type


class OneForm(Negotiation):
    """The endpoint's only media type, whatever Accept says: the address names the format, and
    readers of feeds send all kinds of Accept (RFC 9110, 12.4.1, allows it)."""

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> tuple[Any, str]:
        [renderer] = renderers
        return renderer, renderer.media_type


def weight_of(media_type: str, accept: str) -> float:
    """How much an Accept header likes a media type, from 0 to 1: the most specific range that it
    names decides (RFC 9110, 12.5.1). Without the header, anything goes."""
    weights = dict(_weighed(item) for item in accept.split(",") if item.strip())
    if not weights:
        return 1
    ranges = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
    return next((weights[each] for each in ranges if each in weights), 0)


def _weighed(item: str) -> tuple[str, float]:
    """A media range without its parameters, and its weight; 1 where it has none of sense."""
    media_range, *parameters = item.split(";")
    matches = [match for each in parameters if (match := _WEIGHT.fullmatch(each))]
    return media_range.strip().lower(), float(matches[0][1]) if matches else 1.0
