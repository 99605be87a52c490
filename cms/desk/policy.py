"""What a page of the desk may load and run (Content Security Policy Level 3)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

DESK = "/admin/"


class DeskPolicyMiddleware:
    """Nothing inline but what carries the answer's nonce, ``request.csp_nonce``; pictures from
    anywhere, since articles have them from anywhere; forms to this host, and to the front end that
    shows previews."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(DESK):
            return self.get_response(request)
        nonce = secrets.token_urlsafe(16)
        request.csp_nonce = nonce  # type: ignore[attr-defined]  # ours, for templates of the desk
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _policy(nonce))
        return response


def nonce_of(request: HttpRequest) -> str:
    """The nonce of the answer to this request; "" outside of the desk."""
    return getattr(request, "csp_nonce", "")


def _policy(nonce: str) -> str:
    front = urlsplit(settings.PREVIEW_URL_TEMPLATE)
    previews = f" {front.scheme}://{front.netloc}" if front.netloc else ""
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self';"
        " img-src 'self' http: https: data:; object-src 'none'; frame-src 'none';"
        f" base-uri 'none'; form-action 'self'{previews}; frame-ancestors 'none'"
    )
