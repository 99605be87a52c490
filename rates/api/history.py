"""The rates of a pair over time: as JSON, as CSV, as a chart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice
from typing import Any, ClassVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from cms.api.parameters import ChoiceParameter, Parameter, ParameterErrors
from cms.api.rendering import JSONRenderer, MediaType
from cms.api.views import ReadView
from cms.changes.models import Topic
from rates import chart, reference
from rates.api import examples
from rates.api.answers import point_answer
from rates.api.parameters import PAIR, RANGE, read_pair, read_range
from rates.api.serializers import HistorySerializer
from rates.history import AGGREGATES, INTERVALS, Point, history
from rates.reading import latest_effective_date

FILLS = ("none", "previous")
LINES_A_CHUNK = 500


class CSV(MediaType):
    media_type = "text/csv"
    format = "csv"


class SVG(MediaType):
    media_type = "image/svg+xml"
    format = "svg"


class PairOverTimeView(ReadView):
    """A pair and a range of days."""

    topics = (Topic.RATES.value,)
    path_parameters = PAIR
    other_statuses = ("404",)

    def read_pair_and_range(self, request: Request, pair: str) -> None:
        """Sets ``known``, ``base``, ``quote``, ``first``, ``last``, ``today`` and ``values``."""
        errors = ParameterErrors()
        self.today = timezone.localdate()
        self.values = self.read_parameters(request, errors)
        self.known = reference.current()
        self.base, self.quote = read_pair(pair, self.known, errors)
        self.first, self.last = read_range(self.values, self.today, errors)
        errors.raise_any()

    def points(self, *, interval: str, aggregate: str = "last", fill: bool = False) -> list[Point]:
        return history(
            self.base,
            self.quote,
            self.known.plans(self.base, self.quote),
            first=self.first,
            last=self.last,
            interval=interval,
            aggregate=aggregate,
            fill_until=self._last_known_day() if fill else None,
        )

    def _last_known_day(self) -> date:
        """Nothing is repeated into days of which nothing is known yet."""
        if self.last <= self.today:
            return self.last
        return max(latest_effective_date() or self.today, self.today)


class HistoryView(PairOverTimeView):
    """The rates of a pair over time, not paged.

    `period` is the first day of the interval. `aggregate=ohlc` gives `open`, `high`, `low`,
    `close` and the number of `points` instead of `rate`. `fill=previous` repeats the last rate in
    periods that have none, up to today. As CSV by `format=csv` or `Accept: text/csv`.
    """

    serializer_class = HistorySerializer
    renderer_classes = (JSONRenderer, CSV)
    other_contents: ClassVar[dict[str, str]] = {CSV.media_type: examples.HISTORY_CSV}
    own_parameters: ClassVar[dict[str, Parameter]] = {
        **RANGE,
        "interval": ChoiceParameter("One point for each of these.", INTERVALS, "day"),
        "aggregate": ChoiceParameter("What the point of an interval is.", AGGREGATES, "last"),
        "fill": ChoiceParameter("What stands where nothing was published.", FILLS, "none"),
        "format": ChoiceParameter("As Accept says, if left out.", ("json", "csv"), None),
    }

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        """``format`` has the last word; Accept decides without it."""
        asked = request._request.GET.get("format")
        for renderer in self.get_renderers():
            if renderer.format == asked:
                return renderer, renderer.media_type
        return super().perform_content_negotiation(request, force)

    def answer(self, request: Request, **kwargs: str) -> HttpResponseBase:
        self.read_pair_and_range(request, kwargs["pair"])
        aggregate = self.values["aggregate"]
        points = self.points(
            interval=self.values["interval"],
            aggregate=aggregate,
            fill=self.values["fill"] == "previous",
        )
        if request.accepted_renderer.format == CSV.format:
            name = f"{self.base}-{self.quote}-{self.first}-{self.last}.csv"
            return csv_response(points, aggregate, name)
        results = [point_answer(point, aggregate) for point in points]
        return Response({"base": self.base, "quote": self.quote, "results": results})


def csv_response(points: Iterable[Point], aggregate: str, name: str) -> StreamingHttpResponse:
    """The points as CSV (RFC 4180), written while it is sent; the ETag is that of the whole."""
    points = list(points)
    digest = hashlib.blake2b(digest_size=16)
    for line in _lines(points, aggregate):
        digest.update(line.encode())
    return StreamingHttpResponse(
        _chunks(_lines(points, aggregate)),
        content_type="text/csv; charset=utf-8",
        headers={
            "ETag": f'W/"{digest.hexdigest()}"',
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


def _lines(points: Iterable[Point], aggregate: str) -> Iterator[str]:
    header = "period,open,high,low,close,points" if aggregate == "ohlc" else "period,rate"
    rows = (point_answer(point, aggregate).values() for point in points)
    # Dates and plain numbers: nothing in them needs quotation marks.
    yield from (f"{line}\r\n" for line in chain([header], (",".join(map(str, r)) for r in rows)))


def _chunks(lines: Iterator[str]) -> Iterator[bytes]:
    while some := "".join(islice(lines, LINES_A_CHUNK)):
        yield some.encode()


class ChartView(PairOverTimeView):
    """A line chart of a pair over time, as SVG, for a page to embed.

    It has a title, axes, the last value, colours for light and dark pages, and a description for
    those who don't see it. Up to three years it shows each day, up to 20 each week, else months.
    """

    renderer_classes = (SVG,)
    other_contents: ClassVar[dict[str, str]] = {SVG.media_type: examples.CHART}
    own_parameters = RANGE

    def answer(self, request: Request, **kwargs: str) -> HttpResponse:
        self.read_pair_and_range(request, kwargs["pair"])
        days = (self.last - self.first).days
        interval = "day" if days <= 3 * 366 else "week" if days <= 20 * 366 else "month"
        values = [(each.period, each.rate.rounded()) for each in self.points(interval=interval)]
        image = chart.draw(self.base, self.quote, values, first=self.first, last=self.last)
        response = HttpResponse(
            image,
            content_type="image/svg+xml; charset=utf-8",
            headers={
                # Its own style and nothing else, also where it is opened by itself.
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
                "Cross-Origin-Resource-Policy": "cross-origin",
            },
        )
        response.xframe_options_exempt = True
        return response
