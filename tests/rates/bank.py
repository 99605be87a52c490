"""A bank's server for tests: answers with bulletins, on the bank's own addresses."""

import re
import threading
from collections.abc import Mapping
from datetime import date

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from rates.sources import SOURCES
from tests.rates.bulletins import bulletin

Shelf = dict[str, Mapping[str, str]]


class Bank:
    """Serves what is on its ``shelf``: quotes by ISO date. ``fault`` is a status that it answers
    instead; it answers once it is ``answering``. ``asked`` are the paths of all requests."""

    def __init__(self, server: HTTPServer, slug: str) -> None:
        self.slug = slug
        self.shelf: Shelf = {}
        self.fault = 0
        self.answering = threading.Event()
        self.answering.set()
        self.asked: list[str] = []
        self.validators: list[str | None] = []
        server.expect_request(re.compile("/")).respond_with_handler(self._answer)
        self.url = server.url_for("").rstrip("/")

    def publish(self, day: str | date, quotes: Mapping[str, str]) -> None:
        self.shelf[str(day)] = quotes

    def _answer(self, request: Request) -> Response:
        self.asked.append(request.full_path.rstrip("?"))
        self.validators.append(request.headers.get("If-None-Match"))
        self.answering.wait(60)
        if self.fault:
            return Response("Out of order", status=self.fault)
        day = self._day(request)
        if day is None:
            return Response("Nothing here", status=404)
        document = bulletin(self.slug, date.fromisoformat(day), self.shelf[day])
        response = Response(document)
        response.add_etag()
        return response.make_conditional(request)

    def _day(self, request: Request) -> str | None:
        if not self.shelf:
            return None
        publisher = SOURCES[self.slug]
        if not publisher.has_archive:
            return max(self.shelf)
        for day in self.shelf:
            if publisher.address(date.fromisoformat(day)).endswith(self.asked[-1]):
                return day
        return None
