"""The language of the desk: that of the login's browser, where the desk speaks it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from cms.desk.policy import DESK


class DeskLanguageMiddleware(LocaleMiddleware):
    """Django's own, for the desk alone: what the API answers never depends on it."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith(DESK):
            super().process_request(request)
        else:  # what this thread answered before may have been a page of the desk
            translation.deactivate()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not request.path.startswith(DESK):
            return response
        return super().process_response(request, response)
